"""Asks for what completes a command line in a field of Discord's, and reads what was typed there.

https://discord.com/developers/docs/components/reference#text-input: its label has at most 45 signs, the title of its
window as many, what stands in it while it is empty 100.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import discord

from bot.chat.asking import HINT_LIMIT, QUESTION_LIMIT, question_for
from bot.chat.blocks import one_line
from bot.chat.catalogue import Catalogue
from bot.chat.clip import clip
from bot.chat.discord.markup import ACTION

_FIELD = "typed"
_MOST = 4000


def field(line: str, label: str, t: Catalogue) -> discord.ui.Modal:
    """The window with a field for what completes a line; what it says of itself carries the line."""
    asked = question_for(line, label)
    said = clip((t(asked.text) if asked.text else label) or line, QUESTION_LIMIT)
    modal = discord.ui.Modal(title=clip(label or said, QUESTION_LIMIT), custom_id=f"{ACTION}{line}", timeout=None)
    modal.add_item(
        discord.ui.TextInput[discord.ui.Modal](
            label=said,
            custom_id=_FIELD,
            placeholder=clip(t(asked.example), HINT_LIMIT) if asked.example else None,
            style=discord.TextStyle.paragraph if asked.lines else discord.TextStyle.short,
            max_length=_MOST,
        )
    )
    # A live window would be kept in memory for ever; ours is answered by its custom id alone.
    modal.stop()
    return modal


def label_of(interaction: discord.Interaction) -> str:
    """What is written on the button that was pressed."""
    data: Any = interaction.data
    rows = interaction.message.components if interaction.message else []
    buttons = (child for row in rows if isinstance(row, discord.ActionRow) for child in row.children)
    found = (each for each in buttons if isinstance(each, discord.Button) and each.custom_id == data["custom_id"])
    return one_line(next((each.label or "" for each in found), ""), QUESTION_LIMIT)


def typed_in(interaction: discord.Interaction) -> str:
    """What was typed into the field."""
    data: Any = interaction.data
    return next(_values(data.get("components", [])), "").strip()


def _values(components: list[dict[str, Any]]) -> Iterator[str]:
    for each in components:
        if each.get("custom_id") == _FIELD:
            yield str(each.get("value", ""))
        # A field stands in a row, or behind a label.
        inner = each.get("component")
        yield from _values([*each.get("components", []), *([inner] if inner else [])])
