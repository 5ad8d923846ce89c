"""No text in the code reaches people without passing the catalogues."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.literals import Literal, prose, shown

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "bot" / "chat").rglob("*.py"))

# What people type in their languages, what is only compared, what stands in rows, logs and files.
NOT_SHOWN = {
    "bot/chat/commands/settings.py": "places and characters as people type them",
    "bot/chat/chinese_times.py": "times as people type them",
    "bot/chat/messages.py": "the head of a catalogue",
    "bot/chat/trace.py": "the log",
}
TYPED = {
    *("關閉", "关闭", "預設", "默认", "即時", "即时", "立即", "全部", "what matches", "hourly mon-fri"),
    *("這裡", "这里", "管理員", "管理员", "所有人", "大家"),
}
NOT_SENTENCES = {
    **dict.fromkeys(TYPED, "what people type, to be compared or offered as a line"),
    **dict.fromkeys(("中文", "English"), "a language in its own words"),
    "kw_": "the beginning of a code",
    "all": "what of a chat is shared, as in the line",
    "not enough rights to send photos": "Telegram's words, to be compared",
    "needs rsshub": "the word of an error, to be compared",
    "message is not modified": "Telegram's words, to be compared",
    "not found": "Telegram's words, to be compared",
    "<blockquote expandable>": "a tag",
    "removed from the server": "the row of a chat, for who runs the bot",
    "channel deleted": "the row of a chat, for who runs the bot",
    "thread deleted": "the row of a chat, for who runs the bot",
}


def found(net: str, source: str, folder: Path) -> list[str]:
    path = folder / "module.py"
    path.write_text(source, encoding="utf-8")
    return [each.text for each in {"shown": shown, "prose": prose}[net](path, folder)]


def test_no_maker_of_messages_is_handed_a_literal() -> None:
    assert [each for path in MODULES for each in shown(path, ROOT) if each.text not in NOT_SENTENCES] == []


def test_no_module_of_the_chat_holds_a_sentence_of_its_own() -> None:
    def excused(each: Literal) -> bool:
        return each.text in NOT_SENTENCES or each.place.partition(":")[0] in NOT_SHOWN

    assert [each for path in MODULES for each in prose(path, ROOT) if not excused(each)] == []


def test_messages_are_made_in_the_chat_alone() -> None:
    """So that the nets need not be cast anywhere else."""
    elsewhere = [path for path in sorted((ROOT / "bot").rglob("*.py")) if path not in MODULES]
    makers = [path for path in elsewhere if "bot.chat.blocks" in path.read_text(encoding="utf-8")]
    assert makers == []


@pytest.mark.parametrize(
    "source",
    [
        'text("All is well")',
        'Span("All is well")',
        'buttons(("All is well", "/status"))',
        'buttons(*((f"All {x}", f"/status {x}") for x in y))',
        'name = "All is well"\nnote(name)',
        'def f(t):\n    name = "All" if t else t("x")\n    return entry(name)',
        'text(t.spans("{x} is well", x="All"))',
        'WORDS = {"a": "All"}\ntitle(WORDS["a"])',
        'note(" · ".join(["All", t("x")]))',
        'MenuCommand(name="all", description="All is well")',
    ],
)
def test_a_literal_that_is_shown_is_found(source: str, tmp_path: Path) -> None:
    assert found("shown", source, tmp_path)


@pytest.mark.parametrize(
    "source",
    [
        'text(t("All is well"))',
        'text(t.n("{n} is well", "{n} are well", n))',
        'buttons((t("All"), "/status"))',
        'entry((code("/status all"), Span(f" · {x}")))',
        'SAID = mark("All is well")\ntext(t(SAID))',
        'Span(x, Style.BOLD, url="https://example.org")',
        'text("…" if kind == "all" else values["all"])',
    ],
)
def test_what_is_translated_or_not_shown_is_let_be(source: str, tmp_path: Path) -> None:
    assert found("shown", source, tmp_path) == []


def test_a_sentence_anywhere_is_found(tmp_path: Path) -> None:
    assert found("prose", 'WORDS = {"a": "All is well"}', tmp_path) == ["All is well"]
    assert found("prose", '"""All is well."""\nlog.info("all is well")\nmark("All is well")', tmp_path) == []
