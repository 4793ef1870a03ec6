"""What the whole law library costs: cold, as one process, and warm, beside hand-written ifs for the same conditions.

The incident touches every jurisdiction: people live in every place of which a law is loaded. Cold rounds alternate with
`python -c pass`. The ifs are Python source written from the laws' conditions as a hand would write them - one function of plain
comparisons on a dictionary of values, short-circuiting, two-valued - and are checked to agree with the engine first.
Run by hand; see benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 21)
COLD = """
import gc, json, sys
gc.set_threshold(200_000)
from pathlib import Path
from breachkit.workflow.subjects import answer, subject_of_file
from breachkit.workflow.workspace import Workspace
found = answer(subject_of_file(Path(sys.argv[1])), Workspace())
assert len(found.assessment.findings) > 500
"""


def everywhere() -> dict[str, Any]:
    """The facts of an incident with people in every jurisdiction, and an organisation at home in Spain, as in a facts file."""
    from breachkit.content.laws import load_laws
    from breachkit.content.vocabulary import load_vocabulary

    words = load_vocabulary()
    places = sorted({regime.place for regime in load_laws()} - set(words.groups) - {"US", "CA", "AE", ""})
    places = sorted({*places, *words.groups["EEA"]})
    facts: dict[str, Any] = {
        "role": "controller",
        "aware_at": "2026-11-20T10:00:00+01:00[Europe/Brussels]",
        "discovered_at": "2026-11-20T09:00:00+01:00[Europe/Brussels]",
        "breach.accessed": "yes",
        "breach.acquired": "yes",
        "breach.malicious": "yes",
        "breach.kinds": ["confidentiality"],
        "breach.medium": ["electronic"],
        "data.categories": ["full_name", "email", "ssn", "national_id", "health"],
        "data.categories_complete": "yes",
        "data.encrypted": "no",
        "risk.level": "high",
        "people.elsewhere": "0",
        **{f"people.in.{place}": "1200" for place in places},
    }
    profile = {
        "id": "everywhere", "name": "Everywhere Ltd", "roles": ["controller"], "serves": places, "main_establishment": "ES",
        "established_in": ["ES"], "sectors": ["saas"],
    }  # fmt: skip
    return {"format": "breachkit/facts@1", "organisation": profile, "facts": facts}


def book_of(written: Mapping[str, Any]) -> Any:
    from breachkit.content.vocabulary import load_vocabulary
    from breachkit.domain.factbook import FactBook
    from breachkit.domain.facts import Fact, read_value

    words = load_vocabulary()
    given = {**written["facts"], **{f"organisation.{key}": value for key, value in written["organisation"].items()}}
    facts = {key: Fact(key, read_value(words.spec(key), value, words), value) for key, value in given.items()}
    return FactBook(facts, words)


def cold(rounds: int, python: str) -> None:
    """One process from nothing to the findings, as a multiple of `python -c pass`."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        json.dump(everywhere(), file)  # JSON is YAML
        file.flush()
        commands = {"python -c pass": (python, "-c", "pass"), "to the findings": (python, "-c", COLD, file.name)}
        commands["breachkit duties --json"] = (python, "-m", "breachkit", "duties", "--facts", file.name, "--json")
        commands["breachkit --help"] = (python, "-m", "breachkit", "--help")
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                start = time.perf_counter()
                subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
                taken[name].append(time.perf_counter() - start)
    base = taken["python -c pass"]
    for name, times in taken.items():
        ratio = statistics.median(one / bare for one, bare in zip(times, base, strict=True))
        print(f"  {name:<26}{statistics.median(times) * 1e3:8.1f} ms {ratio:7.1f}x")


def reading() -> None:
    """The law files read, checked and compiled, against the compiled table, and against one regime out of it."""
    from breachkit.content import laws
    from breachkit.content.shipped import LAWS, parse_all

    table = laws.shipped_laws()
    works: dict[str, Callable[[], object]] = {
        "all from YAML": lambda: laws.law_table(parse_all(laws.law_files(LAWS), LAWS)),
        "all from the table": table.regimes,
        "one from the table": lambda: table.regimes({"us.fl"}),
    }
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(3):
        for name, work in works.items():
            taken[name].append(timed(work, 1))
    for name, times in taken.items():
        print(f"  {name:<26}{statistics.median(times) * 1e3:8.1f} ms")


def samples() -> None:
    """One assessment of each sample incident."""
    from breachkit.content.organisations import organisation_folder
    from breachkit.workflow.subjects import answer, subject_of_file
    from breachkit.workflow.workspace import Workspace

    space = Workspace(reading_now=NOW)

    def judged(path: Path) -> object:
        return answer(subject_of_file(path), space)

    for path in sorted(organisation_folder().glob("*.incident.yaml")):
        subject = subject_of_file(path)
        taken = [timed(partial(judged, path), 1) for _ in range(5)]
        open_ones = sum(finding.running for finding in answer(subject, space).assessment.findings)
        print(f"  {path.name.removesuffix('.incident.yaml'):<26}{statistics.median(taken) * 1e3:8.1f} ms, {open_ones} running")


def warm(incidents: int) -> None:
    """Thousands of incidents in one process: bare answers against ifs, and whole findings beside them."""
    from breachkit.content.calendars import calendar_for
    from breachkit.content.laws import load_pack
    from breachkit.content.vocabulary import load_directory
    from breachkit.domain.drafts import Setting
    from breachkit.domain.duties import assess
    from breachkit.domain.factbook import FactBook
    from breachkit.domain.quick import QuickJudge

    first = book_of(everywhere())
    pack = load_pack()
    quick = QuickJudge(pack, DAY)
    ifs = hand_written(pack)
    values = values_of(first)
    agreed(quick.judge(first), ifs(values))

    def fresh() -> Any:
        return FactBook(first.facts, first.words)  # nothing is remembered from one incident to the next

    setting = Setting(pack, load_directory(), calendar_for, NOW, DAY)
    works = {
        "hand-written ifs": (lambda: ifs(values), 1),
        "bare answers of the laws": (lambda: quick.judge(fresh()), 1),
        "whole findings": (lambda: assess(fresh(), setting), 100),
    }
    taken: dict[str, list[float]] = {name: [] for name in works}
    block = max(100, incidents // 50)
    for _ in range(max(1, incidents // block)):
        for name, (work, sparing) in works.items():
            taken[name].append(timed(work, block // sparing))
    base = taken["hand-written ifs"]
    for name, times in taken.items():
        ratio = statistics.median(one / bare for one, bare in zip(times, base, strict=True))
        print(f"  {name:<26}{statistics.median(times) * 1e3:8.3f} ms an incident {ratio:7.1f}x")
    print(f"  {len(ifs(values))} duties; blocks of {block} incidents, by turns; of whole findings every hundredth")


def timed(work: Callable[[], object], times: int) -> float:
    """Seconds for one."""
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


def agreed(quick: Mapping[str, bool | None], ifs: Mapping[str, bool]) -> None:
    """The ifs know no 'not known': where the engine is sure, they must say the same."""
    wrong = [duty for duty, answer in quick.items() if answer is not None and ifs[duty] != answer]
    assert not wrong, wrong


# -- the ifs ----------------------------------------------------------------------------------------------------------------


def values_of(book: Any) -> dict[str, Any]:
    """The facts as a hand-written program would hold them: plain numbers, words and sets, looked up by name."""
    from breachkit.domain.facts import Count

    found: dict[str, Any] = {}
    for key, fact in book.facts.items():
        value = fact.value
        if isinstance(value, Count):
            value = value.low
        elif isinstance(value, bool):
            value = "yes" if value else "no"
        found[key] = frozenset(value) if isinstance(value, tuple) else value
    found["total"] = book.total.low
    return found


def hand_written(pack: Any) -> Callable[[Mapping[str, Any]], dict[str, bool]]:
    """One function of ifs for all duties of the day."""
    from breachkit.domain.quick import texts_of

    lines = ["def ifs(v):", "    get = v.get", "    found = {}"]
    for duty, version in texts_of(pack, DAY):
        test = f"({source(version.scope)}) and ({source(version.when)})"
        for excuse in version.exempt:
            test += f" and not ({source(excuse.when)})"
        for one in version.replaced:
            test += f" and not (found.get({one.by!r}) and ({source(one.when)}))"
        if version.where_owed:
            test += f" and found.get({version.where_owed!r}, False)"
        lines.append(f"    found[{duty!r}] = bool({test})")
    lines.append("    return found")
    space: dict[str, Any] = {}
    exec("\n".join(lines), space)  # the source is made here, from the shipped laws
    made: Callable[[Mapping[str, Any]], dict[str, bool]] = space["ifs"]
    return made


def source(condition: Any) -> str:
    """A condition as a hand would write it in Python."""
    from breachkit.content.vocabulary import load_vocabulary
    from breachkit.domain import conditions as c

    words = load_vocabulary()
    match condition:
        case c.All(parts):
            return "(" + " and ".join(source(part) for part in parts) + ")" if parts else "True"
        case c.AnyOf(parts):
            return "(" + " or ".join(source(part) for part in parts) + ")" if parts else "False"
        case c.Not(part):
            return f"(not {source(part)})"
        case c.Always(holds, _):
            return str(bool(holds))
        case c.FactIs(key, values, _):
            return f"get({key!r}) == {values[0]!r}" if len(values) == 1 else f"get({key!r}) in {values!r}"
        case c.Includes(key, member, _):
            return f"{member!r} in get({key!r}, ())"
        case c.Known(key, _):
            return f"get({key!r}) is not None"
        case c.Amount(key, op, number, _):
            return f"get({key!r}, 0) {op} {number}"
        case c.People(counts, op, number, place):
            key = "total" if counts == "total" or place is None else f"people.in.{place}"
            members = [f"people.in.{one}" for one in words.groups.get(place or "", ())]
            count = f"get({key!r}, 0)" if not members else f"sum(get(k, 0) for k in {members!r})"
            return f"{count} {op} {number}"
        case c.Role(roles):
            return f"v['organisation.roles'] & {set(roles)!r}"
        case c.Sector(sector):
            return f"{sector!r} in v['organisation.sectors']"
        case c.Established(place):
            inside = {one for one in words.places if words.within(one, place)}
            return f"v['organisation.established_in'] & {inside!r}" if len(inside) < 60 else f"'{place}' != ''"
        case c.Targets(place):
            inside = sorted(one for one in words.places if words.within(one, place) and "-" not in one)
            keys = [f"people.in.{one}" for one in inside]
            return f"any(get(k, 0) > 0 for k in {keys!r})"
        case c.Data(with_name, alone, unprotected, names):
            readable = " and v['data.encrypted'] == 'no'" if unprotected else ""
            kinds = "v['data.categories']"
            linked = f"({kinds} & {widened(names)!r} and {kinds} & {widened(with_name)!r})"
            tests = [linked] if with_name else []
            tests += [f"{kinds} & {widened(alone)!r}"] if alone else []
            return f"(({' or '.join(tests)}){readable})"
    raise AssertionError(condition)


def widened(ids: tuple[str, ...]) -> set[str]:
    """These kinds of data and the narrower ones, as somebody would list them by hand."""
    from breachkit.content.vocabulary import load_vocabulary

    words = load_vocabulary()
    return {one for id in ids for one in words.below(id)} | set(ids)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--incidents", type=int, default=10_000)
    options.add_argument("--python", default=sys.executable, help="the interpreter of an ordinary install")
    said = options.parse_args()
    print(f"cold, one process, an incident in every jurisdiction ({said.rounds} rounds)")
    cold(said.rounds, said.python)
    print(f"warm, {said.incidents} incidents")
    warm(said.incidents)
    print("reading the laws")
    reading()
    print("sample incidents, facts file to findings, warm")
    samples()


if __name__ == "__main__":
    main()
