"""Machine translation in this process, and the glossary's names in what machines translate.

    python -m bench.translate [folder of corpora]

Without a folder: a model of the size of Argos's (its weights are random, so that every translation runs as long as it
is let), its time to load, its memory, the time of a brief, and how long the event loop waited meanwhile. With the
corpora: of the news that real systems translated from English, the names of the glossary that are there, the sentences
that would be asked for again, and the spellings that were set right; the same of people's translations, where each
sentence asked for again is needless; and of spellings put in on purpose, how many are set right.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import numpy as np
import sentencepiece
from ctranslate2.specs import TransformerSpec

from bot.briefs.glossary import Glossary, TermKind, load_glossary
from bot.briefs.translation.argos import Argos, Model
from bot.briefs.translation.packages import Package
from bot.briefs.translation.protect import hold_names, passage
from bot.errors import BriefRefused
from bot.model import Language

SENTENCES = (
    "Envoys end trilateral talks in Abu Dhabi",
    "The trilateral talks between Russia, Ukraine and the United States ended on Sunday, the first of February.",
    "Envoy Steve Witkoff said that both sides had agreed to exchange 314 prisoners before the end of the week.",
    "The United Arab Emirates pledged 1.2 million dollars for the families of those who have come home since.",
)
LAYERS, WIDTH, INNER, HEADS, WORDS = 6, 512, 2048, 8, 32_000
WMT = "parallel/wmt22_enzh/xml/wmttest2022.en-zh.all.xml"
BRIEFS = 2


class Translated(NamedTuple):
    """A sentence as one system, or one person, translated it."""

    system: str
    source: str
    translation: str


def main() -> None:
    asyncio.run(_measure_model())
    if len(sys.argv) > 1:
        pairs = list(_read(Path(sys.argv[1]) / WMT))
        _names(pairs, load_glossary())
        _planted([pair for pair in pairs if pair.system.startswith("people")], load_glossary())
    else:
        print("names: pass the folder of corpora")


# --- the model ---


async def _measure_model() -> None:
    with tempfile.TemporaryDirectory() as folder:
        package = _random_package(Path(folder))
        before, start = _resident(), time.perf_counter()
        model = Model(package)
        print(f"model: loaded in {time.perf_counter() - start:.2f} s, {_resident() - before:.0f} MB more in memory")
        argos = Argos([package], load=lambda _package: model)
        passages = [passage(sentence) for sentence in SENTENCES]
        lag = asyncio.ensure_future(_longest_wait())
        start = time.perf_counter()
        for _ in range(BRIEFS):
            with suppress(BriefRefused):  # random weights know no end
                await argos.translate(passages, "en", Language.ZH)
        each = (time.perf_counter() - start) / BRIEFS
        lag.cancel()
        print(f"model: {each:.2f} s a brief of {len(SENTENCES)} sentences, each as long as it is let")
        print(f"model: {_resident() - before:.0f} MB more in memory after that")
        print(f"model: the event loop waited {await lag * 1000:.1f} ms at most meanwhile")
        await argos.close()


async def _longest_wait() -> float:
    longest = 0.0
    try:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - start - 0.001)
    except asyncio.CancelledError:
        return longest


def _resident() -> float:
    """Megabytes of memory in use."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _random_package(folder: Path):
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 20),
        model_prefix=str(folder / "sentencepiece"),
        vocab_size=120,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    spec = TransformerSpec.from_config(LAYERS, HEADS, pre_norm=True)
    _fill(spec, np.random.default_rng(1))
    words = ["<unk>", "<s>", "</s>", *(f"w{number}" for number in range(WORDS - 3))]
    spec.register_source_vocabulary(words)
    spec.register_target_vocabulary(words)
    spec.validate()
    spec.optimize(quantization="int8")
    (folder / "model").mkdir()
    spec.save(str(folder / "model"))
    return Package(folder=folder, pair=("en", "zt"))


def _fill(spec, random: np.random.Generator) -> None:
    """Weights of the right shapes."""

    def weights(*shape: int) -> np.ndarray:
        return (random.standard_normal(shape) * 0.05).astype(np.float32)

    def norm(layer) -> None:
        layer.gamma, layer.beta = np.ones(WIDTH, dtype=np.float32), np.zeros(WIDTH, dtype=np.float32)

    def linear(layer, outputs: int, inputs: int) -> None:
        layer.weight, layer.bias = weights(outputs, inputs), np.zeros(outputs, dtype=np.float32)

    def attention(layer, *, own: bool) -> None:
        norm(layer.layer_norm)
        for part, outputs in zip(layer.linear, (3, 1) if own else (1, 2, 1), strict=True):
            linear(part, outputs * WIDTH, WIDTH)

    spec.encoder.embeddings[0].weight = weights(WORDS, WIDTH)
    spec.decoder.embeddings.weight = weights(WORDS, WIDTH)
    for side in (spec.encoder, spec.decoder):
        norm(side.layer_norm)
        for layer in side.layer:
            attention(layer.self_attention, own=True)
            norm(layer.ffn.layer_norm)
            linear(layer.ffn.linear_0, INNER, WIDTH)
            linear(layer.ffn.linear_1, WIDTH, INNER)
    for layer in spec.decoder.layer:
        attention(layer.attention, own=False)
    linear(spec.decoder.projection, WORDS, WIDTH)


# --- the names ---


def _read(path: Path) -> Iterator[Translated]:
    """The news of a WMT file: machines' translations by the system's name, people's as people A and B."""
    for document in ET.parse(path).getroot().findall(".//doc"):
        if document.get("domain") != "news":
            continue
        sources = {seg.get("id"): seg.text or "" for seg in document.find("src").iter("seg")}
        for side in (*document.findall("hyp"), *document.findall("ref")):
            system = side.get("system") or f"people {side.get('translator')}"
            for seg in side.iter("seg"):
                yield Translated(system, sources[seg.get("id")], seg.text or "")


def _names(pairs: list[Translated], glossary: Glossary) -> None:
    counts: dict[str, Counter[str]] = {}
    for system, source, translation in pairs:
        named = [term for term in glossary.find(source) if term.kind is not TermKind.TERM]
        if not named:
            continue
        held = hold_names(source, translation, glossary, Language.ZH)
        counts.setdefault(system, Counter()).update(
            names=len(named),
            there=len(named) - len(held.missing),
            sentences=1,
            again=bool(held.missing),
            respelt=held.text != translation,
        )
    for system, count in sorted(counts.items()):
        print(
            f"names: {system:18} {count['there']} of {count['names']} there,"
            f" {count['again']} of {count['sentences']} sentences again, {count['respelt']} set right"
        )


def _planted(pairs: list[Translated], glossary: Glossary) -> None:
    """Other renderings that the glossary knows of people's names, put into true translations."""
    right = tried = 0
    for _, source, translation in pairs:
        for term in glossary.find(source):
            own = next((form for form in (term.zh_hant, term.zh_hans) if form in translation), "")
            others = [form for form in term.aliases if term.kind is TermKind.PERSON and form[0] > "\u3400"]
            for other in others if own else ():
                held = hold_names(source, translation.replace(own, other), glossary, Language.ZH)
                tried, right = tried + 1, right + (held.text == translation)
    print(f"names: {right} of {tried} other renderings of people, put in on purpose, set right")


if __name__ == "__main__":
    main()
