"""A notice is made from every fact; where it tells one that lies off the factual track, its check says so."""

from __future__ import annotations

from breachkit.domain.facts import Count
from breachkit.storage.journal import Journal
from breachkit.workflow.drafts import drafted, held_against
from breachkit.workflow.notice_checks import as_json, as_lines
from breachkit.workflow.notice_tracks import off_the_record, with_tracks
from breachkit.workflow.notices import draft_notice
from breachkit.workflow.tracks import move_entry
from breachkit.workflow.workspace import Workspace

from .approving import REPORT, approve, judged, opened, record


def test_a_notice_that_tells_a_privileged_fact_is_named_with_its_entry(workspace: Workspace, journal: Journal) -> None:
    incident = opened(workspace, journal)
    record(workspace, journal, incident, {"measures.planned": "Counsel will sue the carrier."}, track="privileged")
    record(workspace, journal, incident, {"breach.how_found": "The carrier told us."}, track="third_party")
    record(workspace, journal, incident, {"loss.estimate_cny": "5000"}, track="privileged")
    answer = judged(workspace, journal, incident)
    said = answer.subject.entries[-3].seq
    [made] = with_tracks([draft_notice(answer, answer.finding(REPORT), workspace)], answer, workspace)
    found = {one.fact: (one.entry, one.track) for one in made.check.off_record}
    assert found["measures.planned"] == (said, "privileged")
    assert "loss.estimate_cny" not in found
    assert ("breach.how_found" in found) == ("The carrier told us" in made.notice.source)
    assert made.check.faults()["tracks"]
    assert made.check.complete
    assert f"tells measures.planned, entry {said} of the privileged track" in "\n".join(as_lines(made.check, {}))
    move_entry(workspace, journal, incident, said, "factual", reason="counsel released it")
    again = judged(workspace, journal, incident)
    [made] = with_tracks([draft_notice(again, again.finding(REPORT), workspace)], again, workspace)
    assert "measures.planned" not in {one.fact for one in made.check.off_record}


def test_a_count_that_was_corrected_for_counsel_is_told_and_named(workspace: Workspace, journal: Journal) -> None:
    incident = opened(workspace, journal)
    record(workspace, journal, incident, {"people.in.ES": "900", "people.total": "900"}, track="privileged")
    answer = judged(workspace, journal, incident)
    made = drafted(answer, REPORT, workspace)
    assert "900" in made.notice.source
    assert {one.fact for one in made.check.off_record} == {"people.total", "people.in.ES"} & set(off_the_record(answer))
    assert held_against(made, [], answer).check.off_record == made.check.off_record
    assert as_json(made.check)["off_record"][0]["track"] == "privileged"
    count = answer.subject.book.get("people.total")
    assert count is not None
    assert count.value == Count(900, 900, "900")


def test_an_approved_notice_is_looked_at_too(workspace: Workspace, journal: Journal) -> None:
    incident = opened(workspace, journal)
    record(workspace, journal, incident, {"measures.planned": "Counsel will sue the carrier."}, track="privileged")
    approve(workspace, journal, incident)
    made = drafted(judged(workspace, journal, incident), REPORT, workspace)
    assert not made.notice.draft
    assert [one.fact for one in made.check.off_record] == ["measures.planned"]


def test_without_such_entries_and_without_a_journal_nothing_is_looked_for(workspace: Workspace, journal: Journal) -> None:
    answer = judged(workspace, journal, opened(workspace, journal))
    assert off_the_record(answer) == {}
    assert drafted(answer, REPORT, workspace).check.off_record == ()
