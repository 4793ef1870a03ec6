"""What the laws cost: reading them cold against from the cache, and judging the sample incidents. Run by hand.

Reading is timed in one process with the in-memory caches emptied between rounds; cold and cached rounds alternate.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ROUNDS = 15


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def main() -> None:
    from breachkit.content import laws, vocabulary
    from breachkit.content.calendars import calendar_for
    from breachkit.content.organisations import organisation_folder
    from breachkit.domain.drafts import Setting
    from breachkit.domain.duties import assess
    from breachkit.domain.factbook import FactBook
    from breachkit.workflow.subjects import pack_for, subject_of_file

    def load() -> None:
        for known in (vocabulary._files, vocabulary.load_vocabulary, vocabulary.load_directory, laws.load_laws):
            known.cache_clear()
        laws.load_laws()

    cold, cached, ratios = [], [], []
    for _ in range(ROUNDS):
        for path in Path(os.environ["BREACHKIT_CACHE"]).glob("*.json"):
            path.unlink()
        cold.append(timed(load))
        cached.append(timed(load))
        ratios.append(cold[-1] / cached[-1])
    regimes = laws.load_laws()
    duties = sum(len(regime.duties) for regime in regimes)
    print(f"{len(regimes)} regimes with {duties} duties, and the vocabulary")
    print(f"  read and checked from YAML   {statistics.median(cold):8.1f} ms")
    print(f"  from the cache               {statistics.median(cached):8.1f} ms   {statistics.median(ratios):.0f} times faster")

    print("judging a sample incident      median ms   best ms   findings")
    for path in sorted(organisation_folder().glob("*.incident.yaml")):
        subject = subject_of_file(path)
        setting = Setting(pack_for(subject.organisation), vocabulary.load_directory(), calendar_for, NOW)
        taken, found = [], 0
        for _ in range(ROUNDS):
            book = FactBook(subject.book.facts, subject.book.words)
            start = time.perf_counter()
            found = len(assess(book, setting).findings)
            taken.append((time.perf_counter() - start) * 1e3)
        name = path.name.removesuffix(".incident.yaml")
        print(f"  {name:<26} {statistics.median(taken):11.1f} {min(taken):9.1f} {found:10}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        os.environ["BREACHKIT_CACHE"] = place
        main()
