"""Brings the message catalogues in step with the code: `python -m bot.chat.messages`.

A new language begins with an empty file, `locales/fr.po`: this fills in the sentences that wait to be translated.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.chat.catalogue import LOCALES, has_its_values

ROOMS = (LOCALES.parent, LOCALES.parents[1] / "web")
_METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
_OPTIONS = {"**.html": {"silent": "false"}}
# t("…"), t.spans("…") and t.n("one", "many", n) translate; mark("…") only marks.
_KEYWORDS = {"t": None, "spans": None, "n": (1, 2), "mark": None}
# Without dates and names of tools: the files change only when a sentence does.
_HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def extract(*code: Path) -> Catalog:
    """The sentences of the code and the templates in these folders; without any, of all that people see."""
    catalog = Catalog()
    for folder in code or ROOMS:
        found = extract_from_dir(folder, method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS)
        for _, _, message, _, _ in found:
            catalog.add(message)
    return catalog


def update(locales: Path = LOCALES) -> list[str]:
    """Write the template and the catalogues of a folder anew; answer what is left to translate, a line each."""
    template = extract()
    (locales / "messages.pot").write_text(_entries(template), encoding="utf-8")
    left: list[str] = []
    for path in sorted(locales.glob("*.po")):
        catalog = _merged(path, template)
        header = _HEADER.format(language=path.stem, plurals=catalog.plural_forms)
        path.write_text(header + _entries(catalog), encoding="utf-8")
        left.extend(f"{path.name}: {message.id}" for message in catalog if message.id and not _is_translated(message))
    return left


def slips(locales: Path = LOCALES) -> list[str]:
    """The translations of a folder that name a value which their sentence does not have, a line each."""
    found: list[str] = []
    for path in sorted(locales.glob("*.po")):
        catalog = _read(path)
        found.extend(
            f"{path.name}: {message.string}" for message in catalog if message.id and not has_its_values(message)
        )
    return found


def _read(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=path.stem)


def _merged(path: Path, template: Catalog) -> Catalog:
    catalog = _read(path)
    # No guesses from similar sentences: a sentence is translated, or it is reported.
    catalog.update(template, no_fuzzy_matching=True)
    return catalog


def _entries(catalog: Catalog) -> str:
    out = io.BytesIO()
    write_po(out, catalog, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    return out.getvalue().decode("utf-8").strip() + "\n"


def _is_translated(message: Message) -> bool:
    return all(message.string or ("",))


def main() -> int:
    """Update the catalogues; 1 when something is left to translate, or does not fit its sentence."""
    left = [*update(), *slips()]
    for line in left:
        print(line)  # noqa: T201 - a command for people who write translations
    return 1 if left else 0


if __name__ == "__main__":
    raise SystemExit(main())
