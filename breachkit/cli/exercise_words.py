"""Prints a scenario: what its players may read before they play, and what a facilitator needs besides."""

from __future__ import annotations

import re
import textwrap
from datetime import timedelta

from breachkit.cli import common
from breachkit.domain.exercise.happenings import When
from breachkit.domain.exercise.scenario import Action, Inject, Scenario, Truth
from breachkit.domain.facts import say_value
from breachkit.domain.offsets import say_offset
from breachkit.domain.periods import show

WIDTH = 100


def for_players(one: Scenario) -> None:
    """Nothing here gives the story away."""
    common.say(f"{one.title} ({one.id})", style="1")
    _wrapped(one.summary, hang="")
    common.say()
    playbooks = ", ".join(one.playbooks)
    for label, text in (
        ("difficulty", one.difficulty),
        ("at the table", f"{one.minutes} minutes, {_people(len(one.roles))}; or one person alone"),
        ("organisation", f"{one.organisation} (breachkit org show {one.organisation})"),
        ("begins", show(one.begin, one.zone)),
        ("virtual time", f"{say_offset(one.lasts)}, until {show(one.end, one.zone)}"),
        ("playbooks", playbooks),
    ):
        common.say(f"  {label:<14} {text}")
    _section("Briefing")
    _markdown(one.briefing)
    _section("Roles")
    for role in one.roles:
        _wrapped(f"{role.title} ({role.id}){': ' if role.does else ''}{role.does}", "  ")
    _section("Objectives")
    for objective in one.objectives:
        _wrapped(f"{objective.title} ({objective.id}; {objective.capability})", "  ")


def _people(roles: int) -> str:
    return "1 role" if roles == 1 else f"{roles} roles"


def for_facilitators(one: Scenario) -> None:
    """The story: notes, events, truth and what a good team does."""
    common.say()
    common.say("== FOR THE FACILITATOR ALONE ".ljust(WIDTH, "="), style="1")
    _section("Notes")
    _markdown(one.facilitator)
    _section("Events")
    for inject in sorted(one.injects, key=lambda inject: inject.at):
        _inject(inject, one)
    if one.branches:
        _section("Branches")
        for branch in one.branches:
            _wrapped(f"{branch.id}: {branch.title} - taken when {_say(branch.when)}", "  ")
    if one.questions:
        _section("Questions")
        for question in one.questions:
            _wrapped(f"{question.id} ({question.points} points): {question.text}", "  ")
            for option in question.options:
                _wrapped(f"{'right' if option.right else 'wrong'}: {option.text} - {option.why}", "      ")
    _section("Truth")
    for key, truths in one.truths.items():
        for truth in truths:
            _truth(key, truth, one)
    _section("What a good team does")
    for action in one.actions:
        _action(action, one)


def _inject(inject: Inject, one: Scenario) -> None:
    to = f" to {inject.to}" if inject.to else ""
    common.say(f"{_when(inject.at, one)}  {inject.id}", style="1")
    _wrapped(f"{inject.channel} from {inject.sender}{to}", "    ")
    for label, text in (
        ("only when", _say(inject.when)),
        ("branch", inject.branch),
        ("not after", _when(inject.until, one) if inject.until is not None else ""),
        ("wants an answer within", say_offset(inject.pressure) if inject.pressure is not None else ""),
        ("asks", ", ".join(inject.asks)),
        ("note", inject.note),
    ):
        if text:
            _wrapped(f"{label}: {text}", "    ")
    for line in inject.text.splitlines():
        common.say(f"    | {line}".rstrip())


def _truth(key: str, truth: Truth, one: Scenario) -> None:
    since = f"with '{truth.inject}'" if truth.inject is not None else f"from {_when(truth.at or timedelta(), one)}"
    told = f", told by {truth.teller}" if truth.teller else ""
    _wrapped(f"{key}: {say_value(truth.fact.value)} ({since}{told}{'' if truth.scored else '; not scored'})", "  ")


def _action(action: Action, one: Scenario) -> None:
    opens = f"after '{action.after}'" if action.after else f"from {_when(action.opens or timedelta(), one)}"
    if action.within is not None:
        closes = f" within {say_offset(action.within)}"
    else:
        closes = f" until {_when(action.closes, one)}" if action.closes is not None else " until the end"
    act = " ".join(filter(None, (action.act.kind, action.act.name, action.act.choice)))
    common.say(f"  {action.title} ({action.points} points)", style="1")
    branch = f"; only in the branch '{action.branch}'" if action.branch else ""
    _wrapped(f"{act}: {opens}{closes}{f', {action.role}' if action.role else ''}{branch}", "    ")
    _wrapped(action.why, "    ")


def _when(offset: timedelta, one: Scenario) -> str:
    return f"+{say_offset(offset)} ({show(one.begin + offset, one.zone)})"


def _say(when: When) -> str:
    from breachkit.workflow.exercise.events import say_when

    return say_when(when)


def _section(title: str) -> None:
    common.say()
    common.say(title.upper(), style="1")


def _markdown(text: str) -> None:
    """Paragraphs and list items, each broken into lines of our own width."""
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text)):
        if number:
            common.say()
        for item in re.split(r"\n(?=\s*(?:[-*#>|]|\d+[.)]) )", paragraph):
            _wrapped(" ".join(item.split()), hang="  " if item.lstrip()[:2] in ("- ", "* ") else "")


def _wrapped(text: str, indent: str = "", hang: str = "  ") -> None:
    for line in textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent + hang, break_long_words=False, break_on_hyphens=False
    ):
        common.say(line)
