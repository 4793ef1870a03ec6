"""Writing things down: open and close incidents, record and correct facts, decide on duties, file them with their proof."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Fact, read_instant, say_value
from breachkit.domain.findings import Finding
from breachkit.domain.journal import EXERCISE, Draft, Entry, Json, Track
from breachkit.domain.law_subset import deciding
from breachkit.domain.organisation import Organisation
from breachkit.errors import BadValue, Refused, UnknownName, UsageError
from breachkit.storage.journal import Journal
from breachkit.workflow.subjects import INVENTED, Answer, Subject, answer, laws_for, read_fact, subject_of_incident
from breachkit.workflow.tracks import TRACK_WORDS, may_lie_on, track_of_fact
from breachkit.workflow.words import elsewhere_needs, elsewhere_words
from breachkit.workflow.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written down."""

    incident: str
    entries: tuple[Entry, ...]
    unchanged: tuple[str, ...] = ()
    """Keys that already had that value; nothing was written for them."""


def open_incident(
    workspace: Workspace,
    journal: Journal,
    *,
    title: str,
    organisation: Organisation | None = None,
    facts: Mapping[str, Any] | None = None,
    source: str | None = None,
    exercise: str | None = None,
) -> Recorded:
    """Open an incident with what is known already. BadValue or UnknownName for a wrong fact; then nothing is written.

    `exercise` is the name of the exercise it belongs to; None: the one whose database this is, if it is one's. It marks the
    incident for ever: it stands in the first entry, which every later one is chained to. BadValue for a name that is empty or
    more than one line; Refused when the facts say that the exercise is real.
    """
    given = {"incident.title": title, **{key: raw for key, raw in (facts or {}).items() if key != "incident.title"}}
    exercise = journal.exercise if exercise is None else exercise
    if exercise is not None:
        exercise = _exercise_name(exercise)
        given.setdefault(INVENTED, True)
        organisation = organisation or _exercised(journal)
    read = [read_fact(key, raw) for key, raw in given.items()]
    if exercise is not None and not all(fact.value is True for fact in read if fact.key == INVENTED):
        raise Refused(f"the exercise '{exercise}' is no real incident: leave {INVENTED} out, or say yes")
    profile = organisation.facts if organisation else {}
    _check_counts({**profile, **{fact.key: fact for fact in read}})
    body: dict[str, Json] = {"organisation": dict(organisation.profile) if organisation else None}
    body |= {"exercise": exercise} if exercise is not None else {}
    drafts = [Draft("incident.opened", body)]
    drafts += [_fact_draft("fact.recorded", fact, source) for fact in read]
    at = workspace.writing_time()
    keep_law_pack(journal, organisation, workspace)
    id, entries = journal.new_incident(drafts, actor=workspace.who, recorded_at=at)
    return Recorded(id, tuple(entries))


def record_facts(
    workspace: Workspace,
    journal: Journal,
    incident: str,
    facts: Mapping[str, Any],
    *,
    source: str | None = None,
    certainty: str | None = None,
    happened_at: str | None = None,
    reason: str | None = None,
    track: Track | None = None,
    seen: int | None = None,
) -> Recorded:
    """Record facts; one that was known with another value is a correction, and the old value stays in the timeline.

    `track` None: a correction stays on the track of what it corrects, all else is factual. Refused for a fact that was recorded
    with the same value on another track than the one said. `seen` is the number of the last entry the person saw;
    JournalConflict when somebody recorded something since.
    """
    subject = subject_of_incident(journal, incident, workspace)
    drafts, unchanged = [], []
    after = dict(subject.book.facts)
    for key, raw in facts.items():
        if key.startswith(("filed.", "decided.")):
            verb = "file" if key.startswith("filed.") else "decide"
            raise UsageError(f"{key} is recorded with `breachkit {verb}`, which also asks for the proof or the ground")
        whole = raw if isinstance(raw, dict) and "value" in raw else {"value": raw}
        added = {"source": source, "certainty": certainty, "happened_at": happened_at}
        fact = read_fact(key, {**{k: v for k, v in added.items() if v}, **whole})
        before = subject.incident.facts.get(fact.key) if subject.incident else None
        if before is not None and (before.raw, before.source, before.certainty) == (fact.raw, fact.source, fact.certainty):
            _refuse_other_track(subject, fact.key, track)
            unchanged.append(fact.key)
            continue
        _refuse_unmarking(fact, subject)
        after[fact.key] = fact
        kind, on = ("fact.corrected" if before is not None else "fact.recorded"), track or track_of_fact(subject, fact.key)
        may_lie_on(fact.key, on)
        drafts.append(_fact_draft(kind, fact, source, reason=reason, track=on))
    _check_counts(after)
    entries = _commit(workspace, journal, subject, drafts, seen) if drafts else ()
    return Recorded(incident, entries, tuple(unchanged))


def with_same_mark(journal: Journal, incident: str, facts: Mapping[str, Any], workspace: Workspace) -> dict[str, Any]:
    """The facts of a file without `incident.invented`. Refused where file and incident do not agree on whether it happened."""
    if INVENTED not in facts:
        return dict(facts)
    invented = subject_of_incident(journal, incident, workspace).invented
    if (read_fact(INVENTED, facts[INVENTED]).value is True) != invented:
        what = "invented, and the file says that it is not" if invented else "real, and the file says that it is invented"
        raise Refused(f"{incident} is {what}; facts of the one are never recorded with the other. Open another incident")
    return {key: raw for key, raw in facts.items() if key != INVENTED}


def decide(
    workspace: Workspace,
    journal: Journal,
    incident: str,
    duty: str,
    choice: str,
    ground: str,
    *,
    track: Track = "factual",
    seen: int | None = None,
) -> Recorded:
    """Record a decision on a duty and the facts it rests on; it never hides the duty and reopens when one of them changes."""
    if choice not in ("notify", "refrain"):
        raise UsageError(f"a decision is notify or refrain, not '{choice}'")
    if not ground.strip():
        raise UsageError('a decision needs its ground: --ground "...", in words a regulator may read')
    found, finding = _finding(workspace, journal, incident, duty)
    rests_on = _rests_on(finding, found.subject)
    body: dict[str, Json] = {"duty": finding.id, "choice": choice, "ground": ground.strip(), "rests_on": rests_on}
    body["at"] = workspace.writing_time().isoformat(timespec="seconds")
    return Recorded(incident, _commit(workspace, journal, found.subject, [Draft("decision.recorded", body, track)], seen))


def file_duty(
    workspace: Workspace,
    journal: Journal,
    incident: str,
    duty: str,
    *,
    reference: str,
    at: str | None = None,
    kind: str = "first",
    lacked: tuple[str, ...] | None = None,
    track: Track = "factual",
    seen: int | None = None,
) -> Recorded:
    """Record that a notice was filed, with its proof, and what it had to leave out. `at` None: now.

    `lacked` None: the elements of the duty whose facts are not known. An empty tuple: nothing was left out.
    """
    if not reference.strip():
        raise UsageError(
            "a clock stops only on proof: --reference with the authority's number, the receipt or the server's reply"
        )
    if kind not in ("first", "update", "withdrawal"):
        raise UsageError(f"a filing is first, update or withdrawal, not '{kind}'")
    found, finding = _finding(workspace, journal, incident, duty)
    written = workspace.writing_time()
    when = at or written.isoformat(timespec="seconds")
    left_out = missing_elements(finding, found.subject.book) if lacked is None else lacked
    body: dict[str, Json] = {
        "duty": finding.id,
        "at": when,
        "reference": reference.strip(),
        "kind": kind,
        "lacked": list(left_out),
    }
    if read_instant(when).at > written:
        raise Refused(f"{when} is in the future; a filing is recorded after it was made")
    return Recorded(incident, _commit(workspace, journal, found.subject, [Draft("filing.recorded", body, track)], seen))


def close_incident(workspace: Workspace, journal: Journal, incident: str, *, reason: str) -> Recorded:
    """Close an incident. Refused while a duty is open without a filing or a decision."""
    found = _answer(workspace, journal, incident)
    if found.subject.incident is not None and found.subject.incident.closed_at is not None:
        raise Refused(f"{incident} is closed already")
    if found.assessment.elsewhere:
        raise Refused(
            f"{incident} has {elsewhere_words(found.assessment)}; before closing it say "
            + ", and ".join(f"{what} ({record})" for what, record in elsewhere_needs(found.assessment))
        )
    undecided = [f.id for f in found.assessment.findings if f.open and (f.decision is None or f.decision.reopened)]
    if undecided:
        raise Refused(
            f"{incident} has {len(undecided)} open duties: {', '.join(undecided[:6])}"
            f"{' ...' if len(undecided) > 6 else ''}. File or decide each first; a decision may be to refrain, with its ground."
        )
    draft = Draft("incident.closed", {"reason": reason})
    return Recorded(incident, _commit(workspace, journal, found.subject, [draft], None))


def note(workspace: Workspace, journal: Journal, incident: str, text: str) -> Recorded:
    """Add a line to the timeline that changes no fact."""
    subject = subject_of_incident(journal, incident, workspace)
    return Recorded(incident, _commit(workspace, journal, subject, [Draft("note.added", {"text": text})], None))


def missing_elements(finding: Finding, book: FactBook) -> tuple[str, ...]:
    """Content elements of a duty that no known fact could fill."""
    own = book if finding.controller is None else book.for_controller(finding.controller)
    elements = own.words.elements
    return tuple(
        id
        for id in finding.content
        if id in elements and elements[id].facts and not any(_known(k, own) for k in elements[id].facts)
    )


def keep_law_pack(journal: Journal, organisation: Organisation | None, workspace: Workspace) -> None:
    """Keep the laws in use beside the journal, once per hash, so that answers given on them can be replayed."""
    laws = laws_for(organisation, workspace)
    if journal.law_pack(laws.pack.sha256) is None:
        for sha, content in {**laws.parts, laws.pack.sha256: laws.manifest}.items():
            journal.store_law_pack(sha, content, stored_at=workspace.writing_time())


def _known(key: str, book: FactBook) -> bool:
    if "<" in key:
        prefix = key.split("<", 1)[0]
        return any(known.startswith(prefix) and book.get(known) is not None for known in book.facts)
    return book.get(key) is not None


def _answer(workspace: Workspace, journal: Journal, incident: str) -> Answer:
    return answer(subject_of_incident(journal, incident, workspace), workspace)


def _finding(workspace: Workspace, journal: Journal, incident: str, duty: str) -> tuple[Answer, Finding]:
    """One duty's finding, by the laws that decide it. UnknownName or UsageError as all the laws have it."""
    subject = subject_of_incident(journal, incident, workspace)
    pack = laws_for(subject.organisation, workspace).pack
    name = duty.partition("@")[0]
    if pack.duty(name) is not None:
        found = answer(subject, workspace, pack=deciding(pack, {name}))
        with suppress(UnknownName):  # said again below, with every name there is
            return found, found.finding(duty)
    found = answer(subject, workspace, pack=pack)
    return found, found.finding(duty)


def _commit(
    workspace: Workspace, journal: Journal, subject: Subject, drafts: list[Draft], seen: int | None
) -> tuple[Entry, ...]:
    at = workspace.writing_time()
    assert subject.incident is not None
    keep_law_pack(journal, subject.organisation, workspace)
    expected = subject.incident.seq if seen is None else seen
    return tuple(journal.append(subject.name, drafts, expected=expected, actor=workspace.who, recorded_at=at))


def _fact_draft(kind: str, fact: Fact, source: str | None, *, reason: str | None = None, track: Track = "factual") -> Draft:
    body: dict[str, Json] = {"key": fact.key, "value": fact.raw}
    if fact.source or source:
        body["source"] = fact.source or source
    if fact.certainty != "confirmed":
        body["certainty"] = fact.certainty
    if fact.happened_at is not None:
        body["happened_at"] = fact.happened_at.written
    if reason:
        body["reason"] = reason
    return Draft(kind, body, track)


def _check_counts(facts: Mapping[str, Fact]) -> None:
    """ImpossibleFacts when the counts cannot all be true; Refused for closing a list of places that names none."""
    book = FactBook(facts, load_vocabulary())
    book.check_sums()
    elsewhere, total = book.count("people.elsewhere"), book.count("people.total")
    nobody = total is not None and total.high == 0
    if elsewhere is not None and elsewhere.high == 0 and not book.listed and not book.controllers and not nobody:
        raise Refused(
            "people.elsewhere=0 closes the list of places, and it names none yet: that would say nobody is affected. "
            "List the places first (people.in.ES=400..900), or record people.total=0 if nobody is"
        )


def _exercise_name(said: str) -> str:
    name = said.strip()
    if not name or not name.isprintable():
        raise BadValue("an exercise needs a name of one line, such as open-folder")
    return name


def _exercised(journal: Journal) -> Organisation | None:
    """Whose incident an exercise plays; None for a journal that only says it is one."""
    from breachkit.content.organisations import read_profile
    from breachkit.workflow.exercise.events import started

    first = journal.entries(EXERCISE, upto_seq=1)
    return read_profile(dict(started(first[0]).profile), "the exercise's profile") if first else None


def _refuse_unmarking(fact: Fact, subject: Subject) -> None:
    """Refused for changing what was said; of an exercise for anything but yes, whoever recorded what before."""
    if fact.key != INVENTED or INVENTED not in subject.book.facts:
        return
    if subject.exercise is not None:
        if fact.value is True:
            return
        raise Refused(f"{subject.name} belongs to the exercise '{subject.exercise}' and never turns into a real incident")
    before = subject.book.facts[INVENTED]
    raise Refused(
        f"{INVENTED} was recorded as {say_value(before.value)} and cannot be changed: "
        "an example must never turn into a real incident, nor the reverse. Open a new incident."
    )


def _refuse_other_track(subject: Subject, key: str, track: Track | None) -> None:
    """Refused where somebody asks for a track and the fact, known so already, lies on another: nothing would be moved."""
    held = track_of_fact(subject, key)
    if track is not None and track != held:
        newest = max(entry.seq for entry in subject.entries if entry.body.get("key") == key)
        raise Refused(
            f"{key} was recorded so already, on the {TRACK_WORDS[held]} track. Move that entry: "
            f'breachkit journal track {subject.name} {newest} {track.replace("_", "-")} --reason "..."'
        )


def _rests_on(finding: Finding, subject: Subject) -> dict[str, Json]:
    keys = {reason.fact for reason in finding.because if reason.fact} | set(finding.needs)
    keys |= {"risk.level"} if "risk.level" in subject.book.facts else set()
    facts = subject.book.facts
    return {key: facts[key].raw if key in facts else None for key in sorted(keys)}
