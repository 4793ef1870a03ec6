"""The odd shapes of law: ceilings, year ends, limits under a condition, holds, substitute notice, where_owed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from breachkit.content.calendars import calendar_for
from breachkit.content.law_parts import Words
from breachkit.content.law_reader import read_regimes
from breachkit.content.laws import load_pack
from breachkit.content.vocabulary import load_directory, load_vocabulary
from breachkit.content.yamlfile import parse_yaml
from breachkit.domain.drafts import Setting
from breachkit.domain.duties import assess
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Fact, read_value
from breachkit.domain.findings import Finding
from breachkit.domain.law import LawPack
from breachkit.errors import BadFile

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HEAD = """
format: breachkit/law@1
id: us.zz
title: An invented law
place: US-TX
covers: []
zone: America/Chicago
calendar: US-TX
source: {text: Invented Act}
reviewed: 2026-11-21
duties:
"""
DUTY = """
  - id: us.zz.%s
    title: Tell somebody
    versions:
      - version: "1"
        in_force: in_force
        from: 2020-01-01
        recipient: {kind: other, name: somebody}
        cite: [{text: Invented Act s. 1}]
        confidence: unverified
"""
NOON, WORKING = "noon_next_working_day", "next_working_day"
FACTS = {"discovered_at": "2026-11-10T09:00:00-06:00[America/Chicago]"}


EXCUSED = """when: {fact: breach.accessed, is: 'yes'}
exempt: [{id: x, text: excused, when: {fact: breach.recovered, is: 'yes'}, cite: [{text: s}]}]
due: {from: discovery, qualifier: soon}"""
COUNTED = """due:
  within: 30 days
  from: discovery
  first_day: counted
  counting: next_working_day
  closed_days: ["12-29", "12-30"]"""


def law(*duties: tuple[str, str]) -> str:
    return HEAD + "".join(DUTY % id + "".join(f"        {line}\n" for line in body.splitlines()) for id, body in duties)


def judged(text: str, facts: dict[str, Any] | None = None, day: date | None = None) -> dict[str, Finding]:
    words = load_vocabulary()
    regimes = read_regimes({"zz.yaml": parse_yaml(text, name="zz.yaml")}, Words(words, load_directory()), "test")
    given = {**FACTS, **(facts or {})}
    book = FactBook({k: Fact(k, read_value(words.spec(k), v, words), v) for k, v in given.items()}, words)
    answer = assess(book, Setting(LawPack(regimes, "1", "0"), load_directory(), calendar_for, NOW, day))
    return {finding.id: finding for finding in answer.findings}


def at(written: str) -> datetime:
    return datetime.fromisoformat(written)


def test_sixty_days_from_the_end_of_the_year_in_the_laws_zone() -> None:
    text = law(("a", "due: {within: 60 days, from: year_end, year_of: discovery}"))
    due = judged(text)["us.zz.a"].due
    assert due.last_day == date(2027, 3, 1)
    assert due.target == at("2027-03-02T00:00:00-06:00")
    assert due.start_fact == "discovered_at"
    late_in_utc = judged(text, {"discovered_at": "2026-12-31T23:30:00-06:00[America/Chicago]"})["us.zz.a"].due
    assert late_in_utc.last_day == date(2027, 3, 1)
    leap = judged(text, {"discovered_at": "2027-05-05T10:00:00-05:00[America/Chicago]"})["us.zz.a"].due
    assert leap.last_day == date(2028, 2, 29)


def test_a_fixed_day_after_the_years_end() -> None:
    due = judged(law(("a", 'due: {by: "02-01", from: year_end, year_of: discovery}')))["us.zz.a"].due
    assert due.kind == "date"
    assert due.last_day == date(2027, 2, 1)


@pytest.mark.parametrize(("order", "words"), [("before", "before us.zz.b"), ("with", "no later than us.zz.b")])
def test_another_dutys_limit_is_a_ceiling(order: str, words: str) -> None:
    text = law(
        ("a", f"due: {{within: 45 days, from: discovery, {order}: us.zz.b}}"), ("b", "due: {within: 30 days, from: discovery}")
    )
    due = judged(text)["us.zz.a"].due
    assert due.last_day == date(2026, 12, 10)
    assert due.projected
    assert any(words in step for step in due.steps)
    filed = {"filed.us.zz.b": [{"at": "2026-11-12T10:00:00-06:00[America/Chicago]", "reference": "X", "kind": "first"}]}
    done = judged(text, filed)["us.zz.a"].due
    assert done.target == at("2026-11-12T10:00:00-06:00")
    assert any("has been done already" in note for note in done.notes) is (order == "before")


def test_a_later_ceiling_changes_nothing() -> None:
    text = law(
        ("a", "due: {within: 10 days, from: discovery, before: us.zz.b}"), ("b", "due: {within: 30 days, from: discovery}")
    )
    assert judged(text)["us.zz.a"].due.last_day == date(2026, 11, 20)


BRANCH = """due: {within: 3 business days, from: discovery}
due_if:
  - when: {amount: {fact: organisation.size.employees, op: "<", number: 10}, text: it is small}
    text: the organisation is small
    due: {within: 6 business days, from: discovery}"""


def test_a_limit_under_a_condition() -> None:
    small = judged(law(("a", BRANCH)), {"organisation.size.employees": "9"})["us.zz.a"].due
    large = judged(law(("a", BRANCH)), {"organisation.size.employees": "10"})["us.zz.a"].due
    assert (small.last_day, large.last_day) == (date(2026, 11, 19), date(2026, 11, 16))  # Veterans Day is a Wednesday
    unknown = judged(law(("a", BRANCH)))["us.zz.a"]
    assert unknown.due.last_day == date(2026, 11, 16)
    assert "organisation.size.employees" in unknown.needs
    assert any("not known yet" in note for note in unknown.due.notes)


DORA = {
    "role": "controller",
    "organisation.sectors": ["payment_institution"],
    "organisation.established_in": ["IE"],
    "organisation.main_establishment": "IE",
    "detected_at": "2026-11-24T08:00:00+00:00[Europe/Dublin]",
    "test.dora_major": "yes",
    "test.dora_classified_late": "no",
}
CLASSIFIED = {"classified_at": "2026-11-24T11:00:00+00:00[Europe/Dublin]"}
AWARE = {"incident_aware_at": "2026-11-24T09:00:00+00:00[Europe/Dublin]"}


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ({}, {"classified_at", "incident_aware_at"}),
        (CLASSIFIED, {"incident_aware_at"}),
        (AWARE, {"classified_at"}),
        ({**CLASSIFIED, **AWARE}, set()),
    ],
)
def test_the_start_of_every_limit_that_may_count_is_asked_for(known: dict[str, Any], asked: set[str]) -> None:
    """Four hours from the classification, 24 from awareness of the incident: while one is not dated the other is no answer."""
    words = load_vocabulary()
    book = FactBook({k: Fact(k, read_value(words.spec(k), v, words), v) for k, v in {**DORA, **known}.items()}, words)
    answer = assess(book, Setting(load_pack(), load_directory(), calendar_for, NOW, None))
    initial = answer.find("eu.dora.19.initial") or next(f for f in answer.findings if f.duty == "eu.dora.19.initial")
    assert initial.status == "owed"
    assert set(initial.needs) & {"classified_at", "incident_aware_at", "aware_at", "detected_at"} == asked


def test_a_known_start_is_not_asked_for_while_a_condition_on_the_limit_is_open() -> None:
    unknown = judged(law(("a", BRANCH)))["us.zz.a"]
    assert unknown.due.provisional
    assert unknown.needs == ("organisation.size.employees",)


def test_owed_only_where_another_duty_is() -> None:
    text = law(
        ("a", "where_owed: us.zz.b\ndue: {from: discovery, qualifier: soon}"),
        ("b", EXCUSED),
    )
    assert judged(text, {"breach.accessed": "no"})["us.zz.a"].status == "not_owed"
    assert judged(text, {"breach.accessed": "yes", "breach.recovered": "no"})["us.zz.a"].status == "owed"
    assert judged(text, {"breach.accessed": "yes", "breach.recovered": "yes"})["us.zz.a"].status == "not_owed"
    assert judged(text)["us.zz.a"].status == "undetermined"


HELD = {
    "hold.requested": "yes",
    "hold.place": "US",
    "hold.form": "written",
    "hold.agency": "FBI",
    "hold.until": "2026-12-20T17:00:00-06:00[America/Chicago]",
}


def test_a_hold_moves_the_target_and_says_so() -> None:
    text = law(("a", "due: {within: 30 days, from: discovery}\nhold: {form: written, resume: 45 days}"))
    due = judged(text, HELD)["us.zz.a"].due
    assert due.last_day == date(2027, 2, 3)
    assert due.held is not None
    assert due.held.counts
    at_once = law(("a", "due: {within: 30 days, from: discovery}\nhold: {form: any}"))
    assert judged(at_once, HELD)["us.zz.a"].due.target == at("2026-12-20T17:00:00-06:00")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"hold.form": "oral"}, "in writing"),
        ({"hold.form": None}, "in which form"),
        ({"hold.place": None}, "which country"),
        ({"hold.until": None}, "until when"),
    ],
)
def test_a_hold_that_does_not_count_moves_nothing(changed: dict[str, str | None], words: str) -> None:
    text = law(("a", "due: {within: 30 days, from: discovery}\nhold: {form: written}"))
    facts = {key: value for key, value in {**HELD, **changed}.items() if value is not None}
    due = judged(text, facts)["us.zz.a"].due
    assert due.last_day == date(2026, 12, 10)
    assert any(words in note for note in due.notes)


def test_a_hold_of_another_country_is_silent_here() -> None:
    text = law(("a", "due: {within: 30 days, from: discovery}\nhold: {form: written}"))
    due = judged(text, {**HELD, "hold.place": "DE"})["us.zz.a"].due
    assert due.last_day == date(2026, 12, 10)
    assert due.held is None


SUBSTITUTE = """due: {from: discovery, qualifier: soon}
substitute: {cost_usd: 250000, people: 500000, insufficient_contact: "yes", small: {employees: 10, cost_usd: 10000}}"""
NO_GROUND = {"notice.cost_usd": "250000", "people.in.US-TX": "500000", "people.contactable": "yes"}


@pytest.mark.parametrize(
    ("facts", "open_"),
    [
        ({**NO_GROUND, "organisation.size.employees": "11"}, False),
        ({**NO_GROUND, "organisation.size.employees": "10"}, True),
        ({**NO_GROUND, "notice.cost_usd": "250001"}, True),
        ({**NO_GROUND, "people.in.US-TX": "500001"}, True),
        ({**NO_GROUND, "people.contactable": "partly"}, True),
        ({}, None),
    ],
)
def test_substitute_notice(facts: dict[str, str], open_: bool | None) -> None:
    found = judged(law(("a", SUBSTITUTE)), facts)["us.zz.a"].substitute
    assert found is not None
    assert found.open is open_


@pytest.mark.parametrize(
    ("counting", "start", "period", "target", "outer"),
    [
        (WORKING, "2026-11-11T09:00:00-06:00", "3 days", "2026-11-15T00:00:00-06:00", "2026-11-17T00:00:00-06:00"),
        (WORKING, "2026-11-10T09:00:00-06:00", "3 days", "2026-11-14T00:00:00-06:00", None),
        (NOON, "2026-11-13T15:00:00-06:00", "24 hours", "2026-11-14T15:00:00-06:00", "2026-11-16T12:00:00-06:00"),
        (NOON, "2026-10-14T15:00:00-05:00", "1 month", "2026-11-15T00:00:00-06:00", "2026-11-16T12:00:00-06:00"),
        (NOON, "2026-11-10T15:00:00-06:00", "24 hours", "2026-11-11T15:00:00-06:00", "2026-11-12T12:00:00-06:00"),
        (NOON, "2026-11-09T15:00:00-06:00", "24 hours", "2026-11-10T15:00:00-06:00", None),
    ],
)  # fmt: skip
def test_closed_days_where_the_law_moves_them(counting: str, start: str, period: str, target: str, outer: str | None) -> None:
    text = law(("a", f"due: {{within: {period}, from: discovery, counting: {counting}}}"))
    due = judged(text, {"discovered_at": f"{start}[America/Chicago]"})["us.zz.a"].due
    assert due.target == at(target)
    assert due.outer == (at(outer) if outer else None)


def test_the_day_of_the_event_as_day_one_and_days_closed_by_the_law() -> None:
    text = law(
        ("a", COUNTED),
    )
    due = judged(text, {"discovered_at": "2026-11-30T09:00:00-06:00[America/Chicago]"})["us.zz.a"].due
    assert due.last_day == date(2026, 12, 29)
    assert due.outer == at("2027-01-01T00:00:00-06:00")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('due: {by: "13-01", from: discovery}', "not a day of every year"),
        ('due: {by: "02-01", within: 3 days, from: discovery}', "not both"),
        ("due: {within: 3 days, from: year_end}", "stand together"),
        ("due: {within: 3 days, from: discovery, before: us.zz.nobody}", "us.zz.nobody"),
        ("due: {within: 3 days, from: discovery, with: us.zz.a}", "waits for itself"),
        ("where_owed: us.zz.a\ndue: {from: discovery, qualifier: soon}", "owed where it is owed itself"),
        ("due: {from: discovery, qualifier: soon}\nsubstitute: {cost_usd: many}", "not a whole number"),
        ("when: {amount: {fact: risk.level, op: '>', number: 1}}\ndue: {from: discovery, qualifier: soon}", "not a number"),
    ],
)
def test_bad_shapes_are_named(body: str, words: str) -> None:
    with pytest.raises(BadFile) as problem:
        judged(law(("a", body)))
    assert words in str(problem.value)
