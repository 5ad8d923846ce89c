"""`/why`: why an alert came, and why an item did not."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.chat.blocks import buttons, note, one_line
from bot.chat.commands.about import headline, item_asked
from bot.chat.commands.call import Call, Parts
from bot.chat.commands.look import nothing_yet
from bot.chat.findings import finding_blocks
from bot.model import Button, End, Finding, Message, Mode

_EARLIER = 3
_NAME = 25
_REMOVALS = 2


async def why(parts: Parts, call: Call) -> Message:
    """Why the alert that was replied to came, or what became of the item at a link; else of the newest alert."""
    if not (call.arguments or call.request.reply_to):
        return await _newest(parts, call)
    found = await item_asked(parts, call, call.arguments, "why")
    return found if isinstance(found, Message) else _answer(parts, call, found)


async def _newest(parts: Parts, call: Call) -> Message:
    alerts = await parts.history.latest_alerts(call.chat.id, limit=1 + _EARLIER)
    found = await parts.inquiry.of_item(call.chat, alerts[0].item.id) if alerts else None
    if found is None:
        return await nothing_yet(parts, call)
    answer = _answer(parts, call, found)
    earlier = tuple(buttons((headline(parts, alert, call), f"/why #{alert.item.id}")) for alert in alerts[1:])
    return Message(
        blocks=(*answer.blocks, note(call.t("Earlier alerts:"))) if earlier else answer.blocks,
        buttons=(*answer.buttons, *earlier),
    )


def _answer(parts: Parts, call: Call, finding: Finding) -> Message:
    blocks = finding_blocks(finding, call.reader(parts))
    return Message(blocks=blocks, buttons=(_changes(parts, call, finding), _look(call, finding)))


def _look(call: Call, finding: Finding) -> tuple[Button, ...]:
    """What the first keyword brings else."""
    query = next((cause.keyword.query for cause in finding.causes if cause.keyword), "")
    return buttons((call.t("What it finds"), f"/keyword test {query}")) if query else ()


def _changes(parts: Parts, call: Call, finding: Finding) -> tuple[Button, ...]:
    """What could be changed about it, by those who may."""
    if not call.can_manage:
        return ()
    t, trail = call.t, finding.trail
    if finding.end is End.MUTED and trail:
        return buttons((t("Unmute this story"), f"/less #{trail.item.id} unmute"))
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
