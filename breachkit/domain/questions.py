"""What to ask next: the facts undetermined duties wait for, by earliest deadline and number of duties unlocked."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime

from breachkit.domain.clocks import FAR
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Count, read_count
from breachkit.domain.findings import Finding, OpenQuestion, Status, Uncovered
from breachkit.domain.law import LawPack
from breachkit.errors import UnknownName

_RANK: dict[Status, int] = {"owed": 0, "undetermined": 0, "done": 1, "exempt": 2, "not_owed": 3, "not_in_force": 4}


def urgency(finding: Finding) -> tuple[int, bool, datetime, int, str]:
    """Sort key: running clocks by due time, those without a number next, then other places' laws, what is settled last."""
    return (
        _RANK[finding.status],
        finding.aside,
        finding.due.target or FAR,
        0 if finding.status == "owed" else 1,
        finding.id,
    )


def open_questions(findings: Iterable[Finding], book: FactBook) -> tuple[OpenQuestion, ...]:
    """What settles most first, then the most urgent. A question already answered with "not known" comes last.

    A duty asks what brings its law into play before what triggers it, and what triggers it before what only dates it: an answer
    that rules a law out saves all its other questions.
    """
    waiting: dict[str, list[Finding]] = {}
    later: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.open:
            for key in finding.needs:
                (waiting if key in finding.asks else later).setdefault(key, []).append(finding)
    undecided = sum(finding.status == "undetermined" for finding in findings)
    first = [_question(key, found, book) for key, found in waiting.items()]
    then = [_question(key, found, book) for key, found in later.items() if key not in waiting]

    def rank(one: OpenQuestion) -> tuple[bool, bool, int, datetime, int, str]:
        wide = 2 * len(one.unlocks) >= undecided
        return (one.answered_unknown, not wide, -_settles(one.key, book), one.earliest_due or FAR, -len(one.unlocks), one.key)

    return tuple(sorted(sorted(first, key=rank) + sorted(then, key=rank), key=lambda one: one.answered_unknown))


def _settles(key: str, book: FactBook) -> int:
    """How much an answer usually settles, by the vocabulary; 0 where it says nothing."""
    try:
        return book.words.spec(key).settles
    except UnknownName:
        return 0


def _question(key: str, findings: list[Finding], book: FactBook) -> OpenQuestion:
    try:
        spec = book.words.spec(key)
        asks, why = spec.asks, spec.why
    except UnknownName:
        spec, asks, why = None, *_about_parts(key, book)
    for part in key.split("."):
        if part in book.words.places or part in book.words.groups:
            asks = asks.replace("<place>", book.words.place_name(part))
        elif part in book.words.categories:
            asks = asks.replace("<category>", book.words.categories[part].label)
        elif label := spec.names.get(part) if spec is not None else None:
            asks = f"{asks} ({label})"
    if key == "people.elsewhere" and not book.listed:
        asks = "Where do the affected people live? List each place (people.in.ES=400..900), then how many live elsewhere."
    # A clock of a place nobody spoke of says how urgent a question is only where no other one waits for it.
    clocks = [finding for finding in findings if finding.running] or findings
    targets = [finding.due.target for finding in clocks if finding.due.target is not None]
    return OpenQuestion(key, asks, why, tuple(finding.id for finding in findings), min(targets, default=None), book.asked(key))


def _about_parts(key: str, book: FactBook) -> tuple[str, str]:
    """The question about the parts of a country that was given a count as a whole."""
    country = key.partition("people.in.")[2].removesuffix("-<part>")
    if not key.endswith("-<part>"):
        return f"What is known about {key}?", ""
    name, example = book.words.place_name(country), key.replace("<part>", "..")
    return (
        f"In which parts of {name} do they live? Record each ({example}=300); once the parts add up, the rest is settled.",
        "The law is that of the part, not of the whole country.",
    )


def uncovered_places(book: FactBook, pack: LawPack) -> tuple[Uncovered, ...]:
    """Places with affected people and no loaded law for them (design decision 10)."""
    covered = {place for regime in pack.regimes for place in regime.covers}
    listed = _listed(book)
    found = []
    for place, count in listed.items():
        if place in covered or not covered.isdisjoint(book.words.around(place)) or _law_is_of_the_parts(place, covered, book):
            continue
        # What a covered part holds is not missing: people in the US beside those in Florida.
        inside = [listed[p] for p in listed if p != place and book.words.within(p, place)]
        low = max(0, count.low - sum(part.high or 0 for part in inside)) if all(p.high is not None for p in inside) else 0
        high = None if count.high is None else count.high - sum(part.low for part in inside)
        if high != 0:
            rest = count if not inside else read_count(f"{low}+" if high is None else f"{low}..{high}")
            found.append(Uncovered(place, book.words.place_name(place), str(rest)))
    return tuple(found)


def _law_is_of_the_parts(place: str, covered: Container[str], book: FactBook) -> bool:
    """Whether most parts of a country have a law loaded: the parts are asked for, and one without law is said once listed."""
    parts = [one in covered for one in book.words.places if one != place and book.words.within(one, place)]
    return 2 * sum(parts) > len(parts)


def _listed(book: FactBook) -> dict[str, Count]:
    found = dict(book.named)
    for controller in book.controllers:
        for place, count in book.for_controller(controller).named.items():
            found.setdefault(place, count)
    return found
