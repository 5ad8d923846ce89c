"""Translates the errors of discord.py and its transport into ours, once, at the edge that meets them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import aiohttp
import discord

from bot.errors import (
    ChatBlocked,
    ChatGone,
    DeliveryError,
    MessageRefused,
    PlatformDown,
    RateLimited,
    RightsMissing,
    TokenRefused,
)

# https://discord.com/developers/docs/topics/opcodes-and-status-codes
_GONE = frozenset({10003, 10004, 10013, 50008, 50024})  # unknown channel, server or person; nothing to write in
_LOCKED = frozenset({50007, 50278, 160005})  # direct messages closed, no server in common, thread locked
_NO_RIGHTS = frozenset({50001, 50013})  # no access, no permission
_ARCHIVED = 50083
_NO_EDIT = frozenset({10008, 30046, 50005, 50083})  # unknown or old message, not ours, in an archived thread
_NO_ACCESS = 50001  # to the channel at all
_SLOW = frozenset({20016, 20028, 20029})  # slow mode, or a channel's or server's own limit on writing
_AUTHENTICATION_FAILED = 4004  # a close code of the gateway
_WAIT = timedelta(minutes=1)  # when a limit does not say how long

_UNAUTHORISED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY, _SERVER_ERROR = 401, 403, 404, 429, 500


class ThreadArchived(ChatBlocked):
    """A thread that takes nothing before it is opened again."""


_BY_CODE: dict[int, type[DeliveryError]] = {
    **dict.fromkeys(_GONE, ChatGone),
    **dict.fromkeys(_LOCKED, ChatBlocked),
    **dict.fromkeys(_NO_RIGHTS, RightsMissing),
    _ARCHIVED: ThreadArchived,
}
_BY_STATUS: dict[int, type[DeliveryError]] = {
    _UNAUTHORISED: TokenRefused,
    _FORBIDDEN: ChatBlocked,
    _NOT_FOUND: PlatformDown,
}


@contextmanager
def translated(*, editing: bool = False) -> Iterator[None]:
    """Raise DeliveryErrors in place of the errors of discord.py, aiohttp and the network. `editing`: the call is to
    change a message, which can be forbidden where sending is not."""
    try:
        yield
    except discord.LoginFailure as error:
        raise TokenRefused("Discord does not know this token; see DISCORD_TOKEN") from error
    except discord.RateLimited as error:
        raise RateLimited(timedelta(seconds=error.retry_after)) from error
    except discord.HTTPException as error:
        raise (_refused_edit(error) if editing else None) or _from_answer(error) from error
    except discord.ConnectionClosed as error:
        raise _from_close(error) from error
    except (discord.GatewayNotFound, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise PlatformDown(type(error).__name__) from error


def _refused_edit(error: discord.HTTPException) -> MessageRefused | None:
    forbidden = error.status == _FORBIDDEN and error.code != _NO_ACCESS
    return MessageRefused(_reason(error)) if forbidden or error.code in _NO_EDIT else None


def _reason(error: discord.HTTPException) -> str:
    # The further lines of a text quote the refused form, which can be what people wrote.
    return f"{error.status} {error.code} {error.text.partition(chr(10))[0]}".strip()


def _from_answer(error: discord.HTTPException) -> DeliveryError:
    if error.status == _TOO_MANY or error.code in _SLOW:
        # discord.py waits out the limits of its own routes; one that gets here holds for the address or the bot.
        return RateLimited(_retry_after(error), everywhere=error.code not in _SLOW)
    return _kind_of(error)(_reason(error))


def _kind_of(error: discord.HTTPException) -> type[DeliveryError]:
    if error.status >= _SERVER_ERROR or (error.status == _FORBIDDEN and _is_of_a_guard(error)):
        return PlatformDown
    return _BY_CODE.get(error.code) or _BY_STATUS.get(error.status, MessageRefused)


def _is_of_a_guard(error: discord.HTTPException) -> bool:
    """Whether it is not Discord's own word but the page of what stands before it, which shuts out our address and
    says nothing of the chat."""
    kind = error.response.headers.get("Content-Type", "")
    return not error.code and bool(kind) and "json" not in kind


def _retry_after(error: discord.HTTPException) -> timedelta:
    try:
        return timedelta(seconds=float(error.response.headers.get("Retry-After", "")))
    except (ValueError, OverflowError):
        return _WAIT


def _from_close(error: discord.ConnectionClosed) -> DeliveryError:
    if error.code == _AUTHENTICATION_FAILED:
        return TokenRefused("Discord closed the connection: authentication failed; see DISCORD_TOKEN")
    return PlatformDown(f"gateway closed with {error.code}")
