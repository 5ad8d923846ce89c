"""Both halves of a brief are about the same, as far as figures and names tell."""

from __future__ import annotations

import pytest

from bot.briefs.glossary import Glossary
from bot.briefs.sides import tell_apart

FLOOD = "A flood closed 12 schools in Ashford on 3 March. About 4,500 homes have no power."


@pytest.mark.parametrize(
    ("own", "other", "apart"),
    [
        (FLOOD, "您的帳戶已被鎖定，請立即確認密碼。", True),
        (FLOOD, "3月3日的水災使十二所學校停課。", False),
        (FLOOD, "水災使約4500戶停電。", False),
        (FLOOD, "Ashford水災使學校停課。", False),
        ("A flood closed schools on 3 March.", "水災使學校停課。", False),  # too little to tell by
        ("俄羅斯、烏克蘭和美國的會談在阿布扎比結束。", "Your account is locked, confirm your password.", True),
        ("俄羅斯、烏克蘭和美國的會談在阿布扎比結束。", "Russia and Ukraine ended their talks.", False),
        ("他一再說，一個人做一件事。", "He said that people do things.", False),
    ],
)
def test_halves_that_share_nothing_of_several_figures_and_names_are_told_apart(
    own: str, other: str, apart: bool, glossary: Glossary
) -> None:
    assert tell_apart(own, other, glossary) is apart
