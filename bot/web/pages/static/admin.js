// What makes the pages nicer where scripts run: they keep up by themselves, and tell times in the reader's zone.
"use strict";

const EVERY = 10000; // milliseconds

function tellTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const when = new Date(time.dateTime);
    if (!Number.isNaN(when.getTime())) {
      time.title = when.toLocaleString(document.documentElement.lang, { timeZoneName: "short" });
    }
  }
}

async function keepUp() {
  if (document.hidden || document.querySelector("[data-live] details[open]")) {
    return;
  }
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) {
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live][id]")) {
      const now = fresh.getElementById(part.id);
      if (now && now.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) {
        part.replaceChildren(...now.childNodes);
        tellTimes(part);
      }
    }
  } catch {
    // The server is away or the session over: the page stays as it is, and the next look tells.
  }
}

// Telegram tells who somebody is behind the address's #, which only a script can read.
const telegram = document.querySelector("form[data-telegram]");
if (telegram) {
  telegram.hidden = false;
  const told = /^#tgAuthResult=([\w+/=-]+)$/.exec(location.hash);
  if (told) {
    history.replaceState(null, "", location.pathname + location.search);
    telegram.elements.namedItem("telegram").value = told[1].replaceAll("+", "-").replaceAll("/", "_");
    telegram.submit();
  }
}

for (const choice of document.querySelectorAll("form.bar[method=get] select")) {
  choice.addEventListener("change", () => choice.form.requestSubmit());
}

tellTimes(document);
if (document.querySelector("[data-live]")) {
  setInterval(keepUp, EVERY);
}
