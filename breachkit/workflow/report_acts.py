"""The parts of a report about what was done: tables beside the time line, filings and their proof, decisions, approvals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from breachkit.domain.approvals import Approval, Standing, Withdrawn, say_standing
from breachkit.domain.findings import Finding
from breachkit.domain.periods import show
from breachkit.domain.timechart import Bar, Chart
from breachkit.workflow.report_chart import filing_words
from breachkit.workflow.report_markdown import md, table


def happened(drawn: Chart) -> Iterator[str]:
    """What happened, as a table."""
    yield "### What happened"
    yield ""
    yield from table(("When", "What"), ((mark.when, mark.label) for mark in drawn.events))
    if not drawn.events:
        yield "No time of the incident is recorded yet."
        yield ""


def clocks(drawn: Chart) -> Iterator[str]:
    """Every clock with its start, its limits and what was done, as a table."""
    yield "### Clocks"
    yield ""
    yield from table(
        ("Duty", "Status", "Ran from", "Due", "Outer limit", "Done"), (_clock(bar, drawn.zone) for bar in drawn.bars)
    )
    if not drawn.bars:
        yield "No clock runs on these facts."
        yield ""


def acts(finding: Finding) -> Iterator[str]:
    """What was filed for a duty, with its proof, and what was decided about it."""
    if not finding.filed and finding.decision is None:
        return
    yield f"### {md(finding.id)}"
    yield ""
    for record in finding.filed:
        lacked = record.get("lacked")
        left = f"; left out {', '.join(map(str, lacked))}" if lacked else ""
        by = f"; recorded by {record['by']}" if record.get("by") else ""
        yield f"- filed: {md(filing_words(record, finding.due.zone) + left + by)}"
    decision = finding.decision
    if decision is not None:
        when = f" on {show(decision.at, 'UTC')}" if decision.at else ""
        yield f"- decided to {decision.choice}{when} by {md(decision.by or 'unknown')}: {md(decision.ground)}"
        if decision.reopened:
            yield f"- reopened: {md(', '.join(decision.changed))} changed since"
    yield ""


def approvals(standings: Sequence[tuple[Approval, Standing]]) -> Iterator[str]:
    """Which notices were approved, by whom, and whether that still stands."""
    if not standings:
        return
    yield "## Approvals"
    yield ""
    rows = []
    for approval, standing in standings:
        state = "withdrawn" if isinstance(standing, Withdrawn) else "stands"
        said = say_standing(standing) + (f"; {approval.note}" if approval.note else "")
        rows.append((f"{approval.duty} ({approval.language})", state, said, approval.snapshot[:16]))
    yield from table(("Notice", "State", "What was said", "Snapshot"), rows)


def _clock(bar: Bar, zone: str) -> tuple[str, ...]:
    due = f"{bar.due}{' (may still move)' if bar.tentative else ''}{' - OVERDUE' if bar.overdue else ''}"
    outer = show(bar.outer, zone) if bar.outer is not None and bar.outer != bar.target else ""
    done = "; ".join(mark.label if mark.kind == "filed" else f"{mark.label}, {mark.when}" for mark in bar.marks)
    return (
        f"{bar.title} ({bar.id})",
        bar.status,
        show(bar.start, zone) if bar.start is not None else "not known yet",
        due,
        outer,
        done,
    )
