"""Draws charts as PNG, in colours that read on dark and light backgrounds, with a font of its own for Chinese.

By Pillow and not by a plotting library: the panels are bars, cells and words, and a small host answers in the time that
loading matplotlib alone would take.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cached_property
from importlib.resources import files
from io import BytesIO
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from bot.model import Chart, HeatMap, Ranked, Stacked

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH = 1200  # pixels: twice what a telephone shows, and no more than Telegram keeps of a photo
MARGIN = 48
COMPRESSION = 6
COLOURS = 128

_FONT = "NotoSansCJK-subset.otf"
_GROUND, _TEXT, _FAINT, _GRID = "#1f2a36", "#edf2f7", "#a5b4c3", "#37475a"
# Told apart by people who see red and green alike (after Okabe and Ito), lightened for the dark ground; "others" last.
_COLOURS = ("#56b4e9", "#f0a33a", "#3fc79a", "#f2e25c", "#e58ac0", "#e8744f", "#8794a3")
_COLD, _HOT = (44, 60, 77), (240, 163, 58)
_TITLE, _HEADING, _LABEL = 40, 30, 24  # pixels
_STACK_HEIGHT, _BAR_HEIGHT, _CELL_HEIGHT, _LEGEND_HEIGHT = 300, 40, 34, 38
_NAMES = 330  # width of the names beside bars
_LEFT = 64  # width of the numbers and weekdays beside a panel
_GAP = 44  # between panels
_NO_GLYPH = "·"
_LABELS_SHOWN = 7
_PRIVATE = "\uffff"  # that no font has


class ChartPainter:
    """Makes pictures of charts, one at a time: a few megabytes each while it is drawn."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._brush: _Brush | None = None

    async def draw(self, chart: Chart) -> bytes:
        """A PNG, drawn off the loop."""
        async with self._turn:
            return await asyncio.to_thread(self._drawn, chart)

    def _drawn(self, chart: Chart) -> bytes:
        self._brush = self._brush or _Brush()
        return _paint(chart, self._brush)


class _Brush:
    """The font in its sizes, and which characters it has."""

    def __init__(self) -> None:
        # Not when the program starts: few chats look at charts.
        from PIL import ImageFont  # noqa: PLC0415

        data = files("bot.chat").joinpath("fonts", _FONT).read_bytes()
        self.sizes = {
            size: ImageFont.truetype(BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)
            for size in (_TITLE, _HEADING, _LABEL)
        }
        self._known: dict[str, bool] = {" ": True}

    @cached_property
    def _box(self) -> bytes:
        return bytes(self.sizes[_LABEL].getmask(_PRIVATE))

    def shown(self, text: str) -> str:
        """The text with a dot for each character that the font has no picture of: an empty box says nothing."""
        return "".join(character if self._has(character) else _NO_GLYPH for character in text)

    def _has(self, character: str) -> bool:
        if character not in self._known:
            self._known[character] = bytes(self.sizes[_LABEL].getmask(character)) != self._box
        return self._known[character]

    def fitted(self, text: str, size: int, width: int) -> str:
        """The text, cut to a width in pixels."""
        font, shown = self.sizes[size], self.shown(text)
        if font.getlength(shown) <= width:
            return shown
        while shown and font.getlength(shown + "…") > width:
            shown = shown[:-1]
        return shown.rstrip() + "…"


class _Canvas:
    """A picture being drawn: where the next panel begins, and words in their sizes."""

    def __init__(self, draw: ImageDraw, brush: _Brush) -> None:
        self.draw = draw
        self.brush = brush
        self.top = MARGIN

    def words(  # noqa: PLR0917 - where, what, how
        self,
        x: float,
        y: float,
        text: str,
        size: int = _LABEL,
        anchor: str = "la",
        fill: str = _TEXT,
        width: int = WIDTH,
    ) -> None:
        font: FreeTypeFont = self.brush.sizes[size]
        self.draw.text((x, y), self.brush.fitted(text, size, width), font=font, anchor=anchor, fill=fill)

    def heading(self, text: str, size: int = _HEADING) -> None:
        self.words(MARGIN, self.top, text, size, width=WIDTH - 2 * MARGIN)
        self.top += size + size // 2 + 16

    def box(self, left: float, top: float, right: float, bottom: float, fill: str | tuple[int, int, int]) -> None:
        self.draw.rectangle((round(left), round(top), round(right) - 1, round(bottom) - 1), fill=fill)


def _paint(chart: Chart, brush: _Brush) -> bytes:
    from PIL import Image, ImageDraw  # noqa: PLC0415 - as above

    height = 2 * MARGIN + 76 + sum(_height(panel) + _GAP for panel in chart.panels) + (_LABEL if chart.note else -_GAP)
    image = Image.new("RGB", (WIDTH, height), _GROUND)
    canvas = _Canvas(ImageDraw.Draw(image), brush)
    canvas.heading(chart.title, _TITLE)
    for panel in chart.panels:
        canvas.heading(panel.title)
        _panel(canvas, panel)
        canvas.top += _GAP
    if chart.note:
        canvas.words(MARGIN, canvas.top, chart.note, fill=_FAINT, width=WIDTH - 2 * MARGIN)
    out = BytesIO()
    # Flat colours and the edges of letters: so many are enough, and it is half as large.
    few = image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(out, "PNG", compress_level=COMPRESSION)
    return out.getvalue()


def _height(panel: Stacked | Ranked | HeatMap) -> int:
    head = _HEADING + _HEADING // 2 + 16
    match panel:
        case Stacked():
            return head + _STACK_HEIGHT + _LABEL + 32 + _LEGEND_HEIGHT * -(-len(panel.series) // 2)
        case Ranked():
            return head + _BAR_HEIGHT * len(panel.bars)
        case HeatMap():
            return head + _CELL_HEIGHT * len(panel.rows) + _LABEL + 10


def _panel(canvas: _Canvas, panel: Stacked | Ranked | HeatMap) -> None:
    match panel:
        case Stacked():
            _stacked(canvas, panel)
        case Ranked():
            _ranked(canvas, panel)
        case HeatMap():
            _heat_map(canvas, panel)


def _stacked(canvas: _Canvas, panel: Stacked) -> None:
    left, right, top = MARGIN + _LEFT, WIDTH - MARGIN, canvas.top
    bottom = top + _STACK_HEIGHT
    totals = [sum(values) for values in zip(*(values for _, values in panel.series), strict=True)]
    ticks = nice_ticks(max(totals, default=0))
    for tick in ticks:
        y = bottom - _STACK_HEIGHT * tick / ticks[-1]
        canvas.box(left, y, right, y + 2, _GRID)
        canvas.words(left - 14, y, str(tick), anchor="rm", fill=_FAINT)
    width = (right - left) / max(1, len(panel.labels))
    for place, label in enumerate(panel.labels):
        heights = [0, *accumulate(values[place] for _, values in panel.series)]
        x = left + place * width
        for number, (low, high) in enumerate(pairwise(heights)):
            if high > low:
                ends = (bottom - _STACK_HEIGHT * end / ticks[-1] for end in (high, low))
                canvas.box(x + 3, next(ends), x + width - 3, next(ends), _colour(number, len(panel.series)))
        if place % _every(len(panel.labels)) == 0:
            canvas.words(x + width / 2, bottom + 12, label, anchor="ma", fill=_FAINT)
    canvas.top = bottom + _LABEL + 32
    _legend(canvas, [name for name, _ in panel.series])


def _every(labels: int) -> int:
    return max(1, -(-labels // _LABELS_SHOWN))


def _colour(number: int, series: int) -> str:
    """The last of many series stands for all others."""
    return _COLOURS[-1] if number >= len(_COLOURS) - 1 and number == series - 1 else _COLOURS[number % len(_COLOURS)]


def _legend(canvas: _Canvas, names: Sequence[str]) -> None:
    half = (WIDTH - 2 * MARGIN) // 2
    for number, name in enumerate(names):
        x, y = MARGIN + half * (number % 2), canvas.top + _LEGEND_HEIGHT * (number // 2)
        canvas.box(x, y + 6, x + 24, y + 30, _colour(number, len(names)))
        canvas.words(x + 38, y + 18, name, anchor="lm", width=half - 60)
    canvas.top += _LEGEND_HEIGHT * -(-len(names) // 2)


def _ranked(canvas: _Canvas, panel: Ranked) -> None:
    left, room = MARGIN + _NAMES, WIDTH - 2 * MARGIN - _NAMES - 90
    most = max((value for _, value in panel.bars), default=0) or 1
    for name, value in panel.bars:
        middle = canvas.top + _BAR_HEIGHT / 2
        canvas.words(MARGIN, middle, name, anchor="lm", width=_NAMES - 20)
        end = left + max(4, room * value / most)
        canvas.box(left, middle - 12, end, middle + 12, _COLOURS[0])
        canvas.words(end + 12, middle, str(value), anchor="lm", fill=_FAINT)
        canvas.top += _BAR_HEIGHT


def _heat_map(canvas: _Canvas, panel: HeatMap) -> None:
    left = MARGIN + _LEFT
    width = (WIDTH - MARGIN - left) / max(1, len(panel.columns))
    most = max((value for row in panel.values for value in row), default=0) or 1
    for name, row in zip(panel.rows, panel.values, strict=True):
        canvas.words(
            left - 14, canvas.top + _CELL_HEIGHT / 2, name, anchor="rm", fill=_FAINT, width=_LEFT + MARGIN // 2
        )
        for place, value in enumerate(row):
            x = left + place * width
            canvas.box(x + 1, canvas.top + 1, x + width - 1, canvas.top + _CELL_HEIGHT - 1, _heat(value / most))
        canvas.top += _CELL_HEIGHT
    for place, name in enumerate(panel.columns):
        if name:
            canvas.words(left + place * width + width / 2, canvas.top + 10, name, anchor="ma", fill=_FAINT)
    canvas.top += _LABEL + 10


def _heat(share: float) -> tuple[int, int, int]:
    """A colour between cold and hot; a little is seen at once."""
    warmth = share**0.8
    red, green, blue = (round(cold + (hot - cold) * warmth) for cold, hot in zip(_COLD, _HOT, strict=True))
    return red, green, blue


def nice_ticks(most: int) -> list[int]:
    """Three to six whole numbers from 0 on, evenly apart, the last not below `most`."""
    step = next(
        step for power in range(12) for step in (10**power, 2 * 10**power, 5 * 10**power) if step * 5 >= max(most, 1)
    )
    return list(range(0, max(most, 2 * step) + step, step)) if most > 2 * step else [0, step, 2 * step]
