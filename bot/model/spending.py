"""What a language model costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call."""

    asked: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True)
class Spending:
    """Tokens, asked and answered together, and money in millionths of its unit. As a limit, 0 is none."""

    tokens: int = 0
    money: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(self.tokens + other.tokens, self.money + other.money)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.tokens - other.tokens, self.money - other.money)

    def within(self, limit: Spending) -> bool:
        """Whether it is no more than a limit."""
        return all(part <= most for part, most in ((self.tokens, limit.tokens), (self.money, limit.money)) if most)
