"""The improvement plan: what each lost point asks for, by whom and by when, in the columns that exercise reports use.

Days are proposals, counted from a day that is given, until somebody sets them; what somebody set stands over the proposal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final, Literal

from breachkit.domain.exercise.runs import Run, Setting
from breachkit.domain.exercise.scenario import Scenario
from breachkit.domain.exercise.score import Line, PartId
from breachkit.domain.values import value

Element = Literal["planning", "organisation", "equipment", "training", "exercises"]
Priority = Literal["high", "medium", "low"]
PRIORITIES: tuple[Priority, ...] = ("high", "medium", "low")
Status = Literal["open", "done"]
STATUSES: tuple[Status, ...] = ("open", "done")
NOBODY: Final = "to be named"

DAYS: Final[dict[Priority, int]] = {"high": 30, "medium": 60, "low": 90}
SMALL_PARTS: Final = ("facts", "playbook")
"""Parts of many lines worth a point each."""
SMALL: Final = 2
"""An item that cost fewer points is of low priority."""
RULE: Final = (
    f"High priority, {DAYS['high']} days: points of a deadline or of declaring were lost. Low priority, {DAYS['low']} days: "
    f"fewer than {SMALL} points were lost. Everything else: medium priority, {DAYS['medium']} days."
)

_ELEMENTS: Final[dict[PartId, Element]] = {
    "declare": "training",
    "duties": "training",
    "deadlines": "planning",
    "needless": "organisation",
    "notices": "planning",
    "decisions": "organisation",
    "facts": "organisation",
    "playbook": "exercises",
    "answers": "training",
    "actions": "exercises",
}
PRACTISE: Final[dict[PartId, str]] = {
    "declare": "Practise opening an incident from the first report, before anybody is sure.",
    "duties": "After every new fact, look at the duties once more and read out what is new.",
    "deadlines": "Read the clock aloud at every change of shift, and file a first report with what is known.",
    "needless": "Let one person give leave for each notice, after reading its duty aloud.",
    "notices": "Run `breachkit notice check` before each filing, and compare the notice with the facts line by line.",
    "decisions": "Record each decision with its ground in whole sentences, and look at it again when a fact changes.",
    "facts": "Ask whoever knows as soon as a question opens, write the answer down at once, and correct it when it changes.",
    "playbook": "Walk through the playbook's steps at the table, and name who ticks each one.",
    "answers": "Talk through the question and its options once more, with the reasons beside each.",
    "actions": "Walk through this moment once more at the table, with the person who would act.",
}
"""What to practise where a line does not say it itself."""


_WANTED: Final = {
    "needless": "Tell nobody without need",
    "decisions:grounds": "Give every decision its ground",
    "decisions:true": "Let no decision stand against the facts",
}


def wanted(line: Line) -> str:
    """What a line that lost points asks for: its title, unless that says as a fact what did not come to pass."""
    return _WANTED.get(line.id, line.title)


@value
class Improvement:
    """One item of the plan."""

    id: str
    """That of its costliest line; by it settings are recorded."""
    lines: tuple[Line, ...]
    """What lost points, costliest first."""
    capability: str
    action: str
    """What to do about it."""
    element: Element
    owner: str
    """A name when one was recorded, else a role, else NOBODY."""
    starts: date
    due: date
    proposed: bool
    """Whether `due` is a proposal; False once somebody set it."""
    priority: Priority
    status: Status

    @property
    def area(self) -> str:
        """What to improve, in words."""
        return "; ".join(dict.fromkeys(map(wanted, self.lines)))

    @property
    def lost(self) -> float:
        """Points in all."""
        return sum(line.lost for line in self.lines)


def practise(line: Line) -> str:
    """What to practise for a line that lost points."""
    return line.train.strip() or PRACTISE[line.part]


def plan(run: Run, today: date) -> tuple[Improvement, ...]:
    """An item for each lost line, one for all lines with the same practice; the most pressing first."""
    found: dict[tuple[str, str], list[Line]] = {}
    for line in run.lost:
        found.setdefault(_shared(line), []).append(line)
    items = [_item(action, lines, run, today) for (action, _), lines in found.items()]
    return tuple(sorted(items, key=lambda item: (PRIORITIES.index(item.priority), -item.lost, item.id)))


def _shared(line: Line) -> tuple[str, str]:
    """What lines of one item have in common: the practice; single facts share one, and so do the single steps of one role."""
    if line.part in SMALL_PARTS:
        return PRACTISE[line.part], line.role
    return practise(line), ""


def _item(action: str, lines: Sequence[Line], run: Run, today: date) -> Improvement:
    first, scenario = lines[0], run.scenario
    setting = _setting(lines, run)
    priority = _priority(lines)
    return Improvement(
        id=first.id,
        lines=tuple(lines),
        capability=_capability(first, scenario),
        action=setting.action or action,
        element=_ELEMENTS[first.part],
        owner=setting.owner or _role(first, run) or NOBODY,
        starts=today,
        due=setting.due or today + timedelta(days=DAYS[priority]),
        proposed=setting.due is None,
        priority=priority,
        status="done" if setting.status == "done" else "open",
    )


def _setting(lines: Sequence[Line], run: Run) -> Setting:
    """What was set for any of its lines; those of the costliest stand over the others."""
    found = [one for line in reversed(lines) if (one := run.settings.get(line.id)) is not None]
    result = Setting()
    for one in found:
        result = Setting(
            one.owner or result.owner, one.due or result.due, one.action or result.action, one.status or result.status
        )
    return result


def _priority(lines: Sequence[Line]) -> Priority:
    if any(line.part in ("deadlines", "declare") for line in lines):
        return "high"
    return "medium" if sum(line.lost for line in lines) >= SMALL else "low"


def _capability(line: Line, scenario: Scenario) -> str:
    """That of its objective; else of the objective of an action on the same thing; else one by the part of the score."""
    wanted = line.objective or next((found for found in _beside(line, scenario, "objective")), "")
    found = next((one.capability for one in scenario.objectives if one.id == wanted), "")
    return found or _CAPABILITIES[line.part]


def _role(line: Line, run: Run) -> str:
    """The title of the role it falls to; empty when no role is named."""
    wanted = line.role or next((found for found in _beside(line, run.scenario, "role")), "")
    return run.roles.get(wanted, wanted)


def _beside(line: Line, scenario: Scenario, field: Literal["objective", "role"]) -> Iterator[str]:
    """What the scenario's actions on the same duty, fact, question or step say of it; of a duty, first those that file it."""
    name = line.id.partition(":")[2].partition("#")[0]
    for action in sorted(scenario.actions, key=lambda one: one.act.kind != "file"):
        if action.act.name and action.act.name in (name, name.partition("@")[0]) and (found := getattr(action, field)):
            yield str(found)


_CAPABILITIES: Final[dict[PartId, str]] = {
    "declare": "Incident declaration",
    "duties": "Knowledge of duties",
    "deadlines": "Notification in time",
    "needless": "Notification with measure",
    "notices": "Notice drafting",
    "decisions": "Recorded decisions",
    "facts": "Fact finding",
    "playbook": "Incident response",
    "answers": "Judgement under pressure",
    "actions": "Incident response",
}
"""Where no objective of the scenario is served."""
