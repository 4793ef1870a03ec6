"""Reads the cases that prove law files: facts in, duties and due times out, in a form a lawyer can read.

A file has `given`, named starting points, and `cases`. A case takes a starting point, changes facts (nothing after the colon
takes a fact away), and says what it expects of each finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from breachkit.content.yamlfile import Reader, read_yaml
from breachkit.domain.facts import read_instant
from breachkit.errors import BadFile, BreachkitError, Fault

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
"""The moment a case is judged at when it names none."""


@dataclass(frozen=True)
class Case:
    """One case of one file."""

    file: str
    line: int | None
    name: str
    facts: Mapping[str, Any]
    """As written, by key; the organisation's as `organisation.*`."""
    now: datetime
    law_date: date | None
    expect: Mapping[str, Mapping[str, Any]]
    lines: Mapping[str, int | None]
    """Where each expectation stands."""
    conflicts: tuple[str, ...]
    """Words that must stand in one conflict each, in order; empty: no conflict may be found."""

    def fault(self, id: str | None, text: str) -> Fault:
        """A fault at this case, or at what it expects of a finding."""
        line = self.line if id is None else self.lines.get(id, self.line)
        return Fault(self.file, line, f"case '{self.name}': {text}")


def read_cases(files: Mapping[str, Path]) -> tuple[Case, ...]:
    """The cases of these files, by the name to show. BadFile with every fault of every file."""
    faults: list[Fault] = []
    cases: list[Case] = []
    for name, path in sorted(files.items()):
        try:
            top = Reader(read_yaml(path, name=name), name, faults)
        except BadFile as problem:
            faults += problem.faults
            continue
        given = top.inner("given")
        starts: dict[str, Any] = given.data if given is not None else {}
        found = [_case(one, starts, name) for one in top.mappings("cases")]
        seen: set[str] = set()
        for case in found:
            if case.name in seen:
                faults.append(case.fault(None, "two cases have this name; each says something of its own"))
            seen.add(case.name)
        cases += found
        top.finish()
    if faults:
        raise BadFile(faults)
    return tuple(cases)


def _case(one: Reader, starts: Mapping[str, Any], file: str) -> Case:
    one.what = "a case"
    start = one.text("given", needed=True)
    given = starts.get(start)
    if not isinstance(given, dict):
        one.fault("given", f"no starting point '{start}' under `given`; there are {', '.join(starts) or 'none'}")
        given = {}
    organisation = {**(given.get("organisation") or {}), **(one.raw("organisation") or {})}
    facts = {f"organisation.{key}": value for key, value in organisation.items()}
    facts |= {**(given.get("facts") or {}), **(one.raw("facts") or {})}
    expect = one.inner("expect")
    if expect is None:
        one.fault("expect", "a case expects something: `expect: {us.fl.dla: {status: owed}}`")
    expected: dict[str, Any] = expect.data if expect is not None else {}
    case = Case(
        file=file,
        line=one.line,
        name=one.text("name", needed=True),
        facts={key: value for key, value in facts.items() if value is not None},
        now=_moment(one) or NOW,
        law_date=_day(one),
        expect=expected,
        lines={id: expect.line_of(id) for id in expected} if expect is not None else {},
        conflicts=one.texts("conflicts"),
    )
    one.finish()
    return case


def _moment(one: Reader) -> datetime | None:
    text = one.text("now")
    try:
        return read_instant(text).at if text else None
    except BreachkitError as problem:
        one.fault("now", str(problem))
        return None


def _day(one: Reader) -> date | None:
    text = one.text("law_date")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        one.fault("law_date", f"'{text}' is not a day; write 2026-11-21")
        return None
