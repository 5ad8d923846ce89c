"""Turns Telegram's errors into ours, once. Their words: https://core.telegram.org/method/messages.sendMessage#errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.errors import (
    AnotherPoller,
    ChatBlocked,
    ChatGone,
    ChatMoved,
    DeliveryError,
    MessageRefused,
    PlatformDown,
    RateLimited,
    RightsMissing,
    TokenRefused,
)

_GONE = re.compile(
    r"chat not found|peer_id_invalid|topic_closed|topic_deleted|topic_id_invalid|thread not found|chat was deleted"
    r"|chat was deactivated|channel_invalid|chat_id_invalid|user not found"
)
_RIGHTS = re.compile(
    r"not enough rights|have no rights|need administrator rights|chat_write_forbidden|chat_admin_required"
    r"|chat_restricted|chat_send_plain_forbidden"
)
_BLOCKED = re.compile(r"user_is_blocked|user_is_deactivated|bot is not a member")
# What is said of a message that is to be edited and that no other form of it would change.
_FINAL = re.compile(r"message is not modified|message to edit not found|can't be edited|message_id_invalid")
_PAGE = re.compile(r"webpage|web page|http url|link.preview|preview.url")
# The request went out whole, and what is missing is the answer.
_UNANSWERED = (httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError)


@contextmanager
def translated(*, chat: bool = True, editing: bool = False) -> Iterator[None]:
    """Raise Telegram's errors as DeliveryErrors. `chat`: the call is about one chat; `editing`: about a message there.

    The original is not chained: its text, and the requests it came from, can hold the token.
    """
    try:
        yield
    except TelegramError as error:
        raise translation(error, chat=chat, editing=editing) from None


def translation(error: TelegramError, *, chat: bool = True, editing: bool = False) -> DeliveryError:
    """The DeliveryError that says the same."""
    match error:
        case RetryAfter():
            # Telegram doesn't say whether a chat or the whole bot sends too fast; for messages it is nearly
            # always the chat, and what else is due shows by itself whether it was not.
            return RateLimited(_wait(error), everywhere=not chat)
        case ChatMigrated():
            return ChatMoved(str(error.new_chat_id))
        case InvalidToken():
            return TokenRefused(_rejected(error))
        case Conflict():
            return AnotherPoller("conflict")
        case Forbidden() | BadRequest():
            return _refusal(error, editing=editing)
        case _:
            return PlatformDown(_network_reason(error), maybe_sent=isinstance(error.__cause__, _UNANSWERED))


def is_unreadable(error: BadRequest) -> bool:
    """Whether it is the message that Telegram does not take: then a plainer form of it may fare better."""
    return isinstance(translation(error), MessageRefused) and not _FINAL.search(error.message.casefold())


def is_about_page(error: BadRequest) -> bool:
    """Whether the refusal is of the page to preview."""
    return bool(_PAGE.search(error.message.casefold()))


def is_unmodified(error: BadRequest) -> bool:
    """Whether a message was to be edited to what it is already."""
    return "message is not modified" in error.message.casefold()


def _refusal(error: Forbidden | BadRequest, *, editing: bool) -> DeliveryError:
    reason = _reason(error)
    if _GONE.search(reason):
        return ChatGone(reason)
    # Who lacks the right to edit may well have that to send.
    if _RIGHTS.search(reason):
        return MessageRefused(reason) if editing else RightsMissing(reason)
    blocked = isinstance(error, Forbidden) or (not editing and _BLOCKED.search(reason))
    return ChatBlocked(reason) if blocked else MessageRefused(reason)


def refusal_of(error: BadRequest) -> str:
    """Why Telegram did not take a message, in its own words and without what they quote."""
    return _reason(error)


def _wait(error: RetryAfter) -> timedelta:
    # A number of seconds or, as the library is told in `connection`, a timedelta.
    return error.retry_after if isinstance(error.retry_after, timedelta) else timedelta(seconds=error.retry_after)


def _rejected(error: InvalidToken) -> str:
    return "not found" if "not found" in error.message.casefold() else "unauthorized"


def _reason(error: TelegramError) -> str:
    """Telegram's own words, without what they quote of the message."""
    return error.message.casefold().removeprefix("forbidden: ").partition(":")[0][:100]


def _network_reason(error: TelegramError) -> str:
    cause = error.__cause__
    if cause is not None and not isinstance(cause, TelegramError):
        return type(cause).__name__  # its text may quote the request
    return error.message.partition(". ")[0].casefold()[:100]
