"""Writes neutral messages as Discord shows them: an embed or a text, every sign of people's words escaped."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import groupby, takewhile
from typing import TypedDict

import discord

from bot.chat.clip import clip, utf16_len
from bot.chat.pressing import data_of
from bot.model import Block, BlockKind, Button, Image, Message, Pictures, Span, Style
from bot.text.urls import safe_link

# https://discord.com/developers/docs/resources/message, "Embed Limits" (all of an embed: 6000), and
# https://discord.com/developers/docs/components/reference. Counted in UTF-16 units, the strictest reading.
CONTENT_LIMIT = 2000
TITLE_LIMIT = 256
DESCRIPTION_LIMIT = 4096
FOOTER_LIMIT = 1024
LABEL_LIMIT = 80
CUSTOM_ID_LIMIT = 100
BUTTON_URL_LIMIT = 512
ALT_LIMIT = 1024
PICTURE_LIMIT = 2000  # of the 2,048 of an address
ROWS = ROW_BUTTONS = 5

ACTION = "d:"
"""What the custom ids of our buttons begin with; the command line follows."""

NOTHING = "…"
"""What stands for a message without text, which Discord refuses."""

_COLOUR = 0x2E7D6B

_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_DECEPTIVE = re.compile("[\u202a-\u202e\u2066-\u2069]")  # turn the reading direction of what follows
_SURROGATES = re.compile("[\ud800-\udfff]")
# Emphasis, spoilers, code, links and all `<…>` forms; then bare addresses, emoji names and invitations. A round bracket
# after a square one is what a link before it could reach for, over all that lies between: its reader skips no escapes.
_SIGNS = re.compile(r"[\\*_~|`<>\[\]]|(?:(?<=\])|\A)\(|:(?=//|[\w+-]+:)|(?i:(?<=discord)\.|(?<=discordapp)\.)")
# A backslash does not keep Discord's servers from reading these, so a zero-width space parts them.
_EVERYONE = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_LINE_MARKS = re.compile(r"(?m)^([^\S\n]*(?:\d+(?=[.)]))?)([#+\-.)])")
_NUMBERED = re.compile(r"\d+\\?[.)] ")
_BARE_FORMS = re.compile(r"<(?=[@#:/a-z])", re.IGNORECASE)
_PAIR = re.compile(r"\[[^\[\]]*\]")
_ROUND = str.maketrans("[]", "()")
_EDGES = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)

_MARKS = {Style.PLAIN: "", Style.BOLD: "**", Style.ITALIC: "*", Style.CODE: "`"}
_PREFIXES = {BlockKind.QUOTE: ("> ", "> "), BlockKind.NOTE: ("-# ", "-# "), BlockKind.ITEM: ("- ", "  ")}
_TOGETHER = frozenset({BlockKind.ITEM, BlockKind.NOTE})  # these stand on lines below one another


class Arguments(TypedDict, total=False):
    """What a message is to the `send` methods of discord.py."""

    content: str
    embed: discord.Embed
    view: discord.ui.View
    suppress_embeds: bool
    allowed_mentions: discord.AllowedMentions
    file: discord.File


class Edits(TypedDict, total=False):
    """What a message is to the `edit` methods of discord.py."""

    content: str | None
    embed: discord.Embed | None
    view: discord.ui.View | None
    allowed_mentions: discord.AllowedMentions


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in Discord's terms: either `content` or an `embed`, and rows of buttons."""

    content: str = ""
    embed: discord.Embed | None = None
    rows: tuple[tuple[Button, ...], ...] = ()
    file: tuple[str, bytes] | None = None
    image: Image | None = None

    def arguments(self) -> Arguments:
        """The keyword arguments for discord.py. Nothing in them can ping anybody."""
        arguments = Arguments(allowed_mentions=discord.AllowedMentions.none())
        if self.embed is not None:
            arguments["embed"] = self.embed
        else:
            # With an embed this flag would hide the embed itself.
            arguments["content"] = self.content
            arguments["suppress_embeds"] = True
        if self.rows:
            arguments["view"] = _view(self.rows)
        if self.file:
            name, content = self.file
            arguments["file"] = discord.File(BytesIO(content), filename=name)
        if self.image:
            alt = clip(self.image.alt, ALT_LIMIT) or None
            arguments["file"] = discord.File(BytesIO(self.image.content), filename=self.image.name, description=alt)
        return arguments

    def edits(self) -> Edits:
        """The keyword arguments for discord.py to make an earlier message this one; a file stays as it is."""
        return Edits(
            content=self.content or None,
            embed=self.embed,
            view=_view(self.rows) if self.rows else None,
            allowed_mentions=discord.AllowedMentions.none(),
        )


def render(message: Message) -> Rendered:
    """The message: an embed if it begins with a title or is too long for a text, else a text."""
    rows = _rows(message.buttons)
    if message.blocks and message.blocks[0].kind is BlockKind.TITLE:
        return Rendered(embed=_pictured(message), rows=rows, file=message.file, image=message.image)
    content = _joined(message.blocks)
    if utf16_len(content) > CONTENT_LIMIT:
        return Rendered(embed=_pictured(message), rows=rows, file=message.file, image=message.image)
    return Rendered(content=content.strip() or NOTHING, rows=rows, file=message.file, image=message.image)


def plain(message: Message) -> Rendered:
    """The message as nothing but text, for a place where Discord refuses the rest of it."""
    content = _fitted(message.blocks, CONTENT_LIMIT).strip() or NOTHING
    return Rendered(content=content, file=message.file, image=message.image)


def escape(text: str) -> str:
    """The text so that Discord shows it as it is, wherever it stands."""
    return _line_marks(_inline(text))


# --- embeds ----------------------------------------------------------------------------------------------


def _pictured(message: Message) -> discord.Embed:
    """The embed, with the message's own image in it (beside it, it would stand above), or with its picture at its side
    or below the text."""
    embed = _embed(message.blocks)
    if message.image:
        return embed.set_image(url=f"attachment://{message.image.name}")
    if not (link := picture_link(message)):
        return embed
    return embed.set_image(url=link) if message.pictures is Pictures.LARGE else embed.set_thumbnail(url=link)


def _embed(blocks: tuple[Block, ...]) -> discord.Embed:
    embed = discord.Embed(colour=_COLOUR)
    if blocks[0].kind is BlockKind.TITLE:
        embed.title = _title(blocks[0])
        embed.url = next((link for span in blocks[0].spans if (link := safe_link(span.url))), None)
        blocks = tuple(block for block in blocks[1:] if not _repeats(block, embed.url))
    notes = _small_print(blocks)
    embed.description = _fitted(blocks[: len(blocks) - len(notes)], DESCRIPTION_LIMIT).strip() or None
    if footer := clip("\n".join(_words(note) for note in notes).strip(), FOOTER_LIMIT):
        embed.set_footer(text=footer)
    if not (embed.title or embed.description or embed.footer):
        embed.description = NOTHING
    return embed


def picture_link(message: Message) -> str:
    """The address of the picture that Discord can be asked to show; empty for none."""
    link = safe_link(message.picture) if message.pictures is not Pictures.OFF else ""
    return link if link.isascii() and len(link) <= PICTURE_LIMIT else ""


def _repeats(block: Block, link: str | None) -> bool:
    """Whether a block only shows the link that the title has already."""
    return bool(link) and bool(block.spans) and all(safe_link(span.url) == link for span in block.spans)


def _title(block: Block) -> str | None:
    text = " ".join(_clean("".join(span.text for span in block.spans)).split())
    limit = TITLE_LIMIT
    while utf16_len(title := escape(clip(text, limit))) > TITLE_LIMIT:
        limit -= 1
    return title.strip() or None


def _small_print(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The notes at the end that need no markup: those can be the embed's footer, which has none."""
    return tuple(reversed(list(takewhile(_fits_footer, reversed(blocks)))))


def _fits_footer(block: Block) -> bool:
    return block.kind is BlockKind.NOTE and not any(span.url or span.style is Style.CODE for span in block.spans)


def _words(block: Block) -> str:
    text = _clean("".join(span.text for span in block.spans))
    return _BARE_FORMS.sub("<\u200b", _EVERYONE.sub("@\u200b", text))


# --- text ------------------------------------------------------------------------------------------------


def _fitted(blocks: Iterable[Block], limit: int) -> str:
    """The blocks in at most `limit` UTF-16 units; what does not fit is left out from the end."""
    kept: list[Block] = []
    for block in blocks:
        if utf16_len(_joined([*kept, block])) > limit:
            shrunk = _shrunk(kept, block, limit)
            return _joined([*kept, shrunk] if shrunk else kept)
        kept.append(block)
    return _joined(kept)


def _shrunk(kept: list[Block], block: Block, limit: int) -> Block | None:
    """The beginning of a block that fits after those kept."""
    units = limit
    while units > 0:
        shrunk = _beginning(block, units)
        length = utf16_len(_joined([*kept, shrunk]))
        if length <= limit:
            return shrunk
        units = min(units - 1, units * limit // length)
    return None


def _beginning(block: Block, units: int) -> Block:
    spans: list[Span] = []
    for span in block.spans:
        if units <= 0:
            break
        spans.append(replace(span, text=clip(span.text, units)))
        units -= utf16_len(span.text)
    return replace(block, spans=tuple(spans))


def _joined(blocks: Iterable[Block]) -> str:
    text = ""
    before: BlockKind | None = None
    for block in blocks:
        written = _written(block)
        if written.strip():
            text += _gap(before, block.kind) + written
            before = block.kind
    return text


def _gap(before: BlockKind | None, kind: BlockKind) -> str:
    if before is None:
        return ""
    close = before is BlockKind.TITLE or (before is kind and kind in _TOGETHER)
    return "\n" if close else "\n\n"


def _written(block: Block) -> str:
    spans = block.spans
    if block.kind is BlockKind.TITLE:
        spans = tuple(replace(span, style=Style.BOLD) for span in spans)
    text = _line_marks(_spans(spans)).strip("\n")
    first, further = _PREFIXES.get(block.kind, ("", ""))
    if not first or not text.strip() or (block.kind is BlockKind.ITEM and _NUMBERED.match(text)):
        return text
    return first + text.replace("\n", f"\n{further}")


def _spans(spans: Iterable[Span]) -> str:
    text = ""
    # Neighbours of one look become one run: `**a****b**` would not be read as two bold ones.
    for (style, url), run in groupby(spans, key=lambda span: (span.style, span.url)):
        written = _span(Span("".join(span.text for span in run), style, url))
        apart = "\u200b" if text[-1:] in {"*", "`"} and written[:1] == text[-1:] else ""
        text += apart + written
    return text


def _span(span: Span) -> str:
    found = _EDGES.fullmatch(_clean(span.text))
    before, text, after = found.groups() if found else ("", "", "")
    if not text:
        return before + after
    link = safe_link(span.url).replace("(", "%28").replace(")", "%29") if span.url else ""
    if link and "://" in text and len(text.split()) == 1:
        # Discord does not link a text that looks like an address; and no link may claim to be another one.
        return f"{before}<{link}>{after}"
    mark = _MARKS[span.style]
    label = _with_pairs(text) if link else text
    body = mark + (_code(label) if span.style is Style.CODE else _inline(label)) + mark
    if link and "://" in text:
        return f"{before}{body} <{link}>{after}"
    return before + (f"[{body}](<{link}>)" if link else body) + after


def _with_pairs(label: str) -> str:
    """The text of a link. Brackets in it that are no pairs, or lie in one another, end it early, also behind a
    backslash: there they are round."""
    rest = _PAIR.sub("", label)
    return label.translate(_ROUND) if "[" in rest or "]" in rest else label


def _code(text: str) -> str:
    """Between backticks nothing but a backtick means anything; a look-alike stands in for it."""
    return _EVERYONE.sub("@\u200b", text.replace("`", "ˋ").replace("\n", " ").replace("](", "]\u200b("))


def _inline(text: str) -> str:
    return _EVERYONE.sub("@\u200b", _SIGNS.sub(r"\\\g<0>", _clean(text)))


def _line_marks(text: str) -> str:
    return _LINE_MARKS.sub(r"\1\\\2", text)


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATES.sub("\ufffd", _DECEPTIVE.sub("", _CONTROLS.sub(" ", text)))


# --- buttons ---------------------------------------------------------------------------------------------


def _rows(rows: tuple[tuple[Button, ...], ...]) -> tuple[tuple[Button, ...], ...]:
    """The buttons that Discord takes: in rows of five, each one once, long rows broken."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    kept = (tuple(button for button in row if _is_possible(button, seen[button.action])) for row in rows)
    broken = [part for row in kept for part in _parts(row)]
    return tuple(broken[:ROWS])


def _is_possible(button: Button, labels: set[str]) -> bool:
    """Whether Discord takes it; `labels` are of the buttons before it with the same action."""
    if not _clean(button.label).strip():
        return False
    if button.url:
        return 0 < len(safe_link(button.url)) <= BUTTON_URL_LIMIT
    new = bool(button.action) and button.label not in labels
    fits = utf16_len(ACTION + button.action) + len(labels) <= CUSTOM_ID_LIMIT
    labels.add(button.label)
    return new and fits


def _parts(row: tuple[Button, ...]) -> Iterator[tuple[Button, ...]]:
    for start in range(0, len(row), ROW_BUTTONS):
        yield row[start : start + ROW_BUTTONS]


def _view(rows: tuple[tuple[Button, ...], ...]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    stood = Counter[str]()
    for number, row in enumerate(rows):
        for button in row:
            view.add_item(_button(button, number, stood[button.action]))
            stood[button.action] += 1
    # A live view would be kept in memory for ever; ours are answered by their custom ids alone.
    view.stop()
    return view


def _button(button: Button, row: int, before: int) -> discord.ui.Button[discord.ui.View]:
    """A button; `before` it so many with the same action stand in the message."""
    label = clip(" ".join(_clean(button.label).split()), LABEL_LIMIT)
    if button.url:
        return discord.ui.Button(label=label, url=safe_link(button.url), row=row)
    # Ids may not repeat in a message: one more mark tells them apart and is read as one.
    data = data_of(button)
    return discord.ui.Button(label=label, custom_id=ACTION + data[:1] * before + data, row=row)
