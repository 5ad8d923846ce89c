"""Builds small Argos packages whose transformer is right by construction: it translates word by word, by a dictionary.

The weights are not trained but written down. An embedding has a block for the token, one for its position and one for
the result; layer norms undo themselves, since every vector of a layer has as many ones as every other; the decoder's
attention looks at the encoder's token of its own position, carries it through the dictionary and into the result. A
word that is not in the dictionary comes out as an unknown token, which CTranslate2 replaces by the source's.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import ctranslate2
import numpy as np
import sentencepiece
from ctranslate2.specs import TransformerSpec
from ctranslate2.specs.common_spec import LayerNormSpec, LinearSpec
from ctranslate2.specs.transformer_spec import TransformerDecoderSpec, TransformerEncoderSpec

SPACE = "\u2581"
POSITIONS = 96  # words in a sentence
SPECIAL = ("<unk>", "<s>", "</s>")
SHARP = 40.0  # attention and logits as good as certain
EPSILON = 1e-5


def argos_package(
    path: Path,
    words: Mapping[str, str],
    *,
    pair: tuple[str, str] = ("en", "zt"),
    version: str = "1.9",
    endless: bool = False,
    metadata: Mapping[str, str] | None = None,
) -> Path:
    """An .argosmodel file that translates `words`, as they stand between spaces, and copies all others.

    Translations are put together as they are: "▁" in them becomes a space. `endless`: it never comes to an end.
    """
    work = path.parent / f".{path.stem}"
    work.mkdir(parents=True)
    (work / "sentencepiece.model").write_bytes(_pieces(words))
    _model([SPACE + word for word in words], list(words.values()), endless=endless).save(str(_folder(work / "model")))
    described = {"from_code": pair[0], "to_code": pair[1], "package_version": version, "argos_version": "1.9.0"}
    (work / "metadata.json").write_text(json.dumps(described | dict(metadata or {})))
    name = f"translate-{pair[0]}_{pair[1]}-{version.replace('.', '_')}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(one for one in work.rglob("*") if one.is_file()):
            archive.write(file, f"{name}/{file.relative_to(work)}")
    return path


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _pieces(words: Mapping[str, str]) -> bytes:
    """A SentencePiece model that cuts at spaces."""
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([*words, "Hello"]),
        model_writer=written,
        model_type="word",
        vocab_size=len(words) + 10,
        hard_vocab_limit=False,
        normalization_rule_name="identity",
        minloglevel=2,
    )
    return written.getvalue()


def _model(source: Sequence[str], target: Sequence[str], *, endless: bool) -> TransformerSpec:
    wanted = list(dict.fromkeys(target))
    count = len(SPECIAL) + max(len(source), len(wanted))
    size = 2 * count + POSITIONS
    token, position, result = slice(0, count), slice(count, count + POSITIONS), slice(count + POSITIONS, size)
    spec = TransformerSpec(
        TransformerEncoderSpec(1, 1, pre_norm=True), TransformerDecoderSpec(1, 1, pre_norm=True, alignment_layer=-1)
    )
    for side, embeddings in ((spec.encoder, spec.encoder.embeddings[0]), (spec.decoder, spec.decoder.embeddings)):
        embeddings.weight = _block(size, (slice(0, count), token), np.eye(count), rows=count)
        embeddings.multiply_by_sqrt_depth = False
        side.scale_embeddings = False
        places = slice(0, POSITIONS)
        side.position_encodings.encodings = _block(size, (places, position), np.eye(POSITIONS), rows=POSITIONS)
    dictionary = np.zeros((count, count), dtype=np.float32)
    for number, (_, other) in enumerate(zip(source, target, strict=True), start=len(SPECIAL)):
        dictionary[len(SPECIAL) + wanted.index(other), number] = 1
    for number in range(len(SPECIAL)):
        dictionary[number, number] = 1
    if endless:
        dictionary[:, 2] = dictionary[:, 2][::-1]
    _encoder(spec, size)
    _decoder(spec, size, position, token, result, dictionary)
    spec.decoder.projection.weight = _block(size, (slice(0, count), result), SHARP * np.eye(count), rows=count)
    fill = [f"<free{number}>" for number in range(count)]
    spec.register_source_vocabulary([*SPECIAL, *source, *fill][:count])
    spec.register_target_vocabulary([*SPECIAL, *wanted, *fill][:count])
    spec.config.add_source_eos = True
    spec.validate()
    return spec


def _encoder(spec: TransformerSpec, size: int) -> None:
    layer = spec.encoder.layer[0]
    _identity(layer.self_attention.layer_norm, size, ones=2)
    _linear(layer.self_attention.linear[0], np.zeros((3 * size, size)))
    _linear(layer.self_attention.linear[1], np.zeros((size, size)))
    _no_feed_forward(layer.ffn, size, ones=2)
    _identity(spec.encoder.layer_norm, size, ones=2)


def _decoder(
    spec: TransformerSpec, size: int, position: slice, token: slice, result: slice, dictionary: np.ndarray
) -> None:
    layer = spec.decoder.layer[0]
    _identity(layer.self_attention.layer_norm, size, ones=2)
    _linear(layer.self_attention.linear[0], np.zeros((3 * size, size)))
    _linear(layer.self_attention.linear[1], np.zeros((size, size)))
    _identity(layer.attention.layer_norm, size, ones=2)
    same_place = np.eye(POSITIONS)
    queries = _block(size, (position, position), SHARP * np.sqrt(size) * same_place)
    keys = _block(size, (position, position), same_place)
    values = _block(size, (result, token), dictionary)
    _linear(layer.attention.linear[0], queries)
    _linear(layer.attention.linear[1], np.concatenate([keys, values]))
    _linear(layer.attention.linear[2], np.eye(size))
    _no_feed_forward(layer.ffn, size, ones=3)
    _identity(spec.decoder.layer_norm, size, ones=3)


def _block(size: int, place: tuple[slice, slice], values: np.ndarray, rows: int | None = None) -> np.ndarray:
    """A matrix of zeros with `values` in one place."""
    matrix = np.zeros((rows or size, size), dtype=np.float32)
    matrix[place] = values
    return matrix


def _linear(linear: LinearSpec, weight: np.ndarray) -> None:
    linear.weight = weight.astype(np.float32)
    linear.bias = np.zeros(len(weight), dtype=np.float32)


def _identity(norm: LayerNormSpec, size: int, *, ones: int) -> None:
    """A layer norm that gives back what it gets, for vectors with so many ones and else zeros."""
    mean = ones / size
    norm.gamma = np.full(size, np.sqrt(mean - mean**2 + EPSILON), dtype=np.float32)
    norm.beta = np.full(size, mean, dtype=np.float32)


def _no_feed_forward(ffn: object, size: int, *, ones: int) -> None:
    _identity(ffn.layer_norm, size, ones=ones)
    _linear(ffn.linear_0, np.zeros((8, size)))
    _linear(ffn.linear_1, np.zeros((size, 8)))


def version() -> str:
    """The CTranslate2 that packages are built for."""
    return ctranslate2.__version__
