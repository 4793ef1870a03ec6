"""Scores an exercise: the team's journal and the scenario's truth, each put before the same law engine.

Nothing is kept: the score is worked out from the two journals each time it is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from breachkit.content.playbooks import load_playbook
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.conditions import evaluate
from breachkit.domain.exercise import truths
from breachkit.domain.exercise.doings import Doings, OnDuty
from breachkit.domain.exercise.duty_lines import MadeNotice, Owed, due_lines, falls_due, filing_of
from breachkit.domain.exercise.judging import Judge
from breachkit.domain.exercise.scenario import Scenario
from breachkit.domain.exercise.score import PARTS, Line, Part, Score
from breachkit.domain.factbook import FactBook, affects_somebody
from breachkit.domain.facts import Fact, say_value
from breachkit.domain.findings import Finding
from breachkit.domain.journal import Entry
from breachkit.domain.law import LawPack
from breachkit.domain.law_subset import deciding
from breachkit.domain.playbook import StepStanding, standings
from breachkit.errors import BreachkitError, ImpossibleFacts
from breachkit.workflow import drafts
from breachkit.workflow.exercise.drill import Drill
from breachkit.workflow.recording import missing_elements
from breachkit.workflow.subjects import Answer, Subject, answer, laws_for, subject_of_entries
from breachkit.workflow.workspace import Workspace

_TELLING = ("incident.opened", "fact.recorded", "fact.corrected", "filing.recorded")
"""Entries after which the laws may say something else of a record."""
_NOT_OWED = {
    "not_owed": "the truth says it is not owed",
    "exempt": "the truth says it is exempt",
    "not_in_force": "its text is not in force",
}


@dataclass(frozen=True)
class Result:
    """A scored exercise."""

    scenario: Scenario
    doings: Doings
    score: Score
    truth: Answer
    """What the laws say of the world as it is in the end."""
    team_answer: Answer | None
    """What they say of the team's record at the end; None when no incident was opened."""
    entries: tuple[Entry, ...]
    """The team's journal."""
    events: tuple[Entry, ...]
    """The exercise's own journal."""
    owed: tuple[Owed, ...]
    """The duties the score looked for."""
    started_at: datetime
    """Virtual, UTC."""
    ended_at: datetime | None
    """Virtual, UTC; None: it goes on."""
    now: datetime
    """Virtual, UTC: the moment the score is for."""
    team: str
    real_started_at: datetime
    """UTC."""
    law_pack: str
    """SHA-256 of the laws it was scored by."""
    exercise: str
    """The hash of the exercise's first entry: which exercise this is."""
    scenario_sha256: str


def scored(drill: Drill) -> Result:
    """The score of an exercise as it stands."""
    return _Scoring(drill).result()


class _Scoring:
    """One pass over one exercise."""

    def __init__(self, drill: Drill) -> None:
        self.drill, self.scenario = drill, drill.scenario
        self.doings, self.entries = drill.doings(), drill.entries
        self.until = drill.ended_at or drill.now()
        self.words = load_vocabulary()
        self.judge = Judge(self.scenario, self.doings, self.until, self.words, over=drill.ended_at is not None)
        self.profile = drill.organisation.facts
        self.filings = _filings(self.entries)

    def result(self) -> Result:
        """Everything."""
        drill, final = self.drill, self.truth(truths.final(self.scenario), self.scenario.end)
        team = self.team(self.entries, self.until) if self.entries else None
        owed = self.owed(final, team)
        lines = [
            *self.judge.actions(),
            *due_lines(self.judge, owed, self.notices(owed), list(self.needless(owed))),
            *self.judge.decisions({f.id for f in final.assessment.findings if _owes(f)}, _reopened(team)),
            *self.judge.facts(),
            *self.steps(),
            *self.judge.answers(),
        ]
        parts = tuple(Part(id, found) for id in PARTS if (found := _of_part(lines, id)))
        return Result(
            self.scenario, self.doings, Score(parts), final, team, self.entries, drill.events, owed, self.scenario.begin,
            drill.ended_at, self.until, drill.started.team, drill.started.real_at, final.assessment.pack_sha256,
            drill.events[0].hash, drill.sha256,
        )  # fmt: skip

    # -- the engine, asked about two worlds ---------------------------------------------------------------------------

    def truth(self, facts: Mapping[str, Fact], now: datetime, laws: LawPack | None = None) -> Answer:
        """What the laws (None: all in use) say of the world as these facts tell it."""
        book = FactBook({**self.profile, **facts}, self.words)
        return answer(Subject("the truth", book, self.drill.organisation), self.at(now), pack=laws)

    def team(self, entries: tuple[Entry, ...], now: datetime, laws: LawPack | None = None) -> Answer:
        """What they say of the team's record after these entries."""
        return answer(subject_of_entries(entries[0].incident, entries), self.at(now), pack=laws)

    def at(self, now: datetime) -> Workspace:
        """The exercise's workspace, looking from that moment."""
        return replace(self.drill.workspace, reading_now=now)

    # -- duties -------------------------------------------------------------------------------------------------------

    def owed(self, final: Answer, team: Answer | None) -> tuple[Owed, ...]:
        """What is owed on all that could be known, and when it could be, and was, seen."""
        known = truths.known_by(self.scenario, self.doings, self.until)
        whole = (known, self.until) == (truths.final(self.scenario), self.scenario.end)
        truth = final if whole else self.truth(known, self.until)
        ids = {f.id for f in truth.assessment.findings if _owes(f)}
        laws = deciding(laws_for(self.drill.organisation, self.drill.workspace).pack, {id.partition("@")[0] for id in ids})
        knowable, seen = self._knowable(ids, laws), self._seen(ids, laws)
        clocked = {id: self._clocked(id, known, laws) for id in knowable}
        waits = {f.id: f.needs for f in team.assessment.findings} if team is not None else {}
        owed = [
            Owed(found, at, seen.get(id), waits.get(id, ()))
            for id, at in knowable.items()
            if (found := clocked[id]) is not None
        ]
        return tuple(sorted(owed, key=lambda one: (one.finding.due.target is None, one.finding.due.target or self.until)))

    def _clocked(self, id: str, known: Mapping[str, Fact], laws: LawPack) -> Finding | None:
        """The finding with the filings the team made of others, since its clock or its wait may hang on one of them.

        Its own is left out: what is done has no deadline any more, and nothing holds it back.
        """
        own = (f"filed.{id}", f"filed.{id.partition('@')[0]}")
        others = {key: fact for key, fact in self.filings.items() if key not in own}
        return self.truth({**known, **others}, self.until, laws).assessment.find(id)

    def _knowable(self, ids: set[str], laws: LawPack) -> dict[str, datetime]:
        found: dict[str, datetime] = {}
        for at in truths.moments(self.scenario, self.doings):
            if len(found) == len(ids) or at > self.until:
                break
            known = truths.known_by(self.scenario, self.doings, at)
            try:
                shown = self.truth(known, at, laws).assessment.findings
            except ImpossibleFacts:  # counts that came to be known in an order nobody planned; the next ones settle it
                continue
            for finding in shown:
                if finding.id in ids and _owes(finding):
                    found.setdefault(finding.id, at)
        return found

    def _seen(self, ids: set[str], laws: LawPack) -> dict[str, datetime]:
        """When the team's own record first showed each, at the moments at which something was recorded."""
        found: dict[str, datetime] = {}
        for at, group in groupby(self.entries, key=lambda entry: entry.recorded_at):
            if len(found) == len(ids):
                break
            recorded = list(group)
            if not any(entry.kind in _TELLING for entry in recorded):
                continue
            for finding in self.team(self.entries[: recorded[-1].seq], at, laws).assessment.findings:
                if finding.id in ids and finding.status in ("owed", "done"):
                    found.setdefault(finding.id, at)
        return found

    # -- notices ------------------------------------------------------------------------------------------------------

    def notices(self, owed: tuple[Owed, ...]) -> dict[str, MadeNotice]:
        """What each notice that was filed held."""
        found: dict[str, MadeNotice] = {}
        for one in owed:
            filing = filing_of(one.finding.id, self.doings.filed, owed) if falls_due(one, self.judge) else None
            if filing is not None:
                found[one.finding.id] = self._notice(one.finding, filing)
        return found

    def _notice(self, true: Finding, filing: OnDuty) -> MadeNotice:
        team = self.team(self.entries[: filing.seq - 1], filing.at)
        early = truths.known_by(self.scenario, self.doings, filing.at - self.scenario.grace)
        excused = {*missing_elements(true, FactBook({**self.profile, **early}, self.words)), *self._beyond_facts(true, early)}
        untrue = tuple(self._untrue(true, team.subject, filing.at))
        try:
            made = drafts.make(team, team.finding(filing.duty), self.at(filing.at))
        except BreachkitError as problem:
            return MadeNotice(true.id, 0, (), untrue, str(problem))
        asked = [id for id in true.content if id not in excused]
        lacking = {*made.check.missing, *made.check.open}
        return MadeNotice(true.id, len(asked), tuple(id for id in asked if id in lacking), untrue)

    def _beyond_facts(self, finding: Finding, early: Mapping[str, Fact]) -> Iterator[str]:
        """Elements that hang on no fact, such as a copy to enclose, unless the truth gives words for them."""
        for id in finding.content:
            element = self.words.elements.get(id)
            if element is not None and not element.facts and not element.form and f"notice.says.{id}" not in early:
                yield id

    def _told_by(self, finding: Finding) -> Iterator[str]:
        """The facts the score looks for that the duty's notice tells."""
        asked = [key for id in finding.content if (element := self.words.elements.get(id)) for key in element.facts]
        prefixes = tuple(key.partition("<")[0] for key in asked if "<" in key)
        for key, ones in self.scenario.truths.items():
            if ones[-1].scored and (key in asked or key.startswith(prefixes)):
                yield key

    def _untrue(self, finding: Finding, subject: Subject, at: datetime) -> Iterator[str]:
        """What the notice tells and is not so: it agrees neither with what could be known then nor a grace before.

        Of what nobody could know yet, a guess that turns out wrong is untrue as well.
        """
        stated = subject.incident.facts if subject.incident is not None else {}
        for key in self._told_by(finding):
            found = truths.versions(key, self.scenario, self.doings)
            known = [one.fact for when, one in found if when <= at]
            fresh = [one.fact for when, one in found if at - self.scenario.grace < when <= at]
            accepted = [*known[-1:], *(known[: -len(fresh)][-1:] if fresh else [])] or [one.fact for _, one in found]
            said = stated.get(key)
            if said is not None and accepted and not any(truths.within(said, one, self.words) for one in accepted):
                yield f"{key} was given as {say_value(said.value)} and is {say_value(accepted[0].value)}"

    # -- needless -----------------------------------------------------------------------------------------------------

    def needless(self, owed: tuple[Owed, ...]) -> Iterator[tuple[OnDuty, str]]:
        """Filings of what nothing asks for, each with why."""
        known = {one.finding.id for one in owed} | {one.finding.duty for one in owed}
        for one in self.doings.filed:
            if one.duty in known or one.choice != "first":
                continue
            others = {key: fact for key, fact in self.filings.items() if key != f"filed.{one.duty}"}
            judged = self.truth({**truths.final(self.scenario), **others}, self.scenario.end)
            found, found_book = judged.assessment, judged.subject.book
            alike = [f for f in found.findings if one.duty in (f.id, f.duty)]
            if not alike:
                yield one, "the truth knows no such duty"
            elif any(_harmless(finding, found_book) for finding in alike):
                continue
            elif all(finding.status in _NOT_OWED for finding in alike):
                yield one, _NOT_OWED[alike[0].status]

    # -- steps --------------------------------------------------------------------------------------------------------

    def steps(self) -> Iterator[Line]:
        """The steps the truth asks for."""
        since: dict[str, datetime] = {}
        needed: list[StepStanding] = []
        for playbook in (load_playbook(name) for name in self.scenario.playbooks):
            for standing in standings(playbook, self._known(self.until), {}, self.doings.declared_at):
                if (at := self._needed_since(standing)) is not None:
                    since[standing.id] = at
                    needed.append(standing)
        yield from self.judge.steps(needed, since)

    def _known(self, at: datetime) -> FactBook:
        return FactBook({**self.profile, **truths.known_by(self.scenario, self.doings, at)}, self.words)

    def _needed_since(self, standing: StepStanding) -> datetime | None:
        """From when the truth asked for it and what it asks could be known; None: it never did."""
        for at in (self.scenario.begin, *truths.moments(self.scenario, self.doings)):
            if at <= self.until and evaluate(standing.step.when, self._known(at)).holds is True:
                asked = [truths.versions(key, self.scenario, self.doings) for key in standing.step.asks]
                return max([at, *(found[0][0] for found in asked if found)])
        return None


def _owes(finding: Finding) -> bool:
    return finding.status == "owed" and not finding.aside


def _harmless(finding: Finding, book: FactBook) -> bool:
    """A letter to people who are affected, or a word to a partner, alarms nobody without need, owed or not."""
    if finding.recipient.kind == "contract":
        return True
    return finding.recipient.kind == "individuals" and affects_somebody(book).holds is True


def _of_part(lines: list[Line], part: str) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.part == part)


def _filings(entries: tuple[Entry, ...]) -> dict[str, Fact]:
    if not entries:
        return {}
    facts = subject_of_entries(entries[0].incident, entries).book.facts
    return {key: fact for key, fact in facts.items() if key.startswith("filed.")}


def _reopened(team: Answer | None) -> dict[str, tuple[str, ...]]:
    if team is None:
        return {}
    return {
        f.id: f.decision.changed for f in team.assessment.findings if f.decision is not None and f.decision.reopened and f.open
    }
