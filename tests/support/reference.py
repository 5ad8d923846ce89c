"""Writes the parts of the documentation that the code knows best: `python -m tests.support.reference`.

Settings, slash commands and the command line are told from `Settings`, `MENU` and the Typer application. In the
Markdown files they stand between `<!-- NAME:begin -->` and `<!-- NAME:end -->`; `.env.example` is written whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from textwrap import wrap

import click
import typer
from pydantic.fields import FieldInfo

from bot.chat.discord.tree import ABOUT_MESSAGES
from bot.chat.menu import MENU, MenuCommand, MenuOption, OptionKind
from bot.chat.menu.owners import OWNER_MENU
from bot.chat.render import alert_message
from bot.chat.telegram.markup import WORD_JOINER, as_html
from bot.cli import app
from bot.model import (
    Alert,
    Brief,
    Chat,
    ChatAddress,
    ChatId,
    ChatKind,
    ChatSettings,
    FeedId,
    FeedRef,
    Item,
    ItemId,
    Locale,
    MadeBy,
    Platform,
    Script,
    StoredItem,
    Why,
)
from bot.settings import Settings
from bot.web.metrics import METRICS, Metric

ROOT = Path(__file__).resolve().parents[2]

# A group of settings begins at each of these fields and goes on to the next.
GROUPS = {
    "telegram_token": "Chats: at least one of the two tokens",
    "owners": "Who runs the bot, where else alerts go, and whom it serves",
    "database_url": "Database",
    "poll_interval": "Feeds",
    "model_url": "Briefs: who writes the two languages",
    "telegram_per_second": "Limits",
    "web_host": "Health, figures, logs and traces",
}
OWNERS = tuple(f"{command.name} " for command in OWNER_MENU)
SET_BY_EVERYBODY = {"telegram_token", "discord_token"}
IN_CONTAINER = {"database_url": "sqlite:////data/diting.db", "models_dir": "/data/models", "web_host": "0.0.0.0"}

NOW = datetime(2026, 3, 4, 14, 7, tzinfo=UTC)
READER = Chat(
    id=ChatId(1),
    address=ChatAddress(Platform.TELEGRAM, "1"),
    kind=ChatKind.PRIVATE,
    settings=ChatSettings(locale=Locale.EN, script=Script.HANT),
)
SAMPLE = Alert(
    item=StoredItem(
        id=ItemId(1),
        feed=FeedRef(id=FeedId(1), url="https://wire.example/rss", title="The Harbour Wire"),
        item=Item(
            guid="1",
            url="https://wire.example/2026/03/04/second-round",
            title="Envoys open second round of trilateral talks in Abu Dhabi",
            published=NOW - timedelta(minutes=4),
        ),
        seen=NOW,
    ),
    brief=Brief(
        title_zh="三方會談第二輪在阿布扎比開始",
        title_en="Envoys open second round of trilateral talks in Abu Dhabi",
        summary_zh="三方代表星期三在阿布扎比舉行第二輪會談，歷時6小時，議題是停火線與交換314名戰俘。下一輪定於3月12日。",
        summary_en="Delegates of the three sides met in Abu Dhabi on Wednesday for 6 hours, over a ceasefire line and"
        " the exchange of 314 prisoners. The next round is set for 12 March.",
        made_by=MadeBy.MODEL,
    ),
    why=(
        Why(keyword="trilateral talks", matched=("trilateral", "talks")),
        Why(keyword="Abu Dhabi", matched=("Abu", "Dhabi")),
    ),
)

ENV_HEAD = """\
# Settings of Diting: copy this file to `.env` and put at least one token in. Nothing else is needed.
# A line that begins with # shows the default; take the # away to change it. Real environment variables win.
# A secret may be in a file instead, which the variable with _FILE behind its name names, as in
#   TELEGRAM_TOKEN_FILE=/run/secrets/telegram_token
"""
ENV_COMPOSE = """\
# --- Docker Compose only ---

# Parts to run beside the bot, comma-separated: postgres, libretranslate, ollama, rsshub, monitoring, scale (more
# replicas of the bot).
# Empty: the bot alone.
#COMPOSE_PROFILES=
# Image to run, and its version. `diting` is built here; an image that somebody publishes, for instance
# ghcr.io/OWNER/diting, is pulled: `docker compose pull`.
#DITING_IMAGE=diting
#DITING_VERSION=latest
# What `docker compose build` builds on: the base that the Dockerfile pins, or one of your own.
#DITING_BASE_IMAGE=pinned
# Most memory the bot may take.
#DITING_MEMORY=512m

# With the profile `postgres`: a password of your own (letters and digits, so that it can stand in an address), and
#   DATABASE_URL=postgresql://diting:${POSTGRES_PASSWORD}@postgres/diting
#POSTGRES_PASSWORD=
#POSTGRES_MEMORY=512m

# With the profile `libretranslate`:
#   LIBRETRANSLATE_URL=http://libretranslate:5000
#LIBRETRANSLATE_VERSION=latest
#LIBRETRANSLATE_MEMORY=3g

# With the profile `ollama`; then, once: docker compose exec ollama ollama pull qwen3:4b
#   MODEL_URL=http://ollama:11434/v1
#   MODEL_NAME=qwen3:4b
#OLLAMA_VERSION=latest
#OLLAMA_MEMORY=8g

# With the profile `rsshub`:
#   RSSHUB_URL=http://rsshub:1200
#   ALLOW_HOSTS=rsshub:1200
#RSSHUB_VERSION=latest
#RSSHUB_MEMORY=512m

# With the profile `monitoring`: Grafana at http://127.0.0.1:3000 on this machine, with the user `admin`.
#GRAFANA_PASSWORD=
#GRAFANA_PORT=3000
#GRAFANA_VERSION=12.1.1
#GRAFANA_MEMORY=256m
#PROMETHEUS_VERSION=v3.5.0
#PROMETHEUS_MEMORY=256m
"""


def default_text(field: FieldInfo) -> str:
    """A setting's default as one would write it in `.env`."""
    value = field.default
    if value is None or value == ():
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def grouped() -> Iterator[tuple[str, list[tuple[str, FieldInfo]]]]:
    """The settings in their groups, in the order of the class."""
    title, members = "", list[tuple[str, FieldInfo]]()
    for name, field in Settings.model_fields.items():
        if name in GROUPS and members:
            yield title, members
            members = []
        title = GROUPS.get(name, title)
        members.append((name, field))
    yield title, members


def env_example() -> str:
    """The whole of `.env.example`."""
    parts = [ENV_HEAD]
    for title, members in grouped():
        parts.append(f"# --- {title} ---\n\n" + "\n".join(_env_lines(members)) + "\n")
    return "\n".join([*parts, ENV_COMPOSE])


def _env_lines(members: list[tuple[str, FieldInfo]]) -> Iterator[str]:
    for name, field in members:
        yield f"# {field.description}"
        if name in IN_CONTAINER:
            yield f"# In the container image the default is {IN_CONTAINER[name]}"
        yield f"{'' if name in SET_BY_EVERYBODY else '#'}{name.upper()}={default_text(field)}"


def settings_table() -> str:
    """All settings as one table."""
    rows = [_setting_row(name, field) for name, field in Settings.model_fields.items()]
    return "\n".join(["| variable | what it sets | default |", "|---|---|---|", *rows])


def settings_by_group() -> str:
    """The settings as one table a group."""
    tables = []
    for title, members in grouped():
        rows = "\n".join(_setting_row(name, field) for name, field in members)
        tables.append(f"## {title}\n\n| variable | what it sets | default |\n|---|---|---|\n{rows}")
    return "\n\n".join(tables)


def _setting_row(name: str, field: FieldInfo) -> str:
    default = default_text(field)
    note = f" (in the container image `{IN_CONTAINER[name]}`)" if name in IN_CONTAINER else ""
    return f"| `{name.upper()}` | {_cell(field.description or '')} | {f'`{default}`' if default else 'empty'}{note} |"


def command_table() -> str:
    """The slash commands, a row each."""
    rows = [_command_row(path, command) for path, command in leaves()]
    return "\n".join(["| command | what it does | who may |", "|---|---|---|", *rows])


def _command_row(path: str, command: MenuCommand) -> str:
    who = "owners" if path.startswith(OWNERS) else "admins" if command.admin else "everybody"
    alias = f" or `/{command.alias}`" if command.alias else ""
    return f"| `{_cell(usage(path, command))}`{alias} | {_cell(command.description)} | {who} |"


def command_reference() -> str:
    """The slash commands with their options, a section each."""
    return "\n\n".join(_command_section(path, command) for path, command in leaves())


def leaves() -> Iterator[tuple[str, MenuCommand]]:
    """Every command that can be given, with its whole name."""
    for command in (*MENU, *OWNER_MENU):
        if not command.subcommands:
            yield command.name, command
        for subcommand in command.subcommands:
            yield f"{command.name} {subcommand.name}", subcommand


def usage(path: str, command: MenuCommand) -> str:
    """A command as one would type it: `<needed>`, `[optional]`."""
    return " ".join([f"/{path}", *(_placeholder(option) for option in command.options)])


def _placeholder(option: MenuOption) -> str:
    shown = "|".join(choice.value for choice in option.choices) or option.name
    if option.kind is OptionKind.FLAG:
        return f"[{option.name}]"
    return f"<{shown}>" if option.required else f"[{shown}]"


def _command_section(path: str, command: MenuCommand) -> str:
    lines = [f"### /{path}", "", f"    {usage(path, command)}", "", f"{command.description}."]
    lines.append(_who(path, command))
    if command.alias:
        lines.append(f"Telegram also takes `/{command.alias}`.")
    if path in ABOUT_MESSAGES:
        lines.append(f"On Discord it is also in the menu of a message, under Apps: “{ABOUT_MESSAGES[path]}”.")
    lines += [""] if command.options else []
    for option in command.options:
        lines.append(f"- `{option.name}`{'' if option.required else ' (optional)'}: {option.description}")
        lines += [f"    - `{choice.value}`: {choice.label}" for choice in option.choices]
    return "\n".join(lines)


def _who(path: str, command: MenuCommand) -> str:
    if path.startswith(OWNERS):
        return "Only those who run the bot may (`OWNERS`), in a private chat; others are told that there is none."
    return "In groups and servers only admins may, and whom they named." if command.admin else "Everybody may."


def alert_sample() -> str:
    """An alert as Telegram shows it, in plain characters: without its links, and with a bar beside the quotation."""
    shown = as_html(alert_message(SAMPLE, READER, now=NOW))
    lines = [part for line in _visible(shown.text).splitlines() for part in _wrapped(line)]
    labels = [f"[ {button.text} ]" for row in shown.buttons.inline_keyboard for button in row] if shown.buttons else []
    return "\n".join(["```text", *lines, "", " ".join(labels), "```"])


def _wrapped(line: str) -> list[str]:
    return wrap(line, 90, subsequent_indent="▎ " if line.startswith("▎") else "") or [""]


def _visible(html: str) -> str:
    quoted = re.sub(r"<blockquote[^>]*>(.*?)</blockquote>", _barred, html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", quoted)).replace(WORD_JOINER, "")


def _barred(quotation: re.Match[str]) -> str:
    return "\n".join(f"▎ {line}" for line in quotation[1].splitlines())


def cli_reference() -> str:
    """The command line, a section for each command."""
    return "\n\n".join(_cli_section(path, command) for path, command in cli_leaves())


def cli_leaves() -> Iterator[tuple[str, click.Command]]:
    """Every command of the command line, with its whole name."""
    root = typer.main.get_command(app)
    yield from _cli_walk("", root)


def _cli_walk(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    children: Mapping[str, click.Command] | None = getattr(command, "commands", None)
    if children is None:
        yield path.strip(), command
        return
    for name, child in children.items():
        yield from _cli_walk(f"{path} {name}", child)


def _cli_section(path: str, command: click.Command) -> str:
    parameters = [parameter for parameter in command.params if parameter.name != "help"]
    words = ["python -m bot", path, *(_cli_word(parameter) for parameter in parameters)]
    lines = [f"### {path}", "", f"    {' '.join(words)}", "", (command.help or "").strip()]
    helps = [f"- `{_cli_word(one)}`: {getattr(one, 'help', '')}" for one in parameters if getattr(one, "help", "")]
    return "\n".join([*lines, "", *helps]).rstrip()


def _cli_word(parameter: click.Parameter) -> str:
    word = "|".join([*parameter.opts, *parameter.secondary_opts])
    if parameter.param_type_name == "argument":
        word = (parameter.name or "").upper()
    elif not getattr(parameter, "is_flag", False):
        word = f"{word} {(parameter.name or '').upper()}"
    return word if parameter.required else f"[{word}]"


def metrics_reference() -> str:
    """Each metric with its labels and their values."""
    return "\n\n".join(map(_metric_section, METRICS))


def _metric_section(metric: Metric) -> str:
    name = metric.families[0].removesuffix("_bucket")
    lines = [f"### {name}", "", f"A {metric.kind}. {metric.about}"]
    lines += [""] if metric.labels else []
    if metric.by_platform:
        lines.append(f"- `platform`: {_values(tuple(Platform))}")
    if metric.label:
        lines.append(f"- `{metric.label}`: {_values(metric.values)}" if metric.values else f"- `{metric.label}`")
    return "\n".join(lines)


def _values(values: Sequence[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


PARTS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "README.md": {"alert": alert_sample, "commands": command_table, "settings": settings_table},
    "docs/reference/commands.md": {"commands": command_reference},
    "docs/reference/settings.md": {"settings": settings_by_group},
    "docs/reference/cli.md": {"cli": cli_reference},
    "docs/reference/metrics.md": {"metrics": metrics_reference},
}


def filled(path: str) -> str:
    """A documentation file as it should stand, with the parts that the code tells brought up to date."""
    text = (ROOT / path).read_text(encoding="utf-8")
    for name, write in PARTS[path].items():
        begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
        pattern = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
        if not pattern.search(text):
            raise LookupError(f"{path} has no place marked {begin} … {end}")
        block = f"{begin}\n\n{write()}\n\n{end}"
        text = pattern.sub(lambda _match, block=block: block, text)
    return text


def main() -> None:
    """Write all of it."""
    (ROOT / ".env.example").write_text(env_example(), encoding="utf-8")
    for path in PARTS:
        (ROOT / path).write_text(filled(path), encoding="utf-8")


if __name__ == "__main__":
    main()
