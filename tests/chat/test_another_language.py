"""A language more is a .po file more: offered, followed and spoken, with English for what it leaves out."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.chat import catalogue
from bot.chat.catalogue import Catalogue, catalogue_for, interface_locales, locale_from_tag, own_name
from bot.chat.telegram.menus import menus_for_all
from bot.model import ChatSettings, Locale, Script
from tests.support.pseudo import PSEUDO, TAG, narrow, speak_pseudo, wide, write_catalogue

BOT = Path(catalogue.__file__).resolve().parents[1]

# As a person whose app is set to Russian, and then as one who chooses it.
TALK = """
import asyncio, json
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from bot.chat.catalogue import locale_from_tag
from bot.chat.commands import Commands, Parts
from bot.model import ChatAddress, ChatKind, Person, Platform, Request
from bot.storage import open_storage

LINES = [
    ("ru-RU", "status", ""), ("en", "settings", "language"), ("en", "settings", "language ru"), ("en", "status", "")
]

async def main():
    async with open_storage("sqlite:///diting.db") as storage:
        await storage.upgrade()
        needed = dict.fromkeys(each.name for each in fields(Parts) if each.default is each.default_factory is MISSING)
        stores = dict(
            chats=storage.chats, subscriptions=storage.subscriptions, keywords=storage.keywords, history=storage.history
        )
        commands = Commands(Parts(**needed | stores), clock=lambda: datetime.now(UTC))
        print(json.dumps([await said(commands, *line) for line in LINES]))

async def said(commands, app, command, arguments):
    message = await commands.handle(Request(
        address=ChatAddress(Platform.TELEGRAM, app), kind=ChatKind.PRIVATE, command=command, arguments=arguments,
        person=Person(id="7", locale=locale_from_tag(app), can_manage=True),
    ))
    text = " ".join(span.text for block in message.blocks for span in block.spans)
    return text, [button.action for row in message.buttons for button in row]

asyncio.run(main())
"""


@pytest.fixture
def spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Locale]:
    yield from speak_pseudo(tmp_path, monkeypatch)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Catalogue]]:
    """Makes a catalogue of what a file says."""
    monkeypatch.setattr(catalogue, "LOCALES", tmp_path)

    def make(entries: str) -> Catalogue:
        (tmp_path / f"{TAG}.po").write_text(entries, encoding="utf-8")
        return catalogue_for(PSEUDO)

    catalogue_for.cache_clear()
    yield make
    catalogue_for.cache_clear()


def test_a_program_with_one_more_file_speaks_one_more_language(tmp_path: Path) -> None:
    shutil.copytree(BOT, tmp_path / "bot")
    write_catalogue(tmp_path / "bot" / "chat" / "locales")
    run = subprocess.run(
        [sys.executable, "-c", TALK], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    (followed, _), (offered, choices), (saved, _), (chosen, _) = json.loads(run.stdout)
    assert followed.startswith(wide("Status"))
    assert "Русский" in offered
    assert f"/settings language {TAG}" in choices
    assert saved.startswith(wide("Saved."))
    assert chosen.startswith(wide("Status"))


def test_it_is_offered_by_its_own_name_after_ours(spoken: Locale) -> None:
    assert interface_locales() == (Locale.EN, Locale.ZH_HANT, Locale.ZH_HANS, spoken)
    assert [own_name(locale) for locale in interface_locales()] == ["English", "繁體中文", "简体中文", "Русский"]


@pytest.mark.parametrize("tag", ["ru", "RU", "ru-RU", "ru_UA"])
def test_it_is_followed_from_peoples_apps(spoken: Locale, tag: str) -> None:
    assert locale_from_tag(tag) is spoken
    assert locale_from_tag("uk") is Locale.EN


def test_another_region_of_a_language_is_nearer_than_english(spoken: Locale) -> None:
    shutil.copy(catalogue.LOCALES / "ru.po", catalogue.LOCALES / "pt_BR.po")
    interface_locales.cache_clear()
    assert [locale_from_tag(tag).value for tag in ("pt-br", "pt-PT", "pt")] == ["pt-BR"] * 3
    assert menus_for_all()["pt"] == "pt-BR"


def test_telegram_has_a_menu_in_it(spoken: Locale) -> None:
    assert menus_for_all() == {"": Locale.EN, "zh": Locale.ZH_HANS, "ru": spoken}


async def test_discord_has_its_menu_in_it(spoken: Locale) -> None:
    import discord
    from discord import app_commands

    from bot.chat.discord.tree import MenuTranslator

    where = app_commands.TranslationContext(
        location=app_commands.TranslationContextLocation.command_description, data=None
    )
    text = app_commands.locale_str("Watch a feed")
    translate = MenuTranslator().translate
    assert await translate(text, discord.Locale.russian, where) == wide("Watch a feed")
    assert await translate(text, discord.Locale.french, where) is None


def test_what_is_not_translated_is_said_in_english(made) -> None:
    t = made('msgid "Open"\nmsgstr "Открыть"\n\nmsgid "Undo"\nmsgstr ""\n')
    assert [t("Open"), t("Undo"), t("Back")] == ["Открыть", "Undo", "Back"]
    assert t.n("{n} keyword", "{n} keywords", 2) == "2 keywords"


def test_a_plural_form_that_is_missing_is_said_in_english(made) -> None:
    t = made('msgid "{n} keyword"\nmsgid_plural "{n} keywords"\nmsgstr[0] "{n} слово"\nmsgstr[1] ""\nmsgstr[2] ""\n')
    assert [t.n("{n} keyword", "{n} keywords", n) for n in (1, 2, 5, 21)] == [
        "1 слово",
        "2 keywords",
        "5 keywords",
        "21 слово",
    ]


def test_a_guess_of_a_tool_is_not_used(made) -> None:
    assert made('#, fuzzy\nmsgid "Open"\nmsgstr "Закрыть"\n')("Open") == "Open"


@pytest.mark.parametrize("slip", ["Смотрим {фид}.", "Смотрим {feed.", "Смотрим {}.", "Смотрим {feed.title} {0}."])
def test_a_slip_in_a_translation_costs_that_sentence_and_no_answer(made, slip: str) -> None:
    t = made(f'msgid "Watching {{feed}}."\nmsgstr "{slip}"\n\nmsgid "Open"\nmsgstr "Открыть"\n')
    assert t("Watching {feed}.", feed="X") == "Watching X."
    assert t("Open") == "Открыть"


def test_a_language_whose_file_was_taken_away_is_spoken_in_english() -> None:
    assert catalogue_for(Locale("fr"))("Open") == "Open"
    assert str(catalogue_for(Locale("fr")).babel) == "en"


def test_a_file_of_no_known_language_is_let_be(spoken: Locale) -> None:
    shutil.copy(catalogue.LOCALES / "ru.po", catalogue.LOCALES / "klingon.po")
    interface_locales.cache_clear()
    assert spoken in interface_locales()
    assert len(interface_locales()) == 4


def test_counts_and_dates_are_written_as_the_language_does(spoken: Locale) -> None:
    assert narrow(catalogue_for(spoken).n("{n} keyword", "{n} keywords", 12345)) == "12\xa0345 keywords"
    assert catalogue_for(Locale.EN).n("{n} keyword", "{n} keywords", 12345) == "12,345 keywords"


def test_its_chats_read_chinese_as_the_source_writes() -> None:
    assert ChatSettings(locale=Locale("fr")).characters() is Script.SOURCE
    assert not Locale("fr").is_chinese


def test_a_locale_is_one_value_wherever_it_comes_from() -> None:
    assert Locale("fr") is Locale("fr")
    assert Locale("fr") not in list(Locale)
    with pytest.raises(ValueError, match="not a valid"):
        Locale("no language; at all")
