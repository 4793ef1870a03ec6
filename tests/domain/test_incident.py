"""An incident is what its entries say, in whatever pieces they are folded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachkit.content.factsfile import make_fact
from breachkit.domain.facts import Fact
from breachkit.domain.incident import Incident, apply, fold
from breachkit.domain.journal import KINDS, Draft, Entry
from breachkit.errors import BadValue
from breachkit.workflow import timeline
from tests.strategies import FIRST, WORDS, drafts, journals, sealed


def read(key: str, raw: object) -> Fact:
    return make_fact(key, raw, WORDS)


def told(*made: Draft) -> Incident:
    return fold("INC-1", sealed(list(made)), read)


def fact(key: str, value: object, kind: str = "fact.recorded", **more: str) -> Draft:
    return Draft(kind, {"key": key, "value": value, **more})


@given(journals(), st.data())
def test_folding_a_prefix_then_the_rest_equals_folding_all(entries: list[Entry], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(entries)))
    halfway = fold("INC-1", entries[:cut], read)
    for entry in entries[cut:]:
        halfway = apply(halfway, entry, read)
    assert halfway == fold("INC-1", entries, read)
    assert halfway.seq == len(entries)


@given(journals())
def test_applying_an_entry_leaves_the_incident_before_it_as_it_was(entries: list[Entry]) -> None:
    before = fold("INC-1", entries[:-1], read)
    facts = dict(before.facts)
    apply(before, entries[-1], read)
    assert before.facts == facts
    assert before == fold("INC-1", entries[:-1], read)


@given(drafts().filter(lambda draft: draft.kind.startswith("fact.")))
def test_every_recorded_fact_survives_json(draft: Draft) -> None:
    through = Draft(draft.kind, json.loads(json.dumps(dict(draft.body))))
    assert told(through).facts == told(draft).facts


def independent(draft: Draft) -> str:
    """What an entry speaks of; two that speak of different things may change places."""
    return str(draft.body.get("key", draft.body.get("duty", draft.body.get("step"))))


@given(st.lists(drafts(), min_size=2, max_size=4, unique_by=lambda draft: independent(draft)))
def test_independent_facts_may_arrive_in_either_order(made: list[Draft]) -> None:
    def known(order: tuple[Draft, ...]) -> dict[str, Fact]:
        return {key: replace(fact, recorded_at=None) for key, fact in told(*order).facts.items()}

    assert all(known(order) == known(tuple(made)) for order in permutations(made))


def test_an_incident_begins_with_its_profile_and_its_moment() -> None:
    profile = {"id": "example-co", "name": "Example Co"}
    found = told(Draft("incident.opened", {"organisation": profile}))
    assert found.profile == profile
    assert found.opened_at is not None
    assert found.opened_at > FIRST
    assert (found.title, found.invented, found.closed_at) == ("INC-1", False, None)


def test_a_correction_takes_the_place_of_the_old_value_and_the_timeline_keeps_it() -> None:
    made = [
        fact("people.total", "600", source="support"),
        fact("people.total", "~4100", "fact.corrected", source="CRM export", reason="the export was counted twice"),
    ]
    assert told(*made).facts["people.total"].raw == "~4100"
    last = list(timeline.lines(sealed(made)))[-1]
    assert last.text == "people.total corrected: 600 -> ~4100 [CRM export] because the export was counted twice"


def test_a_fact_keeps_who_said_it_how_sure_when_it_happened_and_who_wrote_it_down() -> None:
    found = told(
        fact("aware_at", "2026-11-20T22:15Z", source="on call", certainty="estimated", happened_at="2026-11-20T22:00Z")
    ).facts["aware_at"]
    assert (found.source, found.certainty, found.by) == ("on call", "estimated", "ana")
    assert found.happened_at is not None
    assert found.happened_at.written == "2026-11-20T22:00Z"
    assert found.recorded_at is not None
    assert found.recorded_at > FIRST


def test_filings_of_one_duty_are_kept_one_after_another() -> None:
    first = Draft(
        "filing.recorded", {"duty": "eu.gdpr.33@es-aepd", "at": "2026-11-21T10:00:00Z", "reference": "1", "lacked": ["nature"]}
    )
    second = Draft(
        "filing.recorded", {"duty": "eu.gdpr.33@es-aepd", "at": "2026-11-22T10:00:00Z", "reference": "2", "kind": "update"}
    )
    records = told(first, second).facts["filed.eu.gdpr.33@es-aepd"].value
    assert isinstance(records, tuple)
    filed = [record for record in records if isinstance(record, Mapping)]
    assert [record["reference"] for record in filed] == ["1", "2"]
    assert filed[0]["by"] == "ana"


def test_once_said_an_incident_stays_invented_and_closed() -> None:
    found = told(fact("incident.invented", "yes"), Draft("incident.closed", {"reason": "over"}), fact("people.total", "5"))
    assert found.invented
    assert found.closed_at is not None


@pytest.mark.parametrize("kind", ["notice.rendered", "notice.approved", "note.added", "track.changed"])
def test_an_entry_that_states_no_fact_changes_only_the_number(kind: str) -> None:
    found = told(fact("people.total", "5"), Draft(kind, {"text": "x"}))
    assert found.seq == 2
    assert set(found.facts) == {"people.total"}


def test_a_step_is_marked_with_its_moment_and_a_later_entry_takes_it_back() -> None:
    ticked = Draft("step.marked", {"step": "ransomware.isolate", "done": True, "note": "both servers"})
    taken_back = Draft("step.marked", {"step": "ransomware.isolate", "done": False})
    mark = told(ticked).steps["ransomware.isolate"]
    assert (mark.done, mark.by, mark.note) == (True, "ana", "both servers")
    assert mark.at > FIRST
    assert told(ticked, taken_back).steps["ransomware.isolate"].done is False
    assert told(ticked, taken_back, ticked).steps["ransomware.isolate"].done is True
    assert told(ticked).facts == {}
    assert [line.text for line in timeline.lines(sealed([ticked, taken_back]))] == [
        "step ransomware.isolate done: both servers",
        "step ransomware.isolate taken back, no longer done",
    ]


@pytest.mark.parametrize("kind", ["fact.forgotten", "", "incident.reopened"])
def test_a_kind_that_a_newer_breachkit_wrote_is_refused_and_named(kind: str) -> None:
    with pytest.raises(BadValue, match=rf"INC-1 entry 1 is of the unknown kind '{kind}'; a newer breachkit wrote it"):
        told(Draft(kind, {}))


def test_every_kind_there_is_can_be_folded() -> None:
    bodies = {
        "fact": {"key": "people.total", "value": "5"},
        "filing": {"duty": "uk.gdpr.33", "at": "2026-11-21T10:00:00Z", "reference": "1"},
        "decision": {"duty": "uk.gdpr.33", "choice": "notify", "ground": "owed"},
        "step": {"step": "ransomware.isolate", "done": True},
        "dispatch": {"dispatch": "D-1", "duty": "eu.gdpr.34", "envelopes": 3},
        "delivery": {"dispatch": "D-1", "counts": {"sent": 3}, "receipts": "0" * 64},
        "envelope": {"dispatch": "D-1", "count": 1, "to": "sent", "reason": "in the log"},
        "bounces": {"matched": 1, "unknown": 0},
        "attachment": {"label": "a log", "size": 3, "sha256": "0" * 64},
        "reminder": {"finding": "eu.gdpr.33@es-aepd", "due": "2026-11-23T22:15:00Z", "by": "mail"},
        "evidence": {"sha256": "0" * 64},
    }
    for kind in KINDS:
        assert told(Draft(kind, bodies.get(kind.split(".")[0], {}))).seq == 1
        assert list(timeline.lines(sealed([Draft(kind, {**bodies.get(kind.split(".")[0], {}), "text": "x"})])))
