"""What an image must be, each told as a line `ok: …` or `failed: …`, with what was measured."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from bot import __version__
from tests.image.engines import ROOT, Engine

MEGABYTE = 1_000_000
DOWNLOAD = 250 * MEGABYTE  # compressed, as a registry passes it on and counts it
UNPACKED = 550 * MEGABYTE  # on the disk of whoever runs it
READY_WITHIN = 5.0
STOPPED_WITHIN = 10.0
USER = "10001:10001"
SECRET = "/run/secrets/telegram_token"
# Of no use to a bot, and of use to whoever broke into one; or a sign that the builder's own leaked.
FORBIDDEN = re.compile(
    r"(site|dist)-packages/(pip|setuptools|wheel|pkg_resources|_distutils_hack)/"
    r"|/bin/(pip[\d.]*|wheel|gcc|g\+\+|cc|c\+\+|ld|as|make|strip|[\w-]+-linux-gnu-(gcc|ld|strip)[\w.-]*)$"
    r"|^(app|opt)/.*/tests?/.*\.py[c]?$|^app/(tests|docs|\.git|\.env)"
    r"|(^|/)(pip\.conf|pydistutils\.cfg|direct_url\.json|\.netrc|\.pypirc)$"
)
# Everything of Diting, and whatever any part of it imports only when it is needed.
IMPORT_ALL = """
import ast, importlib, os, pathlib, pkgutil, sys
import bot
names = [each.name for each in pkgutil.walk_packages(bot.__path__, "bot.") if not each.name.endswith("__main__")]
for path in pathlib.Path("bot").rglob("*.py"):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.append(node.module)
newer = ("compression",)  # Python's own from 3.14 on
names = [name for name in sorted(set(names)) if ".migrations." not in name and not name.startswith(newer)]
for name in names:
    importlib.import_module(name)
print(len(names))
"""
CONFINEMENT = """
import json, os, pathlib
def writable(folder):
    try:
        path = pathlib.Path(folder, "written-by-a-test")
        path.write_text("x")
        path.unlink()
    except OSError:
        return False
    return True
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(json.dumps({
    "user": f"{os.getuid()}:{os.getgid()}",
    "capabilities": int(status["CapEff"], 16),
    "writable": [folder for folder in ("/", "/app", "/opt/diting", "/etc", "/data", "/tmp") if writable(folder)],
}))
"""
# As `tests/app/test_upgrading.py` does it: the tables of the revision before.
TAKE_BACK = """
import asyncio
from alembic import command
from bot.storage import schema
from bot.storage.engine import open_database
def downgrade(connection):
    with schema._config() as config:
        config.attributes["connection"] = connection
        command.downgrade(config, "-1")
    return schema.current_revision(connection)
async def main():
    async with open_database("sqlite:////data/diting.db") as database, database.write() as connection:
        print(await connection.run_sync(downgrade))
asyncio.run(main())
"""


class Checks:
    """All of them on one image. `arguments` are those it was built with: none of their hosts may be in it."""

    def __init__(self, engine: Engine, arguments: Sequence[str] = ()) -> None:
        self._engine = engine
        self._hosts = {
            host
            for each in arguments
            if "://" in each and (host := urlsplit(each.partition("=")[2] if "=" in each else each).hostname)
        }
        self._failed = 0
        self._port = _free_port()

    def all(self) -> int:
        """One after the other; answers the exit code."""
        for check in (self._description, self._size, self._contents, self._confinement, self._imports, self._demo):
            self._guarded(check)
        self._guarded(self._life)
        print(f"{self._failed} failed" if self._failed else "All is well.")
        return 1 if self._failed else 0

    def say(self, right: object, what: str) -> None:
        """One line."""
        self._failed += not right
        print(f"{'ok' if right else 'failed'}: {what}", flush=True)

    def _guarded(self, check: Callable[[], None]) -> None:
        try:
            check()
        except (RuntimeError, OSError, subprocess.TimeoutExpired, TimeoutError, ValueError) as error:
            self.say(False, f"{check.__name__.strip('_')}: {error}")

    # --- the image at rest --------------------------------------------------------------------------------

    def _description(self) -> None:
        config = self._engine.config()
        labels = config.get("Labels") or {}
        for name, value in (("title", "Diting"), ("version", __version__), ("licenses", "MIT")):
            got = labels.get(f"org.opencontainers.image.{name}")
            self.say(got == value or (name == "version" and got), f"label {name}: {got}")
        self.say(labels.get("org.opencontainers.image.description"), "label description")
        print(f"    for {config['Architecture']}")
        self.say(config["User"] == USER, f"the user is {config['User']}")
        self.say(config["Entrypoint"] == ["python", "-m", "bot"] and config["Cmd"] == ["run"], "python -m bot run")
        health = (config.get("Healthcheck") or {}).get("Test")
        self.say(health == ["CMD", "python", "-m", "bot", "health"], f"the health check is {health}")
        self.say("/data" in (config.get("Volumes") or {}), "/data is a volume")
        told = " ".join([*config["Env"], self._engine.history(), json.dumps(labels)])
        self.say(not re.search(r"PIP_\w+=\S|://\w", told), "no address and no variable of pip in its description")

    def _size(self) -> None:
        with self._engine.archive() as archive:
            compressed = _compressed(archive)
        self.say(compressed < DOWNLOAD, f"{_mb(compressed)} to download, less than {_mb(DOWNLOAD)}")

    def _contents(self) -> None:
        size, found, named = 0, list[str](), list[str]()
        hosts = [host.encode() for host in self._hosts if host not in {"pypi.org", "files.pythonhosted.org"}]
        with self._engine.files() as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            for entry in tar:
                path = entry.name.removeprefix("./").removeprefix("/")
                if FORBIDDEN.search(path):
                    found.append(path)
                if not entry.isfile():
                    continue
                size += entry.size
                file = tar.extractfile(entry) if hosts and entry.size < MEGABYTE else None
                content = file.read() if file else b""
                named += [path for host in hosts if host in content]
        self.say(size < UNPACKED, f"{_mb(size)} unpacked, less than {_mb(UNPACKED)}")
        self.say(not found, f"no pip, setuptools, compilers, tests or settings of a builder {found[:5] or ''}")
        self.say(not named, f"none of its files names where its packages came from {named[:5] or ''}")

    # --- the image at work --------------------------------------------------------------------------------

    def _confinement(self) -> None:
        ran = self._engine.once("-c", CONFINEMENT, entrypoint="python")
        told = json.loads(ran.stdout or "{}")
        self.say(told.get("user") == USER, f"it runs as {told.get('user') or ran.stderr[-300:]}")
        if self._engine.name == "buildah":
            print("    not tried: capabilities and the read-only root, which Buildah alone has no word for")
            self.say(set(told.get("writable", ())) <= {"/data", "/tmp"}, f"it can write {told.get('writable')}")
            return
        self.say(told.get("capabilities") == 0, "it has no capabilities")
        self.say(told.get("writable") == ["/data", "/tmp"], f"it can write {told.get('writable')} alone")

    def _imports(self) -> None:
        ran = self._engine.once("-v", "-c", IMPORT_ALL, entrypoint="python")
        compiled = re.findall(r"^# code object from (.*\.py\b.?)$", ran.stderr, re.MULTILINE)
        errors = re.findall(r"^\w*(?:Error|Exception).*$", ran.stderr, re.MULTILINE)[-1:] if ran.returncode else ""
        self.say(not ran.returncode, f"all {ran.stdout.strip()} modules that the code names can be imported {errors}")
        self.say(not compiled, f"none of them has to be compiled {compiled[:3] or ''}")

    def _demo(self) -> None:
        began = time.monotonic()
        ran = self._engine.once("demo", "--script")
        took = time.monotonic() - began
        self.say(
            not ran.returncode, f"the demo plays its script, in {took:.1f} s{_tail(ran) if ran.returncode else ''}"
        )

    def _life(self) -> None:
        with tempfile.TemporaryDirectory() as folder, _bot_api(Path(folder)) as api:
            secret = Path(folder, "token")
            secret.write_text(f"{api['token']}\n", encoding="utf-8")
            secret.chmod(0o444)
            variables = {
                "TELEGRAM_API_URL": api["url"],
                "TELEGRAM_TOKEN_FILE": SECRET,
                "WEB_HOST": "127.0.0.1",
                "WEB_PORT": str(self._port),
            }
            self._ready("the first time", lambda: self._engine.start(variables, {secret: SECRET}))
            ran = self._engine.inside("python", "-m", "bot", "health")
            self.say(not ran.returncode, f"python -m bot health{_tail(ran) if ran.returncode else ''}")
            self._answers(api["url"], Path(folder, "sent.jsonl"))
            self._stops()
            self._ready("again, on the same volume", self._engine.again)
            self._stops()
            ran = self._engine.once("-c", TAKE_BACK, entrypoint="python")
            self.say(not ran.returncode, f"tables of before: {ran.stdout.strip() or _tail(ran)}")
            self._ready("on tables of before", self._engine.again)
            kept = self._engine.inside("python", "-c", "import glob; print(*glob.glob('/data/backups/*.db'))").stdout
            self.say(len(kept.split()) == 1, f"the upgrade made its backup: {kept.strip()}")
            self._stops()
            log = self._engine.log()
            self.say(api["token"] not in log, "the token is not in the log")
            self.say("Traceback" not in log, "nothing unexpected is in the log")

    def _ready(self, when: str, start: Callable[[], None]) -> None:
        began = time.monotonic()
        start()
        try:
            _until(lambda: _answers_well(f"http://127.0.0.1:{self._port}/readyz"), within=60)
        except TimeoutError:
            raise RuntimeError(f"not ready within a minute:\n{self._engine.log()[-2000:]}") from None
        took = time.monotonic() - began
        self.say(took <= READY_WITHIN, f"ready {when} after {took:.1f} s, at most {READY_WITHIN:g} s")

    def _answers(self, url: str, sent: Path) -> None:
        body = json.dumps({"chat_id": 7, "text": "/help"}).encode()
        with urlopen(Request(f"{url}/say", body, {"Content-Type": "application/json"}), timeout=5):
            pass
        _until(lambda: sent.exists() and "/keyword" in sent.read_text(encoding="utf-8"), within=10)
        self.say(True, "it answers /help")

    def _stops(self) -> None:
        began = time.monotonic()
        code = self._engine.stop()
        took = time.monotonic() - began
        self.say(
            code == 0 and took <= STOPPED_WITHIN,
            f"SIGTERM ends it with code {code} after {took:.1f} s, at most {STOPPED_WITHIN:g} s",
        )


def _mb(size: int) -> str:
    return f"{size / MEGABYTE:.0f} MB"


def _compressed(stream: IO[bytes]) -> int:
    """How long it is as gzip, as registries keep it. What is packed already does not get smaller."""
    packer, size = zlib.compressobj(6, wbits=31), 0
    while part := stream.read(1 << 20):
        size += len(packer.compress(part))
    return size + len(packer.flush())


def _tail(ran: subprocess.CompletedProcess[str]) -> str:
    return f": exit code {ran.returncode}: {(ran.stdout + ran.stderr)[-600:]}"


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _answers_well(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _until(true: Callable[[], object], within: float) -> None:
    ends = time.monotonic() + within
    while not true():
        if time.monotonic() > ends:
            raise TimeoutError(f"not within {within:g} s")
        time.sleep(0.02)


@contextmanager
def _bot_api(folder: Path) -> Iterator[dict[str, str]]:
    """A Bot API on this machine's loopback: its address and the token it takes."""
    words = [sys.executable, "-m", "tests.support.bot_api", "--log", str(folder / "sent.jsonl")]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            told: dict[str, str] = json.loads(process.stdout.readline())
            yield told
        finally:
            process.terminate()
