"""Who must be told, by when and why: facts and laws in, findings and open questions out. The front door is `assess`.

What a duty would be by itself is in drafts.py; here duties see each other and what was filed, and get their status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any

from breachkit.domain.acts import decision, filings, first_filing, proven, still_lacking
from breachkit.domain.clockwork import Clockwork
from breachkit.domain.conditions import evaluate
from breachkit.domain.drafts import ByDuty, Draft, Setting, by_duty, drafts, other_texts
from breachkit.domain.embargoes import hold_back
from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import Assessment, Finding, FoundSubstitute, Status
from breachkit.domain.logic import Because, Verdict, all_of, any_of, negate
from breachkit.domain.questions import open_questions, uncovered_places, urgency
from breachkit.domain.substitutes import substitute_notice


def assess(book: FactBook, setting: Setting) -> Assessment:
    """Judge every duty of every law on these facts. ImpossibleFacts when the counts cannot all be true."""
    book.check_sums()
    alone = list(drafts(book, setting))
    others = by_duty(alone)
    together = [_follow(_where_owed(_replace(draft, others), others), others) for draft in alone]
    clocks = Clockwork(together, book, setting)
    findings = [_finding(draft, clocks, book, setting) for draft in together]
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


# -- duties that hang on other duties ---------------------------


def _owed(duty: str, others: ByDuty) -> Verdict | None:
    """Whether that duty is owed to anybody; None when no loaded law has it."""
    found = [draft.verdict if draft.in_force else Verdict(False) for draft in others.get(duty, ())]
    return any_of(found) if found else None


def _replace(draft: Draft, others: ByDuty) -> Draft:
    """Let another duty take this one's place where the law says so (design decision 6)."""
    for replaced in draft.version.replaced:
        other = _owed(replaced.by, others)
        if other is None:
            continue
        instead = all_of([other, evaluate(replaced.when, draft.case.book, draft.regime.conditions)])
        text = replaced.text or f"{replaced.by} takes its place"
        if instead.holds and draft.verdict.holds is not False:
            reason = Because(text, None, replaced.by, True)
            return replace(draft, verdict=Verdict(False, (reason, *instead.because)), replaced_by=replaced.by)
        draft = replace(draft, verdict=all_of([draft.verdict, negate(instead)]))
    return draft


def _where_owed(draft: Draft, others: ByDuty) -> Draft:
    """A duty that is owed only where another one is: a copy for the state of what the federal agency gets."""
    name = draft.version.where_owed
    if not name:
        return draft
    found = [_unexcused(other) for other in others.get(name, ())]
    owed = any_of(found) if found else Verdict(False)
    reason = Because(f"{name} is owed", None, None, owed.holds)
    return replace(draft, verdict=all_of([draft.verdict, Verdict(owed.holds, (reason, *owed.because), owed.needs)]))


def _unexcused(draft: Draft) -> Verdict:
    """Whether the duty is owed and nothing lifts it."""
    if not draft.in_force:
        return Verdict(False)
    excuses = (negate(evaluate(one.when, draft.case.book, draft.regime.conditions)) for one in draft.version.exempt)
    return all_of([draft.verdict, *excuses])


def _follow(draft: Draft, others: ByDuty) -> Draft:
    """A promise to tell people "where required by law" is owed when a statute owes it."""
    kind = draft.version.follows
    if kind is None:
        return draft
    everything = (other for drafts in others.values() for other in drafts)
    statutes = [d for d in everything if d.version.follows is None and d.in_force and d.case.recipient.kind == kind]
    statutes = [d for d in statutes if not d.duty.id.startswith(("promise.", "contract."))]
    owed = any_of(d.verdict for d in statutes) if statutes else Verdict(False)
    names = ", ".join(dict.fromkeys(d.duty.id for d in statutes if d.verdict.holds is owed.holds))
    reason = Because(f"a law owes a notice to {kind}", None, names or None, owed.holds)
    return replace(draft, verdict=all_of([draft.verdict, Verdict(owed.holds, (reason,), owed.needs)]))


# -- status and finding ------------------------------------------


def _judge(draft: Draft, filed: tuple[Mapping[str, Any], ...], book: FactBook) -> tuple[Status, Verdict]:
    version, verdict = draft.version, draft.verdict
    if not draft.in_force:
        return "not_in_force", verdict
    if version.opens_when == "lacked" and verdict.holds is not False:
        open_still = all_of([verdict, still_lacking(draft, book)])
        return _status(open_still), open_still
    if first_filing(filed) is not None:
        return "done", verdict
    if verdict.holds is False:
        return "not_owed", verdict
    excuses = [(exemption, evaluate(exemption.when, draft.case.book, draft.regime.conditions)) for exemption in version.exempt]
    for exemption, excuse in excuses:
        if excuse.holds:
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
    if verdict.holds is None:
        return "undetermined"
    return "owed" if verdict.holds else "not_owed"


def _finding(draft: Draft, clocks: Clockwork, book: FactBook, setting: Setting) -> Finding:
    version = draft.version
    filed = filings(draft.id, draft.duty.id, book)
    status, verdict = _judge(draft, filed, book)
    # A law that does not reach has no clock.
    due = clocks.idle(draft) if draft.reach.holds is False and not filed else clocks.of(draft)
    running = status in ("owed", "undetermined")
    needs = set(verdict.needs) if status == "undetermined" else set()
    asks = frozenset(needs) if draft.reach.holds is not None else draft.reach.needs
    if running:
        needs |= clocks.waits(draft)
        needs |= {key for key in draft.case.recipient.waits_for if "<" not in key}
    first = first_filing(filed)
    late_at = first if first is not None else (setting.now if status in ("owed", "undetermined") else None)
    late = due.target is not None and late_at is not None and late_at > due.target
    notes = list(version.notes) + ([version.extension] if version.extension else [])
    content = version.content + (version.late_content if late else ())
    for sometimes in version.content_if:
        asked_for = evaluate(sometimes.when, draft.case.book, draft.regime.conditions)
        content += sometimes.elements if asked_for.holds else ()
        if asked_for.holds and sometimes.months is not None:
            notes.append(f"{', '.join(sometimes.elements)}: for at least {sometimes.months} months, free of charge.")
        if asked_for.holds is None and running:
            notes.append(f"It must also hold {', '.join(sometimes.elements)} where {sometimes.text}; that is not known yet.")
            needs |= asked_for.needs
    for other in version.due_if if running else ():
        needs |= evaluate(other.when, draft.case.book, draft.regime.conditions).needs
    if late and first is not None:
        notes.append("It was filed after its target.")
    notes += [f"Not verified: {text}" for text in version.unverified]
    if any(not proven(record) for record in filed):
        notes.append("A filing without a reference was recorded: a clock stops only on proof, so it does not count.")
    source = setting.pack.sources.get(draft.regime.pack)
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
        asks=tuple(sorted(asks if status == "undetermined" and asks else needs)),
        content=content,
        forbidden=version.forbidden,
        cite=version.cite,
        confidence=version.confidence,
        reviewed=draft.regime.reviewed,
        pack=draft.regime.pack,
        version=version.version,
        pack_version=source.version if source else "",
        pack_sha256=source.sha256 if source else "",
        decision=decision(draft.id, draft.duty.id, book),
        filed=filed,
        controller=draft.case.book.whose,
        other_texts=other_texts(draft),
        notes=tuple(notes),
        unverified=version.unverified,
        place_open=status == "undetermined" and _only_place_open(draft),
        trade_open=status == "undetermined" and draft.reach.holds is None and "organisation.sectors" in draft.reach.needs,
        substitute=_substitute(draft) if running else None,
    )


_WHERE = frozenset({"organisation.established_in", "organisation.main_establishment"})


def _only_place_open(draft: Draft) -> bool:
    """Whether the law reaches here only if people live, or the organisation has a home, where nobody said so."""
    reach = draft.reach
    where = any(key in _WHERE or key.endswith(("people.elsewhere", "-<part>")) for key in reach.needs)
    if reach.holds is not None or not where:
        return False
    return not draft.case.book.points_to(draft.regime.place)


def _substitute(draft: Draft) -> FoundSubstitute | None:
    limits = draft.version.substitute
    return substitute_notice(limits, draft.regime.place, draft.case.book) if limits is not None else None
