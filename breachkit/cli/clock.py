"""`breachkit clock`: the deadlines that are running, once, watched, or as a calendar."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from breachkit.cli import common

clock_app, _command = common.single(example="breachkit clock INC-1 --ics deadlines.ics")


@_command
def clock(
    incident: common.INCIDENT = None,
    facts: common.FACTS = None,
    watch: Annotated[bool, typer.Option("--watch", help="Count down on the screen until Ctrl-C.")] = False,
    ics: Annotated[
        Path | None, typer.Option("--ics", metavar="FILE", help="Write the deadlines as a calendar.", show_default=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the calendar file if it is there.")] = False,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    now: common.NOW = None,
    as_of: common.AS_OF = None,
) -> None:
    """The deadlines that are running."""
    from breachkit.workflow import contract
    from breachkit.workflow.calendar import calendar_text

    space = common.workspace(database, now=now, as_of=as_of)
    with common.answered(incident, facts, space) as answer:
        if ics is not None:
            from breachkit.workflow.files import write_new

            write_new(ics, calendar_text(answer), force=force)
            common.talk(f"{ics} written")
            return
        if as_json:
            timed = [f for f in answer.assessment.findings if f.running]
            mark = contract.nothing_of_it(answer.subject) if answer.subject.exercise is not None else {}
            now = contract.moment(answer.assessment.now)
            common.print_json({"now": now, **mark, "clocks": [contract.duty(f) for f in timed]})
            return
        if not watch:
            _show(answer)
            return
    try:
        while True:
            with common.answered(incident, facts, space) as answer:
                sys.stdout.write("\x1b[H\x1b[2J")
                _show(answer)
                sys.stdout.flush()
            time.sleep(1)
    except KeyboardInterrupt:
        common.talk("stopped watching; the clocks go on")


def _show(answer: object) -> None:
    from breachkit.cli import output
    from breachkit.workflow import words
    from breachkit.workflow.subjects import Answer

    assert isinstance(answer, Answer)
    output.headline(answer)
    output.big_clock(answer)
    for finding in answer.assessment.findings:
        if not finding.running:
            continue
        target = finding.due.target
        left = words.left(target, answer.assessment.now) if target is not None else ""
        common.say(f"{words.status_word(finding):<10} {left:<20} {finding.id:<38} {words.due_words(finding.due)}")
