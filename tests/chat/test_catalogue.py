"""The catalogues are complete and agree with the code."""

import ast
import re
import shutil
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.chat import messages
from bot.chat.catalogue import LOCALES, catalogue_for, locale_from_tag, mark
from bot.chat.messages import extract, slips, update
from bot.model import Locale, Span

# Those that are kept complete. A file of another language may be there besides, and wait for sentences.
FILES = [LOCALES / "zh_Hans.po", LOCALES / "zh_Hant.po"]
OURS = tuple(path.name for path in FILES)


def read(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=path.stem if path.suffix == ".po" else None)


def ids(catalog: Catalog) -> set[str]:
    return {str(message.id) for message in catalog if message.id}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_there_is_a_file_for_every_language_but_english() -> None:
    for locale in Locale:
        assert (catalogue_for(locale)("Open") == "Open") is (locale is Locale.EN)


def test_the_template_has_just_the_sentences_of_the_code() -> None:
    assert ids(read(LOCALES / "messages.pot")) == ids(extract())


def test_no_sentence_stands_where_it_is_not_looked_for() -> None:
    """Inside an f-string, which is one token to the Python 3.11 that catalogues are made with."""
    lost = [
        f"{path.name}:{call.lineno}"
        for path in LOCALES.parent.rglob("*.py")
        for formatted in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(formatted, ast.JoinedStr)
        for call in ast.walk(formatted)
        if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant)
        if getattr(call.func, "attr", getattr(call.func, "id", "")) in {"t", "n", "spans", "mark"}
    ]
    assert lost == []


def test_bringing_the_catalogues_in_step_changes_nothing_now(tmp_path: Path) -> None:
    locales = Path(shutil.copytree(LOCALES, tmp_path / "locales"))
    assert [line for line in update(locales) if line.startswith(OURS)] == []
    assert slips(locales) == []
    for path in (LOCALES / "messages.pot", *FILES):
        assert (locales / path.name).read_text(encoding="utf-8") == path.read_text(encoding="utf-8")


def test_what_is_left_to_translate_is_named_and_what_went_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "zh_Hant.po"
    path.write_text('msgid "Open"\nmsgstr "開啟"\n\nmsgid "Gone"\nmsgstr "沒了"\n', encoding="utf-8")
    left = update(tmp_path)
    assert "zh_Hant.po: Undo" in left
    assert "zh_Hant.po: Open" not in left
    assert "Gone" not in path.read_text(encoding="utf-8")


def test_the_command_reports_by_its_exit_code(monkeypatch, capsys) -> None:
    monkeypatch.setattr(messages, "update", lambda: ["zh_Hant.po: Undo"])
    assert messages.main() == 1
    assert capsys.readouterr().out == "zh_Hant.po: Undo\n"
    monkeypatch.setattr(messages, "update", list)
    assert messages.main() == 0
    monkeypatch.setattr(messages, "slips", lambda: ["zh_Hant.po: {nobody}"])
    assert messages.main() == 1


def test_a_new_language_begins_with_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "pl.po"
    path.touch()
    left = update(tmp_path)
    assert len(left) == len(ids(extract()))
    catalog = read(path)
    assert ids(catalog) == ids(extract())
    assert catalog.num_plurals == 3
    path.write_text(path.read_text(encoding="utf-8") + '\nmsgid "x {y}"\nmsgstr "{z}"\n', encoding="utf-8")
    assert slips(tmp_path) == ["pl.po: {z}"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_sentence_is_translated(path: Path) -> None:
    catalog = read(path)
    assert ids(catalog) == ids(read(LOCALES / "messages.pot"))
    for message in catalog:
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(forms) or not message.id, message.id
        assert not message.fuzzy, message.id
        assert not message.id or len(forms) == (catalog.num_plurals if message.pluralizable else 1)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_translations_have_the_values_of_their_sentences(path: Path) -> None:
    for message in read(path):
        if not message.id:
            continue
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set().union(*map(fields, originals))
        assert all(fields(form) == wanted for form in forms), message.id


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_chinese_is_set_with_full_width_signs(path: Path) -> None:
    for message in read(path):
        if message.id:
            text = message.string[0] if isinstance(message.string, tuple) else message.string
            assert not re.search(r"[\u4e00-\u9fff][,;?!]|[\u4e00-\u9fff]\.(?:\s|$)", text), text


@pytest.mark.parametrize(("path", "foreign"), [("zh_Hant.po", "讯设关键词换选"), ("zh_Hans.po", "訊設關鍵詞換選")])
def test_each_script_keeps_to_its_characters(path: str, foreign: str) -> None:
    texts = "".join(str(message.string) for message in read(LOCALES / path) if message.id)
    assert not set(texts) & (set(foreign) - set("词"))


def test_values_are_never_read_as_formats() -> None:
    t = catalogue_for(Locale.EN)
    assert t(mark("{n} of {m}"), n="{m}", m="{0.__class__}") == "{m} of {0.__class__}"


def test_values_stand_in_runs_of_their_own() -> None:
    t = catalogue_for(Locale.ZH_HANT)
    runs = t.spans("Keyword {query} added.", query=Span("<b>{x}</b>"))
    assert runs == (Span("已新增關鍵字 "), Span("<b>{x}</b>"), Span("。"))


def test_plurals_follow_the_language() -> None:
    english, chinese = catalogue_for(Locale.EN), catalogue_for(Locale.ZH_HANS)
    assert [english.n("{n} keyword", "{n} keywords", n) for n in (1, 2)] == ["1 keyword", "2 keywords"]
    assert [chinese.n("{n} keyword", "{n} keywords", n) for n in (1, 2)] == ["1 个关键词", "2 个关键词"]


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("zh-TW", Locale.ZH_HANT_TW),
        ("zh-HK", Locale.ZH_HANT_HK),
        ("zh-MO", Locale.ZH_HANT_HK),
        ("zh-Hant", Locale.ZH_HANT),
        ("zh_hant_HK", Locale.ZH_HANT_HK),
        ("zh-hans-HK", Locale.ZH_HANS),
        ("zh-CN", Locale.ZH_HANS),
        ("zh-SG", Locale.ZH_HANS),
        ("zh", Locale.ZH_HANS),
        ("en-GB", Locale.EN),
        ("uk", Locale.EN),
        ("", Locale.EN),
        (None, Locale.EN),
    ],
)
def test_the_app_language_chooses_the_interface_language(tag: str | None, locale: Locale) -> None:
    assert locale_from_tag(tag) is locale
