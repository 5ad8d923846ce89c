"""What builds images and runs containers here: Docker, Podman or Buildah, whichever there is."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
BOT = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]["bot"]
# As Compose confines it, but that the host's loopback can be reached: the Bot API stands there.
CONFINED = (
    *(["--read-only"] if BOT["read_only"] else []),
    *(word for each in BOT["tmpfs"] for word in ("--tmpfs", each)),
    *(word for each in BOT["cap_drop"] for word in ("--cap-drop", each)),
    # Older Podmans take it without a value alone, which is the same.
    *(word for each in BOT["security_opt"] for word in ("--security-opt", each.removesuffix(":true"))),
    *("--network", "host"),
)
CHROOT = ("--isolation", "chroot")  # works where nothing else may be isolated, too
Ran = subprocess.CompletedProcess[str]


class Missing(Exception):
    """There is nothing to build with; what it says tells why."""


def run(*words: str, given: str | None = None, within: float = 600, cwd: Path = ROOT) -> Ran:
    """A command to its end, whatever it answers."""
    return subprocess.run(words, input=given, capture_output=True, text=True, check=False, timeout=within, cwd=cwd)


def sure(*words: str, given: str | None = None) -> str:
    """What a command that must succeed prints."""
    ran = run(*words, given=given)
    if ran.returncode:
        raise RuntimeError(f"{' '.join(words[:3])} …: {ran.stderr.strip()[-800:]}")
    return ran.stdout.strip()


class Engine(ABC):
    """One container of one image with one volume, and what can be asked of them."""

    def __init__(self, name: str, image: str) -> None:
        self.name = name
        self.image = image
        self.volume = self.container = f"diting-image-test-{time.time_ns()}"

    @abstractmethod
    def build(self, arguments: Sequence[str]) -> int:
        """Build the image, showing how it goes; the exit code."""

    @abstractmethod
    def config(self) -> dict[str, Any]:
        """What the image says of itself."""

    @abstractmethod
    def history(self) -> str:
        """How its layers were made."""

    @abstractmethod
    def files(self) -> Any:
        """All of its file system, as a context with a tar stream."""

    @abstractmethod
    def archive(self) -> Any:
        """The image as it is passed on, as a context with a stream."""

    @abstractmethod
    def once(self, *words: str, entrypoint: str = "", given: str | None = None) -> Ran:
        """A container of its own to its end, on the volume."""

    @abstractmethod
    def start(self, variables: Mapping[str, str], files: Mapping[Path, str]) -> None:
        """Make the container, with files of the host in it, and start it."""

    @abstractmethod
    def again(self) -> None:
        """Start the container that was stopped."""

    @abstractmethod
    def inside(self, *words: str) -> Ran:
        """A command in the running container."""

    @abstractmethod
    def stop(self) -> int:
        """SIGTERM, and after half a minute worse; the exit code."""

    @abstractmethod
    def log(self) -> str:
        """What the container said."""

    @abstractmethod
    def clean(self) -> None:
        """Remove container and volume."""


class Docker(Engine):
    """Docker, and Podman, which takes the same words."""

    def build(self, arguments: Sequence[str]) -> int:
        kept = ("--format", "docker") if self.name == "podman" else ()  # else it leaves the health check out
        words = [self.name, "build", *kept, "--tag", self.image, *arguments, "."]
        return subprocess.run(words, cwd=ROOT, check=False).returncode

    def config(self) -> dict[str, Any]:
        (image,) = json.loads(sure(self.name, "image", "inspect", self.image))
        health = image.get("HealthCheck") or image.get("Healthcheck") or image["Config"].get("Healthcheck")
        return {**image["Config"], "Healthcheck": health, "Architecture": image["Architecture"]}

    def history(self) -> str:
        return sure(self.name, "history", "--no-trunc", "--format", "{{.CreatedBy}}", self.image)

    @contextmanager
    def files(self) -> Iterator[IO[bytes]]:
        made = sure(self.name, "create", self.image)
        try:
            with _stream(self.name, "export", made) as stream:
                yield stream
        finally:
            run(self.name, "rm", "--force", made)

    @contextmanager
    def archive(self) -> Iterator[IO[bytes]]:
        with _stream(self.name, "save", self.image) as stream:
            yield stream

    def once(self, *words: str, entrypoint: str = "", given: str | None = None) -> Ran:
        start = ("--entrypoint", entrypoint) if entrypoint else ()
        volume = ("--volume", f"{self.volume}:/data", "--interactive")
        return run(self.name, "run", "--rm", *CONFINED, *volume, *start, self.image, *words, given=given)

    def start(self, variables: Mapping[str, str], files: Mapping[Path, str]) -> None:
        told = [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
        shown = [word for path, place in files.items() for word in ("--volume", f"{path}:{place}:ro,z")]
        words = ("--name", self.container, "--volume", f"{self.volume}:/data", *told, *shown)
        sure(self.name, "run", "--detach", *CONFINED, *words, self.image)

    def again(self) -> None:
        sure(self.name, "start", self.container)

    def inside(self, *words: str) -> Ran:
        return run(self.name, "exec", self.container, *words)

    def stop(self) -> int:
        sure(self.name, "stop", "--time", "30", self.container)
        return int(sure(self.name, "inspect", "--format", "{{.State.ExitCode}}", self.container))

    def log(self) -> str:
        ran = run(self.name, "logs", self.container)
        return ran.stdout + ran.stderr

    def clean(self) -> None:
        run(self.name, "rm", "--force", self.container)
        run(self.name, "volume", "rm", "--force", self.volume)


class Buildah(Engine):
    """Buildah alone: it builds, and runs what it built as a process of its own, without a read-only root."""

    def __init__(self, name: str, image: str) -> None:
        super().__init__(name, image)
        self._folder = Path(tempfile.mkdtemp(prefix="diting-image-test-"))
        self._data = self._folder / "data"
        self._data.mkdir()
        shutil.chown(self._data, 10001, 10001)
        self._folder.chmod(0o755)
        self._running: subprocess.Popen[bytes] | None = None
        self._words: list[str] = []
        self._made = ""

    def build(self, arguments: Sequence[str]) -> int:
        words = [
            "buildah",
            "build",
            "--isolation",
            "chroot",
            "--format",
            "docker",
            "--tag",
            self.image,
            *arguments,
            ".",
        ]
        return subprocess.run(words, cwd=ROOT, check=False).returncode

    def config(self) -> dict[str, Any]:
        document = json.loads(sure("buildah", "inspect", "--type", "image", self.image))["Docker"]
        return {**document["config"], "Architecture": document["architecture"]}

    def history(self) -> str:
        document = json.loads(sure("buildah", "inspect", "--type", "image", self.image))["Docker"]
        return "\n".join(layer.get("created_by", "") for layer in document["history"])

    @contextmanager
    def files(self) -> Iterator[IO[bytes]]:
        with _stream("tar", "-C", sure("buildah", "mount", self._container()), "-c", ".") as stream:
            yield stream

    @contextmanager
    def archive(self) -> Iterator[IO[bytes]]:
        path = self._folder / "image.tar"
        sure("buildah", "push", "--quiet", self.image, f"docker-archive:{path}")
        with path.open("rb") as stream:
            yield stream
        path.unlink()

    def once(self, *words: str, entrypoint: str = "", given: str | None = None) -> Ran:
        start = (entrypoint,) if entrypoint else ("python", "-m", "bot")
        return run(*self._run(), self._container(), "--", *start, *words, given=given)

    def start(self, variables: Mapping[str, str], files: Mapping[Path, str]) -> None:
        told = [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
        shown = [word for path, place in files.items() for word in ("--volume", f"{path}:{place}:ro")]
        self._words = [*self._run(), *told, *shown, self._container(), "--", "python", "-m", "bot", "run"]
        self.again()

    def again(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self._running = subprocess.Popen(self._words, stdout=log, stderr=log)

    def inside(self, *words: str) -> Ran:
        return run(*self._words[: self._words.index("--") + 1], *words)

    def stop(self) -> int:
        assert self._running
        bots = [pid for pid in _family(self._running.pid) if _words_of(pid)[1:] == ["-m", "bot", "run"]]
        for pid in bots:
            os.kill(pid, signal.SIGTERM)
        return self._running.wait(30)

    def log(self) -> str:
        path = self._folder / "log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def clean(self) -> None:
        if self._running and self._running.poll() is None:
            for pid in reversed(_family(self._running.pid)):
                os.kill(pid, signal.SIGKILL)
        if self._made:
            run("buildah", "rm", self._made)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _container(self) -> str:
        if not self._made:
            self._made = sure("buildah", "from", "--pull-never", self.image)
            # Else Buildah lays a volume of its own over the folder that is mounted there.
            sure("buildah", "config", "--volume", "/data-", self._made)
        return self._made

    def _run(self) -> list[str]:
        return ["buildah", "run", *CHROOT, "--volume", f"{self._data}:/data"]


def _family(pid: int) -> list[int]:
    """A process and what descends from it."""
    lists = Path("/proc", str(pid), "task").glob("*/children")  # any of its threads may have begun one
    children = [child for path in lists for child in path.read_text(encoding="ascii").split()]
    return [pid, *(each for child in children for each in _family(int(child)))]


def _words_of(pid: int) -> list[str]:
    return Path("/proc", str(pid), "cmdline").read_text(encoding="utf-8").rstrip("\0").split("\0")


@contextmanager
def _stream(*words: str) -> Iterator[IO[bytes]]:
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        assert process.stdout
        yield process.stdout
        while process.stdout.read(1 << 20):
            pass
    if process.returncode:
        raise RuntimeError(f"{' '.join(words[:3])} …: exit code {process.returncode}")


def find(image: str, wanted: str = "") -> Engine:
    """The first that is there and works: a client of Docker without its daemon builds nothing."""
    told = []
    for name, kind in (("docker", Docker), ("podman", Docker), ("buildah", Buildah)):
        if wanted and name != wanted:
            continue
        if not shutil.which(name):
            told.append(f"{name} is not installed")
            continue
        ran = run(name, "info")
        # Older clients end with 0 though they reached no daemon.
        if ran.returncode == 0 and "Cannot connect" not in ran.stdout + ran.stderr:
            return kind(name, image)
        told.append(f"{name} does not work: {(ran.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    raise Missing("; ".join(told) or f"{wanted} is none of docker, podman and buildah")
