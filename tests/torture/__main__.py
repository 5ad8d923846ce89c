"""All of it, one part after the other. Run: python -m tests.torture [--short] [--seed N]

What a bar missed does not keep the other parts from running; the exit code is 1 when any was.
"""

from __future__ import annotations

import argparse
import random

from tests.torture import databases, kills, latency
from tests.torture.world import say

PARTS = {
    "kills, SQLite": (kills.main, "--database sqlite"),
    "kills, PostgreSQL": (kills.main, "--database postgres"),
    "a locked file": (databases.main, "--database sqlite"),
    "PostgreSQL restarted": (databases.main, "--database postgres"),
    "latency": (latency.main, ""),
}
SHORT = {
    "kills, SQLite": "--kills 10 --deliveries 800 --chats 20 --rate 2",
    "kills, PostgreSQL": "--kills 10 --deliveries 800 --chats 20 --rate 2",
    "a locked file": "--blows 2 --deliveries 600 --chats 20 --rate 2",
    "PostgreSQL restarted": "--blows 3 --deliveries 600 --chats 20 --rate 2",
    "latency": "--seconds 15",
}


def main() -> int:
    """Answers 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description="Prove the promise of delivery.")
    parser.add_argument("--short", action="store_true", help="three minutes instead of half an hour")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    missed = []
    for part, (run, sizes) in PARTS.items():
        say(f"== {part}")
        arguments = f"{sizes} {SHORT[part] if options.short else ''} --seed {options.seed}".split()
        if run(arguments):
            missed.append(part)
    say(f"== missed: {', '.join(missed)}" if missed else "== all bars held")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
