"""How two texts, duties or regimes differ, in words: limits, starts, thresholds, conditions, content, dates, confidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from breachkit.domain.conditions import All, Amount, AnyOf, Condition, Data, Not, People
from breachkit.domain.law import Due, Duty, DutyVersion, Regime
from breachkit.domain.periods import say_period
from breachkit.domain.vocabulary import Vocabulary
from breachkit.workflow import law_words

READABLE = 300
"""Two conditions of more letters than these are not held against each other in one line."""

TAKES_PLACE = "This regime takes the place of"
"""How the note begins that laying a pack over another adds; it is not of the law."""


def rule_changes(old: DutyVersion, new: DutyVersion, words: Vocabulary) -> Iterator[str]:
    """What another text asks for."""
    yield from _due_changes(old.due, new.due, words)
    yield from _sets(
        "other limit", *({f"where {o.text}: {law_words.due_words(o.due, words)}" for o in v.due_if} for v in (old, new))
    )
    yield from _conditions("reaches", old.scope, new.scope, words)
    yield from _conditions("when", old.when, new.when, words)
    if (old.recipient.kind, old.recipient.authorities, old.recipient.name) != (
        new.recipient.kind,
        new.recipient.authorities,
        new.recipient.name,
    ):
        yield _arrow("recipient", *(v.recipient.name or ", ".join(v.recipient.authorities) for v in (old, new)))
    if old.presumed != new.presumed:
        yield "taken as owed until shown otherwise" if new.presumed else "no longer taken as owed until shown otherwise"
    yield from _exemption_changes(old, new, words)
    yield from _content_changes(old, new, words)
    yield from _around_changes(old, new)


def _due_changes(old: Due, new: Due, words: Vocabulary) -> Iterator[str]:
    if _amount(old) != _amount(new):
        yield _arrow("limit", _amount(old), _amount(new))
    if (old.starts, old.after, old.year_of) != (new.starts, new.after, new.year_of):
        yield _arrow("counted from", law_words.start_words(old, words), law_words.start_words(new, words))
    if old.qualifier != new.qualifier:
        yield _arrow("in the law's words", old.qualifier, new.qualifier)
    yield from _sets("counting", set(law_words.due_details(old, words)), set(law_words.due_details(new, words)))


def _amount(due: Due) -> str:
    if due.by is not None:
        return f"by {law_words.day_of_year(due.by)}"
    return say_period(due.period) if due.period is not None else "no number"


def _exemption_changes(old: DutyVersion, new: DutyVersion, words: Vocabulary) -> Iterator[str]:
    before, after = ({one.id: one for one in v.exempt} for v in (old, new))
    yield from (f"exemption gone: {before[id].text}" for id in before if id not in after)
    for id, one in after.items():
        if id not in before:
            yield f"exemption new: {one.text}"
        else:
            yield from _conditions(f"exemption '{id}'", before[id].when, one.when, words)


def _content_changes(old: DutyVersion, new: DutyVersion, words: Vocabulary) -> Iterator[str]:
    def label(ids: Iterable[str]) -> set[str]:
        return {words.elements[id].label for id in ids}

    yield from _sets("content", label(old.content), label(new.content))
    yield from _sets("content when late", label(old.late_content), label(new.late_content))
    yield from _sets("must not say", label(old.forbidden), label(new.forbidden))
    yield from _sets(
        "content at times",
        *({f"{law_words.elements(one.elements, words)} if {one.text}" for one in v.content_if} for v in (old, new)),
    )


def _around_changes(old: DutyVersion, new: DutyVersion) -> Iterator[str]:
    yield from _sets("waits for", set(old.waits_for), set(new.waits_for))
    yield from _sets("replaced by", {r.by for r in old.replaced}, {r.by for r in new.replaced})
    if old.where_owed != new.where_owed:
        yield _arrow("only where this is owed", old.where_owed, new.where_owed)
    if old.hold != new.hold:
        yield _arrow("hold", *(law_words.hold_words(v.hold) if v.hold else "" for v in (old, new)))
    if old.substitute != new.substitute:
        said = ["; ".join(law_words.substitute_words(v.substitute)) if v.substitute else "" for v in (old, new)]
        yield _arrow("other means", *said)


def paper_changes(old: DutyVersion, new: DutyVersion) -> Iterator[str]:
    """What changed around the rule: force, dates, confidence, sources, notes."""
    if old.status != new.status:
        yield _arrow("force", old.status.replace("_", " "), new.status.replace("_", " "))
    for what, before, after in (("from", old.starts_on, new.starts_on), ("until", old.ends_on, new.ends_on)):
        if before != after:
            yield _arrow(what, str(before or "not said"), str(after or "not said"))
    if old.confidence != new.confidence:
        yield _arrow("confidence", old.confidence, new.confidence)
    yield from _sets("source", {c.text for c in old.cite}, {c.text for c in new.cite})
    yield from _sets("not verified", set(old.unverified), set(new.unverified))
    yield from _sets("note", set(old.notes), set(new.notes))
    if old.extension != new.extension:
        yield _arrow("extension", old.extension, new.extension)
    if old.history != new.history:
        yield _arrow("history", old.history, new.history)


# -- conditions ---------------------------------------------------------------


def _conditions(label: str, old: Condition, new: Condition, words: Vocabulary) -> Iterator[str]:
    for text in _condition_changes(old, new, words):
        yield f"{label}: {text}"


def _condition_changes(old: Condition, new: Condition, words: Vocabulary) -> Iterator[str]:
    if old == new:
        return
    match old, new:
        case (All() as a, All() as b) | (AnyOf() as a, AnyOf() as b):
            yield from _part_changes(a.parts, b.parts, words)
        case (All() as a, b) if b in a.parts or not a.parts:
            yield from _part_changes(a.parts, (b,), words)
        case (a, All() as b) if a in b.parts or not b.parts:
            yield from _part_changes((a,), b.parts, words)
        case (Not(a), Not(b)):
            yield from (f"not: {text}" for text in _condition_changes(a, b, words))
        case (People() as a, People() as b) if (a.counts, a.place) == (b.counts, b.place):
            yield f"threshold {law_words.limit_words(a)} -> {law_words.say(b, words)}"
        case (Amount() as a, Amount() as b) if a.key == b.key:
            yield f"threshold {law_words.limit_words(a)} -> {law_words.limit_words(b)} ({b.text})"
        case (Data() as a, Data() as b):
            yield from _data_changes(a, b, words)
        case _:
            yield _another_test(law_words.say(old, words), law_words.say(new, words))


def _another_test(before: str, after: str) -> str:
    if len(before) + len(after) <= READABLE:
        return f"{before} -> {after}"
    told = f"now: {after}" if len(after) <= READABLE else "too long for one line, look at both texts"
    return f"another test ({told})"


def _part_changes(old: Sequence[Condition], new: Sequence[Condition], words: Vocabulary) -> Iterator[str]:
    gone = [part for part in old if part not in new]
    come = [part for part in new if part not in old]
    if len(gone) == len(come) == 1:
        yield from _condition_changes(gone[0], come[0], words)
        return
    yield from (f"no longer: {law_words.say(part, words)}" for part in gone)
    yield from (f"new: {law_words.say(part, words)}" for part in come)


def _data_changes(old: Data, new: Data, words: Vocabulary) -> Iterator[str]:
    for what, before, after in (
        ("data with a name", old.with_name, new.with_name),
        ("data alone", old.alone, new.alone),
        ("what counts as a name", old.names, new.names),
    ):
        yield from _sets(what, *({words.categories[id].label for id in ids} for ids in (before, after)))
    if old.unprotected != new.unprotected:
        yield "only unencrypted data counts now" if new.unprotected else "encrypted data counts now too"


# -- duties and regimes -------------------------------------------------------


def duty_changes(old: Duty, new: Duty, words: Vocabulary) -> Iterator[str]:
    """How a duty differs in all its texts, matched by their short names."""
    if old.title != new.title:
        yield _arrow("title", old.title, new.title)
    before, after = ({version.version: version for version in duty.versions} for duty in (old, new))
    for name, version in after.items():
        said = f"text '{name}': " if len(after) > 1 else ""
        if name in before:
            both = chain(rule_changes(before[name], version, words), paper_changes(before[name], version))
            yield from (said + text for text in both)
        else:
            yield f"new text '{name}', {law_words.force_words(version)}"
            last = old.versions[-1]
            yield from (f"text '{name}' against '{last.version}': {text}" for text in rule_changes(last, version, words))
    yield from (f"text '{name}' is gone ({law_words.force_words(v)})" for name, v in before.items() if name not in after)


def regime_changes(old: Regime, new: Regime) -> Iterator[str]:
    """How a regime differs beside its duties."""
    plain: Mapping[str, tuple[object, object]] = {
        "title": (old.title, new.title),
        "kind": (law_words.KINDS[old.kind], law_words.KINDS[new.kind]),
        "place": (old.place, new.place),
        "zone": (old.zone, new.zone),
        "calendar": (old.calendar, new.calendar),
        "source": (old.source.text, new.source.text),
        "reviewed": (old.reviewed, new.reviewed),
        "pack": (old.pack, new.pack),
    }
    for what, (before, after) in plain.items():
        if before != after:
            yield _arrow(what, str(before or ""), str(after or ""))
    yield from _sets("covers", set(old.covers), set(new.covers))
    yield from _sets("note", *({note for note in r.notes if not note.startswith(TAKES_PLACE)} for r in (old, new)))
    held = [{one.id: one for one in regime.embargoes} for regime in (old, new)]
    yield from _sets("embargo", set(held[0]), set(held[1]))
    yield from (f"embargo {id} changed" for id in held[0] if id in held[1] and held[0][id] != held[1][id])


def _arrow(what: str, before: str, after: str) -> str:
    return f"{what}: {before or 'nothing'} -> {after or 'nothing'}"


def _sets(what: str, before: set[str], after: set[str]) -> Iterator[str]:
    yield from (f"{what} + {one}" for one in sorted(after - before))
    yield from (f"{what} - {one}" for one in sorted(before - after))
