"""How long commands take from the shell, beside the bare interpreter. Run by hand; see benchmarks/README.md.

Every round runs each command once, one after the other, so that a busy machine weighs on all of them alike. A ratio is the
median of the rounds' ratios to `python -c pass` of the same round. The exit code is 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "playbooks" / "organisations" / "example-co.incident.yaml"


@dataclass(frozen=True)
class Timed:
    """One command line, and the most it may take as a multiple of `python -c pass`; None without a goal."""

    name: str
    command: tuple[str, ...]
    goal: float | None = None


def commands(breachkit: str, python: str, peer_python: str | None, sqlite_utils: str | None) -> list[Timed]:
    facts = ("--facts", str(SAMPLE))
    timed = [
        Timed("python -c pass", (python, "-c", "pass")),
        Timed("breachkit --help", (breachkit, "--help"), 8),
        Timed("breachkit --version", (breachkit, "--version"), 8),
        Timed("breachkit law list", (breachkit, "law", "list")),
        Timed("breachkit duties --facts FILE", (breachkit, "duties", *facts), 16),
        Timed("breachkit ask --facts FILE", (breachkit, "ask", *facts)),
        Timed("breachkit notice render --facts FILE", (breachkit, "notice", "render", "eu.gdpr.33", *facts)),
        Timed("breachkit incident list", (breachkit, "incident", "list"), 35),
        Timed("breachkit duties INC-1", (breachkit, "duties", "INC-1"), 35),
        Timed("breachkit journal verify", (breachkit, "journal", "verify"), 35),
    ]
    if peer_python:
        timed.append(Timed("peer python -c pass", (peer_python, "-c", "pass")))
    if sqlite_utils:
        timed.append(Timed("sqlite-utils --help", (sqlite_utils, "--help")))
        timed.append(Timed("sqlite-utils tables", (sqlite_utils, "tables", os.environ["BREACHKIT_DATABASE"])))
    return timed


def open_sample(breachkit: str) -> None:
    """One incident in a database of its own, as `breachkit incident open` leaves it."""
    commands = [breachkit, "incident", "open", "--facts", str(SAMPLE)]
    done = subprocess.run(commands, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"could not set up: {' '.join(commands)}\n{done.stderr}")


def measure(timed: list[Timed], rounds: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {one.name: [] for one in timed}
    for number in range(rounds + 1):
        for one in timed:
            start = time.perf_counter()
            done = subprocess.run(one.command, capture_output=True, check=False)
            elapsed = time.perf_counter() - start
            if done.returncode:
                sys.exit(f"{one.name} ended with {done.returncode}:\n{done.stderr.decode(errors='replace')}")
            if number:
                taken[one.name].append(elapsed)
    return taken


def report(timed: list[Timed], taken: dict[str, list[float]]) -> bool:
    """Print one line a command; True when every goal is met."""
    bare = taken["python -c pass"]
    ratios = {name: statistics.median(own / base for own, base in zip(own, bare, strict=True)) for name, own in taken.items()}
    print(f"{'command':<40} {'median ms':>9} {'least ms':>9} {'x pass':>7} {'goal':>5}")
    met = True
    for one in timed:
        ratio, goal = ratios[one.name], "" if one.goal is None else f"{one.goal:g}"
        missed = one.goal is not None and ratio > one.goal
        met = met and not missed
        median, least = statistics.median(taken[one.name]) * 1e3, min(taken[one.name]) * 1e3
        print(f"{one.name:<40} {median:>9.1f} {least:>9.1f} {ratio:>7.1f} {goal:>5}{'  MISSED' if missed else ''}")
    if "sqlite-utils --help" in ratios:
        beside = statistics.median(
            own / peer for own, peer in zip(taken["breachkit --help"], taken["sqlite-utils --help"], strict=True)
        )
        met = met and beside < 1
        print(f"breachkit --help takes {beside:.2f} times as long as sqlite-utils --help{'' if beside < 1 else '  MISSED'}")
    return met


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--breachkit", required=True, help="the console script of an ordinary (not editable) install")
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--peer-python", help="python of the peers' own virtual environment")
    options.add_argument("--sqlite-utils", help="path of sqlite-utils in that environment")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ |= {
            "BREACHKIT_DATABASE": str(Path(place) / "journal.db"),
            "BREACHKIT_CACHE": str(Path(place) / "cache"),
            "BREACHKIT_ACTOR": "benchmark",
        }
        python = str(Path(chosen.breachkit).resolve().parent / "python")
        open_sample(chosen.breachkit)
        timed = commands(chosen.breachkit, python, chosen.peer_python, chosen.sqlite_utils)
        sys.exit(0 if report(timed, measure(timed, chosen.rounds)) else 1)


if __name__ == "__main__":
    main()
