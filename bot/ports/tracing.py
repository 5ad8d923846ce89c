"""What can be watched of the work as it is done: spans of time, each within another. Unwatched they are nothing.

    feed ─▶ poll ─▶ record ┄▶ alert ─▶ match, brief, story, commit ┄▶ deliver ─▶ send, record

A database lies between the stages (┄). Who writes to it says what that leads to, and who takes it up what it follows:
within one process a trace then goes all the way.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Final, Protocol, Self

About = str | int | float | bool | Sequence[int] | None
"""What a span can tell: never a text of people, an id of a chat or a secret. None is not told."""

Trail = tuple[Hashable, ...]
"""By what a stage finds what it follows: `("arrived", feed, seen)` for the items of a poll, `("item", number)`."""


class Span(Protocol):
    """A piece of work. In its `with` block it is at work, and at its end it is over; what is raised there fails it."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...

    def at_work(self) -> AbstractContextManager[object]:
        """In its block, and in tasks that begin there, further spans are within this one; it goes on after that."""

    def note(self, **about: About) -> None:
        """Tell more of it. `error`, the name of a kind of error, fails it."""

    def leads_to(self, *trail: Hashable) -> None:
        """What follows this trail follows this span."""

    def end(self) -> None:
        """It is over, unless it is already."""


class Tracer(Protocol):
    """Watches spans. `bot.web.tracing` has the names under which they are told."""

    def span(self, name: str, *, follows: Sequence[Trail] = (), **about: About) -> Span:
        """A piece of work begins: within the one that is at work here, or within the one whose trail it follows."""


class _NoSpan:
    """Nobody watches: all there is to it is its calls."""

    __slots__ = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        pass

    def at_work(self) -> AbstractContextManager[object]:
        """See Span."""
        return self

    def note(self, **about: About) -> None:
        """See Span."""

    def leads_to(self, *trail: Hashable) -> None:
        """See Span."""

    def end(self) -> None:
        """See Span."""


NO_SPAN: Final[Span] = _NoSpan()


class _NoTracer:
    __slots__ = ()

    def span(self, name: str, *, follows: Sequence[Trail] = (), **about: About) -> Span:  # noqa: ARG002
        """See Tracer."""
        return NO_SPAN


NO_TRACER: Final[Tracer] = _NoTracer()
