"""The first minute: which topics, which words, and what the last day would have brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.chat.asking import asks
from bot.chat.blocks import block_length, buttons, code, in_place, note, rows, text, title
from bot.chat.catalogue import mark
from bot.chat.commands.call import Call, Parts
from bot.chat.commands.topics import topic_label
from bot.chat.commands.undo import undo_button
from bot.chat.commands.whole import Taken, topic_buttons
from bot.chat.render import alert_message
from bot.matching.forms import form_of
from bot.model import Alert, Block, BlockKind, Button, ChatState, Language, Locale, Message

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
SHOWN = 3  # alerts
ROOM = 2600  # units of a message, for them
_SUGGESTED = 6
# For when nothing was read yet; everybody knows them, and none is in the news all day.
_WORDS = (
    mark("artificial intelligence"),
    mark("interest rates"),
    mark("typhoon"),
    mark("OpenAI"),
    mark("Middle East"),
    mark("climate"),
)


async def topics_page(parts: Parts, call: Call, said: Sequence[Block] = (), undo: tuple[Button, ...] = ()) -> Message:
    """Which topics: the first of two questions. `said` is what was just done, and `undo` its way back."""
    t = call.t
    watched = await parts.subscriptions.subscriptions(call.chat.id)
    had = await parts.keywords.keywords(call.chat.id)
    hello = (
        title(t("I listen to the news for you.")),
        text(t("What matches your words comes here within minutes: in Chinese and English, once, with the link.")),
    )
    question = t("More topics, or on to your words?") if said else t("1 of 2 · Which topics? A tap adds all its feeds.")
    look = in_place((t("Next: words"), "/start words"))
    if had and watched:
        look = buttons((t("Last 24 hours"), "/start look"))
    helped = () if said else buttons((t("All commands"), "/help"))
    return Message(
        blocks=(*(said or hello), text(question)),
        buttons=(
            *topic_buttons(parts.finder.catalogue(), watched, t),
            (*undo, *in_place((t("Single feeds"), "/subscribe")), *helped, *look),
        ),
    )


async def topic_taken(parts: Parts, call: Call, taken: Taken) -> Message:
    """What became of a topic that was to be watched whole, and the way on."""
    t, name = call.t, topic_label(taken.topic, call.t)
    if taken.new:
        said = [title(t.n("Now watching {n} feed: {topic}", "Now watching {n} feeds: {topic}", taken.new, topic=name))]
    else:
        said = [title(t("All feeds are watched already: {topic}", topic=name) if not taken.over else name)]
    if taken.over:
        over = t.n("{n} was one too many.", "{n} were too many.", taken.over)
        most = t.n("A chat may have {n} feed.", "A chat may have {n} feeds.", parts.limits.feeds)
        said.append(text(f"{over} {most}"))
    return await topics_page(parts, call, said, undo_button(call) if taken.new else ())


async def topic_left(parts: Parts, call: Call, left: int) -> Message:
    """That a topic is watched no more."""
    return await topics_page(
        parts, call, [title(call.t.n("{n} feed is watched no more.", "{n} feeds are watched no more.", left))]
    )


async def words_page(parts: Parts, call: Call) -> Message:
    """Which words: the second of two questions."""
    t = call.t
    names = await _suggested(parts, call)
    watched = await parts.subscriptions.subscriptions(call.chat.id)
    near, phrase = t("Abu Dhabi talks"), t("trilateral talks")
    return Message(
        blocks=(
            title(t("2 of 2 · Which words matter to you?")),
            text(t("Tap one, or type your own, one keyword a line:")),
            text(
                t.spans(
                    "{words} finds both words near each other, {phrase} just this phrase.",
                    words=code(near),
                    phrase=code(f'"{phrase}"'),
                )
            ),
            *([] if watched else [note(t("No topic is chosen yet: go back for that, before or after."))]),
        ),
        buttons=(
            *rows(buttons(*((name, f"/keyword add {name}") for name in names)), width=2),
            (*in_place((t("Topics"), "/start")), *asks(t, t("✏️ Type words"), "/keyword add")),
        ),
    )


async def _suggested(parts: Parts, call: Call) -> list[str]:
    """Names in the news of the chat's feeds, filled up with words for everybody; none that are keywords here."""
    language = Language.EN if call.t.locale is Locale.EN else Language.ZH
    named = await parts.outlook.in_the_news(call.chat.id, since=call.now - DAY, language=language, limit=_SUGGESTED)
    chinese = call.reader(parts).chinese
    had = {each.canonical for each in await parts.keywords.keywords(call.chat.id)}
    words = dict.fromkeys([*(chinese(name) for name in named), *(call.t(word) for word in _WORDS)])
    return [word for word in words if (form := form_of(word)) and form not in had][:_SUGGESTED]


async def first_look(parts: Parts, call: Call, said: Sequence[Block], undo: tuple[Button, ...] = ()) -> Message:
    """What was done, and what the last day would have brought, as the alerts would have looked."""
    t = call.t
    if not await parts.subscriptions.subscriptions(call.chat.id):
        return await topics_page(parts, call, said, undo)
    shown = await _shown(parts, call, ready=await parts.outlook.first_reading(call.chat.id))
    return Message(
        blocks=(*said, *shown, text(t("I watch from now on, and write as soon as something comes.")), *_paused(call)),
        buttons=((*undo, *_more(call)), buttons((t("All keywords"), "/keyword list"), (t("All feeds"), "/feeds"))),
    )


async def with_first_look(parts: Parts, call: Call, answer: Message, *, ready: bool) -> Message:
    """The answer to a chat's first keyword, with what the last day would have brought; without a feed, with the way to
    one. `ready`: its feeds were read."""
    *others, last = answer.buttons
    if not await parts.subscriptions.subscriptions(call.chat.id):
        return replace(answer, buttons=(*others, (*buttons((call.t("Choose topics"), "/start")), *last)))
    shown = await _shown(parts, call, ready=ready)
    closing = (text(call.t("I watch from now on, and write as soon as something comes.")), *_paused(call))
    return replace(answer, blocks=(*answer.blocks, *shown, *closing), buttons=(*others, (*_more(call), *last)))


def _more(call: Call) -> tuple[Button, ...]:
    return asks(call.t, call.t("✏️ More words"), "/keyword add")


async def _shown(parts: Parts, call: Call, *, ready: bool) -> list[Block]:
    t, chat = call.t, call.chat.id
    if not ready:
        return [text(t("Your feeds are being read for the first time: what they bring comes in now."))]
    day, week = call.now - DAY, call.now - WEEK
    brought = await parts.outlook.would_have_brought(chat, since=(day, week), limit=SHOWN)
    if not brought.found:
        return [text(t("Nothing that your feeds hold now matches. Fewer words find more."))]
    some = t("at least {n}", n=brought.found) if brought.more else str(brought.found)
    if brought.since == day:
        said = t.n(
            "In the last 24 hours {some} alert would have come:",
            "In the last 24 hours {some} alerts would have come:",
            brought.found,
            some=some,
        )
    else:
        said = t.n(
            "In the last 24 hours nothing would have come, in the last 7 days {some} alert:",
            "In the last 24 hours nothing would have come, in the last 7 days {some} alerts:",
            brought.found,
            some=some,
        )
    return [text(said), *_as_alerts(parts, call, brought.alerts)]


def _as_alerts(parts: Parts, call: Call, alerts: Sequence[Alert]) -> list[Block]:
    """The alerts as they would have looked, as many as there is room for, and at least one."""
    shown: list[Block] = []
    for alert in alerts:
        blocks = _of_alert(alert_message(alert, call.chat, now=call.now, wording=parts.wording))
        if shown and sum(map(block_length, (*shown, *blocks))) > ROOM:
            break
        shown += blocks
    return shown


def _of_alert(message: Message) -> list[Block]:
    """An alert's blocks without its bare link, which stands in its heading as well."""
    return [
        block
        for block in message.blocks
        if not (block.kind is BlockKind.NOTE and block.spans and all(span.url == span.text for span in block.spans))
    ]


def _paused(call: Call) -> list[Block]:
    if call.chat.state is not ChatState.PAUSED:
        return []
    return [note(call.t.spans("Alerts are paused: {resume} starts them again.", resume=code("/resume")))]
