"""Damages documents at random and parses them, for as long as told: every exception but NotAFeed, every unsound item
and every parse over two seconds is a finding.

Run: python -m bench.fuzz [SECONDS [SEED [FOLDER...]]]

The documents are those of tests/data/feeds and of the folders. Findings are kept in ./fuzz-findings.
"""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

from bot.errors import NotAFeed
from bot.feeds.parse import parse
from tests.support.mutations import mutate
from tests.support.sound import problems_of

OUR_OWN = Path(__file__).parents[1] / "tests" / "data" / "feeds"
KEPT = Path("fuzz-findings")
SLOW = 2.0  # seconds
LARGEST = 60_000  # bytes of a document to begin with
TYPES = ("", "text/xml; charset=gbk", "text/xml; charset=utf-16", "application/rss+xml; charset=utf-8", "charset='")


def documents(folders: list[Path]) -> list[bytes]:
    paths = [path for folder in (OUR_OWN, *folders) for path in sorted(folder.rglob("*")) if path.is_file()]
    bodies = [path.read_bytes() for path in paths if not path.name.endswith(".expected.json")]
    return [body for body in bodies if len(body) <= LARGEST]


def attempt(body: bytes, content_type: str) -> str:
    """What is wrong, in a few words, or how it ended if nothing is."""
    try:
        parsed = parse(body, url="https://feeds.example/rss", content_type=content_type)
    except NotAFeed:
        return "no feed"
    except TimeoutError:
        return "HANGS"
    except Exception as error:  # noqa: BLE001 - looked for
        return f"ERROR {error!r:.200}"
    problems = problems_of(parsed)
    return f"UNSOUND {problems[0]:.200}" if problems else "items" if parsed.items else "empty"


def stop(*_: object) -> None:
    raise TimeoutError


def main(seconds: float, seed: int, folders: list[Path]) -> None:
    signal.signal(signal.SIGPROF, stop)
    random, known = Random(seed), documents(folders)
    outcomes: Counter[str] = Counter()
    slowest, end = 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        body, content_type = mutate(random.choice(known), random, known), random.choice(TYPES)
        begun = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, 5 * SLOW)
        outcome = attempt(body, content_type)
        signal.setitimer(signal.ITIMER_PROF, 0)
        took = time.process_time() - begun
        slowest = max(slowest, took)
        outcome = f"SLOW {took:.1f} s" if took > SLOW else outcome
        outcomes[outcome] += 1
        if outcome.partition(" ")[0].isupper() and outcomes[outcome] == 1:
            KEPT.mkdir(exist_ok=True)
            KEPT.joinpath(f"{outcomes.total()}-{seed}").write_bytes(content_type.encode() + b"\n" + body)
            print(outcome, flush=True)
    print(f"{outcomes.total():,} documents from {len(known)} in {seconds:.0f} s (seed {seed}); slowest {slowest:.2f} s")
    for outcome, count in outcomes.most_common(20):
        print(f"{count:10,} {outcome}")


if __name__ == "__main__":
    seconds, seed, *folders = [*sys.argv[1:], *("20", "1")[len(sys.argv[1:3]) :]]
    main(float(seconds), int(seed), [Path(name) for name in folders])
