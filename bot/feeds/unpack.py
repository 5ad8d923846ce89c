"""Unpacks compressed bodies piece by piece, so that a bomb is dropped when it passes the cap and not when it is done.

The HTTP client could do it too, but it counts neither what comes in nor frames, and lets a zstd frame ask for a window
of 128 MB.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
PIECE = 256 * 1024  # bytes

_MAX_MEMBERS = 100  # of one body; each costs a decompressor, and takes only 20 bytes
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP, _DEFLATE, _RAW_DEFLATE = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
_DEFLATED = 8  # the low half of the first byte of the zlib format (RFC 1950 section 2.2)
_ZSTD_WINDOW = {int(zstd.DecompressionParameter.window_log_max): 23}  # 8 MB, all that RFC 9659 allows in HTTP


class Broken(Exception):
    """The body is not what its Content-Encoding says."""


class Unpacker(Protocol):
    """Turns a body's bytes, as they come, into pieces of about `PIECE` bytes at most."""

    def unpack(self, data: bytes) -> Iterator[bytes]:
        """The pieces that are in `data`; later data only after all of them were taken. Raises Broken."""

    def whole(self) -> bool:
        """Whether the end came, or nothing at all."""


def unpacker(encoding: str) -> Unpacker | None:
    """The unpacker for a Content-Encoding; None for what is no compression, as `identity` or (often seen) `UTF-8`.

    Of several encodings only the last is undone, which no feed needs more than.
    """
    make = _UNPACKERS.get(encoding.rpartition(",")[2].strip().lower())
    return make() if make else None


class _Members:
    """What gzip and zstd share: a body may be several members, one after the other."""

    def __init__(self) -> None:
        self._begun = self._ended = False
        self._members = 0

    def whole(self) -> bool:
        """Whether the end came, or nothing at all."""
        return self._ended or not self._begun

    def _count(self) -> None:
        self._begun, self._ended = True, False
        self._members += 1
        if self._members > _MAX_MEMBERS:
            raise Broken("members")


class _Zlib(_Members):
    """gzip, and deflate in both the forms that servers mean by it (RFC 9110 section 8.4.1.2)."""

    def __init__(self, wbits: int) -> None:
        super().__init__()
        self._wbits = wbits
        self._inner = zlib.decompressobj(wbits)

    def unpack(self, data: bytes) -> Iterator[bytes]:
        """The pieces that are in `data`. Raises Broken."""
        data, piece = self._start(data), b""
        while data or len(piece) == PIECE:
            try:
                piece = self._inner.decompress(data, PIECE)
            except zlib.error as error:
                raise Broken(str(error)) from error
            yield piece
            data = self._inner.unconsumed_tail
            if self._inner.eof:
                self._ended = True
                data, piece = self._start(self._inner.unused_data), b""

    def _start(self, data: bytes) -> bytes:
        """Begin a member if there is one to begin; what follows the last is padding, and no part of the body."""
        if not data or (self._begun and not self._ended):
            return data
        if self._ended and not (self._wbits == _GZIP and _GZIP_MAGIC.startswith(data[:2])):
            return b""
        if self._wbits == _DEFLATE and data[0] & 0xF != _DEFLATED:
            self._wbits = _RAW_DEFLATE
        self._count()
        self._inner = zlib.decompressobj(self._wbits)
        return data


class _Zstd(_Members):
    """zstd (RFC 8878), by frames."""

    def __init__(self) -> None:
        super().__init__()
        self._inner = zstd.ZstdDecompressor(options=_ZSTD_WINDOW)

    def unpack(self, data: bytes) -> Iterator[bytes]:
        """The pieces that are in `data`. Raises Broken."""
        while data or not (self._inner.needs_input or self._ended):
            if data and (self._ended or not self._begun):
                self._count()
                self._inner = zstd.ZstdDecompressor(options=_ZSTD_WINDOW)
            try:
                piece = self._inner.decompress(data, PIECE)
            except zstd.ZstdError as error:
                raise Broken(str(error)) from error
            yield piece
            self._ended = self._inner.eof
            data = self._inner.unused_data if self._ended else b""


class _Brotli:
    """Brotli (RFC 7932), which is one stream."""

    def __init__(self) -> None:
        self._inner = brotli.Decompressor()
        self._begun = False

    def unpack(self, data: bytes) -> Iterator[bytes]:
        """The pieces that are in `data`. Raises Broken."""
        self._begun = self._begun or bool(data)
        while not self._inner.is_finished():
            try:
                piece = self._inner.process(data, output_buffer_limit=PIECE)
            except brotli.error as error:
                raise Broken(str(error)) from error
            # Only an empty piece tells that nothing is left: can_accept_more_data speaks of the input alone.
            if not piece:
                break
            yield piece
            data = b""

    def whole(self) -> bool:
        """Whether the end came, or nothing at all."""
        return self._inner.is_finished() or not self._begun


_UNPACKERS: dict[str, Callable[[], Unpacker]] = {
    "gzip": lambda: _Zlib(_GZIP),
    "x-gzip": lambda: _Zlib(_GZIP),
    "deflate": lambda: _Zlib(_DEFLATE),
    "br": _Brotli,
    "zstd": _Zstd,
}
