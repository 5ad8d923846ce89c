"""None, one or several values, without a container where there are not several.

The index holds these by the hundred thousand: as sets they would take ten times the memory, and the garbage collector
would halt everything to look through them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeAlias, TypeVar

Value = TypeVar("Value", bound=Hashable)
Key = TypeVar("Key")
Some: TypeAlias = Value | dict[Value, None] | None


def with_(some: Some[Value], value: Value) -> Some[Value]:
    """These and another one. What was given may be changed and should be let go."""
    if some is None:
        return value
    if isinstance(some, dict):
        some[value] = None
        return some
    return {some: None, value: None}


def without(some: Some[Value], value: Value) -> Some[Value]:
    """All but one of them. What was given may be changed and should be let go."""
    if not isinstance(some, dict):
        return None if some == value else some
    some.pop(value, None)
    return some or None


def each(some: Some[Value]) -> Iterable[Value]:
    """One after the other."""
    return () if some is None else some if isinstance(some, dict) else (some,)


def has(some: Some[Value], value: Value) -> bool:
    """Whether a value is among them."""
    return value in some if isinstance(some, dict) else some == value


def add(many: dict[Key, Some[Value]], key: Key, value: Value) -> None:
    """Put a value under a key."""
    many[key] = with_(many.get(key), value)


def drop(many: dict[Key, Some[Value]], key: Key, value: Value) -> None:
    """Take a value out of those under a key, and the key too when none is left."""
    left = without(many[key], value)
    if left is None:
        del many[key]
    else:
        many[key] = left
