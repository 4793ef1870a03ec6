"""`breachkit remind`: say what is due, once for cron or again and again to watch."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from breachkit.cli import common
from breachkit.errors import BreachkitError, ExitCode, UnknownName, UsageError

if TYPE_CHECKING:
    from breachkit.content.reminder_settings import ReminderSettings
    from breachkit.workflow.reminding import Round
    from breachkit.workflow.workspace import Workspace

remind_app, _command = common.single(example="breachkit remind --dry-run")

INTERVAL = 60
"""Seconds between two looks while watching."""
IN_EXERCISE = 5
"""The same in an exercise, whose clock may run fast."""
LONGEST = 86_400


@_command
def remind(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[INCIDENT]", help="An incident such as INC-1; all open ones if left out.", show_default=False),
    ] = None,
    settings: Annotated[
        Path | None,
        typer.Option("--settings", metavar="FILE", help="Instead of remind.yaml in BREACHKIT_HOME.", show_default=False),
    ] = None,
    watch: Annotated[
        bool,
        typer.Option("--watch", help=f"Go on until Ctrl-C; looks every {INTERVAL} s, or as many as stand behind it."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be said; say and record nothing.")] = False,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
    now: common.NOW = None,
) -> None:
    """Reminders before each limit: what is due and was not said yet, by mail, desktop, command and here.

    Exit code 5: a way failed; the next run tries it again.
    """
    incident, seconds = _read(words or [], watch)
    if watch and (as_json or dry_run):
        raise UsageError("--watch says and records; leave --json and --dry-run to a single run")
    from breachkit.content.reminder_settings import reminder_settings

    held = reminder_settings(settings, common.workspace().own_folder)
    out = _Out(as_json=as_json, dry=dry_run, watching=watch)
    if watch:
        _watch(lambda: common.workspace(database, actor, now), held, incident, seconds, out)
        return
    done = _once(common.workspace(database, actor, now), held, incident, out)
    if done.code:
        raise typer.Exit(done.code)


class _Out:
    """What goes to stdout and stderr. Quiet when there is nothing to say: cron mails every line."""

    def __init__(self, *, as_json: bool, dry: bool, watching: bool) -> None:
        self.as_json, self.dry, self.watching = as_json, dry, watching
        self._gone = False
        self._next = ""

    def show(self, round_: Round) -> None:
        """Print a round. OSError when nobody reads any more."""
        text = "\n\n".join(common.clean(one.text) for one in round_.messages)
        if self._gone and text:
            raise BrokenPipeError("nobody reads it any more")
        try:
            if self.as_json:
                from breachkit.workflow.reminding import round_json

                common.print_json(round_json(round_, dry=self.dry))
            elif text:
                sys.stdout.write(text + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            self._gone = True
            common.stop_writing()
            raise

    def after(self, round_: Round) -> None:
        """What went wrong, and for a person what comes next."""
        for remark in round_.remarks if round_.messages else ():
            common.talk(remark)
        if self.dry and round_.messages and not self.as_json:
            common.talk("a dry run: nothing was said to anybody, and nothing was recorded")
        for trouble in round_.troubles:
            common.talk(f"breachkit remind: {trouble}")
        said = self._coming(round_)
        if (self.watching or sys.stderr.isatty()) and not self.as_json and said != self._next:
            common.talk(said)
            self._next = said

    def _coming(self, round_: Round) -> str:
        from breachkit.domain.periods import show

        if round_.next is None:
            return "no limit lies ahead that a reminder is set for"
        incident, one = round_.next
        return f"next: {show(one.at, 'UTC')}, {incident} {one.clock.finding.id}"


def _once(space: Workspace, held: ReminderSettings, incident: str | None, out: _Out) -> Round:
    from breachkit.workflow.reminder_ways import ways_of
    from breachkit.workflow.reminding import remind as run
    from breachkit.workflow.sending import reminder_mailer

    mailer = reminder_mailer(space, held.mail) if held.mail else None
    round_ = run(space, held.schedule, ways_of(held, mailer), incident, out.show, dry=out.dry)
    out.after(round_)
    return round_


def _watch(make: Callable[[], Workspace], held: ReminderSettings, incident: str | None, seconds: int, out: _Out) -> None:
    """Until Ctrl-C. What goes wrong is said, and tried again: a database that is locked or gone may come back."""
    first = True
    try:
        while True:
            pause = float(seconds)
            try:
                pause = _pause(_once(make(), held, incident, out), seconds)
            except UnknownName:
                if first:
                    raise
                common.talk(f"breachkit remind: {incident} is not there any more; looking again in {seconds} s")
            except (BreachkitError, OSError) as problem:
                common.talk(f"breachkit remind: {problem}; looking again in {seconds} s")
            first = False
            time.sleep(pause)
    except KeyboardInterrupt:
        common.talk("stopped watching; the clocks go on, and nothing reminds of them now")


def _pause(round_: Round, seconds: int) -> float:
    """Until the next thing, or the interval, whichever is first: somebody may record a fact that moves a limit."""
    longest = min(seconds, IN_EXERCISE) if round_.exercise else seconds
    if round_.next is None or round_.code is not ExitCode.DONE:
        return float(longest)
    return min(float(longest), max(1.0, (round_.next[1].at - round_.now).total_seconds()))


def _read(words: list[str], watch: bool) -> tuple[str | None, int]:
    """The incident, and the seconds that stand behind `--watch`."""
    numbers = [word for word in words if watch and word.isascii() and word.isdigit()]
    incidents = [word for word in words if word not in numbers]
    if len(incidents) > 1 or len(numbers) > 1:
        raise UsageError("name one incident, or none for all that are open; --watch takes one number of seconds")
    if numbers and not (len(numbers[0]) <= 5 and 1 <= int(numbers[0]) <= LONGEST):
        raise UsageError(f"--watch takes 1 to {LONGEST} seconds, not {numbers[0]}")
    return (incidents[0] if incidents else None), int(numbers[0]) if numbers else INTERVAL
