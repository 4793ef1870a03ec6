"""`breachkit law show`: a law as somebody would explain it to a tired colleague."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from breachkit.content.laws import load_laws
from breachkit.content.vocabulary import load_directory, load_vocabulary
from breachkit.domain.conditions import All, Always, Amount, AnyOf, Data, FactIs, Not, People, Role
from breachkit.domain.law import Regime
from breachkit.workflow import law_words, lawbook

from .conftest import Run
from .packs import florida

TODAY = date(2026, 11, 21)


def told(regime: str, which: str = "", today: date = TODAY) -> str:
    """The law as lines of text, with spaces as they fall."""
    [one] = [one for one in load_laws() if one.id == regime]
    lines = lawbook.explain(one, which or regime, load_vocabulary(), load_directory(), today)
    return "\n".join(f"{line.label:<13}{'  ' * line.depth}{line.text}" for line in lines)


@pytest.mark.parametrize("regime", load_laws(), ids=lambda regime: regime.id)
def test_every_law_can_be_told(regime: Regime) -> None:
    text = told(regime.id)
    assert "not legal advice" in text
    assert str(regime.reviewed) in text
    for duty in regime.duties:
        assert f"{duty.id}: {duty.title}" in text
        # Every text is told: in full, or in the history with its dates.
        assert all(f"'{version.version}', {law_words.force_words(version)}" in text for version in duty.versions)
        assert all(cite.text in text for version in duty.versions[-1:] for cite in version.cite)
        assert all(version.history in text for version in duty.versions)


def test_it_says_who_tells_whom_by_when_counted_from_what(run: Run) -> None:
    text = run("law", "show", "us.tx").out
    assert re.search(r"who +the controller or joint controller\n", text)
    assert re.search(r"tells +Texas Attorney General\n", text)
    assert re.search(r"by when +within 30 days, counted from when the breach was determined", text)
    assert re.search(r"reaches +at least 250 residents of Texas are affected\n", text)
    assert re.search(r"unless +an employee or agent acquired it in good faith", text)
    assert re.search(r"must say +Summary of the incident, Number of residents", text)
    assert re.search(r"other means +- instead of letters where they would cost more than \$250,000", text)
    assert re.search(r"history +SB 768 cut the time", text)


def test_a_long_condition_is_a_tree_and_told_once(run: Run) -> None:
    text = run("law", "show", "us.tx").out
    assert re.search(r"when +all of these:\n +- any one of these:\n +- somebody without authority took the data\n", text)
    assert re.search(r"when +the same as for us\.tx\.individuals\n", text)
    assert "Social Security number" in text
    assert "ssn" not in text


def test_one_duty_alone_is_told_whole(run: Run) -> None:
    text = run("law", "show", "us.tx.ag").out
    assert "us.tx.ag: " in text
    assert "us.tx.individuals: " not in text
    assert "Social Security number" in text
    assert run("law", "show", "us.tx.cra@us-equifax").out == run("law", "show", "us.tx.cra").out


def test_nothing_is_wider_than_the_page(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for columns, most in (("72", 72), ("300", 100)):
        monkeypatch.setenv("COLUMNS", columns)
        words = [line for line in run("law", "show", "us.ri").out.splitlines() if "http" not in line]
        assert max(map(len, words)) <= most


def test_a_place_without_a_duty_says_so_in_the_first_line(run: Run) -> None:
    assert run("law", "show", "world.ma").out.startswith("NO GENERAL DUTY to report a breach is known here: Morocco")
    assert run("law", "show", "world.lk").out.startswith("NOT KNOWN whether there is a duty to report a breach: Sri Lanka")
    assert "owed to nobody: the law has no general duty" in run("law", "show", "world.ma").out


def test_older_texts_are_told_with_what_changed(run: Run) -> None:
    text = run("law", "show", "uk.pecr.5a").out
    assert re.search(r"history +'2013', in force from 2013-08-25 until 2025-08-19\n", text)
    assert "- limit: 24 hours -> 72 hours" in text
    assert "- counted from: when the breach was detected -> when the organisation became aware" in text


def test_a_text_that_is_not_law_yet_says_so() -> None:
    assert "ONLY PROPOSED, never owed" in told("us.ri", "us.ri.owner")
    assert "NOT KNOWN WHETHER IN FORCE, never owed" in told("us.ri", "us.ri.owner")


def test_odd_limits_are_told() -> None:
    assert "the next " in told("world.ph-dpa")
    assert "the end of the year of when" in told("us.hipaa")
    assert "the day itself is day 1" in told("world.jp-appi")
    assert "or within 24 hours, counted from" in told("eu.dora")
    assert "no later than us.ri.individuals" in told("us.ri")
    assert "must wait" in told("us.fcc.64-2011")
    assert "or else" in told("us.ri")
    assert "only if" in told("us.ct")
    assert "if late: " in told("uk.pecr")
    assert "replaced by" in told("uk.gdpr")
    assert "for what that filing left out" in told("uk.gdpr")


def test_a_channel_is_never_guessed_and_says_when_it_was_looked_at() -> None:
    text = told("us.tx")
    assert "us-tx-ag: Texas Attorney General" in text
    assert "languages: en; last checked 2026-11-21 (secondary)" in text
    assert "NO CHANNEL KNOWN - ask the recipient; none is guessed here" in text
    assert "NEVER CHECKED with the recipient itself (unverified)" in text
    assert "OLDER THAN A YEAR" not in text
    assert "last checked 2026-11-21 - OLDER THAN A YEAR, look again (secondary)" in told("us.tx", today=date(2027, 11, 22))
    assert "OLDER THAN A YEAR" not in told("us.tx", today=date(2027, 11, 21))


def test_the_authorities_of_all_countries_are_listed_for_one_law_of_all_of_them() -> None:
    text = told("eu.gdpr", "eu.gdpr.33")
    assert "es-aepd: " in text
    assert "is-personuvernd: " in text
    assert "uk-ico: " not in text


def test_an_own_text_says_whose_place_it_takes(run: Run, tmp_path: Path) -> None:
    text = run("--laws", florida(tmp_path / "house"), "law", "show", "us.fl").out
    assert re.search(r"pack +house\n", text)
    assert "This regime takes the place of the one in pack 'breachkit'." in text


def test_a_wrong_name_is_answered_with_near_ones(run: Run) -> None:
    assert "did you mean 'us.tx.ag'" in run("law", "show", "us.tx.agg", code=2).err


OLD_KEYS = {"id", "title", "place", "source", "reviewed", "pack", "duties"}
OLD_TEXT_KEYS = {
    "version", "in_force", "from", "until", "recipient", "within", "from_start", "after", "qualifier", "content", "forbidden",
    "cite", "confidence",
}  # fmt: skip
NEW_TEXT_KEYS = {
    "due", "due_if", "scope", "when", "presumed", "exempt", "replaced_by", "waits_for", "opens_when", "where_owed",
    "late_content", "content_if", "hold", "substitute", "extension", "unverified", "notes", "history",
}  # fmt: skip


@pytest.mark.parametrize("which", ["us.tx", "eu.dora", "us.fcc.64-2011", "world.ma", "world.jp-appi", "world.ph-dpa"])
def test_as_json_it_holds_everything(run: Run, which: str) -> None:
    law = run("law", "show", which, "--json").json
    assert set(law) >= OLD_KEYS | {"kind", "covers", "zone", "calendar", "notes", "embargoes"}
    for text in (text for duty in law["duties"] for text in duty["versions"]):
        assert set(text) >= OLD_TEXT_KEYS | NEW_TEXT_KEYS
        assert set(text["recipient"]) >= {"kind", "name", "authorities"}
        assert set(text["when"]) == {"says", "test"}


def test_as_json_a_condition_is_written_as_in_the_file(run: Run) -> None:
    [duty] = run("law", "show", "us.tx.ag", "--json").json["duties"]
    scope: dict[str, Any] = duty["versions"][0]["scope"]["test"]
    assert scope["all"][0] == {"people": {"counts": "residents", "in": "US-TX", "op": ">=", "number": 250}}
    assert scope["all"][1] == {"role": ["controller", "joint_controller"]}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (All(()), "always"),
        (AnyOf(()), "never"),
        (People("residents", ">", 0, "US-TX"), "people who live in Texas are affected"),
        (People("total", ">", 0), "people are affected"),
        (People("total", "<", 5000), "fewer than 5,000 people in all are affected"),
        (People("covered_persons", ">", 1000, "US-TX"), "more than 1,000 persons in Texas are affected"),
        (Amount("notice.cost_usd", ">", 5, "it is dear"), "it is dear"),
        (Not(FactIs("data.encrypted", ("yes",), "it was encrypted")), "not (it was encrypted)"),
        (Role(("controller", "joint_controller")), "the organisation acts as controller or joint controller"),
        (Always(None, "it is grave"), "no fact answers it: it is grave"),
        (Data(("ssn",), (), True), "a name together with: Social Security number - unencrypted, or with the key taken"),
        (Data((), ("ssn",), False), "any of: Social Security number"),
    ],
)
def test_conditions_in_words(condition: Any, words: str) -> None:
    assert law_words.say(condition, load_vocabulary()) == words


def test_a_negated_group_is_a_tree_of_its_own() -> None:
    facts = tuple(FactIs(f"f{n}", ("yes",), f"something long enough to fill a good part of a line, number {n}") for n in (1, 2))
    tree = list(law_words.tree(Not(AnyOf(facts)), load_vocabulary()))
    assert [depth for depth, _ in tree] == [0, 1, 1]
    assert tree[0][1] == "none of these:"
    assert next(law_words.tree(Not(All(facts)), load_vocabulary()))[1] == "not all of these:"
