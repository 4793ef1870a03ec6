"""The improvement plan of a debrief, one table for each capability, in the columns that exercise reports use."""

from __future__ import annotations

from collections.abc import Iterator

from breachkit.domain.exercise.debrief import Debrief
from breachkit.domain.exercise.improvement import RULE, Improvement
from breachkit.domain.exercise.runs import counted
from breachkit.domain.periods import show_day
from breachkit.workflow.report_markdown import md, table

_FEW = 3
"""More lines than these are named by their ids alone."""
_HEAD = ("Area for improvement", "Corrective action", "Element", "Owner", "Completion", "Priority")


def plan(debrief: Debrief) -> Iterator[str]:
    """All of it."""
    yield "## Improvement plan"
    yield ""
    if not debrief.plan:
        yield "Nothing was lost, so nothing is planned."
        yield ""
        return
    yield (
        f"Every item starts on {show_day(debrief.today)}. A completion day marked as proposed binds nobody until somebody sets "
        "it: `breachkit exercise improve`, with the item's name, which stands in brackets."
    )
    yield ""
    for capability in dict.fromkeys(one.capability for one in debrief.plan):
        yield f"### Capability: {md(capability)}"
        yield ""
        yield from table(_HEAD, (_row(one) for one in debrief.plan if one.capability == capability))
    yield (
        f"{RULE} The element - planning, organisation, equipment, training or exercises - follows from the part of the score; "
        "equipment is never proposed, since a table exercise does not try any. Single facts share one item, and so do the "
        "single steps of one role."
    )
    yield ""


def _row(one: Improvement) -> tuple[str, ...]:
    short = (line.id.partition(":")[2] or line.id for line in one.lines)
    area = one.area if len(one.lines) <= _FEW else f"{counted(len(one.lines), 'line')}: {', '.join(short)}"
    due = f"{show_day(one.due)}{' (proposed)' if one.proposed else ''}"
    return f"{area} ({one.id})", one.action, one.element, one.owner, due, f"{one.priority}, {one.status}"
