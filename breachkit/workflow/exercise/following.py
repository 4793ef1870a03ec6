"""Follows the two journals of an exercise, its own and its incident's, and tells what the team did so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from breachkit.content.organisations import read_profile
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.exercise.doings import Doings, OnDuty, Stated
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Fact
from breachkit.domain.incident import Incident, apply
from breachkit.domain.journal import EXERCISE, Entry
from breachkit.domain.playbook import Playbook, standings
from breachkit.storage.journal import Journal
from breachkit.workflow.subjects import read_fact


class Follower:
    """What happened, kept up to date entry by entry: nothing is read twice."""

    def __init__(self, playbooks: Iterable[Playbook] = ()) -> None:
        self.playbooks = tuple(playbooks)
        self.doings = Doings()
        self.incident: Incident | None = None
        """The incident played in the exercise: the first one opened in its database."""
        self.entries: list[Entry] = []
        """Its entries."""
        self.events: list[Entry] = []
        """The exercise's own entries."""
        self._profile: Mapping[str, Fact] = {}

    def update(self, journal: Journal) -> Doings:
        """Read what is new."""
        for entry in _newer(journal, EXERCISE, len(self.events)):
            self.events.append(entry)
            self.doings = _told(self.doings, entry)
        known = journal.incidents()
        if known:
            self.doings = replace(self.doings, other_incidents=tuple(known[1:]))
            for entry in self._in_time(journal, known[0]):
                self._take(entry)
        return self.doings

    def _in_time(self, journal: Journal, incident: str) -> list[Entry]:
        """What is new of the incident, without what somebody recorded in it after the exercise was over."""
        last = next((one.body.get("entries") for one in self.events if one.kind == "exercise.ended"), None)
        if not isinstance(last, int):
            return _newer(journal, incident, len(self.entries))
        left = max(last - len(self.entries), 0)
        return _newer(journal, incident, len(self.entries))[:left] if left else []

    def _take(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.incident = apply(self.incident or Incident(entry.incident), entry, read_fact)
        if entry.seq == 1 and self.incident.profile:
            self._profile = read_profile(dict(self.incident.profile), f"{entry.incident} entry 1").facts
        book = FactBook({**self._profile, **self.incident.facts}, load_vocabulary())
        done = replace(self.doings, book=book, declared_at=self.doings.declared_at or entry.recorded_at)
        self.doings = replace(_did(done, entry, self.incident), steps=self._steps(book, entry.recorded_at))

    def _steps(self, book: FactBook, at: datetime) -> dict[str, datetime]:
        """When each step was first done, as far as it still is: a tick that is taken back counts as never made."""
        assert self.incident is not None
        found: dict[str, datetime] = {}
        for playbook in self.playbooks:
            for standing in standings(playbook, book, self.incident.steps, self.doings.declared_at):
                if standing.state == "done":
                    found[standing.id] = self.doings.steps.get(standing.id, at)
        return found


def _newer(journal: Journal, chain: str, seen: int) -> list[Entry]:
    if journal.head(chain)[0] <= seen:
        return []
    return journal.entries(chain)[seen:]


def _did(doings: Doings, entry: Entry, incident: Incident) -> Doings:
    """What the team did, after one more entry of its incident."""
    body, at = entry.body, entry.recorded_at
    match entry.kind:
        case "fact.recorded" | "fact.corrected":
            key = read_fact(str(body["key"]), body["value"]).key
            stated = (*doings.stated.get(key, ()), Stated(incident.facts[key], at, entry.seq))
            return replace(doings, stated={**doings.stated, key: stated})
        case "filing.recorded":
            one = OnDuty(
                str(body["duty"]), at, entry.seq, str(body.get("kind", "first")), str(body.get("reference", "")), entry.actor
            )
            return replace(doings, filed=(*doings.filed, one))
        case "decision.recorded":
            one = OnDuty(str(body["duty"]), at, entry.seq, str(body["choice"]), str(body["ground"]), entry.actor)
            return replace(doings, decided=(*doings.decided, one))
        case "notice.approved":
            return replace(doings, approved=(*doings.approved, OnDuty(str(body["duty"]), at, entry.seq, by=entry.actor)))
        case "note.added":
            return replace(doings, notes=(*doings.notes, (at, str(body.get("text", "")))))
        case _:
            return doings


def _told(doings: Doings, entry: Entry) -> Doings:
    """What the world did, and was asked, after one more entry of the exercise."""
    body, at = entry.body, entry.recorded_at
    match entry.kind:
        case "exercise.sent":
            return replace(doings, fired={str(body["inject"]): at, **doings.fired})
        case "exercise.skipped":
            return replace(doings, skipped={**doings.skipped, str(body["inject"]): at})
        case "exercise.asked":
            return replace(doings, asked={str(body["key"]): at, **doings.asked})
        case "exercise.answered":
            answer = (at, str(body["option"]))
            return replace(doings, answered={str(body["question"]): answer, **doings.answered})
        case "exercise.refused":
            return replace(doings, refused=(*doings.refused, (at, str(body["tried"]), str(body["why"]))))
        case _:
            return doings
