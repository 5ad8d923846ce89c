"""`/stats` and `/trend`: what came, as a chart, and what rises."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.blocks import bold, buttons, code, entry, note, one_line, text, title
from bot.chat.commands.call import Call, Parts, first_word, number
from bot.chat.commands.keywords import written
from bot.chat.commands.look import nothing_yet
from bot.chat.render import local_zone
from bot.chat.schedule_words import place_words
from bot.chat.stats import DAYS, caption, chart_of, count
from bot.model import Block, Image, Keyword, Message, Rise, Span
from bot.text.urls import safe_link

MOST_ALERTS = 3000
_TITLE = 120
_PHRASE = 40
_ADDED = 6
_PERIODS = {"day": 1, "week": 7, "日": 1, "天": 1, "週": 7, "周": 7}


async def stats(parts: Parts, call: Call) -> Message:
    """A chart of the alerts of the last 30 days, of all keywords or of one, by its number."""
    t = call.t
    keyword = await _keyword(parts, call)
    if call.arguments and keyword is None:
        said = t.spans("There is no keyword {number} here.", number=code(one_line(call.arguments, _PHRASE)))
        return Message(blocks=(text(said),), buttons=(buttons((t("All keywords"), "/keyword list")),), private=True)
    since = call.now - timedelta(days=DAYS)
    sent = await parts.records.sent_alerts(call.chat.id, since=since, limit=MOST_ALERTS)
    if keyword:
        sent = [each for each in sent if keyword.query in each.keywords]
    zone = local_zone(call.chat.settings)
    figures = count(sent, now=call.now, zone=zone)
    if not figures.total:
        return await _none(parts, call, keyword)
    heading = t("Alerts of the last {days} days", days=DAYS)
    if keyword:
        heading = t("{heading}: {keyword}", heading=heading, keyword=one_line(keyword.query, _TITLE))
    words = caption(figures, t, heading=heading)
    picture = await parts.painter.draw(chart_of(figures, t, heading=heading, zone=place_words(str(zone), t)))
    alt = "\n".join("".join(span.text for span in block.spans) for block in words)
    cut = [note(t("Only the newest {n} alerts are counted.", n=MOST_ALERTS))] if len(sent) == MOST_ALERTS else []
    return Message(
        blocks=(*words, *cut),
        image=Image("stats.png", picture, alt),
        buttons=(buttons((t("The newest alerts"), "/latest"), (t("What rises"), "/trend")),),
    )


async def _keyword(parts: Parts, call: Call) -> Keyword | None:
    if not call.arguments:
        return None
    wanted = number(call.arguments)
    had = await parts.keywords.keywords(call.chat.id)
    return next((each for each in had if wanted == each.id or each.query == call.arguments), None)


async def _none(parts: Parts, call: Call, keyword: Keyword | None) -> Message:
    if not keyword:
        return await nothing_yet(parts, call)
    t = call.t
    test = buttons((t("What it finds"), f"/keyword test #{keyword.id}"))
    query = written(keyword.query)
    said = t.spans("{keyword} brought no alert in the last {days} days.", keyword=query, days=str(DAYS))
    return Message(blocks=(text(said),), buttons=(test,))


async def trend(parts: Parts, call: Call) -> Message:
    """What the chat's feeds tell of more than before, in the last day or week."""
    t = call.t
    days = _PERIODS.get(first_word(call.arguments)[0].casefold(), 1)
    rises = await parts.trends.rising(call.chat.id, days=days, now=call.now)
    other = (t("Last 7 days"), "/trend week") if days == 1 else (t("Last 24 hours"), "/trend day")
    if not rises:
        return await _nothing_rises(parts, call, other)
    heading = t("What rises in the last 24 hours") if days == 1 else t("What rises in the last 7 days")
    how = note(t("Compared with the 7 days before, in the titles of your feeds."))
    adds = buttons(*((f"+ {_label(rise)}", f"/keyword add {_query(rise)}") for rise in rises[:_ADDED]))
    rows = [adds[start : start + 2] for start in range(0, len(adds), 2)] if call.can_manage else []
    return Message(
        blocks=(title(heading), *(_line(parts, call, rise) for rise in rises), how),
        buttons=(*rows, buttons(other)),
    )


def _line(parts: Parts, call: Call, rise: Rise) -> Block:
    t, reader = call.t, call.reader(parts)
    link = safe_link(rise.example.url)
    example = Span(one_line(reader.chinese(rise.example.title), _TITLE), url=link)
    factor = rise.items / rise.usual if rise.usual else 0
    change = t("{factor} times as many as usual", factor=f"{factor:.1f}") if factor else t("new now")
    counted = t.n("{n} item", "{n} items", rise.items)
    return entry((bold(_label(rise)), Span(f" · {counted} · {change} · "), example))


def _label(rise: Rise) -> str:
    return one_line(" / ".join(rise.phrases), _PHRASE)


def _query(rise: Rise) -> str:
    """The phrase as a keyword, in both scripts where both are known."""
    return " OR ".join(one_line(phrase.replace('"', ""), _PHRASE) for phrase in rise.phrases)


async def _nothing_rises(parts: Parts, call: Call, other: tuple[str, str]) -> Message:
    t = call.t
    if not await parts.subscriptions.subscriptions(call.chat.id):
        hint = t.spans("No feed is watched here yet. Next, choose one: {subscribe}", subscribe=code("/subscribe"))
        return Message(blocks=(text(hint),))
    said = text(t("Nothing stands out: no name has come up in several of your feeds more than before."))
    return Message(blocks=(said,), buttons=(buttons(other),))
