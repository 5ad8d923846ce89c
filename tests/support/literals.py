"""Finds texts in the code that reach people without passing the catalogues: read from the syntax tree, none is run.

Two nets: `shown` follows what is handed to the makers of spans, blocks, buttons and menus back to its literals, through
names, conditions and joins; `prose` takes any literal of two words or more that stands where no text for people may.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.chat.menu import MENU
from bot.chat.menu.owners import OWNER_MENU

MAKERS = frozenset(
    [
        "Span",
        "Button",
        "MenuChoice",
        "MenuOption",
        "MenuCommand",
        "_setting",
        "title",
        "text",
        "entry",
        "note",
        "quote",
        "bold",
        "buttons",
        "BotCommand",
        "Choice",
        "ContextMenu",
        "Modal",
        "TextInput",
        "InlineKeyboardButton",
        "InlineQueryResultArticle",
        "InlineQueryResultsButton",
        "ForceReply",
        "Label",
        "Offer",
    ]
)
"""What makes something that people read, by name."""

_TRANSLATES = {"t": 1, "_t": 1, "spans": 1, "n": 2, "mark": 1, "code": 9, "getLogger": 9, "get_logger": 9}
"""What takes a sentence of the catalogues, or a command line, and how many of its arguments are one."""
_NO_TEXT = frozenset(
    [
        "url",
        "action",
        "style",
        "kind",
        "name",
        "alias",
        "value",
        "key",
        "wording",
        "settings",
        "now",
        "locale",
        "start_parameter",
        "id",
        "callback",
    ]
)
"""Arguments by name that are no texts."""
_ASKING = frozenset(
    [
        "get",
        "startswith",
        "endswith",
        "removeprefix",
        "removesuffix",
        "partition",
        "rpartition",
        "split",
        "strip",
        "format",
    ]
)
"""Methods whose arguments are not shown; what they are asked of may be."""
_TEXTS = {"Button": slice(1), "Span": slice(1), "MenuChoice": slice(1, None), "_setting": slice(1, None)}
"""Which of a maker's arguments are texts, where not all are."""
_WORD = re.compile(r"[A-Za-z]{2}|[\u3400-\u9fff]")
_PROSE = re.compile(r"[A-Za-z]{2,}[,:;]? [A-Za-z]{2,}|[\u3400-\u9fff]{2}")
_COMMAND = re.compile(rf"/?(?:{'|'.join(each.name for each in (*MENU, *OWNER_MENU))}) ")
_LOGGING = frozenset(["debug", "info", "warning", "error", "exception", "critical", "bind", "count"])


@dataclass(frozen=True, slots=True)
class Literal:
    """A text in the code, and where."""

    text: str
    place: str


def shown(path: Path, root: Path) -> Iterator[Literal]:
    """The literals of a module that reach a maker untranslated."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function, call in _calls(tree):
        if _name(call.func) in MAKERS:
            for text, line in _Literals([*function, tree]).handed(call):
                if _WORD.search(text):
                    yield Literal(text, f"{path.relative_to(root)}:{line}")


def prose(path: Path, root: Path) -> Iterator[Literal]:
    """The literals of a module that are sentences, and neither translated nor of a kind that nobody reads."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    allowed = set(_unread(tree))
    for node in ast.walk(tree):
        if id(node) in allowed or not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        if _PROSE.search(node.value) and not _COMMAND.match(node.value):
            yield Literal(node.value, f"{path.relative_to(root)}:{node.lineno}")


def _unread(tree: ast.AST) -> Iterator[int]:
    """The literals that are translated, documentation, log lines, patterns, keys, or words of errors."""
    unread = {"compile", *_LOGGING, *_errors(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        elif isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and _name(node.func) in unread):
            yield from (id(each) for each in ast.walk(node) if isinstance(each, ast.Constant))
        elif isinstance(node, ast.Dict):
            yield from (id(each) for each in node.keys)
        elif isinstance(node, ast.Call) and (count := _TRANSLATES.get(_name(node.func))):
            yield from (id(each) for part in node.args[:count] for each in ast.walk(part))


def _errors(tree: ast.AST) -> Iterator[str]:
    """The errors that a module knows by name: their words are for the log."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "bot.errors":
            yield from (each.name for each in node.names)


def _calls(tree: ast.AST, within: Sequence[ast.AST] = ()) -> Iterator[tuple[Sequence[ast.AST], ast.Call]]:
    """Every call, with the functions it stands in, the innermost first."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            yield within, node
        inner = [node, *within] if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else within
        yield from _calls(node, inner)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


class _Literals:
    """Follows an expression back to the literals that it may be made of."""

    def __init__(self, scopes: Sequence[ast.AST]) -> None:
        self._scopes = scopes
        self._seen: set[str] = set()

    def handed(self, call: ast.Call) -> Iterator[tuple[str, int]]:
        """What a maker is handed. Of the pairs for buttons the second is a command line."""
        maker = _name(call.func)
        for argument in call.args[_TEXTS.get(maker, slice(None))]:
            yield from self._of_pair(argument) if maker == "buttons" else self.of(argument)
        yield from self._named(call)

    def of(self, node: ast.AST) -> Iterator[tuple[str, int]]:
        match node:
            case ast.Constant(value=str() as text):
                yield text, node.lineno
            case ast.Call():
                yield from self._of_call(node)
            case ast.IfExp(body=body, orelse=orelse):
                yield from self._of_all((body, orelse))
            case ast.Subscript(value=value) | ast.Attribute(value=value) | ast.FormattedValue(value=value):
                yield from self.of(value)
            case ast.Dict(values=values):
                yield from self._of_all(values)
            case ast.GeneratorExp(elt=element) | ast.ListComp(elt=element):
                yield from self._of_all((element, *(each.iter for each in node.generators)))
            case ast.Name(id=name):
                yield from self._of_name(name)
            case ast.Compare() | ast.Lambda():
                return
            case _:
                yield from self._of_all(ast.iter_child_nodes(node))

    def _of_all(self, nodes: object) -> Iterator[tuple[str, int]]:
        for node in nodes:  # type: ignore[attr-defined]
            yield from self.of(node)

    def _of_pair(self, node: ast.AST) -> Iterator[tuple[str, int]]:
        match node:
            case ast.Tuple(elts=[label, _]):
                yield from self.of(label)
            case ast.Starred(value=value):
                yield from self._of_pair(value)
            case ast.IfExp(body=body, orelse=orelse):
                yield from (*self._of_pair(body), *self._of_pair(orelse))
            case ast.GeneratorExp(elt=element):
                yield from self._of_pair(element)
            case ast.List(elts=elements):
                for each in elements:
                    yield from self._of_pair(each)

    def _of_call(self, call: ast.Call) -> Iterator[tuple[str, int]]:
        name = _name(call.func)
        if name in MAKERS:
            return  # looked at by itself
        if isinstance(call.func, ast.Attribute) and name not in _TRANSLATES:
            yield from self.of(call.func.value)
        if name not in _ASKING:
            yield from self._of_all(call.args[_TRANSLATES.get(name, 0) :])
            yield from self._named(call)

    def _named(self, call: ast.Call) -> Iterator[tuple[str, int]]:
        yield from self._of_all(each.value for each in call.keywords if each.arg not in _NO_TEXT)

    def _of_name(self, name: str) -> Iterator[tuple[str, int]]:
        if name in self._seen:
            return
        self._seen.add(name)
        for scope in self._scopes:
            values = list(_assigned(scope, name))
            if values:
                yield from self._of_all(values)
                return


def _assigned(scope: ast.AST, name: str) -> Iterator[ast.expr]:
    """What a name stands for in a function or module."""
    for node in ast.walk(scope) if not isinstance(scope, ast.Module) else scope.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                yield value
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if target == name:
                yield value
            case ast.NamedExpr(target=ast.Name(id=target), value=value) if target == name:
                yield value
