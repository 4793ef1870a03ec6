"""The columns of the register of breaches, each worked out from the answer on one incident."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from breachkit.domain import marks
from breachkit.domain.facts import say_value
from breachkit.domain.findings import Finding
from breachkit.domain.notice_context import facts_hash
from breachkit.domain.periods import show
from breachkit.workflow import words
from breachkit.workflow.report_chart import filing_words, say_instant, shown
from breachkit.workflow.subjects import Answer

INVENTED: Final = "INVENTED - nothing of this happened"


def _fact(key: str) -> Callable[[Answer], str]:
    """A fact in words, with how sure it is where that is not confirmed."""

    def cell(answer: Answer) -> str:
        fact = answer.subject.book.get(key)
        if fact is None:
            return ""
        said = say_value(fact.value, answer.subject.book.words.spec(key))
        return f"{said} (estimated)" if fact.certainty == "estimated" else said

    return cell


def _choices(key: str) -> Callable[[Answer], str]:
    """A list in the words of its choices."""

    def cell(answer: Answer) -> str:
        book = answer.subject.book
        labels = book.words.spec(key).choices
        return ", ".join(labels.get(one, one) for one in book.strings(key) or ())

    return cell


def _time(key: str) -> Callable[[Answer], str]:
    """A time with its zone, or the day."""

    def cell(answer: Answer) -> str:
        instant = answer.subject.book.instant(key)
        return "" if instant is None else say_instant(instant, "UTC")

    return cell


def _categories(*, special: bool = False) -> Callable[[Answer], str]:
    def cell(answer: Answer) -> str:
        book = answer.subject.book
        known = [book.words.categories[id] for id in book.categories or ()]
        listed = ", ".join(one.label for one in known if one.special or not special)
        return f"{listed} (more may follow)" if listed and not special and not book.categories_closed else listed

    return cell


def _places(answer: Answer) -> str:
    book = answer.subject.book
    places = sorted(book.listed, key=lambda code: (-book.listed[code].low, code))
    return "; ".join(f"{book.words.place_name(code)}: {book.listed[code]}" for code in places)


def _total(answer: Answer) -> str:
    count = answer.subject.book.count("people.total")
    return str(count) if count is not None else ""


def _harms(answer: Answer) -> str:
    book = answer.subject.book
    said = []
    for key in sorted(key for key in book.facts if key.startswith("harm.")):
        spec = book.words.spec(key)
        if spec.type == "choice" and (level := book.text(key)) is not None:
            said.append(f"{key.removeprefix('harm.').replace('_', ' ')}: {spec.choices.get(level, level).lower()}")
    return "; ".join(said)


def _filed(*kinds: str, others: bool = False) -> Callable[[Answer], str]:
    """Filings of duties to recipients of these kinds, or to all others; each with its time and its proof."""

    def cell(answer: Answer) -> str:
        said = []
        for finding in answer.assessment.findings:
            if (finding.recipient.kind in kinds) != others:
                said += [f"{_whom(finding)}: {filing_words(record, finding.due.zone)}" for record in finding.filed]
        return "; ".join(said)

    return cell


def _decided(choice: str) -> Callable[[Answer], str]:
    def cell(answer: Answer) -> str:
        said = []
        for finding in answer.assessment.findings:
            one = finding.decision
            if one is not None and one.choice == choice:
                when = f", {show(one.at, 'UTC')}" if one.at else ""
                again = f"; reopened, changed since: {', '.join(one.changed)}" if one.reopened else ""
                said.append(f"{_whom(finding)}: {one.ground} ({one.by or 'unknown'}{when}{again})")
        return "; ".join(said)

    return cell


def _open(answer: Answer) -> str:
    return "; ".join(
        f"{_whom(finding)}: {words.status_word(finding)}, due {words.due_words(finding.due)}"
        for finding in answer.assessment.findings
        if shown(finding) and finding.open and finding.decision is None and not finding.filed
    )


def _whom(finding: Finding) -> str:
    return f"{finding.recipient.name} ({finding.id})"


COLUMNS: Final[Mapping[str, Callable[[Answer], str]]] = {
    "incident": lambda answer: answer.subject.name,
    "invented": lambda answer: marks.line(answer.subject.invented, answer.subject.exercise, INVENTED),
    "title": lambda answer: answer.subject.title,
    "organisation": lambda answer: answer.subject.organisation_name,
    "role": _choices("role"),
    "began": _time("began_at"),
    "ended": _time("ended_at"),
    "discovered": _time("discovered_at"),
    "aware": _time("aware_at"),
    "contained": _time("contained_at"),
    "nature": _choices("breach.kinds"),
    "cause": _fact("breach.cause"),
    "what_happened": _fact("incident.summary"),
    "data": _categories(),
    "special_categories": _categories(special=True),
    "groups_of_people": _choices("people.kinds"),
    "people": _total,
    "places": _places,
    "records": _fact("records.total"),
    "effects": _fact("consequences"),
    "harms": _harms,
    "measures_before": _fact("measures.before"),
    "measures_taken": _fact("measures.taken"),
    "measures_planned": _fact("measures.planned"),
    "risk": _fact("risk.level"),
    "risk_reasoning": _fact("risk.reason"),
    "told_authorities": _filed("authority"),
    "told_people": _filed("individuals", "public", "media"),
    "told_others": _filed("authority", "individuals", "public", "media", others=True),
    "decided_to_notify": _decided("notify"),
    "decided_not_to_notify": _decided("refrain"),
    "reasons_for_delay": _fact("delay.reasons"),
    "still_open": _open,
    "facts_sha256": lambda answer: facts_hash(answer.subject.book),
}
"""Stable names, in the order of the CSV file: other programs read them."""
