"""How fast the glossary finds and changes names, and what it changes in real texts: `python -m bench.glossary FOLDER`.

Without a folder of corpora the texts are sentences made of the glossary's own names.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter, process_time

from bench.texts import items_of
from bot.briefs.glossary import Glossary, TermKind, load_glossary
from bot.briefs.wording import RegionalWording
from bot.model import Script
from bot.text.chinese import HAN, to_script
from bot.text.typography import typeset

REGIONS = (Script.HK, Script.TW, Script.CN)
PIECE = 3_000  # characters
MOST = 60  # pieces of each language
SHOWN = 25


def texts(glossary: Glossary) -> list[str]:
    """Texts of the corpora in the folder that was named, or made-up ones."""
    if len(sys.argv) < 2:
        print("no folder of corpora was named: made-up sentences")
        chinese = "".join(f"{term.zh_hans}与其他人在星期三举行会谈，各方没有达成协议。" for term in glossary.terms)
        english = " ".join(f"{term.en} held talks with the others on Wednesday." for term in glossary.terms)
        return [chinese, english]
    return [f"{item.title}\n{item.text}" for item in items_of(Path(sys.argv[1]))]


def pieces(found: Iterable[str], *, chinese: bool) -> list[str]:
    whole = "\n".join(text for text in found if bool(HAN.search(text)) == chinese)
    return [whole[start : start + PIECE] for start in range(0, len(whole) - PIECE, PIECE)][:MOST]


def by_alternation(glossary: Glossary) -> re.Pattern[str]:
    """The one pattern that the glossary was, to compare with."""
    forms = {(form, term.kind) for term in glossary.terms for form in term.forms() if len(form) > 1}
    letter = "A-Za-z0-9\u00c0-\u024f"

    def pattern(form: str, kind: TermKind) -> str:
        if HAN.search(form):
            return re.escape(form)
        whole = rf"(?<![{letter}]){re.escape(form)}(?![{letter}])"
        return f"(?i:{whole})" if kind is TermKind.TERM and not form.isupper() else whole

    return re.compile("|".join(pattern(*pair) for pair in sorted(forms, key=lambda pair: -len(pair[0]))))


def per_piece(work: Callable[[str], object], samples: list[str]) -> str:
    began = process_time()  # whatever else the machine is busy with
    for sample in samples:
        work(sample)
    return f"{(process_time() - began) / len(samples) * 1000:8.2f} ms"


def said_in(region: Script, wording: RegionalWording) -> Callable[[str], str]:
    return lambda text: wording.in_script(text, region)


def changed_names(glossary: Glossary, found: list[str], region: Script) -> Counter[tuple[str, str]]:
    """How often each name of the texts became another of the region."""
    changed: Counter[tuple[str, str]] = Counter()
    for text in found:
        for _, (start, end) in glossary.spans(text):
            form = text[start:end]
            said = glossary.localised(form, region)
            if to_script(said, Script.HANS) != to_script(form, Script.HANS):
                changed[form, said] += 1
    return changed


def main() -> None:
    began = perf_counter()
    glossary = load_glossary()
    print(f"{len(glossary.terms)} terms, {sum(len(term.forms()) for term in glossary.terms)} forms")
    print(
        f"loaded in {perf_counter() - began:.2f} s: {dict(Counter(map(str, (term.kind for term in glossary.terms))))}"
    )
    found = texts(glossary)
    wording, pattern = RegionalWording(glossary), by_alternation(glossary)
    for language, chinese in (("Chinese", True), ("English", False)):
        samples = pieces(found, chinese=chinese)
        if not samples:
            continue
        print(f"{language}, {len(samples)} pieces of {PIECE} characters, each:")
        print("  names found           ", per_piece(lambda text: list(glossary.spans(text)), samples))
        print("  by one alternation    ", per_piece(lambda text: list(pattern.finditer(text)), samples[:3]))
        if chinese:
            for region in REGIONS:
                print(f"  said as in {region.upper()}         ", per_piece(said_in(region, wording), samples))
            print("  set by typography     ", per_piece(typeset, samples))
            stable(wording, samples)
    for region in REGIONS:
        counted = changed_names(glossary, [text for text in found if HAN.search(text)], region)
        print(f"{region.upper()}: {counted.total()} names changed, {len(counted)} different ones, such as")
        print("  " + ", ".join(f"{form}→{said} {times}" for (form, said), times in counted.most_common(SHOWN)))


def stable(wording: RegionalWording, samples: list[str]) -> None:
    """How many lines change again when they are said a second time."""
    lines = [line for sample in samples for line in sample.split("\n") if HAN.search(line)]
    once = [(region, wording.in_script(line, region)) for line in lines for region in REGIONS]
    again = sum(wording.in_script(line, region) != line for region, line in once)
    print(f"  of {len(once)} lines said, {again} changed when said again")


if __name__ == "__main__":
    main()
