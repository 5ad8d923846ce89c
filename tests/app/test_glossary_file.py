"""A glossary of one's own is read at the start, and its names reach the chats."""

import pytest

from bot.app.parts import open_core
from bot.errors import SettingsError
from bot.model import Script


async def test_its_names_are_said_in_the_chat_s_region(make_settings, tmp_path):
    path = tmp_path / "glossary.tsv"
    path.write_text("Listener\t諦聽獸\t聆聽獸\t谛听兽\tbody\n", encoding="utf-8")
    async with open_core(make_settings(glossary_file=str(path))) as core:
        assert core.wording.in_script("谛听兽会见特朗普", Script.TW) == "聆聽獸會見川普"


async def test_a_line_that_can_not_be_read_stops_the_start_and_is_named(make_settings, tmp_path):
    path = tmp_path / "glossary.tsv"
    path.write_text("# mine\nListener\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="glossary line 2"):
        async with open_core(make_settings(glossary_file=str(path))):
            pass
