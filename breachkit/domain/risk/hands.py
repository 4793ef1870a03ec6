"""Who has the data, from nobody to somebody who went after it: by the recipient on record, or by what cause and intent show."""

from __future__ import annotations

from enum import IntEnum

from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Count
from breachkit.domain.logic import Because, Verdict
from breachkit.domain.risk.circumstances import ACCIDENTS, HOSTILE_CAUSES, TAKEN_THING, seen
from breachkit.domain.risk.signs import because, word
from breachkit.domain.values import value

FEW_PEOPLE = 100
"""The number above which the ENISA method flags a breach; up to it, people and recipients count as few."""


class Hands(IntEnum):
    """Who has the data."""

    NOBODY = 0
    ASSURED = 1
    """Somebody trusted, who confirmed that it is deleted or returned."""
    TRUSTED = 2
    RETURNED = 3
    """A few known people by mistake, who confirmed that it is deleted or returned."""
    FEW = 4
    """A few known people by mistake; or unlikely to be anybody, without being ruled out."""
    WIDE = 5
    """Many people, unknown people or anyone, without ill intent that is known of; whoever has a lost or stolen thing."""
    HOSTILE = 6
    """Somebody who went after the data."""


@value
class Held:
    """In whose hands the data may be."""

    possible: frozenset[Hands]
    because: tuple[Because, ...]
    needs: tuple[str, ...] = ()


def hands(book: FactBook) -> Held:
    """Who has the data, or may have it."""
    recipient, out = word(book, "breach.recipient"), word(book, "breach.exfiltration")
    if word(book, "breach.recovered") == "yes":
        return _known(Hands.NOBODY, because(book, "breach.recovered", "it came back before anyone could use it"))
    if recipient == "none":
        return _known(Hands.NOBODY, because(book, "breach.recipient", "nobody received the data"))
    hostile = somebody_went_after_it(book)
    if recipient in ("trusted", "known") and not hostile.holds:
        return _perhaps_hostile(_by_mistake(book, recipient), hostile)
    if recipient is not None:
        reason = because(book, "breach.recipient", "the data is out of control")
        if hostile.holds:
            return Held(frozenset([Hands.HOSTILE]), (reason, *hostile.because))
        return _perhaps_hostile(_known(Hands.WIDE, reason), hostile)
    if thing_gone(book):
        return _known(Hands.WIDE, because(book, "breach.cause", "whoever has the thing has the data"))
    if out == "excluded" and not seen(book):
        return _known(Hands.NOBODY, because(book, "breach.exfiltration", "evidence rules out that data left"))
    return _attacked(book, hostile, out) if hostile.holds else _open(book, hostile, out)


def thing_gone(book: FactBook) -> bool:
    """Whether a device or papers are out of the organisation's hands."""
    return word(book, "breach.cause") in TAKEN_THING


def somebody_went_after_it(book: FactBook) -> Verdict:
    """Whether somebody went after the data. A thief of a thing is mostly after the thing."""
    text, cause, meant = "somebody went after the data", word(book, "breach.cause"), word(book, "breach.malicious")
    if cause in (*TAKEN_THING, "physical"):
        return Verdict.of(False, text, fact="breach.cause", value=book.shown("breach.cause"))
    if meant is None and cause in (*HOSTILE_CAUSES, *ACCIDENTS):
        return Verdict.of(cause in HOSTILE_CAUSES, text, fact="breach.cause", value=book.shown("breach.cause"))
    held = None if meant is None else meant == "yes"
    return Verdict.of(held, text, fact="breach.malicious", value=book.shown("breach.malicious"))


def _perhaps_hostile(held: Held, hostile: Verdict) -> Held:
    if hostile.holds is False:
        return held
    return Held(held.possible | {Hands.HOSTILE}, (*held.because, *hostile.because), (*held.needs, *sorted(hostile.needs)))


def _by_mistake(book: FactBook, recipient: str) -> Held:
    """Known recipients. Without a number it is the one that "a known recipient" says."""
    bound = word(book, "breach.recipient.bound_to_secrecy") == "yes"
    gone = word(book, "breach.recipient.deletion_confirmed") == "yes"
    reasons = [because(book, "breach.recipient", "known recipients have the data")]
    if bound:
        reasons.append(because(book, "breach.recipient.bound_to_secrecy", "the recipient is bound to secrecy"))
    if gone:
        reasons.append(because(book, "breach.recipient.deletion_confirmed", "the recipient confirmed deletion or return"))
    if recipient == "trusted" or (bound and gone):
        return Held(frozenset([Hands.ASSURED if gone else Hands.TRUSTED]), tuple(reasons))
    count, few = book.count("breach.recipients"), Hands.RETURNED if gone else Hands.FEW
    if count is None and not book.asked("breach.recipients"):
        return Held(frozenset([few]), tuple(reasons))
    many = more_than(count, FEW_PEOPLE)
    reasons.append(because(book, "breach.recipients", f"more than {FEW_PEOPLE} received it", many))
    if many is None:
        return Held(frozenset([few, Hands.WIDE]), tuple(reasons), ("breach.recipients",))
    return Held(frozenset([Hands.WIDE if many else few]), tuple(reasons))


def more_than(count: Count | None, number: int) -> bool | None:
    """Whether a count lies above a number; None while it may lie on either side."""
    if count is None or count.low > number:
        return None if count is None else True
    return None if count.high is None or count.high > number else False


def _attacked(book: FactBook, hostile: Verdict, out: str | None) -> Held:
    """Somebody went after the data; whether they got it is another question, and one that cannot be answered counts as yes."""
    key = "breach.exfiltration"
    if out in ("likely", "confirmed") or seen(book):
        where = key if out in ("likely", "confirmed") else "breach.accessed"
        return Held(frozenset([Hands.HOSTILE]), (*hostile.because, because(book, where, "they got at the data")))
    if out == "unlikely":
        reason = because(book, key, "it is unlikely that data left, though not ruled out")
        return Held(frozenset([Hands.FEW]), (*hostile.because, reason))
    if book.asked(key):
        reason = Because("it was looked into and cannot be ruled out that data left", key, "unknown", True)
        return Held(frozenset([Hands.HOSTILE]), (*hostile.because, reason))
    left = Because("data left", key, None, None)
    return Held(frozenset([Hands.NOBODY, Hands.HOSTILE]), (*hostile.because, left), (key,))


def _open(book: FactBook, hostile: Verdict, out: str | None) -> Held:
    """Nobody said who has the data, and nobody is known to have gone after it."""
    missing = Because("it is known who has the data", "breach.recipient", None, None)
    worst = [Hands.HOSTILE] if hostile.holds is None else []
    needs = ("breach.recipient", *(sorted(hostile.needs) if worst else ()))
    some = [Hands.TRUSTED, Hands.FEW, Hands.WIDE, *worst]
    if word(book, "breach.cause") == "misdirected" or out in ("likely", "confirmed") or seen(book):
        return Held(frozenset(some), (missing,), needs)
    if out == "unlikely" and not worst:
        return _known(Hands.FEW, because(book, "breach.exfiltration", "it is unlikely that anyone has the data"))
    return Held(frozenset([Hands.NOBODY, *some]), (missing,), ("breach.exfiltration", *needs))


def _known(who: Hands, reason: Because) -> Held:
    return Held(frozenset([who]), (reason,))
