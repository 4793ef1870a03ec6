"""The record for an authority, as GDPR Art. 33(5) describes it: facts, effects, remedial action, and what was notified when.

It states and does not argue. Nothing of the privileged and the third-party track is in it, and no draft, note, step, reminder
or open question of the team's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from breachkit.domain.facts import Fact, Instant, read_instant, say_value
from breachkit.domain.notice_context import facts_hash
from breachkit.domain.notice_sources import addressee
from breachkit.domain.periods import show
from breachkit.errors import BadValue
from breachkit.workflow import report_authority_acts as acts
from breachkit.workflow.register_columns import COLUMNS
from breachkit.workflow.report_chart import say_instant, time_label, zone_of
from breachkit.workflow.report_deliveries import channel_words
from breachkit.workflow.report_gaps import corrections
from breachkit.workflow.report_parts import Part, how_many, in_utc, instant_in_utc
from breachkit.workflow.report_view import View
from breachkit.workflow.subjects import Answer
from breachkit.workflow.tracks import withheld_words

NOT_YET: Final = "not established yet"
_NOT_LATE: Final = "No notification with a fixed limit is on record as late."


def regulator(seen: View, deliveries: Sequence[Mapping[str, Any]]) -> list[Part]:
    """Its parts, in order."""
    answer = seen.answer
    return [
        Part("controller", "Who reports", head=("What", "On record"), rows=tuple(_who(answer))),
        Part("facts", "Facts of the breach", head=("What", "On record"), rows=tuple(_facts(answer))),
        Part(
            "time_line",
            "Time line",
            head=("What", f"Local time ({zone_of(answer)} unless said)", "UTC", "On record"),
            rows=tuple(_times(answer, deliveries)),
            empty="No time is on record.",
        ),
        Part("effects", "Likely consequences", head=("What", "On record"), rows=tuple(_effects(answer))),
        Part("risk", "Assessment of the risk", head=("What", "On record"), rows=tuple(_risk(answer))),
        Part("measures", "Remedial action", head=("What", "On record"), rows=tuple(_measures(answer))),
        acts.notifications(answer),
        Part("delay", "Reasons for delay", tuple(acts.delays(answer)), empty=_NOT_LATE),
        acts.people_told(answer, deliveries),
        Part(
            "decisions",
            "Decisions whether to notify",
            head=("Notification", "Decision", "When", "Reasons"),
            rows=tuple(acts.decisions(answer)),
            empty="None is on record beside the notifications above.",
        ),
        Part("open", "What is still open", tuple(acts.still_open(answer)), empty="Nothing."),
        Part("record", "By what this can be checked", tuple(_record(seen))),
    ]


def _who(answer: Answer) -> Iterator[tuple[str, str]]:
    book = answer.subject.book
    yield "Organisation", answer.subject.organisation_name
    yield "Role in this processing", ", ".join(one.replace("_", " ") for one in book.strings("role") or ()) or NOT_YET
    contact = [book.text(f"contact.{part}") for part in ("name", "email", "phone")]
    yield "Contact point", ", ".join(filter(None, contact)) or NOT_YET
    officer = [book.text(f"organisation.contacts.dpo.{part}") for part in ("name", "email", "phone")]
    if any(officer):
        yield "Data protection officer", ", ".join(filter(None, officer))


def _facts(answer: Answer) -> Iterator[tuple[str, str]]:
    book = answer.subject.book
    yield "What happened", book.text("incident.summary") or NOT_YET
    kinds, labels = book.strings("breach.kinds") or (), book.words.spec("breach.kinds").choices
    yield "Nature of the breach", "; ".join(f"{kind}: {labels.get(kind, kind).lower()}" for kind in kinds) or NOT_YET
    for label, column in (("Cause", "cause"), ("Categories of personal data", "data")):
        yield label, COLUMNS[column](answer) or NOT_YET
    if special := COLUMNS["special_categories"](answer):
        yield "Of these, special categories or criminal data", special
    yield "Encrypted", _said(answer, "data.encrypted")
    yield "Categories of data subjects", COLUMNS["groups_of_people"](answer) or NOT_YET
    sure = _estimate(book.get("people.total"))
    total = how_many(book.total)
    yield "Number of data subjects", (NOT_YET if total == "not known yet" else total) + sure
    places = sorted(book.listed, key=lambda code: (-book.listed[code].low, code))
    said = [f"{book.words.place_name(code)}: {how_many(book.listed[code])}" for code in places]
    yield "Where they live", "; ".join(said) or NOT_YET
    records = book.count("records.total")
    yield "Number of records", how_many(records) + _estimate(book.get("records.total")) if records is not None else NOT_YET


def _times(answer: Answer, deliveries: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    book, zone = answer.subject.book, zone_of(answer)
    rows: list[tuple[datetime, tuple[str, ...]]] = []
    for key, fact in book.facts.items():
        if isinstance(fact.value, Instant) and book.words.spec(key).group == "times":
            one = fact.value
            sure = "; ".join([fact.certainty, *_said_before(key, answer)])
            rows.append((one.moment(zone), (time_label(key), say_instant(one, zone), instant_in_utc(one), sure)))
    for finding in filter(acts.statutory, answer.assessment.findings):
        for record in finding.filed:
            if isinstance(at := record.get("at"), Instant):
                what = f"{acts.kind_of(record)} to {addressee(finding.recipient.name)}"
                row = (
                    what,
                    say_instant(at, finding.due.zone),
                    instant_in_utc(at),
                    f"reference {record.get('reference') or 'none'}",
                )
                rows.append((at.moment(finding.due.zone), row))
    for delivery in deliveries:
        at, duty = acts.released_at(delivery), acts.to_people(delivery, answer)
        if at is not None and duty is not None:
            row = ("Messages to people released", show(at, zone), in_utc(at), channel_words(delivery))
            rows.append((at, row))
    yield from (row for _, row in sorted(rows, key=lambda one: (one[0], one[1])))


def _said_before(key: str, answer: Answer) -> Iterator[str]:
    """What the record held of a time before, and until when."""
    zone = zone_of(answer)
    for one in corrections(answer.subject.entries):
        if one.key == key:
            with suppress(BadValue):  # `unknown` is no time
                before = say_instant(read_instant(one.before.removesuffix(" (estimated)")), zone)
                yield f"on record as {before} until {acts.both_clocks(one.at, zone)}"


def _effects(answer: Answer) -> Iterator[tuple[str, str]]:
    yield "Likely consequences", _said(answer, "consequences")
    if harms := COLUMNS["harms"](answer):
        yield "Kinds of harm looked at", harms
    for key, label in (("breach.exfiltration", "Whether data was taken"), ("breach.impact", "Effect on the service")):
        if answer.subject.book.get(key) is not None:
            yield label, _said(answer, key)


def _risk(answer: Answer) -> Iterator[tuple[str, str]]:
    book = answer.subject.book
    level = book.get("risk.level")
    yield "Assessment", _said(answer, "risk.level")
    yield "Reasons", book.text("risk.reason") or NOT_YET
    if level is not None and level.recorded_at is not None:
        yield "On record since", acts.both_clocks(level.recorded_at, zone_of(answer))
    labels = book.words.spec("risk.level").choices
    said = [e for e in answer.subject.entries if e.kind.startswith("fact.") and e.body.get("key") == "risk.level"]
    for before, after in pairwise(said):
        if before.body.get("value") != after.body.get("value"):
            was = labels.get(str(before.body.get("value")), str(before.body.get("value")))
            yield "Assessed before as", f"{was}, until {acts.both_clocks(after.recorded_at, zone_of(answer))}"


def _measures(answer: Answer) -> Iterator[tuple[str, str]]:
    book = answer.subject.book
    contained = book.instant("contained_at")
    yield "Contained", say_instant(contained, zone_of(answer)) if contained is not None else NOT_YET
    for key, label in (("measures.before", "In place before"), ("measures.taken", "Taken"), ("measures.planned", "Planned")):
        yield label, _said(answer, key)
    for key, label in (("measures.advice", "Advice given to people"), ("measures.free_services", "Free help offered")):
        if book.get(key) is not None:
            yield label, _said(answer, key)


def _record(seen: View) -> Iterator[str]:
    found, entries = seen.answer.assessment, seen.whole.entries
    yield f"As of {acts.both_clocks(found.now, zone_of(seen.answer))}."
    yield f"Facts in this document, SHA-256: {facts_hash(seen.subject.book)}"
    yield f"Law texts (breachkit {found.pack_version}), SHA-256: {found.pack_sha256}"
    if entries:
        yield f"Journal of {seen.subject.name}: {entries[-1].seq} entries, SHA-256 of the last: {entries[-1].hash}"
    if seen.kept.withheld:
        yield f"Not part of this document: {withheld_words(seen.kept.withheld)}."


def _said(answer: Answer, key: str) -> str:
    fact = answer.subject.book.get(key)
    if fact is None:
        return NOT_YET
    return say_value(fact.value, answer.subject.book.words.spec(key)) + _estimate(fact)


def _estimate(fact: Fact | None) -> str:
    return " (estimate)" if fact is not None and fact.certainty == "estimated" else ""
