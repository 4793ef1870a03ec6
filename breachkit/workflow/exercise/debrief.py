"""Debriefs an exercise: its score, its earlier runs, and what a team takes home. Also records what becomes of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Final

from breachkit.content.looks import load_look
from breachkit.content.playbooks import load_playbook
from breachkit.documents.report_html import report_html
from breachkit.documents.report_pdf import report_pdf
from breachkit.domain.exercise.debrief import Debrief, debrief_of
from breachkit.domain.exercise.improvement import STATUSES, Improvement
from breachkit.domain.exercise.runs import Run, Setting
from breachkit.domain.exercise.scenario import Scenario
from breachkit.domain.journal import Entry, Json
from breachkit.errors import BreachkitError, UnknownName, UsageError
from breachkit.workflow.exercise.debrief_page import page
from breachkit.workflow.exercise.drill import Drill
from breachkit.workflow.exercise.folder import drills, drills_folder
from breachkit.workflow.exercise.scoring import Result, scored
from breachkit.workflow.workspace import Workspace

FORMATS: Final = ("md", "html", "pdf", "json")
EARLIER: Final = 4
"""How many earlier runs are found by themselves: the latest ones."""


def debrief(
    drill: Drill | Path, *, today: date, against: Sequence[Path] | None = None, workspace: Workspace | None = None
) -> Debrief:
    """The debrief of an exercise, as it stands when it is not over.

    `today` is the real day from which the plan's proposals count. `against`: the runs to compare with; None: the latest
    earlier ones of the same scenario in the exercises' folder. UsageError when one named is of another scenario.
    `workspace` says whose name and laws an exercise is opened with where only its path is given.
    """
    space = workspace or Workspace()
    with _opened(drill, space) as held:
        run = run_of(scored(held), held)
        named = None if against is None else [_other(path, run, space) for path in against]
        return debrief_of(run, list(_earlier(run, held, space)) if named is None else named, today)


def run_of(result: Result, drill: Drill) -> Run:
    """What a debrief looks at."""
    return Run(
        scenario=result.scenario,
        doings=result.doings,
        score=result.score,
        findings=tuple(one.finding for one in result.owed),
        ended_at=result.ended_at,
        now=result.now,
        team=result.team,
        law_pack=result.law_pack,
        exercise=result.exercise,
        scenario_sha256=result.scenario_sha256,
        injects=drill.injects(),
        roles=_roles(result.scenario),
        played_on=None if drill.started.scripted else result.real_started_at.date(),
        settings=settings(result.events),
    )


def _roles(scenario: Scenario) -> dict[str, str]:
    playbooks = {role.id: role.title for name in scenario.playbooks for role in load_playbook(name).roles}
    return {**playbooks, **{role.id: role.title for role in scenario.roles}}


def check_format(format: str) -> None:
    """UnknownName for a format that no debrief is written in."""
    if format not in FORMATS:
        raise UnknownName("format", format, FORMATS, hint=f"(formats: {', '.join(FORMATS)})")


def written(found: Debrief, format: str, workspace: Workspace | None = None) -> str | bytes:
    """A debrief as md, html, pdf or json; a PDF on the paper and in the fonts of the organisation's own folder."""
    check_format(format)
    match format:
        case "md":
            return page(found).markdown()
        case "html":
            return report_html(page(found))
        case "pdf":
            return report_pdf(page(found), load_look((workspace or Workspace()).own_folder))
        case _:
            from breachkit.workflow.exercise.debrief_json import as_json
            from breachkit.workflow.report_json import text

            return text(as_json(found))


def improve(
    drill: Drill,
    item: str,
    *,
    owner: str | None = None,
    due: date | None = None,
    action: str | None = None,
    status: str | None = None,
) -> tuple[Entry, Improvement]:
    """Record who does an item of the plan, by when, what, or that it is done; the item as it stands then.

    `item`: its id, or that of any line in it. UnknownName when the plan has none of that name or no such status exists;
    UsageError when nothing is said of it.
    """
    if status is not None and status not in STATUSES:
        raise UnknownName("status", status, STATUSES, hint=f"(one of {', '.join(STATUSES)})")
    real = drill.real()
    plan = debrief_of(run_of(scored(drill), drill), (), real.date()).plan
    found = next((one for one in plan if item in (one.id, *(line.id for line in one.lines))), None)
    if found is None:
        hint = "(`breachkit exercise debrief` names them)" if plan else "(no line lost a point, so nothing is planned)"
        raise UnknownName("item", item, [line.id for one in plan for line in one.lines], hint=hint)
    said = {"owner": owner, "due": due.isoformat() if due is not None else None, "action": action, "status": status}
    body: dict[str, Json] = {key: value.strip() for key, value in said.items() if value is not None and value.strip()}
    if not body:
        raise UsageError("say what is new of it: --owner, --due, --action or --status")
    entry = drill.record("exercise.improvement", {"item": found.id, **body, "real": real.isoformat()})
    after = debrief_of(run_of(scored(drill), drill), (), real.date()).plan
    return entry, next(one for one in after if one.id == found.id)


def settings(events: Iterable[Entry]) -> dict[str, Setting]:
    """What was set for the plan, by item; what was said later stands over what was said before."""
    found: dict[str, Setting] = {}
    for entry in events:
        if entry.kind != "exercise.improvement":
            continue
        body, item = entry.body, str(entry.body.get("item"))
        before = found.get(item, Setting())
        due = body.get("due")
        found[item] = Setting(
            str(body.get("owner") or before.owner),
            date.fromisoformat(str(due)) if due else before.due,
            str(body.get("action") or before.action),
            str(body.get("status") or before.status),
        )
    return found


@contextmanager
def _opened(drill: Drill | Path, space: Workspace) -> Iterator[Drill]:
    if isinstance(drill, Drill):
        yield drill
        return
    held = Drill.open(drill, actor=space.who, laws=space.law_folders, read_only=True)
    try:
        yield held
    finally:
        held.close()


def _other(path: Path, run: Run, space: Workspace) -> Run:
    with _opened(path, space) as drill:
        if drill.scenario.id != run.scenario.id:
            raise UsageError(
                f"{path} is a run of '{drill.scenario.id}', and this one of '{run.scenario.id}'; name one of the same"
            )
        return run_of(scored(drill), drill)


def _earlier(run: Run, drill: Drill, space: Workspace) -> Iterator[Run]:
    """The latest runs of the same scenario that began before this one, oldest first. One that cannot be read is passed over."""
    started: datetime = drill.started.real_at
    folder = drills_folder()
    known = drills(folder) if folder.is_dir() else ()
    same = [one for one in known if one.scenario == run.scenario.id and one.real_started_at < started]
    for one in same[-EARLIER:]:
        with suppress(BreachkitError):
            yield _other(one.path, run, space)
