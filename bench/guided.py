"""As `bench.fuzz`, but guided: atheris keeps the damaged documents that reach code no other one reached, and damages
those on.

Run: python -m bench.guided [SECONDS [FOLDER...]]

It needs atheris, which is not among the development tools (it is large, and has no builds for new Pythons):
pip install atheris. A finding ends the run; its document is kept in ./fuzz-findings.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path


def main(seconds: int, folders: list[Path]) -> None:
    try:
        import atheris  # noqa: PLC0415 - not everybody has it
    except ImportError:
        print("atheris is not installed: pip install atheris")
        return
    with atheris.instrument_imports(include=["bot.feeds", "bot.text", "feedparser"]):
        from bench.fuzz import KEPT, LARGEST, TYPES, attempt, documents  # noqa: PLC0415 - only what is imported here is guided

    def one(data: bytes) -> None:
        content_type = TYPES[data[0] % len(TYPES)] if data else ""
        outcome = attempt(data[1:], content_type)
        if outcome not in {"items", "empty", "no feed"}:
            raise AssertionError(outcome)

    with tempfile.TemporaryDirectory() as seeds:
        for number, body in enumerate(documents(folders)):
            (Path(seeds) / str(number)).write_bytes(bytes([number % 256]) + body)
        KEPT.mkdir(exist_ok=True)
        options = [
            f"-artifact_prefix={KEPT}/",
            f"-max_total_time={seconds}",
            f"-max_len={LARGEST}",
            "-timeout=10",
            "-rss_limit_mb=4096",
        ]
        atheris.Setup([sys.argv[0], *options, "-print_final_stats=1", "-verbosity=0", seeds], one)
        atheris.Fuzz()


if __name__ == "__main__":
    arguments = sys.argv[1:] or ["60"]
    main(int(arguments[0]), [Path(folder) for folder in arguments[1:]])
