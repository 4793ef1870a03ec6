"""Whole batches for `letters.py`: one process against two, and a million people through three kills."""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

FIRST = ("Ana", "Zoë", "José", "Mary", "Łukasz", "Fatima", "Tom O'Neil", "Chloé", "Ivan", "Wei", "John", "Linda")
LAST = ("Muster", "García", "Smith", "Müller", "Jones", "Lee", "Wilson", "Khan", "Kim", "Brown", "Patel", "Davis")
STATES = [
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD",
    "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC",
    "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "DC",
]  # fmt: skip
COUNTRIES = {"ES": "es", "FR": "fr", "DE": "de", "IT": "it", "NL": "nl", "PT": "pt", "PL": "pl", "GB": "en", "IE": "en"}


def person(number: int) -> dict[str, Any]:
    """A made-up person."""
    name, id, email = f"{FIRST[number % 12]} {LAST[number // 12 % 12]} {number}", f"C{number:08d}", f"p{number}@example.com"
    lines = (f"{number} Example Street", f"Miami, FL {33101 + number % 800}", "United States")
    return {"name": name, "address": (name, *lines), "id": id, "email": email, "record": (str(number), id, name, email, *lines)}


FACTS = """format: breachkit/facts@1
organisation: example-co
facts:
  incident.title: A copied customer file
  incident.summary: A file with customer records was copied by somebody without a right to it. We closed the way in at once.
  incident.invented: yes
  role: controller
  began_at: 2026-11-16
  discovered_at: 2026-11-20T21:50:00+01:00[Europe/Brussels]
  aware_at: 2026-11-20T22:15:00+01:00[Europe/Brussels]
  determined_at: 2026-11-20T22:15:00+01:00[Europe/Brussels]
  contained_at: 2026-11-20T22:40:00+01:00[Europe/Brussels]
  breach.kinds: [confidentiality]
  breach.cause: misconfiguration
  breach.accessed: yes
  breach.acquired: yes
  breach.exfiltration: confirmed
  breach.medium: [electronic]
  data.categories: [full_name, ssn]
  data.categories_complete: yes
  data.encrypted: no
  people.elsewhere: 0
  risk.level: high
  measures.taken: The way in was closed and the access logs were secured.
  measures.advice: Watch your account statements, and be careful with calls that mention us.
  consequences: Somebody could use the records for fraud.
  contact.name: Privacy team
  contact.email: privacy@example-co.invalid
  contact.phone: +1 305 555 0100
"""


def synthetic(folder: Path, number: int) -> tuple[Path, Path]:
    """A table of made-up people over 60 jurisdictions, and the facts of their incident."""
    rng = random.Random(7)
    places = [("US", state, "es" if rng.random() < 0.1 else "en") for state in STATES] + [
        (c, "", said) for c, said in COUNTRIES.items()
    ]
    table = folder / "people.csv"
    counts = dict.fromkeys((f"{country}-{state}" if state else country for country, state, _ in places), 0)
    with table.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "name", "email", "street", "city", "postcode", "state", "country", "language"])
        for n in range(number):
            country, state, said = places[rng.randrange(len(places))]
            name = f"{FIRST[n % len(FIRST)]} {LAST[n // len(FIRST) % len(LAST)]}"
            counts[f"{country}-{state}" if state else country] += 1
            rows.writerow(
                [
                    f"C{n:07d}",
                    name,
                    f"p{n}@example.com",
                    f"{n} Example Street",
                    "Sampleton",
                    f"{10000 + n % 89999}",
                    state,
                    country,
                    said,
                ]
            )
    facts = folder / "facts.yaml"
    facts.write_text(FACTS + "".join(f"  people.in.{place}: {count}\n" for place, count in counts.items()), encoding="utf-8")
    return table, facts


def batch_command(table: Path, facts: Path, out: Path, workers: int, format: str) -> list[str]:
    """The command as a responder types it."""
    return [
        sys.executable, "-m", "breachkit", "notice", "batch", "all", "--facts", str(facts), "--people", str(table),
        "--out", str(out),
        "--workers", str(workers), "--format", format, "--fallback-language", "en", "--json",
    ]  # fmt: skip


def workers(rounds: int, number: int = 500_000) -> dict[str, Any]:
    """One process against two, their start counted in: the table is read once, and each run goes on from there."""
    took: dict[int, list[float]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as where:
        table, facts = synthetic(Path(where), number)
        writing_time(batch_command(table, facts, Path(where) / "read", 1, "jsonl"), stop=True)
        for _ in range(rounds):
            for count in took:
                out = Path(where) / "out"
                shutil.rmtree(out, ignore_errors=True)
                shutil.copytree(Path(where) / "read", out)
                os.sync()
                took[count].append(writing_time(batch_command(table, facts, out, count, "jsonl")))
    ratio = statistics.median(one / two for one, two in zip(took[1], took[2], strict=True))
    rates = {f"{count} workers": round(number / statistics.median(times)) for count, times in took.items()}
    return {"letters_per_second": rates, "ratios": {"2 workers / 1": round(ratio, 2)}}


def writing_time(command: list[str], *, stop: bool = False) -> float:
    """Seconds between the first and the last word about writing on stderr; `stop` kills it at the first."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        began = ended = 0.0
        for line in running.stderr:
            if line.startswith("writing: 0%"):
                began = time.perf_counter()
                if stop:
                    running.kill()
            elif line.startswith("writing"):
                ended = time.perf_counter()
    assert stop or running.returncode == 0
    return ended - began


def peak(command: list[str]) -> tuple[float, int]:
    """Seconds, and the greatest resident set of any of its processes in MiB."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def million(number: int, format: str) -> dict[str, Any]:
    """A batch killed three times at random moments and gone on with; then everybody is looked for in the manifest."""
    rng = random.Random()
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as where:
        small = peak(batch_command(*synthetic(Path(where), 1_000), Path(where) / "small", 2, format))
        table, facts = synthetic(Path(where), number)
        out = Path(where) / "out"
        command = batch_command(table, facts, out, 2, format)
        killed = []
        for _ in range(3):
            running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
            wait = rng.uniform(3, 20 + number / 25_000)
            time.sleep(wait)
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL) if rng.random() < 0.5 else running.kill()
                killed.append(round(wait, 1))
            running.wait()
        seconds, memory = peak(command)
        summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
        seen = manifest_rows(out / "manifest.csv", number)
        served = sum(seen)
        assert max(seen) == 1, "nobody twice"
        assert served == summary["letters"], "as many as were counted"
        assert summary["letters"] + sum(summary["refused"].values()) + summary["duplicates"] == summary["rows"] == number
        return {
            "people": number, "format": format, "letters": served, "refused": summary["refused"],
            "jurisdictions": len(summary["by_place"]), "killed_after_seconds": killed, "last_run_seconds": round(seconds),
            "peak_MiB_at_1000": small[1], "peak_MiB": memory, "everybody_exactly_once": True,
        }  # fmt: skip


def manifest_rows(path: Path, number: int) -> bytearray:
    """How often each row stands in a manifest."""
    seen = bytearray(number + 1)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            seen[int(row["row"])] += 1
    return seen
