"""What goes wrong with a model's server, in our own terms: the one place that knows the SDK's errors."""

from __future__ import annotations

import re
from datetime import timedelta
from http import HTTPStatus

import openai

from bot.errors import BriefError, BriefRefused, WayUnavailable

LONGEST_REST = timedelta(minutes=15)  # a server may ask for any; people may have mended it by then
_HOUR, _WHILE = timedelta(hours=1), timedelta(minutes=5)
# Somebody has to mend these: a key, an account, a model's name.
_RESTS = {
    HTTPStatus.UNAUTHORIZED: _HOUR,
    HTTPStatus.PAYMENT_REQUIRED: _HOUR,
    HTTPStatus.FORBIDDEN: _HOUR,
    HTTPStatus.NOT_FOUND: _WHILE,
}
_NO_MONEY = frozenset(("insufficient_quota", "billing_hard_limit_reached", "billing_not_active"))
_FORM = frozenset(
    (
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.NOT_IMPLEMENTED,
    )
)
_OF_THE_MATTER = re.compile(
    r"context.{0,30}(?:length|size|window|limit)|(?:prompt|input|message)s?.{0,20}too (?:long|large)|too many tokens"
    r"|content.{0,3}(?:filter|policy|management)|moderation|inspection|flagged",
    re.IGNORECASE | re.DOTALL,
)
_CODE = re.compile(r"[a-z_]{3,40}")
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)


def is_of_the_form(error: openai.OpenAIError) -> bool:
    """Whether a server complains of how it is asked, and not of what: another form may do."""
    return isinstance(error, openai.APIStatusError) and error.status_code in _FORM and not _is_of_the_matter(error)


def costs_nothing(error: openai.OpenAIError) -> bool:
    """Whether no model can have worked on the request: it was refused, or never arrived."""
    # By name: the HTTP library is the SDK's own affair, and has changed before.
    unreached = type(error.__cause__).__name__ in {"ConnectError", "ConnectTimeout"}
    return unreached or isinstance(error, openai.APIStatusError)


def failure(error: openai.OpenAIError) -> BriefError:
    """The error as the briefer knows it: the article was not taken, or the server is of no use for a while."""
    if isinstance(error, openai.APIStatusError):
        if _is_of_the_matter(error):
            return BriefRefused(f"article: not taken: {_reason(error)}")
        return WayUnavailable(_reason(error), rest=_rest(error))
    return WayUnavailable("timeout" if isinstance(error, openai.APITimeoutError) else type(error).__name__)


def _is_of_the_matter(error: openai.APIStatusError) -> bool:
    if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return True
    return error.status_code in _FORM and bool(_OF_THE_MATTER.search(f"{error.code} {error.type} {error}"))


def _reason(error: openai.APIStatusError) -> str:
    """The status, with the server's word for it. Its sentences are left out: some repeat the key."""
    word = next((word for word in (error.code, error.type) if word and _CODE.fullmatch(word)), "")
    return f"HTTP {error.status_code} {word}".strip()


def _rest(error: openai.APIStatusError) -> timedelta | None:
    if error.code in _NO_MONEY or error.type in _NO_MONEY:
        return _HOUR
    if error.status_code in _RESTS:
        return _RESTS[HTTPStatus(error.status_code)]
    return retry_after(error.response.headers.get("retry-after", ""))


def retry_after(value: str) -> timedelta | None:
    """The seconds of a Retry-After header (RFC 9110, section 10.2.3), capped; None for anything else: model servers and
    the gateways before them send no dates."""
    match = _SECONDS.fullmatch(value.strip())
    return min(timedelta(seconds=float(match[0])), LONGEST_REST) if match else None
