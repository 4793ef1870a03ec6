"""`breachkit playbook`: response playbooks, and how their steps stand in an incident."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from breachkit.cli import common
from breachkit.errors import BadFile, Fault

if TYPE_CHECKING:
    from datetime import datetime

    from breachkit.domain.playbook import Playbook, Step, StepStanding

playbook_app = common.app("Response playbooks: the steps, and which are open.", example="breachkit playbook steps INC-1")

WIDTH = 100


@playbook_app.command("list", epilog="Example: breachkit playbook list --json")
def list_(as_json: common.JSON = False) -> None:
    """The playbooks in use: the shipped ones, and those in BREACHKIT_HOME/playbooks."""
    from breachkit.content.playbooks import load_playbooks

    found = load_playbooks(common.workspace().own_folder)
    if as_json:
        rows = [{"id": one.id, "title": one.title, "steps": len(one.steps)} for one in found]
        common.print_json({"playbooks": rows})
        return
    for one in found:
        common.say(f"{one.id:<20} {len(one.steps):>2} steps  {one.title}")


@playbook_app.command("show", epilog="Example: breachkit playbook show ransomware")
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A playbook's id, such as ransomware.")],
    as_json: common.JSON = False,
) -> None:
    """One playbook with its roles and every step, phase by phase."""
    from breachkit.content.playbooks import load_playbook
    from breachkit.domain.playbook import PHASES
    from breachkit.workflow.playbooks import playbook_json

    one = load_playbook(name, common.workspace().own_folder)
    if as_json:
        common.print_json(playbook_json(one))
        return
    common.say(f"{one.title} ({one.id})", style="1")
    _wrapped(one.summary, "")
    for role in one.roles:
        _wrapped(f"{role.title} ({role.id}): {role.does}", "  ")
    for phase in PHASES:
        steps = [step for step in one.steps if step.phase == phase]
        if steps:
            common.say()
            common.say(phase.upper(), style="1")
        for step in steps:
            _print_step(one, step)
    common.say()
    for source in one.sources:
        _wrapped(f"source: {source.text} {source.url or ''}".rstrip(), "")


def _print_step(playbook: Playbook, step: Step) -> None:
    from breachkit.content.vocabulary import load_vocabulary
    from breachkit.domain.conditions import ALWAYS
    from breachkit.domain.offsets import say_offset
    from breachkit.workflow.law_words import say

    within = f", within {say_offset(step.within)}" if step.within is not None else ""
    common.say(f"  {playbook.id}.{step.id}  {step.title}", style="1")
    _wrapped(f"{playbook.role(step.role).title}{within}", "    ")
    _wrapped(step.text, "    ")
    if step.when != ALWAYS:
        _wrapped(f"only when: {say(step.when, load_vocabulary())}", "    ")
    for word, values in (("asks for", step.asks), ("after", step.after)):
        if values:
            _wrapped(f"{word}: {', '.join(values)}", "    ")
    if step.cite is not None:
        _wrapped(f"source: {step.cite.text} {step.cite.url or ''}".rstrip(), "    ")


@playbook_app.command("check", epilog="Example: breachkit playbook check our-playbooks/stolen-laptop.yaml")
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Playbook files; those in use if none.", show_default=False)
    ] = None,
    as_json: common.JSON = False,
) -> None:
    """Whether playbook files are sound: shape, facts, roles, conditions, and that no step waits for itself."""
    from breachkit.content.playbooks import playbook_files, read_playbook_file

    sound: list[Playbook] = []
    faults: list[Fault] = []
    for path in files or playbook_files(common.workspace().own_folder).values():
        try:
            sound.append(read_playbook_file(path))
        except BadFile as problem:
            faults += problem.faults
    if as_json:
        common.print_json({"ok": not faults, "playbooks": [one.id for one in sound], "faults": [_fault(one) for one in faults]})
    if faults:
        raise BadFile(faults)
    if not as_json:
        steps = sum(len(one.steps) for one in sound)
        common.say(f"sound: {len(sound)} playbook{'' if len(sound) == 1 else 's'} with {steps} steps")


def _fault(one: Fault) -> dict[str, Any]:
    return {"file": one.file, "line": one.line, "text": one.text}


@playbook_app.command("steps", epilog="Example: breachkit playbook steps INC-1 --all")
def steps(
    incident: common.INCIDENT = None,
    facts: common.FACTS = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what is done and what is not needed.")] = False,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    now: common.NOW = None,
    as_of: common.AS_OF = None,
) -> None:
    """The steps of an incident, most urgent first: open, maybe, waiting. JSON holds all of them."""
    from breachkit.cli.output import INVENTED
    from breachkit.domain import marks
    from breachkit.workflow import playbooks

    space = common.workspace(database, now=now, as_of=as_of)
    with common.subject(incident, facts, space) as subject:
        found = playbooks.steps_of(subject, own=space.own_folder)
        followed = playbooks.followed(subject, space.own_folder)
    if as_json:
        common.print_json(playbooks.as_json(subject, found))
        return
    if mark := marks.line(subject.invented, subject.exercise, INVENTED):
        common.say(f"*** {mark} ***", style="7")
    common.say(f"{subject.name} - {subject.title}", style="1")
    common.say("Playbooks: " + ", ".join(f"{one.title} ({one.id})" for one in followed))
    shown = [one for one in found if everything or one.state not in ("done", "not_needed")]
    before = ""
    for one in shown:
        if one.state != before:
            common.say()
            common.say(playbooks.STATE_WORDS[one.state].upper(), style="1")
            before = one.state
        _print_standing(one, space.now)
    if not everything:
        settled = len(found) - len(shown)
        common.say()
        common.say(f"{settled} steps done or not needed; --all lists them.")


def _print_standing(one: StepStanding, now: datetime) -> None:
    from breachkit.domain.periods import show
    from breachkit.workflow.playbooks import left_words, why_words

    left = left_words(one, now)
    due = f", by {show(one.due_at, 'UTC')}, {left}" if one.due_at is not None and left else ""
    late = one.due_at is not None and one.due_at < now and bool(left)
    common.say(f"  {one.id:<30} {one.step.title}", style="31" if late and one.state == "open" else "")
    _wrapped(f"{one.role.title}{due}", "    ")
    for word, text in (("", why_words(one)), ("lacks: ", ", ".join(one.lacks) if one.state != "done" else "")):
        if text:
            _wrapped(word + text, "    ")


@playbook_app.command("done", epilog='Example: breachkit playbook done INC-1 ransomware.isolate --note "both file servers"')
def done(
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help="An incident such as INC-1.")],
    step: Annotated[str, typer.Argument(metavar="STEP", help="A step such as ransomware.isolate.")],
    note: Annotated[str | None, typer.Option("--note", help="What should be said with it.", show_default=False)] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the tick back.")] = False,
    seen: Annotated[
        int | None,
        typer.Option(
            "--seen", metavar="ENTRY", help="The last entry you saw; refused if there are newer ones.", show_default=False
        ),
    ] = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
) -> None:
    """Tick a step as done, or take the tick back. The facts a step asks for are recorded with `breachkit fact set`."""
    from breachkit.workflow import contract
    from breachkit.workflow.playbooks import mark_step

    space = common.workspace(database, actor)
    with common.open_journal(space) as journal:
        made = mark_step(space, journal, incident, step, done=not undo, note=note, seen=seen)
    if as_json:
        common.print_json({"entries": [contract.entry(one) for one in made.entries], "unchanged": list(made.unchanged)})
        return
    for entry in made.entries:
        common.say(f"{incident} entry {entry.seq}: {step} {'taken back' if undo else 'done'}")
    for name in made.unchanged:
        common.say(f"{name} was {'not ticked' if undo else 'ticked already'}; nothing was written")


def _wrapped(text: str, indent: str) -> None:
    for line in textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False):
        common.say(line)
