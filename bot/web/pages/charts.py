"""Charts as SVG in the page: only shapes, which stretch with their place. Words stand beside them as HTML, so that they
are as large on a telephone as on a desk, and colours are the style sheet's, in the light and in the dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT = 480, 120
_GAP = 0.18  # of a bar's width
_TICKS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture, with what stands at its left, from the bottom to the top."""

    svg: Markup
    ticks: tuple[float, ...]


def top_of(most: float) -> float:
    """A round number that is not below."""
    if most <= 0:
        return 1
    power = 10.0 ** (len(str(int(most))) - 1 if most >= 1 else -1)
    while power > most:
        power /= 10
    return next((tick * power for tick in _TICKS if tick * power >= most), 10 * power)


def bars(columns: Sequence[Sequence[float]], labels: Sequence[str], *, about: str, kinds: Sequence[str]) -> Chart:
    """Stacked bars. Each column has a number for each of `kinds`, which are classes of the style sheet; its label is
    shown where it is pointed at."""
    top = top_of(max((sum(column) for column in columns), default=0))
    width = WIDTH / max(1, len(columns))
    shapes: list[Markup] = []
    for place, (column, label) in enumerate(zip(columns, labels, strict=True)):
        low, parts = float(HEIGHT), Markup()
        for kind, number in zip(kinds, column, strict=True):
            height = HEIGHT * number / top
            low -= height
            if number:
                parts += Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
                    kind, place * width + width * _GAP / 2, low, width * (1 - _GAP), height
                )
        shapes.append(_column(place, width, label, parts))
    return Chart(_svg(Markup().join(shapes), about), (0, top / 2, top))


def lines(series: Sequence[tuple[str, Sequence[float | None]]], labels: Sequence[str], *, about: str) -> Chart:
    """Lines over the same columns as bars would have; None leaves a gap."""
    numbers = [number for _, line in series for number in line if number is not None]
    top = top_of(max(numbers, default=0))
    width = WIDTH / max(1, len(labels))
    shapes = [
        Markup('<path class="{}" d="{}"/>').format(kind, _path(line, width, top)) for kind, line in series if any(line)
    ]
    shapes += [_column(place, width, label, Markup()) for place, label in enumerate(labels)]
    return Chart(_svg(Markup().join(shapes), about), (0, top / 2, top))


def heat(rows: Sequence[Sequence[int]], labels: Sequence[Sequence[str]], *, about: str) -> Markup:
    """A cell for each number, the warmer the more."""
    most = max((number for row in rows for number in row), default=0) or 1
    width, height = WIDTH / max(1, len(rows[0]) if rows else 1), HEIGHT / max(1, len(rows))
    cells = [
        Markup(
            '<rect class="heat" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill-opacity="{:.2f}">'
            "<title>{}</title></rect>"
        ).format(x * width + 1, y * height + 1, width - 2, height - 2, 0.06 + 0.94 * number / most, label)
        for y, (row, names) in enumerate(zip(rows, labels, strict=True))
        for x, (number, label) in enumerate(zip(row, names, strict=True))
    ]
    return _svg(Markup().join(cells), about)


def strip(numbers: Sequence[int], *, about: str) -> Markup:
    """A line of cells: when there was how much of something."""
    return heat([numbers], [["" for _ in numbers]], about=about)


def _column(place: int, width: float, label: str, parts: Markup) -> Markup:
    # The whole height answers to the pointer, not only the bar.
    return Markup('<g><title>{}</title><rect class="place" x="{:.1f}" y="0" width="{:.1f}" height="{}"/>{}</g>').format(
        label, place * width, width, HEIGHT, parts
    )


def _path(line: Sequence[float | None], width: float, top: float) -> str:
    steps: list[str] = []
    pen = "M"
    for place, number in enumerate(line):
        if number is None:
            pen = "M"
            continue
        x, y = (place + 0.5) * width, HEIGHT - HEIGHT * number / top
        # A point alone is a short dash, which a line without length would not be.
        steps.append(f"{pen}{x - 2 if pen == 'M' else x:.1f} {y:.1f}")
        if pen == "M":
            steps.append(f"L{x:.1f} {y:.1f}")
        pen = "L"
    return " ".join(steps)


def _svg(shapes: Markup, about: str) -> Markup:
    return Markup(
        '<svg class="chart" role="img" aria-label="{}" viewBox="0 0 {} {}" preserveAspectRatio="none">{}</svg>'
    ).format(escape(about), WIDTH, HEIGHT, shapes)
