"""Made-up people in tables, and the facts of their incident."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from breachkit.workflow.batch import Order, run_batch
from breachkit.workflow.subjects import answer, subject_of_file
from breachkit.workflow.workspace import Workspace

HEAD = ("id", "name", "email", "street", "city", "postcode", "state", "country", "language")

FACTS = """format: breachkit/facts@1
organisation: example-co
facts:
  incident.title: A copied customer file
  incident.summary: A file with customer records was copied by somebody without a right to it.
  role: controller
  began_at: 2026-11-16
  discovered_at: 2026-11-20T21:50:00+01:00[Europe/Brussels]
  aware_at: 2026-11-20T22:15:00+01:00[Europe/Brussels]
  determined_at: 2026-11-20T22:15:00+01:00[Europe/Brussels]
  breach.kinds: [confidentiality]
  breach.exfiltration: confirmed
  data.categories: [full_name, ssn]
  data.categories_complete: yes
  data.encrypted: no
  people.in.ES: 10..9000
  people.in.US-FL: 10..9000
  people.in.US-CA: 10..9000
  risk.level: high
  measures.taken: The way in was closed.
  measures.advice: Watch your account statements.
  contact.email: privacy@example-co.invalid
"""

DUTIES = ("eu.gdpr.34", "us.fl.individuals", "us.ca.individuals")
PLACES = (("", "ES", "Madrid", "28001"), ("FL", "US", "Miami", "33101"), ("CA", "US", "Fresno", "93650"))
NAMES = ("Ana Muster", "Zoë O'Neil", "José <García>", "山田 太郎", "Müller & Söhne", 'Anna "Ann" Lee', "_under_ *star*")


def person(number: int, **changes: str) -> dict[str, str]:
    """A row of a table; no two numbers are the same person."""
    state, country, city, postcode = PLACES[number % len(PLACES)]
    name = f"{NAMES[number % len(NAMES)]} {number}"
    return {
        "id": f"C{number}", "name": name, "email": f"p{number}@example.com", "street": f"{number} Example Street", "city": city,
        "postcode": postcode, "state": state, "country": country, "language": "en", **changes,
    }  # fmt: skip


def write_table(path: Path, people: Iterable[dict[str, str]], head: Sequence[str] = HEAD) -> Path:
    """A CSV table of these people."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, head, restval="")
        rows.writeheader()
        rows.writerows(people)
    return path


def make(
    workspace: Workspace, table: Path, out: Path, *, duties: Sequence[str] = DUTIES, facts: str = FACTS, **options: Any
) -> dict[str, Any]:
    """Run a batch in this process; what it says of itself."""
    options = {"format": "jsonl", "workers": 1, **options}
    found = answer(subject_of_file(None, text=facts.encode()), workspace)
    return run_batch(found, duties, workspace, Order(table, out, **options), lambda *_: None)


def manifest(out: Path) -> list[dict[str, str]]:
    """The manifest's rows."""
    with (out / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def letters(out: Path) -> dict[int, bytes]:
    """Each person's letter as the manifest says where it is, by row; of a print file the whole file."""
    found = {}
    for row in manifest(out):
        data = (out / row["file"]).read_bytes()
        if row["offset"]:
            data = data[int(row["offset"]) : int(row["offset"]) + int(row["bytes"])]
        found[int(row["row"])] = data
    return found


def listed(out: Path, name: str) -> list[dict[str, str]]:
    """The rows of a list beside the manifest."""
    with (out / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def summary(out: Path) -> dict[str, Any]:
    """What the batch says of itself."""
    found: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return found
