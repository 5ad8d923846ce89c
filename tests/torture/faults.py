"""A fifth of all messages goes wrong, in every way: `python -m tests.torture.faults [--deliveries 2000 --share 0.2]`.

Prints how the deliveries ended, whether any was lost, and how long the chats waited that met no fault themselves.
Ends with 1 where a bar is missed: all end in sent or failed with a reason, none lost, p99 of bystanders at most 3 s.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
from pathlib import Path

import structlog

from tests.support.fault_run import Outcome, Run, fault_run

MOST_SECONDS = 3.0


def failures(outcome: Outcome) -> list[str]:
    """The bars that were missed."""
    checks = {
        f"{outcome.open} deliveries did not end": outcome.open,
        f"{outcome.unexplained} failed without a reason": outcome.unexplained,
        f"{outcome.lost} were lost": outcome.lost,
        f"{outcome.discord_repeats} came twice on Discord": outcome.discord_repeats,
        f"bystanders waited {outcome.quantile(0.99):.2f} s (p99)": outcome.quantile(0.99) > MOST_SECONDS,
    }
    return [words for words, missed in checks.items() if missed]


def report(outcome: Outcome) -> str:
    """The figures."""
    faults, ends = outcome.faults.total(), ", ".join(f"{count} {end}" for end, count in outcome.ends.items())
    low, high, most = (outcome.quantile(share) for share in (0.5, 0.99, 1))
    lines = [
        f"messages: {outcome.messages}, faults: {faults} ({faults / max(1, outcome.messages):.0%})",
        *(f"  {count:5} {name}" for name, count in outcome.faults.most_common()),
        f"deliveries: {outcome.ends.total()}, {ends}",
        *(f"  {count:5} failed: {reason}" for reason, count in outcome.reasons.most_common()),
        f"not ended: {outcome.open}, failed without a reason: {outcome.unexplained}, lost: {outcome.lost}",
        f"came twice: {outcome.telegram_repeats} on Telegram (no answer came), {outcome.discord_repeats} on Discord",
        f"bystanders' {len(outcome.delays)} deliveries, from due to accepted, in seconds:",
        f"  p50 {low:.2f}, p99 {high:.2f} (bar: {MOST_SECONDS:.0f}), longest {most:.2f}",
        f"took {outcome.seconds:.0f} s",
    ]
    return "\n".join(lines)


def main() -> int:
    """Run, print, judge."""
    parser = argparse.ArgumentParser(description="Deliveries while a share of the messages goes wrong.")
    parser.add_argument("--deliveries", type=int, default=2000)
    parser.add_argument("--share", type=float, default=0.2)
    parser.add_argument("--chats", type=int, default=400)
    parser.add_argument("--per-second", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))  # the faults are meant
    run = Run(
        deliveries=arguments.deliveries,
        share=arguments.share,
        chats=arguments.chats,
        per_second=arguments.per_second,
        seed=arguments.seed,
    )
    with tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(fault_run(run, Path(folder)))
    sys.stdout.write(report(outcome) + "\n")
    missed = failures(outcome)
    sys.stdout.write("".join(f"MISSED: {words}\n" for words in missed) or "all bars kept\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
