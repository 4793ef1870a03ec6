"""Who must be told, by when and why: facts and laws in, findings and open questions out. The front door is `assess`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from breachkit.domain.clocks import (
    Calendars,
    Started,
    count_down,
    first_filing,
    last_moment,
    proven,
    start_fact,
    start_word,
    started,
)
from breachkit.domain.conditions import evaluate
from breachkit.domain.embargoes import hold_back
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Instant
from breachkit.domain.findings import Assessment, Decision, Finding, FoundDue, OtherText, Status
from breachkit.domain.law import Directory, Due, Duty, DutyVersion, LawPack, Regime
from breachkit.domain.logic import Because, Verdict, all_of, any_of, negate
from breachkit.domain.periods import say_period, zone_named
from breachkit.domain.questions import open_questions, uncovered_places, urgency
from breachkit.domain.recipients import Case, cases


@dataclass(frozen=True, slots=True)
class Setting:
    """What an assessment is made with, beside the facts."""

    pack: LawPack
    directory: Directory
    calendars: Calendars
    now: datetime
    """UTC: the moment the answer is for."""
    law_date: date | None = None
    """None: each duty is judged under the text of the day its clock started."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A duty towards one recipient, on its way to a finding."""

    regime: Regime
    duty: Duty
    version: DutyVersion
    case: Case
    verdict: Verdict
    """Scope, trigger and recipient together; other duties are not weighed in yet."""
    in_force: bool
    replaced_by: str | None = None

    @property
    def id(self) -> str:
        """The finding's id."""
        return f"{self.duty.id}@{self.case.suffix}" if self.case.suffix else self.duty.id

    @property
    def zone(self) -> str:
        """The zone whose days count: the recipient's, else the regime's."""
        return self.case.recipient.zone or self.regime.zone


def assess(book: FactBook, setting: Setting) -> Assessment:
    """Judge every duty of every law on these facts. ImpossibleFacts when the counts cannot all be true."""
    book.check_sums()
    drafts = [draft for regime in setting.pack.regimes for draft in _drafts(regime, book, setting)]
    drafts = [_follow(_replace(draft, drafts), drafts) for draft in drafts]
    clocks = _Clocks(drafts, book, setting)
    findings = [_finding(draft, clocks, book, setting) for draft in drafts]
    findings, conflicts = hold_back(findings, book, setting.pack, setting.calendars, setting.now, setting.law_date)
    findings.sort(key=urgency)
    return Assessment(
        now=setting.now.astimezone(UTC),
        law_date=setting.law_date,
        pack_version=setting.pack.version,
        pack_sha256=setting.pack.sha256,
        uncovered=uncovered_places(book, setting.pack),
        findings=tuple(findings),
        conflicts=conflicts,
        questions=open_questions(findings, book),
    )


# -- which text, which recipients -------------------------------


def _drafts(regime: Regime, book: FactBook, setting: Setting) -> Iterator[Draft]:
    for duty in regime.duties:
        version, in_force = _text_of_the_day(duty, regime, book, setting)
        for case in cases(version.recipient, book, setting.directory):
            named = regime.conditions
            parts = [evaluate(version.scope, case.book, named), case.holds, evaluate(version.when, case.book, named)]
            yield Draft(regime, duty, version, case, all_of(parts), in_force)


def _text_of_the_day(duty: Duty, regime: Regime, book: FactBook, setting: Setting) -> tuple[DutyVersion, bool]:
    """The text in force on the law date, or the nearest one and False when none is."""
    texts = [version for version in duty.versions if version.status == "in_force"]
    dated = [(setting.law_date or _start_day(version, regime, book, setting), version) for version in texts]
    fitting = [(day, version) for day, version in dated if _applies_on(version, day)]
    # Two texts that start from different events can each point at the other's time; the earliest event then decides.
    fitting = fitting or [(day, version) for day, _ in dated for version in texts if _applies_on(version, day)]
    if fitting:
        return min(fitting, key=lambda one: one[0])[1], True
    return duty.versions[-1], False


def _start_day(version: DutyVersion, regime: Regime, book: FactBook, setting: Setting) -> date:
    """The day of the duty's own start; for a clock that a filing starts, that of the duty filed; else the day of `now`."""
    before = _regime_of(version.due.after, setting) if version.due.after else None
    if before is not None:
        text, _ = _text_of_the_day(*before, book, setting)
        return _start_day(text, before[1], book, setting)
    start = started(version.due.starts or "unstated", book, regime.zone)
    at = start.at if start is not None else setting.now
    return at.astimezone(zone_named(regime.zone)).date()


def _regime_of(duty: str, setting: Setting) -> tuple[Duty, Regime] | None:
    return next(((one, regime) for regime in setting.pack.regimes for one in regime.duties if one.id == duty), None)


def _applies_on(version: DutyVersion, day: date) -> bool:
    return (version.starts_on is None or version.starts_on <= day) and (version.ends_on is None or day <= version.ends_on)


def _other_texts(draft: Draft) -> tuple[OtherText, ...]:
    return tuple(
        OtherText(
            version.version,
            version.status,
            version.starts_on,
            version.ends_on,
            f"{say_period(version.due.period)} from {version.due.starts or version.due.after}"
            if version.due.period is not None
            else version.due.qualifier,
            version.cite,
        )
        for version in draft.duty.versions
        if version is not draft.version
    )


# -- duties that hang on other duties ---------------------------


def _owed(duty: str, drafts: list[Draft]) -> Verdict | None:
    """Whether that duty is owed to anybody; None when no loaded law has it."""
    found = [draft.verdict if draft.in_force else Verdict(False) for draft in drafts if draft.duty.id == duty]
    return any_of(found) if found else None


def _replace(draft: Draft, drafts: list[Draft]) -> Draft:
    """Let another duty take this one's place where the law says so (design decision 6)."""
    for replaced in draft.version.replaced:
        other = _owed(replaced.by, drafts)
        if other is None:
            continue
        instead = all_of([other, evaluate(replaced.when, draft.case.book, draft.regime.conditions)])
        text = replaced.text or f"{replaced.by} takes its place"
        if instead.holds and draft.verdict.holds is not False:
            reason = Because(text, None, replaced.by, True)
            return replace(draft, verdict=Verdict(False, (reason, *instead.because)), replaced_by=replaced.by)
        draft = replace(draft, verdict=all_of([draft.verdict, negate(instead)]))
    return draft


def _follow(draft: Draft, drafts: list[Draft]) -> Draft:
    """A promise to tell people "where required by law" is owed when a statute owes it."""
    kind = draft.version.follows
    if kind is None:
        return draft
    statutes = [d for d in drafts if d.version.follows is None and d.in_force and d.case.recipient.kind == kind]
    statutes = [d for d in statutes if not d.duty.id.startswith(("promise.", "contract."))]
    owed = any_of(d.verdict for d in statutes) if statutes else Verdict(False)
    names = ", ".join(dict.fromkeys(d.duty.id for d in statutes if d.verdict.holds is owed.holds))
    reason = Because(f"a law owes a notice to {kind}", None, names or None, owed.holds)
    return replace(draft, verdict=all_of([draft.verdict, Verdict(owed.holds, (reason,), owed.needs)]))


# -- clocks -----------------------------------------------------


@dataclass
class _Clocks:
    """Due times of all drafts, worked out once each, since clocks hang on one another."""

    drafts: list[Draft]
    book: FactBook
    setting: Setting
    _known: dict[str, FoundDue] = field(default_factory=dict)

    def of(self, draft: Draft) -> FoundDue:
        """The due time of a draft."""
        if draft.id not in self._known:
            # A clock that hangs on itself through others is a fault in a law file, which `law check` finds; here it just stops.
            self._known[draft.id] = count_down(draft.version.due, None, zone=draft.zone, calendar=None, starts="")
            self._known[draft.id] = self._earliest(draft)
        return self._known[draft.id]

    def _earliest(self, draft: Draft) -> FoundDue:
        dues = [self._one(due, draft) for due in (draft.version.due, *draft.version.due.earliest_of)]
        timed = [due for due in dues if due.target is not None]
        if len(dues) == 1 or not timed:
            return dues[0]
        first = min(timed, key=lambda due: due.target or self.setting.now)
        steps = [f"the earliest of {len(dues)} limits counts"]
        return replace(first, steps=(*first.steps, *steps))

    def _one(self, due: Due, draft: Draft) -> FoundDue:
        zone = draft.zone
        calendar = self._calendar(due, draft)
        if due.after is None:
            word = due.starts or "unstated"
            start = started(word, draft.case.book, zone)
            text = start_word(word, draft.case.book).text
            return count_down(due, start, zone=zone, calendar=calendar, starts=text)
        before = self._filed_first(due.after, draft)
        start = None
        waits: tuple[str, ...] = (due.after,)
        if before is not None:
            waits = (before.id,)
            at = first_filing(filings(before.id, before.duty.id, self.book))
            if at is not None:
                start, waits = Started(at, None, None), ()
            else:
                base = self.of(before)
                limit = last_moment(base)
                note = f"Counted from the limit of {before.id} until that is filed."
                start = Started(limit, None, None, base.provisional, projected=True, note=note) if limit else None
        return count_down(due, start, zone=zone, calendar=calendar, starts=f"the filing of {due.after}", waits_for=waits)

    def _filed_first(self, duty: str, draft: Draft) -> Draft | None:
        """The draft whose filing starts this clock: the same recipient's where there is one."""
        found = [other for other in self.drafts if other.duty.id == duty and other.in_force]
        same = [other for other in found if other.case.suffix == draft.case.suffix]
        return next(iter(same or found), None)

    def _calendar(self, due: Due, draft: Draft) -> Any:
        place = due.calendar or draft.case.recipient.place or draft.regime.calendar
        if place is None or place in self.book.words.groups:
            return None
        return self.setting.calendars(place)


# -- filings, decisions, status ---------------------------------


def filings(id: str, duty: str, book: FactBook) -> tuple[Mapping[str, Any], ...]:
    """What was filed for a finding: under its own id, and under its duty's id where no recipient was named."""
    records: list[Mapping[str, Any]] = []
    for key in dict.fromkeys((f"filed.{id}", f"filed.{duty}")):
        fact = book.get(key)
        if fact is not None and isinstance(fact.value, tuple):
            records += [record for record in fact.value if isinstance(record, Mapping)]
    return tuple(records)


def _decision(draft: Draft, book: FactBook) -> Decision | None:
    for key in dict.fromkeys((f"decided.{draft.id}", f"decided.{draft.duty.id}")):
        fact = book.get(key)
        if fact is None or not isinstance(fact.value, tuple) or not fact.value:
            continue
        record = fact.value[-1]
        if not isinstance(record, Mapping):
            continue
        rested = record.get("rests_on") or {}
        changed = tuple(key for key, raw in rested.items() if _raw(key, book) != raw)
        at = record.get("at")
        return Decision(
            str(record.get("choice", "")),
            str(record.get("ground", "")),
            at.at if isinstance(at, Instant) else None,
            record.get("by"),
            bool(changed),
            changed,
        )
    return None


def _raw(key: str, book: FactBook) -> Any:
    fact = book.facts.get(key)
    return None if fact is None else fact.raw


def _still_lacking(draft: Draft, book: FactBook) -> Verdict:
    """Whether the filing this one follows left something out that no later one brought."""
    base = draft.version.waits_for[0]
    suffix = f"@{draft.case.suffix}" if draft.case.suffix else ""
    made = [*filings(base + suffix, base, book), *filings(draft.id, draft.duty.id, book)]
    if first_filing(tuple(made)) is None:
        return Verdict.of(False, f"a first report was filed for {base}")
    told = [record["lacked"] for record in made if "lacked" in record]
    if not told:
        return Verdict.of(None, f"the filing for {base} left something out", fact=f"filed.{base}{suffix}")
    lacked = told[-1] if isinstance(told[-1], list) else [told[-1]]
    if not lacked:
        return Verdict.of(False, f"the filings for {base} are complete", value="nothing lacking")
    return Verdict.of(True, f"the filing for {base} left out {', '.join(map(str, lacked))}", value=str(len(lacked)))


def _judge(draft: Draft, filed: tuple[Mapping[str, Any], ...], book: FactBook) -> tuple[Status, Verdict]:
    version, verdict = draft.version, draft.verdict
    if not draft.in_force:
        return "not_in_force", verdict
    if version.opens_when == "lacked" and verdict.holds is not False:
        open_still = all_of([verdict, _still_lacking(draft, book)])
        return _status(open_still), open_still
    if first_filing(filed) is not None:
        return "done", verdict
    if verdict.holds is False:
        return "not_owed", verdict
    excuses = [(exemption, evaluate(exemption.when, draft.case.book, draft.regime.conditions)) for exemption in version.exempt]
    for exemption, excuse in excuses:
        if excuse.holds:
            if verdict.holds is None:
                return "undetermined", verdict
            return "exempt", Verdict(True, (Because(exemption.text, None, None, True), *excuse.because))
    open_excuses = [excuse for _, excuse in excuses if excuse.holds is None]
    if open_excuses:
        unless = tuple(
            Because(f"unless: {exemption.text}", None, None, None) for exemption, excuse in excuses if excuse.holds is None
        )
        needs = verdict.needs.union(*(excuse.needs for excuse in open_excuses))
        return "undetermined", Verdict(None, verdict.because + unless, needs)
    return _status(verdict), verdict


def _status(verdict: Verdict) -> Status:
    return {True: "owed", False: "not_owed", None: "undetermined"}[verdict.holds]  # type: ignore[return-value]


def _finding(draft: Draft, clocks: _Clocks, book: FactBook, setting: Setting) -> Finding:
    version = draft.version
    filed = filings(draft.id, draft.duty.id, book)
    status, verdict = _judge(draft, filed, book)
    due = clocks.of(draft)
    running = status in ("owed", "undetermined")
    needs = set(verdict.needs) if status == "undetermined" else set()
    if running and (due.provisional or due.start_at is None):
        own_start = start_fact(version.due, draft.case.book)
        needs |= {own_start} if own_start else set()
    if running:
        needs |= {key for key in draft.case.recipient.waits_for if "<" not in key}
    first = first_filing(filed)
    late_at = first if first is not None else (setting.now if status in ("owed", "undetermined") else None)
    late = due.target is not None and late_at is not None and late_at > due.target
    notes = list(version.notes) + ([version.extension] if version.extension else [])
    content = version.content + (version.late_content if late else ())
    for sometimes in version.content_if:
        asked_for = evaluate(sometimes.when, draft.case.book, draft.regime.conditions)
        content += sometimes.elements if asked_for.holds else ()
        if asked_for.holds is None and running:
            notes.append(f"It must also hold {', '.join(sometimes.elements)} where {sometimes.text}; that is not known yet.")
            needs |= asked_for.needs
    if late and first is not None:
        notes.append("It was filed after its target.")
    if any(not proven(record) for record in filed):
        notes.append("A filing without a reference was recorded: a clock stops only on proof, so it does not count.")
    return Finding(
        id=draft.id,
        duty=draft.duty.id,
        regime=draft.regime.id,
        title=draft.duty.title,
        recipient=draft.case.recipient,
        status=status,
        presumed=running and (version.presumed or (status == "undetermined" and draft.verdict.holds is True)),
        replaced_by=draft.replaced_by,
        due=due,
        because=verdict.because,
        needs=tuple(sorted(needs)),
        content=content,
        forbidden=version.forbidden,
        cite=version.cite,
        confidence=version.confidence,
        reviewed=draft.regime.reviewed,
        pack=draft.regime.pack,
        version=version.version,
        decision=_decision(draft, book),
        filed=filed,
        controller=draft.case.book.whose,
        other_texts=_other_texts(draft),
        notes=tuple(notes),
    )
