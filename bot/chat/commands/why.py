"""`/why`: why an alert came, and why an item did not."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.chat.blocks import buttons, code, note, one_line, text
from bot.chat.commands.call import Call, Parts, number
from bot.chat.commands.look import nothing_yet
from bot.chat.findings import finding_blocks
from bot.chat.render import tellings
from bot.model import Alert, Button, End, Finding, ItemId, Message, Mode

_EARLIER = 3
_LISTED = 5
_NAME = 25
_REMOVALS = 2


async def why(parts: Parts, call: Call) -> Message:
    """Why the alert that was replied to came, or what became of the item at a link; else of the newest alert."""
    asked = call.arguments
    if asked.startswith("#"):
        return await _numbered(parts, call, number(asked))
    if asked:
        return _answer(parts, call, await parts.inquiry.of_link(call.chat, asked))
    if call.request.reply_to:
        if together := await parts.history.told_together(call.chat.id, message=call.request.reply_to):
            return _which(parts, call, together)
        found = await parts.inquiry.of_message(call.chat, call.request.reply_to)
        return _answer(parts, call, found) if found else _no_alert(call)
    return await _newest(parts, call)


async def _numbered(parts: Parts, call: Call, item: int | None) -> Message:
    """The item that a button names."""
    found = await parts.inquiry.of_item(call.chat, ItemId(item or 0))
    return _answer(parts, call, found) if found else _no_alert(call)


async def _newest(parts: Parts, call: Call) -> Message:
    alerts = await parts.history.latest_alerts(call.chat.id, limit=1 + _EARLIER)
    found = await parts.inquiry.of_item(call.chat, alerts[0].item.id) if alerts else None
    if found is None:
        return await nothing_yet(parts, call)
    answer = _answer(parts, call, found)
    earlier = tuple(buttons((_headline(parts, alert, call), f"/why #{alert.item.id}")) for alert in alerts[1:])
    return Message(
        blocks=(*answer.blocks, note(call.t("Earlier alerts:"))) if earlier else answer.blocks,
        buttons=(*answer.buttons, *earlier),
    )


def _which(parts: Parts, call: Call, alerts: Sequence[Alert]) -> Message:
    """A digest was replied to: which of its alerts is meant."""
    t = call.t
    said = t.n("That message holds {n} alert. Which one?", "That message holds {n} alerts. Which one?", len(alerts))
    how = t.spans("For any other, send its link: {link}", link=code("/why https://…"))
    listed = (buttons((_headline(parts, alert, call), f"/why #{alert.item.id}")) for alert in alerts[:_LISTED])
    return Message(blocks=(text(said), *([note(how)] if len(alerts) > _LISTED else [])), buttons=tuple(listed))


def _headline(parts: Parts, alert: Alert, call: Call) -> str:
    return tellings(alert, call.chat.settings, parts.wording)[0].title


def _answer(parts: Parts, call: Call, finding: Finding) -> Message:
    blocks = finding_blocks(finding, call.reader(parts))
    return Message(blocks=blocks, buttons=(_changes(parts, call, finding), _look(call, finding)))


def _no_alert(call: Call) -> Message:
    t = call.t
    how = t.spans("Reply to an alert with {why}, or send {link}.", why=code("/why"), link=code("/why https://…"))
    return Message(
        blocks=(text(t("That is no alert of mine, or it is not kept any more.")), text(how)),
        buttons=(buttons((t("The newest alert"), "/why")),),
    )


def _look(call: Call, finding: Finding) -> tuple[Button, ...]:
    """What the first keyword brings else."""
    query = next((cause.keyword.query for cause in finding.causes if cause.keyword), "")
    return buttons((call.t("What it would have found"), f"/keyword test {query}")) if query else ()


def _changes(parts: Parts, call: Call, finding: Finding) -> tuple[Button, ...]:
    """What could be changed about it, by those who may."""
    if not call.can_manage:
        return ()
    t, trail = call.t, finding.trail
    if finding.end is End.PAUSED:
        return buttons((t("Resume alerts"), "/resume"))
    if finding.end is End.SENT and trail and trail.mode is Mode.EVERYTHING:
        return buttons((t("Only what matches"), f"/subscribe #{trail.item.feed.id}"))
    live = [cause.keyword for cause in finding.causes if cause.keyword][:_REMOVALS]
    if live:
        removals = ((one_line(one.query, _NAME), f"/keyword remove {one.id}") for one in live)
        return buttons(*((t("Remove {query}", query=name), line) for name, line in removals))
    return buttons(*_feeds_to_watch(parts, call, finding))


def _feeds_to_watch(parts: Parts, call: Call, finding: Finding) -> list[tuple[str, str]]:
    t = call.t
    if finding.end is End.ELSEWHERE and finding.feed:
        names = [entry.name for entry in parts.finder.catalogue() if entry.url == finding.feed.url]
        return [(t("Watch this feed"), f"/subscribe {name}") for name in names[:1]]
    if finding.end is End.UNSEEN and not finding.watched:
        site = urlsplit(finding.link).hostname or ""
        return [(t("Watch this site"), f"/subscribe {site}")]
    return []
