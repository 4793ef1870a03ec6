"""How long a whole scripted exercise takes from the shell, beside one look at the duties of an incident. Run by hand.

Every round runs each command once. A ratio is the median of the rounds' ratios to `breachkit duties --facts` of the same round;
`virtual` is how much faster than its own clock an exercise is played. The exit code is 1 when a 72-hour exercise takes more
than ten seconds in the median.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "playbooks" / "organisations" / "example-co.incident.yaml"
GOAL_SECONDS = 10.0
LONG_HOURS = 72.0


def timed(command: list[str]) -> tuple[float, str]:
    """Seconds, and what it printed; the program ends when the command fails."""
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    took = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"failed: {' '.join(command)}\n{done.stderr}")
    return took, done.stdout


def main() -> int:
    """Measure, print a table, and say whether the goal holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--breachkit", default="breachkit")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--team", default="perfect")
    given = parser.parse_args()
    scenarios = [one["id"] for one in json.loads(timed([given.breachkit, "exercise", "list", "--json"])[1])["scenarios"]]
    looks: list[float] = []
    plays: dict[str, list[float]] = {id: [] for id in scenarios}
    hours, acts = {}, {}
    for _ in range(given.rounds):
        looks.append(timed([given.breachkit, "duties", "--facts", str(SAMPLE)])[0])
        for id in scenarios:
            took, out = timed([given.breachkit, "exercise", "run", id, "--script", given.team, "--json"])
            plays[id].append(took)
            found = json.loads(out)
            starts, ends = (datetime.fromisoformat(found["virtual"][key]) for key in ("starts", "ended"))
            hours[id], acts[id] = (
                (ends - starts).total_seconds() / 3600,
                sum(len(part["lines"]) for part in found["score"]["parts"]),
            )
    print("| exercise | virtual hours | score lines | median s | times `duties --facts` | times its own clock |")
    print("| --- | --- | --- | --- | --- | --- |")
    late = []
    for id in scenarios:
        median = statistics.median(plays[id])
        ratio = statistics.median(play / look for play, look in zip(plays[id], looks, strict=True))
        print(f"| `{id}` | {hours[id]:.0f} | {acts[id]} | {median:.2f} | {ratio:.1f} | {hours[id] * 3600 / median:,.0f} |")
        if hours[id] >= LONG_HOURS and median > GOAL_SECONDS:
            late.append(id)
    if late:
        print(f"goal missed ({GOAL_SECONDS:g} s for an exercise of {LONG_HOURS:g} hours and more): {', '.join(late)}")
    return 1 if late else 0


if __name__ == "__main__":
    raise SystemExit(main())
