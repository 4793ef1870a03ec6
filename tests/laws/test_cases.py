"""Runs the cases in the YAML files beside this one: facts in, duties and due times out.

A file has `given`, named starting points, and `cases`. A case takes a starting point, changes facts (nothing after the colon
takes a fact away), and says what it expects of each finding. `because` looks among the reasons, which are written
`yes: it was encrypted`, `no: ...` or `open: ...`. A case that sets no `now` is judged at `NOW` below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from breachkit.content.calendars import calendar_for
from breachkit.content.law_checks import clock_neighbours
from breachkit.content.laws import load_laws, load_pack
from breachkit.content.vocabulary import load_directory, load_vocabulary
from breachkit.content.yamlfile import read_yaml
from breachkit.domain.drafts import Setting
from breachkit.domain.duties import assess
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Fact, read_instant, read_value
from breachkit.domain.findings import Assessment, Finding
from breachkit.domain.law import LawPack, Regime

FOLDER = Path(__file__).parent
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TOP = {"given", "cases"}
KEYS = {"name", "given", "facts", "organisation", "now", "law_date", "expect", "conflicts"}


@dataclass(frozen=True)
class Case:
    """One case of one file."""

    file: str
    name: str
    facts: Mapping[str, Any]
    now: datetime
    law_date: date | None
    expect: Mapping[str, Mapping[str, Any]]
    conflicts: tuple[str, ...]
    """Words that must stand in one conflict each, in order; empty: no conflict may be found."""


def read_cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.yaml")):
        written = read_yaml(path)
        assert set(written) <= TOP, path.name
        for case in written["cases"]:
            assert set(case) <= KEYS, f"{path.name}: {case['name']}: {set(case) - KEYS}"
            given = written["given"][case["given"]]
            organisation = {**(given.get("organisation") or {}), **(case.get("organisation") or {})}
            facts = {f"organisation.{key}": value for key, value in organisation.items()}
            facts |= {**given["facts"], **(case.get("facts") or {})}
            yield Case(
                path.stem,
                case["name"],
                {key: value for key, value in facts.items() if value is not None},
                read_instant(case["now"]).at if "now" in case else NOW,
                date.fromisoformat(case["law_date"]) if "law_date" in case else None,
                case["expect"],
                tuple(case.get("conflicts") or ()),
            )


CASES = list(read_cases())


@cache
def pack_for(file: str) -> LawPack:
    """The laws a file's cases speak of, and those they refer to: a case does not wait for the rest of the world."""
    whole = load_pack()
    owner = {duty.id: regime for regime in whole.regimes for duty in regime.duties}
    wanted = {id.split("@")[0] for case in CASES if case.file == file for id in case.expect}
    found: dict[str, Regime] = {}
    while wanted:
        regime = owner.get(wanted.pop())
        if regime is not None and regime.id not in found:
            found[regime.id] = regime
            for version in (version for duty in regime.duties for version in duty.versions):
                wanted |= clock_neighbours(version) | set(version.waits_for) | {r.by for r in version.replaced}
                wanted |= {version.where_owed} - {""}
    return replace(whole, regimes=tuple(regime for regime in whole.regimes if regime.id in found))


def judged(case: Case) -> Assessment:
    words = load_vocabulary()
    facts = {key: Fact(key, read_value(words.spec(key), value, words), value) for key, value in case.facts.items()}
    return assess(FactBook(facts, words), Setting(pack_for(case.file), load_directory(), calendar_for, case.now, case.law_date))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.name}")
def test_case(case: Case) -> None:
    answer = judged(case)
    for id, expected in case.expect.items():
        finding = answer.find(id)
        assert finding is not None, f"no finding {id}; there are {[f.id for f in answer.findings if f.id.startswith(id[:8])]}"
        for key, value in expected.items():
            check(finding, key, value)
    assert len(answer.conflicts) == len(case.conflicts), [conflict.text for conflict in answer.conflicts]
    for conflict, words in zip(answer.conflicts, case.conflicts, strict=True):
        assert words in conflict.text
        assert conflict.cite


def check(finding: Finding, key: str, expected: Any) -> None:
    """One line of an expectation. A list must be held; other values must be the same; `none` is nothing."""
    due = finding.due
    said = f"{finding.id} {key}: {[reason.text for reason in finding.because]} {due.notes} {finding.notes}"
    match key:
        case "target" | "outer":
            assert getattr(due, key) == moment(expected), said
        case "last_day":
            assert str(due.last_day).lower() == expected, said
        case "not_before":
            assert (due.not_before.at if due.not_before else None) == moment(expected), said
        case "provisional" | "projected":
            assert getattr(due, key) is (expected == "yes"), said
        case "presumed":
            assert finding.presumed is (expected == "yes"), said
        case "status" | "replaced_by" | "version" | "confidence":
            assert getattr(finding, key) == expected, said
        case "because":
            marks = {True: "yes", False: "no", None: "open"}
            reasons = " | ".join(f"{marks[reason.holds]}: {reason.text}" for reason in finding.because)
            assert all(words in reasons for words in listed(expected)), reasons
        case "notes":
            notes = " | ".join((*finding.notes, *due.notes, *due.steps, due.qualifier))
            assert all(words in notes for words in listed(expected)), notes
        case "held":
            held = "yes" if due.held is not None and due.held.counts and due.held.until is not None else "no"
            assert held == expected, said
        case "substitute":
            names = {True: "open", False: "closed", None: "unknown"}
            assert finding.substitute is not None, said
            assert names[finding.substitute.open] == expected, said
        case "needs" | "content" | "forbidden":
            assert set(listed(expected)) <= set(getattr(finding, key)), said
        case "content_without":
            assert not set(listed(expected)) & set(finding.content), said
        case "candidates":
            assert list(finding.recipient.candidates) == expected, said
        case "other_texts":
            assert [text.version for text in finding.other_texts] == expected, said
        case _:
            raise AssertionError(f"a case cannot expect '{key}'")


def moment(written: str) -> datetime | None:
    return None if written == "none" else read_instant(written).at


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


# -- the cases are enough -----------------------------------------------------


def expected_statuses(duty: str) -> set[str]:
    return {
        expected["status"]
        for case in CASES
        for id, expected in case.expect.items()
        if id.split("@")[0] == duty and "status" in expected
    }


DUTIES = [duty for regime in load_laws() if regime.pack == "breachkit" for duty in regime.duties]


@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: duty.id)
def test_each_duty_has_a_case_where_it_is_owed_and_one_where_it_is_not(duty: Any) -> None:
    seen = expected_statuses(duty.id)
    if not any(version.status == "in_force" for version in duty.versions):
        assert "not_in_force" in seen
        return
    assert "not_owed" in seen
    if duty.id != "us.ca.cra":  # California has no such duty; the entry says so
        assert "owed" in seen


@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: duty.id)
def test_each_text_of_a_duty_has_a_case(duty: Any) -> None:
    if sum(version.status == "in_force" for version in duty.versions) < 2:
        return
    versions = {
        expected["version"]
        for case in CASES
        for id, expected in case.expect.items()
        if id.split("@")[0] == duty.id and "version" in expected
    }
    assert versions >= {version.version for version in duty.versions if version.status == "in_force"}


def test_each_exemption_has_a_case() -> None:
    missing = [
        duty.id
        for duty in DUTIES
        for version in duty.versions
        if any(exemption.id != "good_faith" for exemption in version.exempt)
        and not expected_statuses(duty.id) & {"exempt", "undetermined"}
    ]
    assert not missing


def test_names_of_cases_are_unique() -> None:
    names = [(case.file, case.name) for case in CASES]
    assert len(names) == len(set(names))
