"""What hostile hosts, addresses and documents can do: each is refused or ends in time, and the event loop stays free.

Run: python -m bench.hostile [FOLDER [FEEDS]]
FOLDER has address lists (*.tsv, first column) and documents (*.xml) made to break things; without it, the script's own.
FEEDS has real feeds, of which the largest are parsed; without it, only a made one of 10 MB is.
"""

from __future__ import annotations

import asyncio
import gzip
import logging
import multiprocessing
import socket
import sys
import time
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import brotli
from aiohttp.abc import AbstractResolver

from bot.errors import AddressRefused, FeedError
from bot.feeds.address import GuardedResolver, check_url
from bot.feeds.fetch import HttpFetcher
from bot.feeds.parse import read
from bot.feeds.unpack import zstd
from bot.model import FeedId
from bot.work.aside import Aside
from bot.work.sift import sift
from bot.work.together import Together

BAR = 100.0  # milliseconds
ASIDE = Aside()
DEADLINE = timedelta(seconds=2)
CAP = 10_000_000
PARSE_TIMEOUT = 20.0
MB = bytes(1_000_000)
Writer = asyncio.StreamWriter

OWN_ADDRESSES = """
http://127.0.0.1/ http://127.1/ http://2130706433/ http://0x7f000001/ http://0177.0.0.1/ http://017700000001/
http://0/ http://0.0.0.0/ http://0x7f.1/ http://127.0.0.1.:80/ http://127.0.0.1:22/ http://localhost/
http://x.localhost/ http://10.0.0.1/ http://172.16.0.1/ http://192.168.1.1/
http://169.254.169.254/latest/meta-data http://100.64.0.1/ http://192.0.0.192/ http://198.18.0.1/
http://224.0.0.1/ http://240.0.0.1/ http://255.255.255.255/ http://192.88.99.1/ http://[::1]/ http://[::]/
http://[::127.0.0.1]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/ http://[fe80::1]/
http://[::ffff:0:127.0.0.1]/ http://[64:ff9b::127.0.0.1]/ http://[64:ff9b:1::7f00:1]/ http://[2002:7f00:1::]/
http://[2001::1]/ http://[2001:db8::1]/ http://[fc00::1]/ http://[fec0::1]/ http://[ff02::1]/ http://[100::1]/
http://[2a00:1450::5efe:127.0.0.1]/ http://[fe80::1%25eth0]/ http://user:pw@127.0.0.1/
http://news.example@127.0.0.1/ http://127.0.0.1\\@news.example/ http://news.example#@127.0.0.1:22/
http://１２７.0.0.1/ http://①②⑦.⓪.⓪.①/ http://rsshub/ http://printer.local/ http://metadata.google.internal/
http://168.63.129.16/ file:///etc/passwd gopher://127.0.0.1/ ftp://127.0.0.1/ //127.0.0.1/ http:127.0.0.1/
http:///127.0.0.1/ javascript:alert(1) http://news.example:22/ http://news.example:0/ http://[::1
"""
RSS = "<rss><channel><title>{}</title></channel></rss>"
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
OWN_DOCUMENTS = {
    "billion laughs": f'<!DOCTYPE rss [<!ENTITY a0 "ha">{LAUGHS}]>' + RSS.format("&a9;"),
    "quadratic": f'<!DOCTYPE rss [<!ENTITY a "{"x" * 60_000}">]>' + RSS.format("&a;" * 30_000),
    "external": '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + RSS.format("&a;"),
    "deep": "<rss><channel>" + "<item>" * 100_000,
    "open tags": "<rss><channel><item><title" * 50_000,
}


@dataclass
class Lag:
    """How late a ticker of 5 ms was at worst, in milliseconds, and the worst of all.

    Counted is at most the processor time that this process used meanwhile: what other programs took is not ours.
    """

    worst: float = 0.0
    record: float = 0.0

    async def watch(self) -> None:
        while True:
            before, used = time.perf_counter(), time.process_time()
            await asyncio.sleep(0.005)
            late, used = time.perf_counter() - before - 0.005, time.process_time() - used
            self.worst = max(self.worst, 1000 * min(late, used))

    async def begin(self) -> None:
        """Forget what was before."""
        await asyncio.sleep(0.02)
        self.worst = 0.0

    def take(self) -> float:
        worst, self.worst = self.worst, 0.0
        self.record = max(self.record, worst)
        return worst


class Turncoat(AbstractResolver):
    """Answers with a public address first, and with this machine from then on."""

    def __init__(self) -> None:
        self.asked = 0

    async def resolve(self, host, port=0, family=socket.AF_UNSPEC):
        self.asked += 1
        address = "127.0.0.1" if self.asked > 1 else "1.1.1.1"
        return [{"hostname": host, "host": address, "port": port, "family": family, "proto": 0, "flags": 0}]

    async def close(self) -> None:
        pass


def answer(headers: str, body: bytes = b"", status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\n{headers}\r\n\r\n".encode() + body


def packed(encoding: str, body: bytes) -> bytes:
    return answer(f"Content-Encoding: {encoding}\r\nContent-Length: {len(body)}", body)


async def drip(writer: Writer) -> None:
    writer.write(answer("Content-Type: text/xml"))
    while True:
        writer.write(b"<")
        await writer.drain()
        await asyncio.sleep(0.5)


async def drip_headers(writer: Writer) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X: y\r\n")
        await writer.drain()
        await asyncio.sleep(0.5)


async def endless(writer: Writer) -> None:
    writer.write(answer("Content-Type: text/xml"))
    while True:
        writer.write(MB)
        await writer.drain()


async def endless_chunks(writer: Writer) -> None:
    writer.write(answer("Transfer-Encoding: chunked"))
    while True:
        writer.write(b"1\r\n<\r\n" * 10_000)
        await writer.drain()


async def reset(writer: Writer) -> None:
    writer.write(answer("Content-Length: 100", b"<rss>"))
    await writer.drain()
    # With nothing left to linger for, the kernel answers with a reset.
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


async def silent(_: Writer) -> None:
    await asyncio.sleep(3600)


def empty_blocks() -> bytes:
    """Deflate that goes on for ever and says nothing: every five bytes are a block without content."""
    return zlib.compressobj(wbits=-15).flush(zlib.Z_FULL_FLUSH) + b"\x00\x00\x00\xff\xff" * 2_500_000


def fixed_answers() -> dict[str, bytes]:
    bomb = MB * 300
    wide = zstd.ZstdCompressor(options={int(zstd.CompressionParameter.window_log): 27})
    return {
        "gzip bomb": packed("gzip", gzip.compress(bomb, 6)),
        "gzip members": packed("gzip", gzip.compress(b"") * 400_000),
        "deflate nothing": packed("deflate", empty_blocks()),
        "brotli bomb": packed("br", brotli.compress(bomb, quality=5)),
        "zstd bomb": packed("zstd", zstd.compress(bomb)),
        "zstd window": packed("zstd", wide.compress(MB) + wide.flush()),
        "1 MB header line": answer("X: " + "y" * 1_000_000),
        "1 MB status line": b"HTTP/1.1 200 " + b"O" * 1_000_000 + b"\r\n\r\n",
        "10,000 headers": answer("\r\n".join(f"X-{n}: y" for n in range(10_000))),
        "10,000 cookies": answer("\r\n".join(f"Set-Cookie: a{n}=y" for n in range(10_000))),
        "redirect to itself": answer("Location: /redirect-to-itself\r\nContent-Length: 0", status="302 Found"),
        "redirect to private": answer("Location: http://10.0.0.1/", status="302 Found"),
        "redirect to metadata": answer("Location: //169.254.169.254/latest/", status="301 Moved Permanently"),
        "redirect to file": answer("Location: file:///etc/passwd", status="302 Found"),
        "content-length too long": answer("Content-Length: 999", b"<rss/>"),
        "content-length huge": answer("Content-Length: 99999999999", b"<rss/>"),
        "content-length twice": answer("Content-Length: 6\r\nContent-Length: 7", b"<rss/>"),
        "content-length negative": answer("Content-Length: -5", b"<rss/>"),
        "chunk size huge": answer("Transfer-Encoding: chunked", b"ffffffffffffffffff\r\n<rss/>"),
        "not HTTP": b"220 mail.example ESMTP\r\n" * 100,
        "nothing": b"",
        "retry-after huge": answer("Retry-After: " + "9" * 9_000, status="503 Unavailable"),
        "link header": answer("Link: " + '<a>; rel="' * 1_500 + "\r\nContent-Length: 0"),
    }


def slug(name: str) -> str:
    return "/" + name.replace(" ", "-").replace(",", "")


LIVE: dict[str, Callable[[Writer], Awaitable[None]]] = {
    "slow drip": drip,
    "slow headers": drip_headers,
    "endless body": endless,
    "endless chunks": endless_chunks,
    "reset": reset,
    "no response": silent,
}


def serve(ready: Connection) -> None:
    """A server on loopback with an address for each cruelty."""
    fixed = fixed_answers()
    handlers = {slug(name): how for name, how in (LIVE | fixed).items()}

    async def talk(reader: asyncio.StreamReader, writer: Writer) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            how = handlers.get(request.split()[1].decode(), b"")
            if isinstance(how, bytes):
                writer.write(how)
                await writer.drain()
            else:
                await how(writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        ready.send((server.sockets[0].getsockname()[1], [*LIVE, *fixed]))
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def server() -> Iterator[tuple[str, list[str]]]:
    """The server, in a process of its own, so that its work is not counted as ours: its address and the cruelties."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    process.start()
    try:
        port, names = here.recv()
        yield f"http://127.0.0.1:{port}", names
    finally:
        process.terminate()
        process.join()


def line(name: str, took: float, lag: float, outcome: str) -> None:
    print(f"  {name[:58]:58} {took * 1000:8,.0f} ms   lag {lag:6.1f} ms   {outcome}")


async def try_hosts(url: str, names: list[str], lag: Lag) -> Counter[str]:
    counts: Counter[str] = Counter()
    async with HttpFetcher(user_agent="x", allow_hosts={"127.0.0.1"}, timeout=DEADLINE, max_bytes=CAP) as fetcher:
        for name in names:
            await lag.begin()
            start = time.perf_counter()
            try:
                fetched = await fetcher.fetch(url + slug(name))
                outcome, kind = f"survived, {len(fetched.body):,} bytes", "survived"
            except FeedError as error:
                outcome, kind = f"refused: {type(error).__name__} {error.reason}", "refused"
            took = time.perf_counter() - start
            counts[kind if took < 2 * DEADLINE.total_seconds() else "HUNG"] += 1
            line(name, took, lag.take(), outcome)
    return counts


async def try_rebinding() -> str:
    """A name that is public for the first look-up and this machine for the next."""
    resolver = GuardedResolver((), Turncoat())
    first = await resolver.resolve("turncoat.example", 80)
    try:
        second = await resolver.resolve("turncoat.example", 80)
    except AddressRefused as error:
        return f"{first[0]['host']}, then refused: {error.reason}"
    return f"LET THROUGH: {second}"


def try_addresses(addresses: list[str]) -> tuple[Counter[str], list[str]]:
    counts: Counter[str] = Counter()
    passed = []
    for address in addresses:
        try:
            passed.append(check_url(address))
            counts["public"] += 1
        except AddressRefused as error:
            counts[error.reason] += 1
    return counts, passed


async def know_nothing(wanted: Sequence[object]) -> list[set[str]]:
    """As a database without items."""
    return [set() for _ in wanted]


async def try_document(name: str, body: bytes, lag: Lag) -> str:
    await lag.begin()
    start = time.perf_counter()
    try:
        async with asyncio.timeout(PARSE_TIMEOUT):
            document = await ASIDE(read, body, url="https://news.example/rss", content_type="")
            sightings, _ = await sift(Together(know_nothing), FeedId(1), document, ASIDE)
            outcome = f"survived, {sum(one.item is not None for one in sightings)} items"
    except FeedError as error:
        outcome = f"refused: {type(error).__name__} {error.reason}"
    except TimeoutError:
        outcome = "HUNG"
    await asyncio.sleep(0.01)
    line(name, time.perf_counter() - start, lag.take(), outcome)
    return outcome.partition(",")[0].partition(":")[0]


def large_feed(text: str, encoding: str = "utf-8", size: int = 10_000_000) -> bytes:
    """A feed of about that many bytes: a year of news, never cut."""
    entry = "<item><guid>{0}</guid><title>Item {0}</title><link>https://a.example/{0}</link>"
    entry += f"<description>{text * 40}</description><pubDate>Tue, 03 Feb 2026 08:15:00 GMT</pubDate></item>\n"
    items = "".join(entry.format(number) for number in range(size // len(entry.encode(encoding))))
    head = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>A</title>'
    return f"{head}{items}</channel></rss>".encode(encoding)


def large_feeds() -> dict[str, bytes]:
    english = "The trilateral talks in Abu Dhabi went on for a second day. "
    chinese = "三方会谈在阿布扎比进入第二天，各方讨论了战俘与粮食问题。"
    return {
        "made, English (10 MB)": large_feed(english),
        "made, Chinese (10 MB)": large_feed(chinese),
        "made, Chinese in GB18030 (10 MB)": large_feed(chinese, "gb18030"),
        "made, Chinese in Big5 (10 MB)": large_feed("三方會談在阿布扎比進入第二天，各方討論了戰俘與糧食問題。", "big5"),
        "made, loose ampersands (10 MB)": large_feed("Talks & talks &nbsp; went on &mdash; for R&D. "),
        "made, control characters (10 MB)": large_feed("Talks\x01\x02 went on. "),
        "made, tags (10 MB)": large_feed("&lt;p&gt;Talks &lt;b&gt;went&lt;/b&gt; on.&lt;/p&gt; "),
    }


def documents(folder: Path | None) -> dict[str, bytes]:
    own = {name: text.encode() for name, text in OWN_DOCUMENTS.items()}
    return own | {path.name: path.read_bytes() for path in sorted(folder.rglob("*.xml"))} if folder else own


def addresses(folder: Path | None) -> list[str]:
    lists = sorted(folder.rglob("*.tsv")) if folder else []
    lines = [line.split("\t")[0] for path in lists for line in path.read_text("utf-8").splitlines()[1:]]
    return [*OWN_ADDRESSES.split(), *lines]


def largest(folder: Path | None) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()] if folder else []
    files.sort(key=lambda path: -path.stat().st_size)
    return {f"{path.name} ({path.stat().st_size // 1000} kB)": path.read_bytes() for path in files[:10]}


async def main(folder: Path | None = None, feeds: Path | None = None) -> None:
    lag = Lag()
    with server() as (url, names):
        ticker = asyncio.create_task(lag.watch())
        print("hosts")
        hosts = await try_hosts(url, names, lag)
    print(f"names that change their address: {await try_rebinding()}")
    reasons, passed = try_addresses(addresses(folder))
    print("documents")
    bombs = Counter([await try_document(name, body, lag) for name, body in documents(folder).items()])
    print("large feeds")
    big = large_feeds() | largest(feeds)
    large = Counter([await try_document(name, body, lag) for name, body in big.items()])
    ticker.cancel()
    print(f"\nhosts      {hosts.total():4} tried  {dict(hosts)}")
    print(f"addresses  {reasons.total():4} tried  {dict(reasons)}; let through: {sorted(set(passed))}")
    print(f"documents  {bombs.total():4} tried  {dict(bombs)}")
    print(f"large      {large.total():4} tried  {dict(large)}")
    print(f"largest lag of the event loop {lag.record:.1f} ms (bar {BAR:.0f})")


if __name__ == "__main__":
    logging.disable()
    asyncio.run(main(*(Path(argument) for argument in sys.argv[1:])))
