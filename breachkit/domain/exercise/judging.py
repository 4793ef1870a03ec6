"""The lines of a score that need no law: declaring, facts in time, answers, playbook steps and what else a good team does.

What the law asks - duties, deadlines, notices - is judged in duty_lines.py.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from breachkit.domain.exercise import truths
from breachkit.domain.exercise.doings import Doings, OnDuty, Stated
from breachkit.domain.exercise.happenings import Happened, What, happened_at
from breachkit.domain.exercise.scenario import Act, Action, Scenario, Truth
from breachkit.domain.exercise.schedule import taken
from breachkit.domain.exercise.score import Line, Outcome, PartId
from breachkit.domain.facts import Fact, say_value
from breachkit.domain.offsets import say_offset
from breachkit.domain.periods import show
from breachkit.domain.playbook import StepStanding
from breachkit.domain.vocabulary import Vocabulary

HALF = 0.5
GROUND_WORDS = 4
"""A ground of fewer words is none a regulator can follow."""


class Judge:
    """What every line is judged by: the scenario, what the team did, and up to when (virtual, UTC)."""

    def __init__(self, scenario: Scenario, doings: Doings, until: datetime, words: Vocabulary, *, over: bool = True) -> None:
        self.scenario, self.doings, self.until, self.words = scenario, doings, until, words
        self.undone = "It was not done by the end" if over else "It is not done yet"

    def when(self, at: datetime) -> str:
        """A moment as the debrief says it: after the start, and on the scenario's clock."""
        return f"{say_offset(at - self.scenario.begin)} in ({show(at, self.scenario.zone)})"

    # -- expected actions ---------------------------------------------------------------------------------------------

    def actions(self) -> Iterator[Line]:
        """A line for each expected action that was asked for in this run."""
        for action in self.scenario.actions:
            if not taken(action.branch, self.scenario, self.doings, self.until):
                continue
            if action.after and action.after not in self.doings.fired:
                continue
            yield self._action(action)

    def window(self, action: Action) -> tuple[datetime, datetime]:
        """When it was to be done, both inclusive, UTC."""
        anchor = self.doings.fired.get(action.after, self.scenario.begin)
        opens = self.scenario.begin + action.opens if action.opens is not None else anchor
        if action.closes is not None:
            return opens, self.scenario.begin + action.closes
        return opens, anchor + action.within if action.within is not None else self.scenario.end

    def _action(self, action: Action) -> Line:
        opens, closes = self.window(action)
        at = self.done_at(action.act, opens, closes)
        of = float(action.points)
        outcome: Outcome
        stated = self.doings.stated.get(action.act.name, ()) if action.act.kind == "record" else ()
        if at is None and stated:
            said = say_value(stated[-1].fact.value)
            outcome, points, why = "wrong", 0.0, f"Recorded {self.when(stated[-1].at)} as {said}, which is not so."
        elif at is None:
            outcome, points, why = "missed", 0.0, f"{self.undone}; wanted by {self.when(closes)}."
        elif at < opens:
            # A guess that was right is worth something; a notice sent too early cannot be taken back.
            outcome, points = "early", 0.0 if action.act.kind == "file" else of * HALF
            share = "nothing" if action.act.kind == "file" else "half"
            why = f"Done {self.when(at)}, before its window opened {self.when(opens)}: {share}."
        elif at > closes:
            outcome, points = "late", of * HALF
            why = f"Done {self.when(at)}, {say_offset(at - closes)} after its window closed {self.when(closes)}: half."
        else:
            outcome, points, why = "met", of, f"Done {self.when(at)}; wanted by {self.when(closes)}."
        return Line(
            f"action:{action.id}", _part_of(action.act), action.title, points, of, outcome, why,
            action.why, at, closes, action.role, action.objective, "" if points == of else action.train or action.title,
        )  # fmt: skip

    def done_at(self, act: Act, opens: datetime, closes: datetime) -> datetime | None:
        """When it was done: within its window if it ever was there, else the first time; None: never."""
        times = sorted(self._times(act))
        return next((at for at in times if opens <= at <= closes), times[0] if times else None)

    def _times(self, act: Act) -> Iterator[datetime]:
        doings = self.doings
        match act.kind:
            case "record":
                yield from (one.at for one in doings.stated.get(act.name, ()) if self._may_be(act.name, one))
            case "file":
                yield from (one.at for one in doings.filed if one.about(act.name) and act.choice in (None, one.choice))
            case "decide":
                yield from (one.at for one in doings.decided if one.about(act.name) and act.choice in (None, one.choice))
            case "approve":
                yield from (one.at for one in doings.approved if one.about(act.name))
            case _:
                at = happened_at(Happened(_HAPPENS[act.kind], act.name, act.choice), doings)
                yield from (at,) if at is not None else ()

    def _may_be(self, key: str, one: Stated) -> bool:
        """Whether a value agrees with how it is, or with how it could be known then; where the scenario is silent, always."""
        true = self.scenario.truths.get(key, ())
        then = [version for at, version in truths.versions(key, self.scenario, self.doings) if at <= one.at]
        return not true or any(truths.agree(one.fact, version.fact, self.words) for version in (*then[-1:], true[-1]))

    # -- facts --------------------------------------------------------------------------------------------------------

    def facts(self) -> Iterator[Line]:
        """A line for each thing that could be known in this run and is looked for; a rougher version has its own."""
        for key in self.scenario.truths:
            known = [(at, one) for at, one in truths.versions(key, self.scenario, self.doings) if one.scored]
            for index, (at, one) in enumerate(known):
                if at <= self.until:
                    following = known[index + 1] if index + 1 < len(known) else None
                    yield self._fact(f"fact:{key}" if following is None else f"fact:{key}#{index + 1}", at, one, following)

    def _fact(self, id: str, known_at: datetime, truth: Truth, better: tuple[datetime, Truth] | None) -> Line:
        key, grace = truth.fact.key, self.scenario.grace
        by, says = known_at + grace, say_value(truth.fact.value)
        last = better is None
        ends = self.until if better is None else better[0] + grace
        accepted = [truth.fact] if better is None else [truth.fact, better[1].fact]
        right = self._first_right(key, known_at, ends, accepted)
        held = self.held(key, self.until)
        title = f"{self._named(key)}: {says}"
        outcome: Outcome
        known = f"It could be known {self.when(known_at)}{f', from {truth.teller}' if truth.teller else ''}"
        if last and held is not None and not truths.precise(held, truth.fact, self.words):
            said = say_value(held.value)
            points, outcome, why = 0.0, "wrong", f"{known}; the record says {said!s} at the end, and it is {says}."
        elif right is None:
            wrong = self.held(key, min(ends, self.until))
            outcome = "missed" if wrong is None else "wrong"
            what = "nobody recorded it" if wrong is None else f"the record said {say_value(wrong.value)}"
            points, why = 0.0, f"{known}; {what}."
        elif right > by:
            points, outcome = HALF, "late"
            after = say_offset(right - known_at)
            why = f"{known}; recorded {self.when(right)}, {after} later, more than {say_offset(grace)}: half."
        else:
            points, outcome, why = 1.0, "met", f"{known}; recorded {self.when(right)}."
        train = "" if points == 1.0 else f"Ask for {self._named(key)} as soon as somebody can know it, and write it down."
        because = self.words.spec(key).why
        return Line(id, "facts", title, points, 1.0, outcome, why, because, right, by, train=train)

    def _first_right(self, key: str, start: datetime, end: datetime, accepted: Iterable[Fact]) -> datetime | None:
        """When the record first agreed with one of these, from `start` on; what stood there before counts from `start`."""
        candidates = list(accepted)
        standing = self.stated_by(key, start)
        later = [one for one in self.doings.stated.get(key, ()) if start < one.at <= end]
        for at, one in [*([(start, standing)] if standing is not None else []), *((one.at, one) for one in later)]:
            if any(truths.precise(one.fact, fact, self.words) for fact in candidates):
                return at
        return None

    def stated_by(self, key: str, moment: datetime) -> Stated | None:
        """The value that stood in the team's record at that moment; None: none."""
        return next((one for one in reversed(self.doings.stated.get(key, ())) if one.at <= moment), None)

    def held(self, key: str, moment: datetime) -> Fact | None:
        """The same as a fact."""
        found = self.stated_by(key, moment)
        return found.fact if found is not None else None

    def _named(self, key: str) -> str:
        """The question a fact answers, with its key; of a family of keys the place or kind of data in the question too."""
        asks = self.words.spec(key).asks.rstrip("?").strip()
        return f"{re.sub(r'<[^>]+>', key.rpartition('.')[2], asks)} ({key})"

    # -- answers and steps --------------------------------------------------------------------------------------------

    def answers(self) -> Iterator[Line]:
        """A line for each question that was put."""
        asked: dict[str, datetime] = {}
        for inject in self.scenario.injects:
            if (at := self.doings.fired.get(inject.id)) is not None:
                for id in inject.asks:
                    asked[id] = min(at, asked.get(id, at))
        for question in self.scenario.questions:
            if question.id not in asked:
                continue
            of, given = float(question.points), self.doings.answered.get(question.id)
            right = next((one for one in question.options if one.right), None)
            chosen = question.option(given[1]) if given is not None else None
            outcome: Outcome
            better = f' Right would have been "{right.text}": {right.why}' if right is not None else ""
            if given is None or chosen is None:
                points, outcome, why = 0.0, "missed", f"Asked {self.when(asked[question.id])}; nobody answered.{better}"
            elif chosen.right:
                points, outcome, why = of, "met", f'Answered {self.when(given[0])}: "{chosen.text}". {chosen.why}'
            else:
                points, outcome = 0.0, "wrong"
                why = f'Answered {self.when(given[0])}: "{chosen.text}". {chosen.why}{better}'
            yield Line(
                f"answer:{question.id}", "answers", question.text, points, of, outcome, why.strip(),
                at=given[0] if given else None, role=question.role, objective=question.objective,
                train="" if points == of else f"Talk through: {question.text}",
            )  # fmt: skip

    def steps(self, needed: Iterable[StepStanding], since: Mapping[str, datetime]) -> Iterator[Line]:
        """A line for each step of the playbooks that the truth asks for. `since`: from when each was needed, UTC."""
        opened = self.doings.declared_at or self.scenario.begin
        for one in needed:
            at = self.doings.steps.get(one.id)
            outcome: Outcome
            start = max(opened, since.get(one.id, opened))
            by = start + one.step.within if one.step.within is not None else None
            if by is not None and by > self.scenario.end:
                continue  # there is time for it after the exercise
            if at is None:
                points, outcome, why = 0.0, "missed", f"{self.undone}."
            elif by is not None and at > by:
                points, outcome = HALF, "late"
                why = f"Done {self.when(at)}, {say_offset(at - by)} later than the playbook says: half."
            else:
                points, outcome, why = 1.0, "met", f"Done {self.when(at)}."
            yield Line(
                f"step:{one.id}", "playbook", one.step.title, points, 1.0, outcome, why, one.step.text, at, by,
                one.step.role, train="" if points == 1.0 else f"Walk through the step: {one.step.title}.",
            )  # fmt: skip

    # -- decisions ----------------------------------------------------------------------------------------------------

    def decisions(self, owed: Collection[str], reopened: Mapping[str, tuple[str, ...]]) -> Iterator[Line]:
        """Whether decisions were in keeping with the truth, and each with a ground.

        `owed`: the findings that are owed in truth. `reopened`: decisions that were open again at the end, each with
        the facts that had changed. Nothing where no decision was made and none was expected.
        """
        made = self.doings.decided
        if not made and not any(action.act.kind == "decide" for action in self.scenario.actions):
            return
        yield self._grounds(made)
        last = {one.duty: one for one in made}
        against = [one for one in last.values() if one.choice == "refrain" and one.duty in owed and not self._filed(one.duty)]
        faults = [f"{one.duty} was decided not to be notified, and it is owed" for one in against]
        faults += [f"{id} was open again, since {', '.join(keys)} changed, and was left so" for id, keys in reopened.items()]
        yield Line(
            "decisions:true", "decisions", "No decision stands against the facts", 0.0 if faults else 5.0, 5.0,
            "wrong" if faults else "met",
            f"{'; '.join(faults)}." if faults else "No duty that is owed was decided away.",
            "A decision not to notify reopens by itself when a fact it rests on changes; somebody must look at it again.",
            train="Look at every decision again when facts change: breachkit duties says which reopened." if faults else "",
        )  # fmt: skip

    def _grounds(self, made: tuple[OnDuty, ...]) -> Line:
        outcome: Outcome
        thin = [one for one in made if len(one.ground.split()) < GROUND_WORDS]
        if not made:
            outcome, why = "missed", "No decision was recorded, though one was expected."
        elif thin:
            outcome = "wrong"
            said = "; ".join(f'{one.duty}: "{one.ground}"' for one in thin)
            why = f"Too short for a regulator to follow: {said}."
        else:
            outcome, why = "met", f"{len(made)} decision{'' if len(made) == 1 else 's'}, each with its ground in words."
        points = 5.0 if outcome == "met" else 0.0
        return Line(
            "decisions:grounds", "decisions", "Every decision carries its ground", points, 5.0, outcome, why,
            "The register keeps why nobody was told; Art. 33(5) GDPR has the authority read it.",
            train="" if points else "Write the ground as if the authority read it tomorrow: which facts, and why they suffice.",
        )  # fmt: skip

    def _filed(self, duty: str) -> bool:
        return any(one.about(duty) for one in self.doings.filed)


_HAPPENS: Mapping[str, What] = {"declare": "declared", "answer": "answered", "step": "step", "ask": "asked"}


def _part_of(act: Act) -> PartId:
    match act.kind:
        case "declare":
            return "declare"
        case "decide":
            return "decisions"
        case _:
            return "actions"
