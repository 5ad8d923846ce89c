"""Rows of looking back: `/latest`, `/why` and `/status`."""

from __future__ import annotations

from bot.model import Platform
from tests.commands.row import Row
from tests.commands.situations import (
    digest,
    earlier,
    elsewhere,
    everything,
    failed,
    failing,
    keyword,
    later,
    missed,
    paused,
    queued,
    removed,
    retold,
    told,
    told_whole,
    tried,
    unmatched,
    unread,
    waiting,
    watched,
)
from tests.support.driving import Role

NO_ALERT = "No alert has come here yet."
CAME, NOT_CAME, NOT_YET = "Why this alert came", "Why no alert came", "Why no alert came yet"
MATCHES_PAUSED = "It matches {keywords}, but alerts are paused here."

LATEST = (
    Row(name="latest without feeds", line="/latest", says=(NO_ALERT, "Next, choose a feed: {command}")),
    Row(
        name="latest without keywords",
        line="/latest",
        given=(watched,),
        says=(NO_ALERT, "Next, add a keyword: {command}"),
    ),
    Row(
        name="latest of a feed taken whole",
        line="/latest",
        given=(everything,),
        says=("{feeds} shows how the feeds are.",),
    ),
    Row(
        name="latest before anything matched",
        line="/latest",
        given=(unread, keyword),
        says=("See what the last 7 days would have brought: {command}",),
    ),
    Row(name="latest", line="/latest 3", given=(told,), says=("The newest alerts",), within=("Abu Dhabi",)),
    Row(name="latest without rights", line="/latest", who=Role.MEMBER, given=(told,), says=("The newest alerts",)),
    Row(
        name="earlier alerts than the newest",
        line="/latest 5 ~{item}",
        press=True,
        given=(digest,),
        says=("Earlier alerts",),
        within=("Trilateral talks day",),
    ),
    Row(
        name="the alerts of a digest",
        line="/latest #{delivery}",
        press=True,
        given=(digest,),
        within=("Trilateral talks day 12",),
        buttons=("/latest #{delivery} 2",),
    ),
    Row(
        name="the next page of a digest",
        line="/latest #{delivery} 2",
        press=True,
        given=(digest,),
        buttons=("/latest #{delivery} 1",),
    ),
    Row(
        name="the alerts of a digest that is kept no more",
        line="/latest #999999",
        press=True,
        says=("These alerts are not kept any more.",),
    ),
)

WHY = (
    Row(name="why, before any alert", line="/why", says=(NO_ALERT,)),
    Row(
        name="why the newest alert came",
        line="/why",
        given=(told,),
        says=(CAME, "Published {when} · found after {found} · sent after {sent} more", "in the title: {excerpt}"),
    ),
    Row(name="why an alert came, by its button", line="/why #{item}", press=True, given=(told,), says=(CAME,)),
    Row(name="why an alert came, by its link", line="/why {link}", given=(told,), says=(CAME,)),
    Row(
        name="why this alert came, as an answer to it",
        line="/why",
        given=(told,),
        reply=True,
        who=Role.ADMIN,
        says=(CAME,),
        on=(Platform.TELEGRAM, Platform.DISCORD),
    ),
    Row(
        name="why an alert of a feed taken whole came",
        line="/why {link}",
        given=(told_whole,),
        says=(CAME, "Everything from {feed} comes here, whether or not a keyword matches."),
    ),
    Row(
        name="why, of an item there is none of",
        line="/why #99999999",
        press=True,
        never=(CAME,),
    ),
    Row(
        name="why, of what is no link",
        line="/why this",
        says=("{typed} is no link.", "Send the link of an item: {example}"),
    ),
    Row(
        name="why a page came not that no feed is of",
        line="/why https://unseen.example/1",
        says=(
            NOT_CAME,
            "None of your feeds has listed {link}.",
            "You watch no feed of that site. To find one: {command}",
        ),
    ),
    Row(
        name="why an item came not that is of another feed",
        line="/why {link}",
        given=(elsewhere,),
        says=("It came with {feed}, which is not watched here.",),
    ),
    Row(
        name="why an item came not that is kept no more",
        line="/why {link}",
        given=(removed,),
        says=("It came with {feed}, but so long ago that it is not kept any more.",),
    ),
    Row(
        name="why an item came not that was there before",
        line="/why {link}",
        given=(earlier,),
        says=("It was there before this chat watched its feed ({since}).", "Only what comes after that is sent."),
    ),
    Row(
        name="why an item came not yet",
        line="/why {link}",
        given=(queued,),
        says=(NOT_YET, "It came {when} and was not compared with the keywords yet. Ask again in a minute."),
    ),
    Row(
        name="why an item came not where there is no keyword",
        line="/why {link}",
        given=(watched,),
        says=(NOT_CAME, "There is no keyword here that it could match. Add one: {example}"),
    ),
    Row(
        name="why an item came not that no keyword matches",
        line="/why {link}",
        given=(unmatched,),
        says=("No keyword matches it. What is missing, the nearest first:", "{keyword}: {lack}"),
    ),
    Row(
        name="why an item came not whose keyword is newer",
        line="/why {link}",
        given=(later,),
        says=("It matches {keywords}, but it came {seen}, before that was added ({added}).",),
    ),
    Row(
        name="why an item came not whose story was told",
        line="/why {link}",
        given=(retold,),
        says=("Its story was told here already:", "sent {when}"),
    ),
    Row(
        name="why an item came not while alerts are paused",
        line="/why {link}",
        given=(missed, paused),
        says=(MATCHES_PAUSED, "What comes meanwhile is not sent later. {resume} starts them again."),
    ),
    Row(
        name="why an item came not that would match today",
        line="/why {link}",
        given=(missed,),
        says=("It would match today: {keywords}.",),
    ),
    Row(
        name="why an alert came not that waits",
        line="/why {link}",
        given=(waiting,),
        says=(NOT_YET, "Its alert was made {when} and waits to be sent."),
    ),
    Row(
        name="why an alert came not that was tried",
        line="/why {link}",
        given=(tried,),
        says=("{n} try failed: {reason}",),
        within=("Bad Gateway",),
    ),
    Row(
        name="why an alert came not that could not be sent",
        line="/why {link}",
        given=(failed,),
        says=("Its alert could not be sent ({when}): {reason}",),
    ),
)

STATUS = (
    Row(
        name="status of nothing",
        line="/status",
        says=("Status", "not yet", "Send {subscribe} to choose a feed."),
        buttons=("/feeds", "/keyword list"),
    ),
    Row(
        name="status without keywords",
        line="/status",
        given=(watched,),
        says=("Send {add} with your words, so that something can match.",),
    ),
    Row(name="status when all is well", line="/status", given=(told,), says=("All is well; there is nothing to do.",)),
    Row(
        name="status with a feed that can't be read",
        line="/status",
        given=(keyword, failing("timeout")),
        says=("{feeds} ({failing} can't be read now)", "Send {feeds} to see which feed can't be read, and why."),
    ),
    Row(
        name="status while paused",
        line="/status",
        given=(told, paused),
        says=("paused", "Send {resume} to start alerts again."),
    ),
    Row(name="status without rights", line="/status", who=Role.MEMBER, says=("Status",)),
)

ROWS = (*LATEST, *WHY, *STATUS)
