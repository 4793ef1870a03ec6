"""A scripted team: what it does in a scenario and when. Playing it is workflow's matter, reading its file content's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Literal

from breachkit.domain.exercise.checking import unknown_name
from breachkit.domain.exercise.never import Flaw
from breachkit.domain.exercise.scenario import Scenario
from breachkit.domain.offsets import say_offset
from breachkit.domain.values import value

ActedKind = Literal["open", "record", "ask", "decide", "file", "approve", "answer", "step", "note"]
ACTED_KINDS: tuple[ActedKind, ...] = ("open", "record", "ask", "decide", "file", "approve", "answer", "step", "note")


@value
class ScriptedAct:
    """One thing a scripted team does."""

    at: timedelta
    """After the start, virtual time."""
    by: str
    """The role."""
    kind: ActedKind
    body: Mapping[str, Any]
    """As the file writes it, without `at` and `by`: `{"file": "eu.gdpr.33", "reference": "AEPD-2026-1", "kind": "first"}`.

    open: the title under `open`, `facts` by key. record: facts by key under `record`, `source`. answer: the question, and the
    option under `is`. step and the others: the name under the kind's own key. Facts are as a person wrote them.
    """
    line: int | None = None


@value
class Decisions:
    """What a team does in a scenario, in the order of time."""

    scenario: str
    """The scenario's id."""
    team: str
    """A word for the debrief, such as `slow`."""
    loses: tuple[str, ...] | None
    """The ids of the score lines at which this team loses points: all of them and no others. None: the script does not say."""
    acts: tuple[ScriptedAct, ...]
    source: str = ""
    """The file it was read from."""


def misfits(decisions: Decisions, scenario: Scenario) -> Iterator[Flaw]:
    """What of a script does not fit its scenario: a slip of the pen, where a bad decision of its team would be scored instead.

    Duties are not looked up: to file what nobody owes, under a name that does not exist, is a team's affair.
    """
    roles = [role.id for role in scenario.roles]
    for act in decisions.acts:
        if act.by and act.by not in roles:
            yield Flaw(act.line, unknown_name("role", act.by, roles), "by")
        if act.at > scenario.lasts:
            text = f"it is done {say_offset(act.at)} after the start, and the exercise ends after {say_offset(scenario.lasts)}"
            yield Flaw(act.line, f"{text}; do it earlier", "at")
        if act.kind == "answer":
            yield from (Flaw(act.line, text, key) for key, text in _answer(act, scenario))
    yield from _loses(decisions, scenario)


def _answer(act: ScriptedAct, scenario: Scenario) -> Iterator[tuple[str, str]]:
    name, choice = str(act.body.get("answer")), str(act.body.get("is"))
    question = scenario.question(name)
    if question is None:
        yield "answer", unknown_name("question", name, [one.id for one in scenario.questions])
    elif question.option(choice) is None:
        yield "is", unknown_name(f"option of '{name}'", choice, [one.id for one in question.options])


def _loses(decisions: Decisions, scenario: Scenario) -> Iterator[Flaw]:
    """Score lines that no score of this scenario can have, as far as the scenario alone says."""
    own = {
        "action": [one.id for one in scenario.actions],
        "answer": [one.id for one in scenario.questions],
        "fact": [*scenario.truths, *(f"{key}#{n}" for key, ones in scenario.truths.items() for n in range(1, len(ones)))],
        "step": [],
        "duty": [],
        "deadline": [],
        "notice": [],
        "decisions": ["grounds", "true"],
    }
    kinds = ("needless", *own)
    for id in decisions.loses or ():
        kind, _, name = id.partition(":")
        if kind not in kinds or (kind == "needless") is not (id == kind):
            yield Flaw(None, f"'{id}' is no score line: {unknown_name('kind', kind, kinds)}", "loses")
        elif own.get(kind) and name not in own[kind]:
            yield Flaw(None, f"'{id}' is no score line of this scenario: {unknown_name(kind, name, own[kind])}", "loses")
