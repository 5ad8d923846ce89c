"""Commands that know of no other place say so, where a program is built without."""

from __future__ import annotations

import pytest

from bot.model import Locale
from tests.support.fakes import plain


@pytest.mark.parametrize("line", ["/manage", "/manage @news", "/keyword move 1 @news"])
@pytest.mark.parametrize(("locale", "said"), [(Locale.EN, "There is no other place here."), (Locale.ZH_HANT, "其他")])
async def test_there_is_no_other_place(desk, line, locale, said):
    await desk.say("/keyword add talks")
    assert said in plain(await desk.say(line, locale=locale))
    assert [each.query for each in desk.keywords.by_chat[1].values()] == ["talks"]


async def test_which_keyword_goes_where_is_asked_without_a_choice_of_places(desk):
    await desk.say("/keyword add talks")
    answer = await desk.say("/keyword move 1")
    assert "Where should" in plain(answer)
    assert answer.buttons == ()
