"""Whether the parts of a scenario fit together: names, windows and truths, and whether everything in it can come to pass.

Reading a file is content's matter, and so is saying in which file a fault lies. What can never be sent is found in never.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import timedelta
from typing import Protocol

from breachkit.domain.exercise.happenings import Happened, When, atoms
from breachkit.domain.exercise.never import Flaw, nevers
from breachkit.domain.exercise.possible import Possible, possible
from breachkit.domain.exercise.scenario import Action, Scenario, Truth
from breachkit.domain.exercise.truths import final
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Fact
from breachkit.domain.offsets import say_offset
from breachkit.domain.playbook import GENERAL
from breachkit.domain.values import value
from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import ImpossibleFacts, UnknownName

LEAST_MINUTES, MOST_MINUTES = 30, 120
"""What people can give to an exercise in one sitting."""
FEW = 8
"""So many names can be told in a message."""


@value
class Known:
    """What a scenario may name besides its own parts."""

    words: Vocabulary
    duties: Collection[str]
    """Ids of every duty of the laws in use and of the organisation's own promises and contracts."""
    recipients: Collection[str] = ()
    """What may follow `@` in a finding's id: ids of authorities and of controllers."""
    steps: Mapping[str, Collection[str]] = field(default_factory=dict)
    """By playbook: the ids of its steps, without the playbook's name."""
    profile: Mapping[str, Fact] = field(default_factory=dict)
    """The facts of the organisation's profile."""


class _HasId(Protocol):
    """An entry of a list."""

    @property
    def id(self) -> str: ...


def faults(scenario: Scenario, known: Known) -> tuple[Flaw, ...]:
    """Everything that is wrong with it, in the order of the file; empty when nothing is."""
    reach = possible(scenario)
    found = [
        *_frame(scenario),
        *_twice(scenario),
        *_names(scenario, known),
        *_questions(scenario),
        *_actions(scenario, reach),
        *_truths(scenario, reach),
        *_sums(scenario, known, reach),
        *nevers(scenario, reach),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda flaw: flaw.line or 0))


def _frame(scenario: Scenario) -> Iterator[Flaw]:
    if not LEAST_MINUTES <= scenario.minutes <= MOST_MINUTES:
        span = f"{LEAST_MINUTES} to {MOST_MINUTES} minutes at the table"
        yield Flaw(None, f"'minutes' is {scenario.minutes}; an exercise takes {span}", "minutes")
    if scenario.lasts <= timedelta():
        yield Flaw(None, "'lasts' must be longer than nothing; write how much virtual time passes, such as PT80H", "lasts")
    if scenario.starts.zone is None or scenario.starts.day is not None:
        hint = "2026-11-19T16:00:00+01:00[Europe/Madrid]"
        yield Flaw(None, f"'starts' needs a time of day and a zone, since everything is shown in it; write {hint}", "starts")
    if scenario.playbooks[:1] != (GENERAL,):
        hint = f"write [{GENERAL}, ...]"
        yield Flaw(None, f"'playbooks' begins with '{GENERAL}', which every incident follows; {hint}", "playbooks")
    for one in scenario.injects:
        if one.pressure is not None and one.pressure <= timedelta():
            text = "'pressure' must be longer than nothing; leave it out where nobody presses"
            yield Flaw(one.line, f"inject '{one.id}': {text}", "pressure")


def _twice(scenario: Scenario) -> Iterator[Flaw]:
    lists: tuple[tuple[str, Iterable[_HasId]], ...] = (
        ("objective", scenario.objectives),
        ("role", scenario.roles),
        ("branch", scenario.branches),
        ("inject", scenario.injects),
        ("question", scenario.questions),
        ("action", scenario.actions),
    )
    for what, entries in lists:
        for one in _repeated(entries):
            line = getattr(one, "line", None)
            yield Flaw(line, f"the {what} '{one.id}' is said twice; ids are unique, rename one", "id" if line else f"{what}s")
    for question in scenario.questions:
        for option in _repeated(question.options):
            text = f"question '{question.id}': the option '{option.id}' is said twice; rename one"
            yield Flaw(question.line, text, "options")
    for name in dict.fromkeys(name for name in scenario.playbooks if scenario.playbooks.count(name) > 1):
        yield Flaw(None, f"the playbook '{name}' is named twice; keep one", "playbooks")


def _repeated(entries: Iterable[_HasId]) -> Iterator[_HasId]:
    seen: set[str] = set()
    for one in entries:
        if one.id in seen:
            yield one
        seen.add(one.id)


# -- names ------------------------------------------------------------------------------------------------------------


def _names(scenario: Scenario, known: Known) -> Iterator[Flaw]:
    """Names that nothing here has."""
    look = _Lookup(scenario, known)
    for name in scenario.playbooks:
        if name not in known.steps:
            yield Flaw(None, str(UnknownName("playbook", name, known.steps)), "playbooks")
    for inject in scenario.injects:
        at = _At(inject.line, f"inject '{inject.id}'")
        yield from look.named(at, "to", "role", inject.to)
        yield from look.named(at, "branch", "branch", inject.branch)
        for name in inject.asks:
            yield from look.named(at, "asks", "question", name)
        yield from look.when(at, inject.when)
    for branch in scenario.branches:
        yield from look.when(_At(branch.line, f"branch '{branch.id}'"), branch.when)
    for question in scenario.questions:
        at = _At(question.line, f"question '{question.id}'")
        yield from look.named(at, "role", "role", question.role)
        yield from look.named(at, "objective", "objective", question.objective)
    for action in scenario.actions:
        yield from look.action(action)
    for key, truths in scenario.truths.items():
        for truth in truths:
            yield from look.named(_At(truth.line, f"the truth of {key}"), "with", "inject", truth.inject or "")


@value
class _At:
    """Where a name stands."""

    line: int | None
    about: str

    def flaw(self, key: str, problem: object) -> Flaw:
        """What is wrong under that key."""
        return Flaw(self.line, f"{self.about}: {problem}", key)


class _Lookup:
    """Looks names up, and says which is nearest where there is none."""

    def __init__(self, scenario: Scenario, known: Known) -> None:
        self.scenario, self.known = scenario, known
        self.names: Mapping[str, list[str]] = {
            "role": [one.id for one in scenario.roles],
            "objective": [one.id for one in scenario.objectives],
            "branch": [one.id for one in scenario.branches],
            "inject": [one.id for one in scenario.injects],
            "question": [one.id for one in scenario.questions],
        }
        controllers = [key.split(".")[1] for key in scenario.truths if key.startswith("controllers.")]
        self.recipients = {*known.recipients, *controllers, *(place.lower() for place in known.words.places)}

    def named(self, at: _At, key: str, what: str, name: str) -> Iterator[Flaw]:
        """A flaw where there is no such role, objective, branch, inject or question; an empty name names nothing."""
        if name and name not in self.names[what]:
            yield at.flaw(key, unknown_name(what, name, self.names[what]))

    def when(self, at: _At, when: When) -> Iterator[Flaw]:
        """Flaws of a condition's names."""
        for atom in atoms(when):
            if isinstance(atom, Happened):
                yield from (at.flaw("when", text) for text in self._thing(atom.what, atom.name, atom.choice))

    def action(self, action: Action) -> Iterator[Flaw]:
        """Flaws of an action's names."""
        at = _At(action.line, f"action '{action.id}'")
        yield from self.named(at, "role", "role", action.role)
        yield from self.named(at, "objective", "objective", action.objective)
        yield from self.named(at, "branch", "branch", action.branch)
        yield from self.named(at, "after", "inject", action.after)
        act = action.act
        yield from (at.flaw("act", text) for text in self._thing(_SAME.get(act.kind, ""), act.name, act.choice))

    def _thing(self, what: str, name: str, choice: str | None) -> Iterator[str]:
        """What is wrong with the name of something that may happen. Fact keys are looked up where the file is read."""
        match what:
            case "fired":
                if name not in self.names["inject"]:
                    yield unknown_name("inject", name, self.names["inject"])
            case "filed" | "decided" | "approved":
                yield from self._duty(name)
            case "answered":
                yield from self._answer(name, choice)
            case "step":
                yield from self._step(name)

    def _answer(self, name: str, choice: str | None) -> Iterator[str]:
        question = self.scenario.question(name)
        if question is None:
            yield unknown_name("question", name, self.names["question"])
        elif choice is not None and question.option(choice) is None:
            yield unknown_name(f"option of '{name}'", choice, [option.id for option in question.options])

    def _duty(self, name: str) -> Iterator[str]:
        duty, _, recipient = name.partition("@")
        if duty not in self.known.duties:
            hint = "(breachkit law list shows the laws; promises and contracts stand in the organisation's profile)"
            yield str(UnknownName("duty", duty, self.known.duties, hint=hint))
        elif recipient and recipient not in self.recipients:
            yield str(UnknownName(f"recipient of {duty}", recipient, self.recipients))

    def _step(self, name: str) -> Iterator[str]:
        playbook, _, step = name.partition(".")
        steps = self.known.steps.get(playbook)
        if steps is None or step not in steps:
            yield str(UnknownName("step", name, [f"{book}.{id}" for book, ids in self.known.steps.items() for id in ids]))
        elif playbook not in self.scenario.playbooks:
            yield f"the step '{name}' is of a playbook this exercise does not follow; add '{playbook}' to `playbooks`"


def unknown_name(what: str, name: str, known: Sequence[str]) -> str:
    """That there is none of that name, with the nearest ones; with all of them, where none is near and they are few."""
    problem = UnknownName(what, name, known)
    if problem.nearest or len(known) > FEW:
        return str(problem)
    there = ", ".join(known) or "none"
    return f"{problem}; there {'is' if len(known) < 2 else 'are'} {there}"


_SAME = {"file": "filed", "decide": "decided", "approve": "approved", "answer": "answered", "step": "step"}
"""What has happened once an act is done."""


# -- questions, actions, truth ----------------------------------------------------------------------------------------


def _questions(scenario: Scenario) -> Iterator[Flaw]:
    asked = {name for inject in scenario.injects for name in inject.asks}
    for one in scenario.questions:
        if one.id not in asked:
            yield Flaw(one.line, f"question '{one.id}' is never put: name it under `asks` of an inject", "id")
        if not any(option.right for option in one.options):
            yield Flaw(one.line, f"question '{one.id}' has no right answer: mark an option with `right: yes`", "options")


def _actions(scenario: Scenario, reach: Possible) -> Iterator[Flaw]:
    declares = [one for one in scenario.actions if one.act.kind == "declare"]
    if not declares:
        yield Flaw(None, "no action opens the incident; one of `actions` needs `act: {declare: yes}`", "actions")
    for one in declares[1:]:
        text = f"the incident is opened once, by '{declares[0].id}' already; keep one such action"
        yield Flaw(one.line, f"action '{one.id}': {text}", "act")
    served = {one.objective for one in scenario.actions} | {one.objective for one in scenario.questions}
    for objective in scenario.objectives:
        if objective.id not in served:
            text = f"no action and no question serves the objective '{objective.id}'"
            text += "; name it under `objective` of one, or take it out"
            yield Flaw(None, text, "objectives")
    for one in scenario.actions:
        yield from (Flaw(one.line, f"action '{one.id}': {text}", key) for key, text in _window(one, scenario, reach))


def _window(one: Action, scenario: Scenario, reach: Possible) -> Iterator[tuple[str, str]]:
    opens = one.opens
    if one.after and scenario.inject(one.after) is not None:
        opens = reach.earliest.get(one.after)
        if opens is None:
            yield "after", f"it comes after the inject '{one.after}', which can never be sent; let it come after another"
            return
    closes = opens + one.within if opens is not None and one.within is not None else one.closes
    if opens is not None and opens > scenario.lasts:
        yield "from", f"its window opens after the end of the exercise ({say_offset(scenario.lasts)}); open it earlier"
    elif one.closes is not None and one.closes > scenario.lasts:
        yield "until", f"its window closes after the end of the exercise ({say_offset(scenario.lasts)}); close it by then"
    elif opens is not None and closes is not None and closes < opens:
        yield "until", f"its window closes ({say_offset(closes)}) before it opens ({say_offset(opens)}); exchange or move them"


def _truths(scenario: Scenario, reach: Possible) -> Iterator[Flaw]:
    for key, truths in scenario.truths.items():
        before: timedelta | None = None
        for one in truths:
            at = _knowable(one, reach)
            if at is None:
                if scenario.inject(one.inject or "") is not None:
                    text = f"it becomes known with the inject '{one.inject}', which can never be sent"
                    yield Flaw(one.line, f"{key}: {text}; name another inject, or a time", "with")
                continue
            if at > scenario.lasts:
                text = f"nobody can know it before the end ({say_offset(scenario.lasts)}); let it be known earlier"
                yield Flaw(one.line, f"{key}: {text}", "at")
            elif before is not None and at < before:
                text = f"it is known {say_offset(at)} after the start, before the value above it ({say_offset(before)})"
                yield Flaw(one.line, f"{key}: {text}; write them in the order in which they become known", "at")
            before = at


def _knowable(one: Truth, reach: Possible) -> timedelta | None:
    """How long after the start it can be known at the earliest; None where it hangs on an inject that is not there."""
    return one.at if one.inject is None else reach.earliest.get(one.inject)


def _sums(scenario: Scenario, known: Known, reach: Possible) -> Iterator[Flaw]:
    """Counts that cannot all be true, in the end or at any moment at which more becomes known, as early as it can be."""
    versions = [
        (at, key, one) for key, ones in scenario.truths.items() for one in ones if (at := _knowable(one, reach)) is not None
    ]
    moments = (None, *sorted({at for at, _, _ in versions}))
    for moment in moments:
        held = {key: one.fact for at, key, one in versions if moment is None or at <= moment}
        facts = final(scenario) if moment is None else held
        try:
            FactBook({**known.profile, **facts}, known.words).check_sums()
        except ImpossibleFacts as problem:
            first = min((one[-1].line or 0 for key, one in scenario.truths.items() if key.startswith("people.")), default=0)
            when = "the final truth" if moment is None else f"what is known {say_offset(moment)} after the start"
            yield Flaw(first or None, f"{when} cannot be: {problem}", "truth")
            return
