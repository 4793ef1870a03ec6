"""Entry point; the one place that knows both cli and tui."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from breachkit.workflow.exercise.drill import Drill
    from breachkit.workflow.workspace import Workspace


_USUAL = gc.get_threshold()
_ALLOCATIONS = 200_000
"""A command is over before collecting pays; one that goes on, such as `clock --watch`, still collects. A fifth of the start."""


def main() -> None:
    """Run breachkit. Errors meant for people are one message on stderr and an exit code; others keep their traceback."""
    from breachkit.cli import common
    from breachkit.cli.app import app
    from breachkit.errors import BreachkitError

    common.set_screens(_open_screens)
    gc.set_threshold(_ALLOCATIONS)
    try:
        try:
            app(prog_name="breachkit")
        finally:
            sys.stdout.flush()
    except BreachkitError as problem:
        common.talk(f"breachkit: {problem}")
        sys.exit(problem.exit_code)
    except BrokenPipeError:
        common.stop_writing()
        sys.exit(0)
    finally:
        gc.freeze()  # the process ends: the interpreter need not search everything once more for what to give back


def _exercise_at(workspace: Workspace) -> Drill | None:
    """A player's session where the workspace's database is that of an exercise: its screens never look like earnest."""
    from pathlib import Path

    from breachkit.workflow.exercise.drill import Drill
    from breachkit.workflow.exercise.folder import is_exercise

    path = workspace.where
    return Drill.open(Path(path), actor=workspace.who, laws=workspace.law_folders) if is_exercise(path) else None


def _open_screens(incident: str | None, workspace: Workspace) -> None:
    from breachkit.workflow.encryption import before_screens

    gc.set_threshold(*_USUAL)  # a screen must not stand still for a long collection
    before_screens(workspace)
    if (drill := workspace.exercise or _exercise_at(workspace)) is not None:
        from breachkit.tui.exercise_app import run_drill

        run_drill(drill, facilitator=drill.facilitator)
        return
    from breachkit.tui.app import run

    run(workspace, incident)


if __name__ == "__main__":
    main()
