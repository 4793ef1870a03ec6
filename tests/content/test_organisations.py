"""The shipped profiles can be read and hold no person; a wrong profile says where and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from breachkit.content.factsfile import load_facts_file
from breachkit.content.organisations import load_organisation, organisation_folder, profile_ids, read_profile, sample_path
from breachkit.content.yamlfile import parse_yaml
from breachkit.domain.facts import Instant
from breachkit.domain.periods import Hours
from breachkit.errors import BadFile, UnknownName

MADE_UP = "example-co"
REAL = [id for id in profile_ids() if id != MADE_UP]
SAMPLES = sorted(organisation_folder().glob("*.incident.yaml"))
STREET = re.compile(
    r"\b\d+[a-z]?,? +[A-Z][a-z]+ +(?:St|Street|Ave|Avenue|Road|Rd|Blvd|Lane|Way|Drive|Suite)\b|\b[A-Z]\w+stra(?:ss|ß)e +\d"
)


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    elif value is not None:
        yield str(value)


def test_the_shipped_profiles_are_listed() -> None:
    assert set(profile_ids()) >= {"callgenie", "example-co", "innexum", "innovat", "intnet-iq", "inum"}


@pytest.mark.parametrize("id", profile_ids())
def test_a_shipped_profile_can_be_read_and_says_what_it_leaves_open(id: str) -> None:
    one = load_organisation(id)
    assert one.id == id
    assert one.name
    assert one.gaps
    assert all(gap.what for gap in one.gaps)


@pytest.mark.parametrize("id", REAL)
def test_a_profile_of_a_real_company_says_not_affiliated_and_what_was_read(id: str) -> None:
    affiliation = load_organisation(id).affiliation or ""
    assert affiliation.startswith("not affiliated; read from ")
    assert re.search(r"policy dated \d{4}-\d\d-\d\d|policy that carries no date", affiliation)


@pytest.mark.parametrize("id", REAL)
def test_a_profile_of_a_real_company_holds_no_person_and_no_street(id: str) -> None:
    profile = load_organisation(id).profile
    assert "address" not in profile
    for contact in (profile.get("contacts") or {}).values():
        assert isinstance(contact, dict)
        assert set(contact) <= {"email", "phone", "named"}
        assert contact.get("named") in (None, "yes", "no")
    streets = [text for text in leaves(profile) if STREET.search(text)]
    assert streets == []


def test_a_profile_may_say_what_single_laws_ask_of_an_organisation() -> None:
    text = """
format: breachkit/organisation@1
id: our-own
name: Our Own Ltd
free_zone: difc
small_processing_agent: "no"
size: {employees: 40, turnover: 3 MEUR, turnover_aud: 3000000}
targets: {CH: "no", US-FL: "yes"}
"""
    facts = read_profile(parse_yaml(text, name="our-own.yaml"), "our-own.yaml").facts
    shown = {key.removeprefix("organisation."): fact.value for key, fact in facts.items()}
    assert (shown["free_zone"], shown["small_processing_agent"]) == ("difc", False)
    assert (shown["targets.CH"], shown["targets.US-FL"]) == (False, True)
    assert str(shown["size.turnover_aud"]) == "3000000"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('targets: {UK: "yes"}', "targets"),
        ("targets: {CH: perhaps}", "perhaps"),
        ("free_zone: dubai", "dubai"),
        ("small_processing_agent: a bit", "a bit"),
    ],
)
def test_a_wrong_answer_to_such_a_question_is_a_fault(line: str, words: str) -> None:
    text = f"format: breachkit/organisation@1\nid: our-own\nname: Our Own Ltd\n{line}\n"
    with pytest.raises(BadFile, match=words):
        read_profile(parse_yaml(text, name="our-own.yaml"), "our-own.yaml")


def test_the_made_up_company_says_that_it_is_made_up() -> None:
    one = load_organisation(MADE_UP)
    assert one.affiliation == "made up; stands for no real company"
    assert {commitment.id for commitment in one.commitments} == {"users-72h", "agencies", "cyber-cover"}


def test_innexum_promises_its_users_word_within_72_hours_of_discovery() -> None:
    promise = next(one for one in load_organisation("innexum").commitments if one.id == "users-72h")
    assert (promise.source, promise.to, promise.within, promise.starts) == (
        "promise",
        "individuals",
        Hours(72),
        "discovered_at",
    )
    assert promise.citation.text == "privacy policy of 2026-02-10, section Data Breach Notification"


def test_a_promise_that_leans_on_the_law_follows_the_law() -> None:
    authorities = next(one for one in load_organisation("innexum").commitments if one.id == "authorities")
    assert (authorities.to, authorities.within, authorities.follows) == ("authority", None, "authority")


def test_the_gaps_of_callgenie_name_the_placeholder_that_was_never_filled_in() -> None:
    one = load_organisation("callgenie")
    assert any("placeholder" in gap.what for gap in one.gaps)
    assert one.commitments == ()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_incident_is_invented_and_can_be_read(path: Path) -> None:
    held = load_facts_file(path)
    assert held.facts["incident.invented"].value is True
    assert "Invented" in path.read_text(encoding="utf-8").splitlines()[0]
    assert held.organisation is not None
    assert path.name.startswith(held.organisation.id)
    assert any(isinstance(fact.value, Instant) for fact in held.facts.values())
    own = [text for text in leaves({key: fact.raw for key, fact in held.facts.items()}) if "@" in text and " " not in text]
    assert all(address.endswith(".invalid") for address in own)


@pytest.mark.parametrize("id", profile_ids())
def test_every_shipped_organisation_has_a_sample_incident(id: str) -> None:
    assert load_facts_file(sample_path(id)).organisation == load_organisation(id)


@pytest.mark.parametrize("name", ["", "nobody", "../../etc/passwd", "example-co.yaml", "Example-Co"])
def test_a_sample_that_there_is_none_of_is_not_looked_for_elsewhere(name: str) -> None:
    with pytest.raises(UnknownName, match="unknown organisation"):
        sample_path(name)


def test_an_unknown_organisation_names_the_nearest_and_where_to_look() -> None:
    with pytest.raises(UnknownName) as problem:
        load_organisation("inexum")
    assert "unknown organisation 'inexum'; did you mean 'innexum'" in str(problem.value)
    assert "`breachkit org list`" in str(problem.value)


GOOD = """\
id: our-co
name: Our Co
roles: [controller]
serves: [NO, GB]
established_in: []
size: {employees: 40}
contacts: {privacy: {email: privacy@example.com}}
holds: [{name: accounts, categories: [email]}]
promises: [{id: fast, to: individuals, within: 72 hours, from: discovered_at, source: {document: policy, dated: 2026-01-15}}]
contracts: [{id: insurer, with: insurer, kind: insurance, to: contract, within: 3 business days, from: aware_at}]
gaps: [{what: no retention period}]
"""


def read(text: str) -> Any:
    return read_profile(parse_yaml(text, "our.yaml"), "our.yaml")


def test_a_list_left_out_is_not_known_and_an_empty_one_is_none() -> None:
    one = read(GOOD)
    assert "organisation.sectors" not in one.facts
    assert one.facts["organisation.established_in"].value == ()
    assert one.facts["organisation.serves"].value == ("NO", "GB")
    assert all(fact.source == "profile" for fact in one.facts.values())


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("id: our-co", "id: Our Co!", "our.yaml line 1: 'Our Co!' is not an id; write small letters, digits and hyphens"),
        ("id: our-co\n", "", "'id' is missing in the profile"),
        ("name: Our Co\n", "", "'name' is missing in the profile"),
        ("roles: [controller]", "roles: [boss]", "our.yaml line 3: organisation.roles takes one of controller"),
        ("serves: [NO, GB]", "serves: [NO, UK]", "our.yaml line 4: unknown place 'UK' (ISO 3166 writes GB"),
        ("serves:", "servs:", "our.yaml line 4: unknown key 'servs' in the profile; did you mean 'serves'?"),
        ("employees: 40", "employees: some", "our.yaml line 6: 'some' is not a count"),
        ("privacy@example.com", "nobody", "our.yaml line 7: organisation.contacts.privacy.email takes one e-mail address"),
        ("categories: [email]", "categories: [emial]", "our.yaml line 8: unknown data category 'emial'; did you mean 'email'"),
        ("name: accounts,", "nam: accounts,", "our.yaml line 8: unknown key 'nam'"),
        ("within: 72 hours", "within: soon", "our.yaml line 9: 'soon' is not a period"),
        ("from: discovered_at", "from: discovery_at", "line 9: unknown start 'discovery_at'; did you mean 'discovered_at'"),
        ("to: individuals", "to: individals", "our.yaml line 9: unknown to 'individals'; did you mean 'individuals'?"),
        ("dated: 2026-01-15", "dated: January", "our.yaml line 9: 'January' is not a day; write 2026-01-15"),
        ("from: discovered_at,", "from: discovered_at, condition: {required_by_law: king},", "unknown required_by_law 'king'"),
        ("from: discovered_at,", "from: discovered_at, condition: {fact: nothing_such},", "our.yaml line 9"),
        ("{id: insurer,", "{id: insurer, qualifer: soon,", "'qualifer' in contract 'insurer'; did you mean 'qualifier'?"),
        ("{what: no retention period}", "{wat: none}", "our.yaml line 11: 'what' is missing"),
        ("gaps: [{what: no retention period}]", "gaps: some", "our.yaml line 11: 'gaps' must be a list"),
    ],
)  # fmt: skip
def test_a_wrong_profile_says_the_line_what_is_wrong_and_what_is_right(before: str, after: str, said: str) -> None:
    assert before in GOOD
    with pytest.raises(BadFile) as problem:
        read(GOOD.replace(before, after, 1))
    assert said in str(problem.value)


def test_a_promise_said_twice_is_refused() -> None:
    promise = "{id: fast, to: individuals, from: discovered_at}"
    with pytest.raises(BadFile, match="'fast' is said twice among the promises"):
        read(f"id: our-co\nname: Our Co\npromises: [{promise}, {promise}]\n")


def test_a_profile_of_another_format_is_refused() -> None:
    with pytest.raises(BadFile, match="format must be 'breachkit/organisation@1'"):
        read("format: breachkit/organisation@9\nid: our-co\nname: Our Co\n")
