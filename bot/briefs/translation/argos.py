"""Translates in this process by Argos packages: SentencePiece cuts, CTranslate2 translates."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial

import ctranslate2
from sentencepiece import SentencePieceProcessor

from bot.briefs.translation.answers import HOUR
from bot.briefs.translation.codes import Pair, as_code_writes, find_route
from bot.briefs.translation.packages import MODEL, PIECES, Package, PackageError
from bot.briefs.translation.protect import Passage, written
from bot.errors import BriefRefused, WayUnavailable
from bot.model import Language

IDLE = timedelta(minutes=15)  # a model takes some 100 to 300 MB
_CORES = 2  # more cores hardly hasten so few sentences, and the rest of the bot wants some
_BEAMS = 2
# A run of so many pieces is not said twice in a sentence of news, but by a decoder that goes round in circles. No
# repetition penalty: it would sooner change the second 314 of a sentence than repeat it.
_NO_RUN_TWICE = 6
_LENGTH_PENALTY = 0.2  # as Argos Translate decodes; its models are chosen by it
_MARGIN = 32  # pieces beyond twice those of the longest sentence: what is still going on then has lost its way
_SPACE = "\u2581"


class Model:
    """A loaded package. Not for several threads at once."""

    def __init__(self, package: Package) -> None:
        """Raises PackageError when SentencePiece or CTranslate2 can't read their files."""
        self._package = package
        try:
            self._pieces = SentencePieceProcessor(model_file=str(package.folder / PIECES))
            self._translator = ctranslate2.Translator(
                str(package.folder / MODEL),
                device="cpu",
                compute_type="auto",
                inter_threads=1,
                intra_threads=min(_CORES, os.cpu_count() or 1),
            )
        except (RuntimeError, OSError, ValueError) as error:
            raise PackageError(f"{package.name}: can't be loaded ({error}); install it again") from error

    def translate(self, texts: Sequence[str]) -> list[str]:
        """The texts in order, a sentence each. Raises PackageError; BriefRefused when a translation finds no end."""
        tokens = [self._pieces.encode(text, out_type=str) for text in texts]
        most = 2 * max(map(len, tokens), default=0) + _MARGIN
        try:
            results = self._translator.translate_batch(
                tokens,
                target_prefix=[[self._package.prefix]] * len(tokens) if self._package.prefix else None,
                beam_size=_BEAMS,
                length_penalty=_LENGTH_PENALTY,
                no_repeat_ngram_size=_NO_RUN_TWICE,
                max_decoding_length=most,
                replace_unknowns=True,  # a name that the model does not know is copied
            )
        except (RuntimeError, ValueError) as error:
            raise PackageError(f"{self._package.name}: can't translate ({error})") from error
        return [self._text(result.hypotheses[0], most) for result in results]

    def _text(self, tokens: list[str], most: int) -> str:
        if len(tokens) >= most:
            raise BriefRefused("a translation without end")
        kept = tokens[1:] if self._package.prefix and tokens[:1] == [self._package.prefix] else tokens
        return str(self._pieces.decode_pieces(kept)).replace(_SPACE, " ").strip()


def try_out(package: Package) -> None:
    """Load a package and translate a word. Raises PackageError."""
    with suppress(BriefRefused):  # it works, however badly
        Model(package).translate(["Hello"])


class Argos:
    """The installed packages, each loaded when it is first needed and forgotten when long unused.

    All work is done in one thread of its own: CTranslate2 lets go of the interpreter meanwhile, and what people wait
    for stands in a queue that a timeout can take it out of.
    """

    name = "argos"

    def __init__(
        self, packages: Sequence[Package], *, idle: timedelta = IDLE, load: Callable[[Package], Model] = Model
    ) -> None:
        self._packages = {package.pair: package for package in packages}
        self._idle = idle.total_seconds()
        self._load = load
        self._loaded: dict[Pair, Model] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="argos")
        self._forgetting: asyncio.TimerHandle | None = None

    @property
    def loaded(self) -> list[Pair]:
        """The pairs whose models are in memory."""
        return list(self._loaded)

    async def translate(self, passages: Sequence[Passage], origin: str, target: Language) -> list[str] | None:
        """The texts, by way of English where nothing leads there directly; None where nothing leads there at all.

        Raises WayUnavailable when a model can't be loaded, BriefRefused when it finds no end.
        """
        route = find_route(self._packages, origin, target)
        if not route:
            return None
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, self._along, route, [written(one) for one in passages])
        except PackageError as error:
            raise WayUnavailable(str(error), rest=HOUR) from error
        finally:
            self._forget_later(loop)

    async def close(self) -> None:
        """Let what is running end, and take the rest out of the queue."""
        end = partial(self._thread.shutdown, cancel_futures=True)
        await asyncio.get_running_loop().run_in_executor(None, end)
        if self._forgetting:
            self._forgetting.cancel()
        self._loaded.clear()

    def _along(self, route: Sequence[Pair], texts: list[str]) -> list[str]:
        for pair in route:
            texts = self._model(pair).translate([as_code_writes(text, pair[0]) for text in texts])
        return texts

    def _model(self, pair: Pair) -> Model:
        if pair not in self._loaded:
            self._loaded[pair] = self._load(self._packages[pair])
        return self._loaded[pair]

    def _forget_later(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._forgetting:
            self._forgetting.cancel()
        self._forgetting = loop.call_later(self._idle, self._thread.submit, self._loaded.clear)
