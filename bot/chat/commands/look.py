"""`/latest` and `/status`: what was, and how it goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.chat.blocks import bold, buttons, code, entry, in_place, note, text, title
from bot.chat.commands.call import Call, Parts, first_word, number, page_of, turns
from bot.chat.digest import waiting
from bot.chat.estimate import waiting_words
from bot.chat.render import alert_entry, when
from bot.chat.schedule_words import status_notes
from bot.model import Alert, Block, ChatState, ChatStatus, DeliveryId, ItemId, Message, Mode, Span, Subscription

_USUAL = 5
_MOST = 10
_BEFORE, _AFTER = "~", "+"  # signs before the item whose alert a page ends or begins at


async def latest(parts: Parts, call: Call) -> Message:
    """The newest alerts of the chat, `[count]` of them; `5 ~7` are those before the alert of item 7, `5 +7` those after
    it: a page stays what it is when new alerts come."""
    if call.arguments.startswith("#"):
        return await _together(parts, call)
    typed, cursor = first_word(call.arguments)
    count = min(max(number(typed) or _USUAL, 1), _MOST)
    alerts, is_newest, has_more = await _page(parts, call, count, cursor)
    if not alerts:
        return await nothing_yet(parts, call) if is_newest else _gone(call)
    t = call.t
    heading = title(t("The newest alerts") if is_newest else t("Earlier alerts"))
    return Message(
        blocks=(heading, *_listed(parts, call, alerts)),
        buttons=(
            in_place(
                *([] if is_newest else [(t("Back"), f"/latest {count} {_AFTER}{alerts[0].item.id}")]),
                *([(t("More"), f"/latest {count} {_BEFORE}{alerts[-1].item.id}")] if has_more else []),
            ),
        ),
    )


async def _page(parts: Parts, call: Call, count: int, cursor: str) -> tuple[list[Alert], bool, bool]:
    """A page of alerts, whether it is the newest, and whether there are earlier ones."""
    history, chat, item = parts.history, call.chat.id, ItemId(number(cursor[1:]) or 0)
    if cursor.startswith(_AFTER):
        alerts = await history.latest_alerts(chat, limit=count + 1, after=item)
        # With fewer than a page before it, the newest page is meant.
        if len(alerts) > count:
            return alerts[1:], False, True
    if cursor.startswith(_BEFORE):
        alerts = await history.latest_alerts(chat, limit=count + 1, before=item)
        return alerts[:count], False, len(alerts) > count
    alerts = await history.latest_alerts(chat, limit=count + 1)
    return alerts[:count], True, len(alerts) > count


def _listed(parts: Parts, call: Call, alerts: Sequence[Alert]) -> Iterator[Block]:
    for alert in alerts:
        yield alert_entry(alert, call.chat, call.t, now=call.now, wording=parts.wording)


def _gone(call: Call) -> Message:
    return Message(blocks=(text(call.t("These alerts are not kept any more.")),))


async def _together(parts: Parts, call: Call) -> Message:
    """The alerts of a digest, by the delivery that a button names and a page."""
    t = call.t
    name, page_asked = first_word(call.arguments)
    alerts = await parts.history.told_together(call.chat.id, delivery=DeliveryId(number(name) or 0))
    if not alerts:
        return _gone(call)
    page, pages = page_of(page_asked, len(alerts), _MOST)
    shown = alerts[(page - 1) * _MOST : page * _MOST]
    listed = _listed(parts, call, shown)
    return Message(blocks=(waiting(len(alerts), t), *listed), buttons=(turns(t, f"/latest {name}", page, pages),))


async def nothing_yet(parts: Parts, call: Call) -> Message:
    """There is no alert yet, and what to do next."""
    t = call.t
    watched = await parts.subscriptions.subscriptions(call.chat.id)
    keywords = await parts.keywords.keywords(call.chat.id)
    if not watched:
        hint = t.spans("Next, choose a feed: {command}", command=code("/subscribe"))
    elif not keywords and not _takes_everything(watched):
        hint = t.spans("Next, add a keyword: {command}", command=code("/keyword add"))
    elif not keywords:
        hint = t.spans("{feeds} shows how the feeds are.", feeds=code("/feeds"))
    else:
        hint = t.spans("See what the last 7 days would have brought: {command}", command=code("/keyword test"))
    return Message(blocks=(text(t("No alert has come here yet.")), text(hint)))


async def status(parts: Parts, call: Call) -> Message:
    """The figures of the chat, and what stands in the way of alerts."""
    t = call.t
    figures = await parts.history.status(call.chat.id, now=call.now)
    watched = await parts.subscriptions.subscriptions(call.chat.id)
    paused = call.chat.state is ChatState.PAUSED
    lines = (
        (t("Alerts"), t("paused") if paused else t("running")),
        (t("Feeds"), _feeds(call, figures)),
        (t("Keywords"), str(figures.keywords)),
        (t("Last look at a feed"), _moment(call, figures.last_poll)),
        (t("Items of the last 24 hours"), t.number(figures.items_day)),
        (t("Alerts of the last 24 hours"), t.number(figures.sent_day)),
        (t("Waiting to be sent"), t.number(figures.waiting)),
        (t("Last alert"), _moment(call, figures.last_sent)),
    )
    listed = (entry(t.spans("{name}: {value}", name=name, value=bold(value))) for name, value in lines)
    rate = parts.rates.get(call.chat.address.platform)
    wait = waiting_words(call.chat, figures, rate, t) if rate and not paused else ""
    return Message(
        blocks=(
            title(t("Status")),
            *listed,
            *status_notes(call.chat.settings, figures, t, call.now),
            *([note(wait)] if wait else []),
            note(_advice(call, figures, watched, paused=paused)),
        ),
        buttons=(buttons((t("All feeds"), "/feeds"), (t("All keywords"), "/keyword list")),),
    )


def _feeds(call: Call, figures: ChatStatus) -> str:
    if not figures.failing:
        return str(figures.feeds)
    return call.t("{feeds} ({failing} can't be read now)", feeds=figures.feeds, failing=figures.failing)


def _moment(call: Call, moment: datetime | None) -> str:
    return when(moment, call.chat.settings, call.t, now=call.now) if moment else call.t("not yet")


def _takes_everything(watched: Sequence[Subscription]) -> bool:
    """Whether alerts come without any keyword."""
    return any(each.mode is Mode.EVERYTHING for each in watched)


def _advice(
    call: Call, figures: ChatStatus, watched: Sequence[Subscription], *, paused: bool
) -> str | tuple[Span, ...]:
    t = call.t
    if paused:
        return t.spans("Send {resume} to start alerts again.", resume=code("/resume"))
    if not figures.feeds:
        return t.spans("Send {subscribe} to choose a feed.", subscribe=code("/subscribe"))
    if not figures.keywords and not _takes_everything(watched):
        return t.spans("Send {add} with your words, so that something can match.", add=code("/keyword add"))
    if figures.failing:
        return t.spans("Send {feeds} to see which feed can't be read, and why.", feeds=code("/feeds"))
    return t("All is well; there is nothing to do.")
