"""How fast an incident is worked out from its journal, and where the time goes. Run by hand: fold.py [ENTRIES].

The parts are timed on the same entries one after the other, several rounds; the best round of each is shown, since whatever
else the machine does only adds time.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from breachkit.domain.incident import fold
from breachkit.domain.journal import GENESIS, Draft, Entry, seal, unseal
from breachkit.workflow.subjects import read_fact

NIGHT = datetime(2026, 11, 20, 22, 15, tzinfo=UTC)
ROUNDS = 5
PLACES = ("ES", "GB", "DE", "FR", "US-FL", "US-CA", "IT", "PT")


def drafts(count: int) -> Iterator[Draft]:
    """Half counts by place, half times, lists, choices and texts, corrected again and again."""
    yield Draft("incident.opened", {"organisation": None})
    others: tuple[dict[str, Any], ...] = (
        {"key": "aware_at", "value": "2026-11-20T22:15:00+01:00[Europe/Brussels]", "source": "ticket"},
        {"key": "data.categories", "value": ["full_name", "phone", "email"]},
        {"key": "breach.exfiltration", "value": "likely"},
        {"key": "measures.taken", "value": "The folder was closed and the access logs were secured."},
        {"key": "data.encrypted.phone", "value": "no"},
    )
    for number in range(count - 1):
        body = others[number % 10 // 2] if number % 2 else {"key": f"people.in.{PLACES[number // 2 % 8]}"}
        value = {} if "value" in body else {"value": f"{number}..{number + 100}", "certainty": "estimated"}
        yield Draft("fact.corrected" if number > 20 else "fact.recorded", body | value)


def rows(count: int) -> list[tuple[bytes, str]]:
    found, previous = [], GENESIS
    for seq, draft in enumerate(drafts(count), 1):
        entry, content = seal(draft, incident="INC-1", seq=seq, previous=previous, actor="ana", recorded_at=NIGHT)
        found.append((content, entry.hash))
        previous = entry.hash
    return found


def best(work: Callable[[], object]) -> float:
    def timed() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return min(timed() for _ in range(ROUNDS))


def main(count: int) -> None:
    stored = rows(count)
    entries: list[Entry] = [unseal(content, digest) for content, digest in stored]
    facts = [entry for entry in entries if entry.kind.startswith("fact.")]
    read = {id(entry): read_fact(str(entry.body["key"]), entry.body["value"]) for entry in facts}
    ready = iter(())
    gc.freeze()  # what is prepared here is no part of a fold, and need not be looked through while it is timed

    def decode() -> None:
        for content, digest in stored:
            unseal(content, digest)

    def read_all() -> None:
        for entry in facts:
            read_fact(str(entry.body["key"]), entry.body["value"])

    def fold_with_read_facts() -> None:
        nonlocal ready
        ready = iter([read[id(entry)] for entry in facts])
        fold("INC-1", entries, lambda *_: next(ready))

    parts = {
        "decode the stored JSON": best(decode),
        "read the values": best(read_all),
        "apply": best(fold_with_read_facts),
    }
    whole = best(lambda: fold("INC-1", (unseal(content, digest) for content, digest in stored), read_fact))
    print(f"{count} entries from stored bytes to an incident: {whole:.2f} s, {count / whole:,.0f} entries/s")
    for name, taken in parts.items():
        print(f"  {name:<24} {taken:6.2f} s  {taken / whole:4.0%}")
    many = [replace(entry, body={"key": f"harm.k{n % 500}", "value": "x"}) for n, entry in enumerate(entries[1:], 1)]
    some = next(iter(read.values()))
    spread = best(lambda: fold("INC-1", many, lambda key, _: replace(some, key=key)))
    print(f"  apply with 500 keys known {spread:5.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
