"""Compressed bodies come out whole, in pieces, and no bomb goes off."""

import gzip
import random
import zlib

import brotli
import pytest

from bot.feeds.unpack import PIECE, Broken, unpacker, zstd

NOISE = random.Random(1).randbytes(100_000)
BODY = NOISE * 2 + bytes(600_000)


def raw_deflate(body: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-15)
    return packing.compress(body) + packing.flush()


PACKINGS = [
    ("gzip", gzip.compress),
    ("x-gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("br", lambda body: brotli.compress(body, quality=4)),
    ("zstd", zstd.compress),
]


def unpack(encoding: str, packed: bytes, step: int) -> bytes:
    packing = unpacker(encoding)
    body = bytearray()
    for start in range(0, len(packed), step):
        for piece in packing.unpack(packed[start : start + step]):
            assert len(piece) <= 2 * PIECE
            body += piece
    assert packing.whole()
    return bytes(body)


@pytest.mark.parametrize(("encoding", "pack"), PACKINGS)
@pytest.mark.parametrize("step", [1_000, 65_536, 10_000_000])
def test_bodies_come_out_as_they_went_in(encoding, pack, step):
    assert unpack(encoding, pack(BODY), step) == BODY


@pytest.mark.parametrize(("encoding", "pack"), PACKINGS)
def test_bodies_come_out_byte_by_byte(encoding, pack):
    assert unpack(encoding, pack(NOISE[:2_000] + bytes(300_000)), 1) == NOISE[:2_000] + bytes(300_000)


@pytest.mark.parametrize(("encoding", "pack"), PACKINGS)
def test_an_empty_body_is_whole(encoding, pack):
    assert unpack(encoding, pack(b""), 10) == b""
    assert unpacker(encoding).whole()


@pytest.mark.parametrize(("encoding", "pack"), PACKINGS)
def test_a_body_that_was_cut_off_is_not_whole(encoding, pack):
    packing = unpacker(encoding)
    packed = pack(BODY)
    assert list(packing.unpack(packed[: len(packed) // 2]))
    assert not packing.whole()


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_what_is_not_packed_so_is_broken(encoding):
    with pytest.raises(Broken):
        list(unpacker(encoding).unpack(b"\x0f<rss>no, plain text</rss>" * 10))


@pytest.mark.parametrize("encoding", ["", "identity", "UTF-8", "none", "gzip, identity"])
def test_what_is_no_packing_is_left_as_it_is(encoding):
    assert unpacker(encoding) is None


def test_the_last_of_several_packings_is_undone():
    assert unpack("identity, GZIP ", gzip.compress(b"<rss/>"), 99) == b"<rss/>"


@pytest.mark.parametrize("step", [1, 3, 1_000])
def test_bodies_of_several_members_are_one(step):
    assert unpack("gzip", gzip.compress(b"<rss>") + gzip.compress(b"</rss>") + bytes(20), step) == b"<rss></rss>"
    assert unpack("zstd", zstd.compress(b"<rss>") + zstd.compress(b"</rss>"), step) == b"<rss></rss>"


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("zstd", zstd.compress)])
def test_bodies_of_countless_members_are_broken(encoding, pack):
    with pytest.raises(Broken):
        unpack(encoding, pack(b"") * 1_000, 5_000)


def test_a_frame_that_wants_a_huge_window_is_broken():
    wide = zstd.ZstdCompressor(options={int(zstd.CompressionParameter.window_log): 27})
    with pytest.raises(Broken):
        unpack("zstd", wide.compress(b"<rss/>" * 1_000) + wide.flush(), 1_000)


@pytest.mark.parametrize(("encoding", "pack"), PACKINGS)
def test_a_bomb_comes_in_pieces_that_can_be_counted(encoding, pack):
    pieces = unpacker(encoding).unpack(pack(bytes(50_000_000)))
    assert len(next(pieces)) <= 2 * PIECE
    assert len(next(pieces)) <= 2 * PIECE
