"""The JSON that other programs read: every key promised is there, with its type. Contracts are extended, never renamed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from breachkit.domain.law import RECIPIENT_KINDS

from .conftest import NOON, Run

TEXT, FLAG, NUMBER, LIST, MAP = str, bool, int, list, dict
NONE = type(None)

WHOLE = {
    "format": TEXT, "now": TEXT, "law_date": (TEXT, NONE), "law_pack": MAP, "notice": TEXT, "uncovered": LIST,
    "duties": LIST, "conflicts": LIST, "open_questions": LIST,
}  # fmt: skip
DUTY = {
    "id": TEXT, "regime": TEXT, "title": TEXT, "recipient": MAP, "status": TEXT, "presumed": FLAG, "replaced_by": (TEXT, NONE),
    "due": MAP, "because": LIST, "needs": LIST, "content": LIST, "forbidden": LIST, "cite": LIST, "confidence": TEXT,
    "reviewed": TEXT, "pack": TEXT, "decision": (MAP, NONE), "filed": LIST,
}  # fmt: skip
RECIPIENT = {
    "kind": TEXT, "id": (TEXT, NONE), "name": TEXT, "channel": (TEXT, NONE), "languages": LIST, "candidates": LIST,
    "waits_for": LIST,
}  # fmt: skip
DUE = {
    "target": (TEXT, NONE), "outer": (TEXT, NONE), "last_day": (TEXT, NONE), "zone": TEXT, "kind": TEXT,
    "amount": (NUMBER, NONE), "starts": TEXT, "qualifier": TEXT, "provisional": FLAG, "projected": FLAG, "waits_for": LIST,
    "not_before": (MAP, NONE), "steps": LIST, "notes": LIST,
}  # fmt: skip
BECAUSE = {"text": TEXT, "fact": (TEXT, NONE), "value": (TEXT, NONE), "holds": (FLAG, NONE)}
QUESTION = {"key": TEXT, "asks": TEXT, "unlocks": LIST, "earliest_due": (TEXT, NONE)}
STATUSES = {"owed", "not_owed", "undetermined", "exempt", "done", "not_in_force"}


def holds(data: dict[str, Any], shape: dict[str, Any]) -> None:
    assert set(shape) <= set(data)
    wrong = {key: data[key] for key, kind in shape.items() if not isinstance(data[key], kind)}
    assert wrong == {}


def is_moment(text: str | None) -> None:
    assert text is None or datetime.fromisoformat(text).tzinfo is not None


@pytest.mark.parametrize("organisation", ["example-co", "innexum", "inum", "intnet-iq", "innovat", "callgenie"])
def test_duties(run: Run, sample: Path, organisation: str) -> None:
    whole = run("duties", "--facts", sample.with_name(f"{organisation}.incident.yaml"), "--now", NOON, "--json").json
    holds(whole, WHOLE)
    assert whole["format"] == "breachkit/duties@1"
    assert "not legal advice" in whole["notice"]
    holds(whole["law_pack"], {"version": TEXT, "sha256": TEXT})
    assert len(whole["law_pack"]["sha256"]) == 64
    is_moment(whole["now"])
    for place in whole["uncovered"]:
        holds(place, {"place": TEXT, "people": TEXT})
    for conflict in whole["conflicts"]:
        holds(conflict, {"duties": LIST, "text": TEXT, "cite": LIST})
    ids = [one["id"] for one in whole["duties"]]
    assert len(set(ids)) == len(ids) > 0
    for one in whole["duties"]:
        duty(one)
    for one in whole["open_questions"]:
        holds(one, QUESTION)
        is_moment(one["earliest_due"])
        assert set(one["unlocks"]) <= set(ids)
        assert one["unlocks"]


def duty(one: dict[str, Any]) -> None:
    holds(one, DUTY)
    holds(one["recipient"], RECIPIENT)
    holds(one["due"], DUE)
    assert one["id"].startswith(one["regime"])
    assert one["status"] in STATUSES
    assert one["confidence"] in ("verified", "secondary", "unverified")
    assert one["recipient"]["kind"] in RECIPIENT_KINDS
    date.fromisoformat(one["reviewed"])
    for key in ("target", "outer"):
        is_moment(one["due"][key])
    if one["due"]["not_before"] is not None:
        holds(one["due"]["not_before"], {"at": (TEXT, NONE), "duty": TEXT, "because": TEXT})
    for reason in one["because"]:
        holds(reason, BECAUSE)
    assert one["cite"]
    for cite in one["cite"]:
        holds(cite, {"text": TEXT, "url": (TEXT, NONE)})
    assert all(isinstance(id, str) for id in (*one["needs"], *one["content"], *one["forbidden"]))


def test_duties_with_a_decision_and_a_filing(run: Run, incident: str) -> None:
    run("decide", incident, "eu.gdpr.33", "notify", "--ground", "a risk is likely")
    run("file", incident, "uk.gdpr.33", "--reference", "ICO-1", "--lacked", "none")
    duties = {one["id"]: one for one in run("duties", incident, "--json").json["duties"]}
    holds(duties["eu.gdpr.33@es-aepd"]["decision"], {"choice": TEXT, "ground": TEXT, "at": TEXT, "by": TEXT, "reopened": FLAG})
    [filed] = duties["uk.gdpr.33"]["filed"]
    holds(filed, {"at": TEXT, "reference": TEXT, "kind": TEXT})
    assert duties["uk.gdpr.33"]["status"] == "done"


def test_ask(run: Run, sample: Path) -> None:
    questions = run("ask", "--facts", sample, "--now", NOON, "--json").json["open_questions"]
    assert questions == run("duties", "--facts", sample, "--now", NOON, "--json").json["open_questions"]
    for one in questions:
        holds(one, QUESTION)


def test_law_list(run: Run) -> None:
    regimes = run("law", "list", "--json").json["regimes"]
    assert {one["id"] for one in regimes} >= {"eu.gdpr", "eu.611", "uk.gdpr", "uk.pecr", "us.ca", "us.fl", "us.fcc.64-2011"}
    for one in regimes:
        holds(
            one, {"id": TEXT, "title": TEXT, "place": TEXT, "in_force": FLAG, "confidence": TEXT, "pack": TEXT, "duties": LIST}
        )
        assert one["duties"]
        for duty in one["duties"]:
            holds(duty, {"id": TEXT, "title": TEXT})


def test_org_list(run: Run) -> None:
    organisations = run("org", "list", "--json").json["organisations"]
    assert {"id": "innexum", "name": "Innexum Technologies"} in organisations
    for one in organisations:
        holds(one, {"id": TEXT, "name": TEXT})


def test_notice_list(run: Run) -> None:
    notices = run("notice", "list", "--json").json["notices"]
    assert "eu.gdpr.33" in {one["duty"] for one in notices}
    for one in notices:
        holds(one, {"duty": TEXT, "template": TEXT, "languages": LIST, "formats": LIST})
        assert {"md", "text", "html"} <= set(one["formats"])


def test_notice_check(run: Run, sample: Path) -> None:
    found = run("notice", "check", "eu.gdpr.33", "--facts", sample, "--now", NOON, "--json").json
    holds(
        found,
        {"duty": TEXT, "present": LIST, "missing": LIST, "forbidden_present": LIST, "contradictions": LIST, "reading": MAP},
    )
    holds(found["reading"], {"grade": (int, float), "words": NUMBER})


def test_journal_verify(run: Run, incident: str) -> None:
    found = run("journal", "verify", "--json").json
    holds(found, {"ok": FLAG, "broken": (MAP, NONE), "damaged": (TEXT, NONE), "heads": MAP})
    assert (found["ok"], found["broken"], found["damaged"]) == (True, None, None)
    holds(found["heads"][incident], {"entry": NUMBER, "hash": TEXT})


def test_journal_show(run: Run, incident: str) -> None:
    entries = run("journal", "show", incident, "--json").json["entries"]
    assert [one["seq"] for one in entries] == list(range(1, len(entries) + 1))
    for one in entries:
        holds(
            one, {"incident": TEXT, "kind": TEXT, "body": MAP, "track": TEXT, "actor": TEXT, "recorded_at": TEXT, "hash": TEXT}
        )
        is_moment(one["recorded_at"])


def test_incident_list(run: Run, incident: str) -> None:
    [one] = run("incident", "list", "--json").json["incidents"]
    holds(one, {"id": TEXT, "title": TEXT, "invented": FLAG, "closed": FLAG, "nearest": (MAP, NONE)})
    assert (one["id"], one["invented"]) == (incident, True)
    holds(one["nearest"], {"duty": TEXT, "target": TEXT})
