"""The shipped scenarios can be read; one's own wins; what a file says stands in the values as it was written."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from breachkit.content.happenings import HappeningReader
from breachkit.content.happenings_written import flow, quoted, written
from breachkit.content.organisations import profile_ids
from breachkit.content.scenarios import (
    find_scenario,
    load_scenario,
    read_scenario_text,
    scenario_folder,
    scenario_ids,
    scenario_path,
)
from breachkit.content.vocabulary import load_vocabulary
from breachkit.content.yamlfile import parse_yaml
from breachkit.domain.conditions import FactIs
from breachkit.domain.conditions import Not as LawNot
from breachkit.domain.exercise.happenings import AT_ONCE, Every, Happened, Never, Says, Some, When
from breachkit.domain.exercise.scenario import Act, Scenario
from breachkit.domain.facts import Count
from breachkit.errors import BadFile, Fault, UnknownName

SMALL = (Path(__file__).parent / "scenarios" / "small.yaml").read_text(encoding="utf-8")


@pytest.fixture
def small() -> Scenario:
    """A scenario with one of everything."""
    return read_scenario_text(SMALL, "small.yaml")


# -- where they are found ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", scenario_ids())
def test_a_shipped_scenario_is_sound_and_is_called_like_its_file(id: str) -> None:
    one = load_scenario(id)
    assert one.id == id
    assert one.organisation in profile_ids()
    assert one.questions
    assert one.source == str(scenario_folder() / f"{id}.yaml")


def test_ones_own_scenario_wins_over_a_shipped_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tabletop").mkdir()
    shipped = scenario_ids()[0]
    own = tmp_path / "tabletop" / f"{shipped}.yaml"
    own.write_text(SMALL.replace("id: small", f"id: {shipped}", 1), encoding="utf-8")
    assert load_scenario(shipped).title != "Small"
    monkeypatch.setenv("BREACHKIT_HOME", str(tmp_path))
    assert load_scenario(shipped).title == "Small"
    assert scenario_path(shipped) == own
    monkeypatch.delenv("BREACHKIT_HOME")
    assert load_scenario(shipped, tmp_path).title == "Small"
    assert set(scenario_ids(tmp_path)) == set(scenario_ids())


def test_a_scenario_that_is_looked_up_by_its_id_is_called_like_its_file(tmp_path: Path) -> None:
    (tmp_path / "tabletop").mkdir()
    (tmp_path / "tabletop" / "other.yaml").write_text(SMALL, encoding="utf-8")
    with pytest.raises(BadFile, match="lies in a file of another name; call the file small"):
        load_scenario("other", tmp_path)
    # A file named by its path may be called anything: a draft, a copy.
    assert load_scenario(tmp_path / "tabletop" / "other.yaml").id == "small"


def test_an_unknown_scenario_is_answered_with_the_nearest(tmp_path: Path) -> None:
    id = scenario_ids()[0]
    with pytest.raises(UnknownName, match=f"did you mean '{id}'"):
        load_scenario(f"{id}x")
    with pytest.raises(BadFile, match="cannot be read"):
        load_scenario(tmp_path / "none.yaml")
    assert find_scenario("some/where.yaml") == Path("some/where.yaml")


def test_an_exercise_opens_although_a_duty_or_the_profile_it_names_is_gone() -> None:
    gone = SMALL.replace("eu.gdpr.33@es-aepd", "eu.gone.99@es-aepd")
    with pytest.raises(BadFile, match="unknown duty"):
        read_scenario_text(gone, "small.yaml")
    assert read_scenario_text(gone, "small.yaml", checked=False).id == "small"
    gone = SMALL.replace("organisation: example-co", "organisation: profiles/gone.yaml")
    with pytest.raises(BadFile, match="cannot be read"):
        read_scenario_text(gone, "small.yaml")
    assert read_scenario_text(gone, "small.yaml", checked=False).organisation == "profiles/gone.yaml"


def test_a_duty_of_ones_own_laws_may_be_named(tmp_path: Path) -> None:
    law = Path(__file__).parent / "bad_laws" / "unknown_key.yaml"
    (tmp_path / "x.yaml").write_text(law.read_text(encoding="utf-8").replace("in_force_form: 2020-01-01", ""), encoding="utf-8")
    own = parse_yaml((tmp_path / "x.yaml").read_text(encoding="utf-8"), "x.yaml")
    duty = own["duties"][0]["id"]
    text = SMALL.replace("eu.gdpr.33@es-aepd", duty)
    with pytest.raises(BadFile, match="unknown duty"):
        read_scenario_text(text, "small.yaml")
    assert read_scenario_text(text, "small.yaml", laws=[tmp_path]).id == "small"


# -- what a file says --------------------------------------------------------------------------------------------------


def test_all_that_a_file_says_stands_in_the_values(small: Scenario) -> None:
    assert (small.minutes, small.difficulty, small.zone) == (60, "easy", "Europe/Madrid")
    assert small.begin.isoformat() == "2026-11-19T15:00:00+00:00"
    assert small.end - small.begin == small.lasts == timedelta(hours=80)
    assert small.grace == timedelta(hours=2)
    assert small.briefing == "Exercise. Nothing of this happened.\n\n  A quoted line.\nYou are **there**."
    call, count = small.injects
    assert (call.at, call.asks, call.pressure, call.when) == (timedelta(), ("ransom",), timedelta(hours=2), AT_ONCE)
    assert call.text == "What arrives:\n\n- one\n- two"
    assert (count.branch, count.until, count.note) == ("paid", timedelta(hours=20), "For you alone.")
    (question,) = small.questions
    assert [(option.id, option.right) for option in question.options] == [("pay", False), ("refuse", True)]
    assert (question.points, question.role) == (3, "lead")


def test_a_truth_is_a_fact_with_the_moment_it_can_be_known(small: Scenario) -> None:
    rough, exact = small.truths["people.in.ES"]
    assert (rough.fact.value, rough.at, rough.inject) == (Count(400, 900, "400..900"), timedelta(hours=3), None)
    assert (exact.fact.value, exact.at, exact.inject) == (Count(640, 640, "640"), None, "count")
    (cause,) = small.truths["breach.cause"]
    assert (cause.teller, cause.says, cause.scored, cause.fact.source) == (
        "the engineer",
        "A share was open.",
        True,
        "the engineer",
    )
    assert small.truths["measures.taken"][0].scored is False
    # Keys and hints stand under the names breachkit writes: Puerto Rico is US-PR.
    assert set(small.truths) == {"breach.cause", "people.in.ES", "people.in.US-PR", "measures.taken"}
    assert small.hints == {"people.in.US-PR": "Ask again tonight."}


def test_an_action_has_its_window_and_its_act(small: Scenario) -> None:
    actions = {action.id: action for action in small.actions}
    declare, tell = actions["declare"], actions["tell"]
    assert (declare.opens, declare.closes, declare.points) == (timedelta(), timedelta(hours=1), 10)
    assert (tell.opens, tell.after, tell.within, tell.points) == (None, "call", timedelta(hours=70), 5)
    assert tell.act == Act("file", "eu.gdpr.33@es-aepd", "first")
    assert [action.act for action in small.actions[2:]] == [
        Act("decide", "eu.gdpr.34", "refrain"),
        Act("answer", "ransom", "refuse"),
        Act("record", "people.in.US-PR"),
        Act("ask", "breach.cause"),
        Act("step", "general.team"),
        Act("approve", "eu.gdpr.33"),
    ]


def test_each_part_knows_its_line(small: Scenario) -> None:
    lines = SMALL.splitlines()
    for inject in small.injects:
        assert inject.line is not None
        assert f"id: {inject.id}" in lines[inject.line - 1]
    for action in small.actions:
        assert action.line is not None
        assert f"id: {action.id}" in lines[action.line - 1]
    assert small.truths["people.in.ES"][1].line is not None
    assert "640" in lines[small.truths["people.in.ES"][1].line - 1]


def test_all_faults_of_a_file_are_told_at_once() -> None:
    wrong = SMALL.replace("channel: phone", "channel: post").replace("difficulty: easy", "difficulty: esay")
    with pytest.raises(BadFile) as caught:
        read_scenario_text(wrong.replace("minutes: 60", "minutes: many"), "small.yaml")
    lines = [fault.line for fault in caught.value.faults if fault.line is not None]
    assert len(lines) == 3
    assert lines == sorted(lines)


JUNK: list[Any] = ["", "x", "yes", "PT1H", [], {}, [[]], ["x"], {"a": "b"}, [{"a": []}], {"not": ""}, {"all": {"fired": "x"}}]


def places(held: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything that a file holds."""
    if way:
        yield way
    for key in held if isinstance(held, dict) else range(len(held)) if isinstance(held, list) else ():
        yield from places(held[key], (*way, key))


@pytest.mark.parametrize("seed", range(8))
def test_whatever_stands_in_any_place_of_a_file_is_read_or_told(seed: int) -> None:
    dice = Random(seed)
    for _ in range(25):
        held: Any = yaml.load(SMALL, yaml.BaseLoader)
        *way, last = dice.choice(list(places(held)))
        outer = held
        for key in way:
            outer = outer[key]
        outer[last] = dice.choice(JUNK)
        with contextlib.suppress(BadFile):
            assert read_scenario_text(yaml.safe_dump(held, sort_keys=False), "small.yaml").id


# -- conditions --------------------------------------------------------------------------------------------------------

RANSOMWARE = Says(FactIs("breach.cause", ("ransomware",), "breach.cause is ransomware"))
CONDITIONS: list[tuple[str, When]] = [
    ("{declared: yes}", Happened("declared")),
    ("{fired: call, for: PT30M}", Happened("fired", "call", age=timedelta(minutes=30))),
    ("{recorded: people.in.PR}", Happened("recorded", "people.in.US-PR")),
    ("{asked: aware_at}", Happened("asked", "aware_at")),
    ("{filed: eu.gdpr.33@es-aepd}", Happened("filed", "eu.gdpr.33@es-aepd")),
    ("{decided: eu.gdpr.34, choice: refrain, for: P1D}", Happened("decided", "eu.gdpr.34", "refrain", timedelta(days=1))),
    ("{approved: eu.gdpr.33}", Happened("approved", "eu.gdpr.33")),
    ("{answered: ransom, is: pay}", Happened("answered", "ransom", "pay")),
    ("{answered: ransom}", Happened("answered", "ransom")),
    ("{step: general.team}", Happened("step", "general.team")),
    ("{all: [{declared: yes}, {fired: call}]}", Every((Happened("declared"), Happened("fired", "call")))),
    ("[{declared: yes}, {fired: call}]", Every((Happened("declared"), Happened("fired", "call")))),
    ("{any: [{declared: yes}, {fired: call}]}", Some((Happened("declared"), Happened("fired", "call")))),
    ("{not: {declared: yes}}", Never(Happened("declared"))),
    ("{fact: breach.cause, is: ransomware}", RANSOMWARE),
    ("{all: [{fact: breach.cause, is: ransomware}, {declared: yes}]}", Every((RANSOMWARE, Happened("declared")))),
]
LAWS = [
    "{fact: breach.cause, in: [ransomware, phishing], text: by other people}",
    "{includes: breach.kinds, member: availability}",
    "{known: contained_at}",
    "{role: [controller]}",
    "{sector: saas}",
    "{established: EEA}",
    "{targets: US-FL}",
    '{people: {in: US-FL, counts: residents, op: ">=", number: 500}}',
    '{people: {counts: total, op: "<", number: 10}}',
    "{data: {with_name: [ssn], alone: [health], unprotected: no}}",
    '{amount: {fact: records.total, op: ">", number: 1000}}',
    "{never: words that say why}",
    "{unasked: words that say why}",
]


def read(text: str) -> When:
    faults: list[Fault] = []
    when = HappeningReader("a file", load_vocabulary(), faults).read(parse_yaml(f"when: {text}", "a file")["when"])
    assert faults == []
    return when


@pytest.mark.parametrize(("text", "when"), CONDITIONS)
def test_a_condition_is_read(text: str, when: When) -> None:
    assert read(text) == when


def test_not_is_said_of_what_the_team_recorded_so_far_and_not_of_the_fact() -> None:
    assert read("{not: {fact: breach.cause, is: ransomware}}") == Never(RANSOMWARE)
    assert isinstance(RANSOMWARE.condition, FactIs)
    assert read("{not: {fact: breach.cause, is: ransomware}}") != Says(LawNot(RANSOMWARE.condition))


@pytest.mark.parametrize("text", [*(text for text, _ in CONDITIONS), *LAWS])
def test_a_condition_written_on_one_line_reads_the_same(text: str) -> None:
    when = read(text)
    assert "\n" not in flow(written(when))
    assert read(flow(written(when))) == when


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "null",
        "~",
        "",
        "a: b",
        "a, b",
        "#1",
        " x",
        "x ",
        "[a",
        "yes",
        '"q"',
        "it's",
        "a\u2028b",
        "\x85",
        "é \U0001f600",
    ],
)
def test_text_in_quotes_or_without_reads_the_same(text: str) -> None:
    assert parse_yaml(f"v: [{quoted(text)}, x]", "a file")["v"] == [text, "x"]
