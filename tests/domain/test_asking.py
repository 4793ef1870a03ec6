"""The order of asking: from an awareness time alone to the whole, definite list of duties, in few answers.

Every sample incident is taken for the truth; what it leaves open is settled here, so that no question stays without an answer.
A person follows `breachkit ask` and answers its first question each time. An answer is one question answered, also where that
takes several values (each place of a list).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from breachkit.content.calendars import calendar_for
from breachkit.content.factsfile import load_facts_file
from breachkit.content.organisations import sample_path
from breachkit.content.vocabulary import load_directory, load_vocabulary
from breachkit.domain.drafts import Setting
from breachkit.domain.duties import assess
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Fact, Instant, read_value
from breachkit.domain.findings import Assessment
from breachkit.workflow.subjects import laws_for
from breachkit.workflow.workspace import Workspace

WORDS = load_vocabulary()
TRUTHS: Mapping[str, Any] = {
    "breach.exfiltration": "confirmed",
    "breach.medium": ["electronic"],
    "data.categories_complete": "yes",
    "risk.level": "high",
}
"""What the sample incidents leave open."""
EXACT = {"innovat": {"people.in.US": "640", "people.in.US-FL": "640", "people.total": "640"}}
"""Counts that the sample gives as ranges, as they turned out."""


def truth_of(organisation: str) -> dict[str, Any]:
    held = load_facts_file(sample_path(organisation))
    assert held.organisation is not None
    facts = {**held.organisation.facts, **held.facts}
    settled = {key: fact.raw for key, fact in facts.items() if fact.known}
    return {**settled, **EXACT.get(organisation, {}), **TRUTHS}


def answer_to(key: str, truth: Mapping[str, Any]) -> dict[str, Any]:
    """What a person records when asked."""
    if key.endswith("-<part>"):
        begins = key.removesuffix("<part>")
        return {one: value for one, value in truth.items() if one.startswith(begins)}
    if key == "people.elsewhere":
        places = {one: value for one, value in truth.items() if one.startswith("people.in.") and ".with." not in one}
        return {**places, key: truth.get(key, "0")}
    if key in truth:
        return {key: truth[key]}
    spec = WORDS.spec(key)
    usual: dict[str, Any] = {"yes_no": "no", "count": "0", "instant": truth["aware_at"], "set": [], "place": "US"}
    if spec.type == "choice":
        return {key: "likely" if key.startswith("harm.") else next(iter(spec.choices))}
    return {key: usual.get(spec.type, "something")}


def followed(organisation: str, *, with_profile: bool, most: int = 60) -> tuple[list[str], Assessment]:
    """The questions answered until nothing is open, and the last assessment."""
    truth = truth_of(organisation)
    held = load_facts_file(sample_path(organisation))
    known = dict(held.organisation.facts) if with_profile and held.organisation else {}
    pack = laws_for(held.organisation, Workspace()).pack
    aware = held.facts["aware_at"].value
    assert isinstance(aware, Instant)
    now = aware.at + timedelta(hours=6)
    given = {"aware_at": truth["aware_at"]}
    asked: list[str] = []
    while True:
        known |= {key: Fact(key, read_value(WORDS.spec(key), value, WORDS), value) for key, value in given.items()}
        found = assess(FactBook(known, WORDS), Setting(pack, load_directory(), calendar_for, now))
        if not found.questions or len(asked) == most:
            return asked, found
        asked.append(found.questions[0].key)
        given = answer_to(asked[-1], truth)


@pytest.mark.parametrize(
    ("organisation", "with_profile", "without"),
    [("callgenie", 3, 7), ("innexum", 10, 13), ("innovat", 13, 17), ("intnet-iq", 14, 15), ("inum", 13, 17)],
)
def test_the_whole_list_is_reached_in_few_answers(organisation: str, with_profile: int, without: int) -> None:
    for profile, most in ((True, with_profile), (False, without)):
        asked, found = followed(organisation, with_profile=profile)
        undecided = [finding.id for finding in found.findings if finding.status == "undetermined"]
        assert not undecided, (asked, undecided[:10])
        assert len(asked) <= most, asked
        assert len(set(asked)) == len(asked), asked


def test_the_list_of_places_comes_first() -> None:
    asked, _ = followed("callgenie", with_profile=False, most=1)
    assert asked == ["people.elsewhere"]
