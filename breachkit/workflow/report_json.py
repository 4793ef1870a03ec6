"""The incident report as JSON for programs: `breachkit/report@1`."""

from __future__ import annotations

import json
from typing import Any

from breachkit.domain.approvals import Withdrawn, say_standing
from breachkit.domain.journal import Track
from breachkit.domain.notice_context import facts_hash
from breachkit.domain.timechart import Bar, Mark
from breachkit.workflow import contract
from breachkit.workflow.report_chart import chart
from breachkit.workflow.report_view import View, view
from breachkit.workflow.subjects import Subject
from breachkit.workflow.workspace import Workspace


def report_json(
    subject: Subject, workspace: Workspace, *, privileged: bool = False, keep: frozenset[Track] | None = None
) -> dict[str, Any]:
    """All that the report says. Entries of the privileged track stay out unless asked for; `keep`: see `make_report`."""
    return json_on(view(subject, workspace, privileged=privileged, keep=keep))


def json_on(seen: View) -> dict[str, Any]:
    """The same of what a reader may see."""
    found, standings = seen.answer, seen.standings
    drawn = chart(found, [approval for approval, standing in standings if standing == approval])
    entries = found.subject.entries
    return {
        **contract.duties(found),
        "format": "breachkit/report@1",
        "time_line": {
            "zone": drawn.zone,
            "counts_from": contract.moment(drawn.zero, drawn.zone),
            "events": [_mark(mark, drawn.zone) for mark in drawn.events],
            "clocks": [_bar(bar, drawn.zone) for bar in drawn.bars],
        },
        "approvals": [
            {
                "duty": approval.duty,
                "language": approval.language,
                "by": approval.by,
                "at": contract.moment(approval.at),
                "stands": not isinstance(standing, Withdrawn),
                "says": "" if seen.kept.left_out else say_standing(standing),
                "snapshot": approval.snapshot,
            }
            for approval, standing in standings
        ],
        "facts": [contract.fact(fact) for _, fact in sorted(found.subject.book.facts.items())],
        "entries": [contract.entry(entry) for entry in entries],
        "left_out": seen.kept.left_out,
        "hashes": {
            "facts": facts_hash(found.subject.book),
            "law_pack": found.assessment.pack_sha256,
            "journal": entries[-1].hash if entries else None,
        },
    }


def text(data: dict[str, Any]) -> str:
    """JSON for a file."""
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _mark(mark: Mark, zone: str) -> dict[str, Any]:
    return {"at": contract.moment(mark.at, zone), "what": mark.label, "when": mark.when, "kind": mark.kind}


def _bar(bar: Bar, zone: str) -> dict[str, Any]:
    return {
        "duty": bar.id,
        "start": contract.moment(bar.start, zone),
        "target": contract.moment(bar.target, zone),
        "outer": contract.moment(bar.outer, zone),
        "may_move": bar.tentative,
        "overdue": bar.overdue,
        "done": [_mark(mark, zone) for mark in bar.marks],
    }
