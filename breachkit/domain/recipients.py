"""Who a duty is owed to, given the facts: one case per recipient, or one with candidates until they name one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from breachkit.domain.factbook import FactBook, affects_somebody
from breachkit.domain.findings import FoundRecipient
from breachkit.domain.law import Authority, Directory, Recipient
from breachkit.domain.logic import TRUE, Verdict
from breachkit.domain.values import value


@value
class Case:
    """One recipient of a duty and whether it is one."""

    suffix: str
    """What follows `@` in the finding's id; empty for none."""
    recipient: FoundRecipient
    holds: Verdict
    book: FactBook
    """The facts as far as this recipient is concerned."""


def cases(recipient: Recipient, book: FactBook, directory: Directory) -> Iterator[Case]:
    """Every recipient that the facts name or leave open."""
    match recipient.resolve:
        case "none":
            found = FoundRecipient(recipient.kind, None, recipient.name, place=recipient.group, customer=recipient.customer)
            yield Case("", found, TRUE, book)
        case "fixed":
            for id in recipient.authorities:
                found = _authority(recipient, directory.authorities[id])
                yield Case("" if len(recipient.authorities) == 1 else id, found, TRUE, book)
        case "controllers":
            yield from _controllers(recipient, book)
        case "home":
            yield from _home(recipient, book, directory)
        case "lead_or_each":
            yield from _lead_or_each(recipient, book, directory)


def _authority(recipient: Recipient, authority: Authority) -> FoundRecipient:
    return FoundRecipient(
        recipient.kind,
        authority.id,
        authority.name,
        authority.channel,
        authority.languages,
        place=authority.place,
        zone=authority.zone,
        channel_confidence=authority.confidence if authority.channel else None,
        last_checked=authority.last_checked,
    )


def _controllers(recipient: Recipient, book: FactBook) -> Iterator[Case]:
    for id in book.controllers:
        name = book.text(f"controllers.{id}.name") or id
        contact = book.text(f"controllers.{id}.contact")
        found = FoundRecipient(recipient.kind, id, name, contact)
        yield Case(id, found, TRUE, book.for_controller(id))
    if not book.controllers:
        found = FoundRecipient(recipient.kind, None, recipient.name, waits_for=("controllers.<controller>.name",))
        yield Case("", found, TRUE, book)


def _home(recipient: Recipient, book: FactBook, directory: Directory) -> Iterator[Case]:
    """The authorities of the place of establishment; without one known, whoever may be competent in the group."""
    group = recipient.group or "EEA"
    main = book.text("organisation.main_establishment")
    if main is not None and book.words.within(main, group):
        competent = directory.for_place(recipient.function, main)
        for authority in competent:
            yield Case(authority.id, _authority(recipient, authority), TRUE, book)
        if not competent:
            yield _open(recipient, book, (), (), main)
        return
    places = [p for p in book.strings("organisation.established_in") or () if book.words.within(p, group)]
    places += [p for p in book.named if book.words.within(p, group) and p not in places]
    candidates = [authority for place in places for authority in directory.for_place(recipient.function, place)]
    yield _open(recipient, book, candidates, ("organisation.main_establishment",), None)


def _lead_or_each(recipient: Recipient, book: FactBook, directory: Directory) -> Iterator[Case]:
    group = recipient.group or "EEA"
    main = book.text("organisation.main_establishment")
    established = book.established_in(group)
    if main is not None and book.words.within(main, group):
        yield _one_of(recipient, book, directory, main, TRUE, ("organisation.main_establishment",), suffix="")
    elif established.holds is False:
        yield from _each_place(recipient, book, directory, group)
    else:
        homes = [p for p in book.strings("organisation.established_in") or () if book.words.within(p, group)]
        places = homes or [p for p in book.named if book.words.within(p, group) and p not in book.words.groups]
        candidates = [authority for place in places for authority in _competent(recipient, directory, place)]
        waits = ("organisation.main_establishment", *(() if homes else ("organisation.established_in",)))
        yield _open(recipient, book, candidates, waits, None)


def _each_place(recipient: Recipient, book: FactBook, directory: Directory, group: str) -> Iterator[Case]:
    """No establishment in the group: every authority where affected people live."""
    listed = [p for p in book.named if book.words.within(p, group)]
    countries = [p for p in listed if p not in book.words.groups]
    for place in countries:
        verdict = affects_somebody(book, place)
        yield _one_of(recipient, book, directory, place, verdict, (f"people.in.{place}-<part>",), suffix=place.lower())
    groups = [p for p in listed if p in book.words.groups]
    unnamed = book.elsewhere.high != 0 or groups
    if unnamed or not listed:
        named = {authority.id for place in countries for authority in _competent(recipient, directory, place)}
        members = book.words.groups.get(group, (group,))
        others = [
            authority
            for member in members
            if not any(book.words.within(place, member) for place in countries)
            for authority in _competent(recipient, directory, member)
            if authority.id not in named
        ]
        text = f"people elsewhere in {book.words.place_name(group)} are affected"
        waits = tuple(f"people.in.{p}" for p in groups) or ("people.elsewhere",)
        verdict = Verdict.of(None, text, fact=waits[0], needs=waits)
        yield _open(recipient, book, others, waits, None, verdict)


def _competent(recipient: Recipient, directory: Directory, place: str) -> tuple[Authority, ...]:
    return directory.for_place(recipient.function, place) or directory.parts_of(recipient.function, place)


def _one_of(
    recipient: Recipient,
    book: FactBook,
    directory: Directory,
    place: str,
    verdict: Verdict,
    waits: tuple[str, ...],
    *,
    suffix: str,
) -> Case:
    """The authority of a place, or candidates where the place leaves several (Germany's Laender)."""
    named = directory.for_place(recipient.function, place)
    if len(named) == 1:
        return Case(named[0].id, _authority(recipient, named[0]), verdict, book)
    candidates = named or directory.parts_of(recipient.function, place)
    return _open(recipient, book, candidates, waits, place, verdict, suffix=suffix)


def _open(
    recipient: Recipient,
    book: FactBook,
    candidates: Iterable[Authority],
    waits: tuple[str, ...],
    place: str | None,
    verdict: Verdict = TRUE,
    *,
    suffix: str = "",
) -> Case:
    options = tuple(dict.fromkeys(candidates))
    name = recipient.name
    if place is not None:
        name = f"{name}, {book.words.place_name(place)}"
    zones = {option.zone for option in options}
    found = FoundRecipient(
        recipient.kind,
        None,
        name,
        candidates=tuple(option.id for option in options),
        waits_for=waits,
        place=place,
        zone=zones.pop() if len(zones) == 1 else None,
    )
    return Case(suffix, found, verdict, book)
