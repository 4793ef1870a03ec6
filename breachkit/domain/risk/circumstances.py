"""What happened to the data: the circumstances of the breach (CB) of the ENISA method, four parts added up, 0 to 2."""

from __future__ import annotations

from decimal import Decimal

from breachkit.domain.factbook import FactBook
from breachkit.domain.logic import Because, Verdict
from breachkit.domain.risk.signs import because, hours, word
from breachkit.domain.risk.values import HALF, QUARTER, ZERO, Factor, Span, method

ANNEX = "annex 3 (circumstances of the breach)"
HOSTILE_CAUSES = ("phishing", "ransomware", "malware", "hacking", "stolen_credentials", "insider")
"""Somebody meant to do this."""
ACCIDENTS = ("misdirected", "human_error", "software_fault")
"""Causes that say by themselves that nobody meant it, unless breach.malicious says otherwise."""
TAKEN_THING = ("lost_device", "stolen_device", "disposal")
SHORT = 24
"""Hours until data is back that count as recovered without difficulty: the day the guidelines' worked examples turn on."""


def circumstances(book: FactBook) -> tuple[Factor, ...]:
    """Confidentiality, integrity, availability, malicious intent."""
    return (_confidentiality(book), _integrity(book), _availability(book), _intent(book))


def lost(book: FactBook, kind: str) -> Verdict:
    """Whether the breach was one of confidentiality, integrity or availability.

    What is known of the breach goes before the list of its kinds, and the list before silence.
    """
    text = f"it was a breach of {kind}"
    for key, values in _SIGNS[kind]:
        if (value := word(book, key)) is not None and (not values or value in values):
            return Verdict.of(True, text, fact=key, value=book.shown(key))
    for key in ("data.restored_after", "breach.downtime") if kind == "availability" else ():
        if book.get(key) is not None:
            return Verdict.of(True, text, fact=key, value=book.shown(key))
    kinds = book.strings("breach.kinds")
    if kinds is None and kind == "confidentiality" and word(book, "breach.cause") in TAKEN_THING:
        return Verdict.of(True, text, fact="breach.cause", value=book.shown("breach.cause"))
    return Verdict.of(None if kinds is None else kind in kinds, text, fact="breach.kinds", value=book.shown("breach.kinds"))


_SIGNS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "confidentiality": (
        ("breach.recipient", ("trusted", "known", "unknown", "public")),
        ("breach.exfiltration", ("likely", "confirmed")),
        ("breach.accessed", ("yes",)),
        ("breach.acquired", ("yes",)),
    ),
    "integrity": (("breach.altered", ("restored", "used_recoverable", "unrecoverable")),),
    "availability": (),
}


def _confidentiality(book: FactBook) -> Factor:
    happened = lost(book, "confidentiality")
    span, row, key = _who_has_it(book)
    return _part(book, "confidentiality", happened, span, row, key)


def _who_has_it(book: FactBook) -> tuple[Span, str, str]:
    recipient, out = word(book, "breach.recipient"), word(book, "breach.exfiltration")
    if word(book, "breach.recovered") == "yes":
        return Span.at(ZERO), "exposed, and got back before anyone could use it", "breach.recovered"
    if recipient is not None:
        return {
            "none": (Span.at(ZERO), "exposed without a sign of unlawful use", "breach.recipient"),
            "trusted": (Span.at(QUARTER), "disclosed to known recipients", "breach.recipient"),
            "known": (Span.at(QUARTER), "disclosed to known recipients", "breach.recipient"),
            "unknown": (Span.at(HALF), "disclosed to an unknown number of recipients", "breach.recipient"),
            "public": (Span.at(HALF), "disclosed to an unknown number of recipients", "breach.recipient"),
        }[recipient]
    if out == "excluded" and not seen(book):
        return Span.at(ZERO), "exposed without a sign of unlawful use", "breach.exfiltration"
    got = out == "confirmed" or seen(book)
    if got:
        return Span(QUARTER, HALF), "disclosed, to known or to unknown recipients", "breach.recipient"
    return Span(ZERO, HALF), "exposed, and it is open who has it", "breach.recipient"


def seen(book: FactBook) -> bool:
    """Whether somebody without authority is known to have seen or taken the data."""
    return word(book, "breach.accessed") == "yes" or word(book, "breach.acquired") == "yes"


def _integrity(book: FactBook) -> Factor:
    span, row = {
        "no": (Span.at(ZERO), "nothing changed"),
        "restored": (Span.at(ZERO), "changed, not used, and put back"),
        "used_recoverable": (Span.at(QUARTER), "changed and perhaps used, can be put right"),
        "unrecoverable": (Span.at(HALF), "changed and perhaps used, cannot be put right"),
        None: (Span(ZERO, HALF), "changed, and it is open with what effect"),
    }[word(book, "breach.altered")]
    return _part(book, "integrity", lost(book, "integrity"), span, row, "breach.altered")


def _availability(book: FactBook) -> Factor:
    return _part(book, "availability", lost(book, "availability"), *_how_lost(book))


def outage(book: FactBook) -> int | None:
    """For how many hours the data was out of reach; the longest that is recorded."""
    known = [one for key in ("breach.downtime", "data.restored_after") if (one := hours(book, key)) is not None]
    return max(known, default=None)


def _how_lost(book: FactBook) -> tuple[Span, str, str]:
    backup, out = word(book, "data.backup"), outage(book)
    key = "data.restored_after" if book.get("data.restored_after") else "breach.downtime"
    if out is not None and out > SHORT:
        return Span.at(QUARTER), "out of reach for a time, back with effort", key
    if backup == "none" and out is None:
        return Span.at(HALF), "lost for good, no other copy", "data.backup"
    if backup in ("none", "paper"):
        return Span.at(QUARTER), "back with effort, without an electronic copy", "data.backup"
    if out is not None:
        if backup is None:
            return Span(ZERO, QUARTER), "back within a day, with or without effort", "data.backup"
        return Span.at(ZERO), "back without difficulty from another copy", key
    if backup is not None:
        return Span(ZERO, QUARTER), "another copy exists; it is open how long it took", "data.restored_after"
    return Span(ZERO, HALF), "out of reach, and it is open for how long", "data.backup"


def _intent(book: FactBook) -> Factor:
    meant, cause = word(book, "breach.malicious"), word(book, "breach.cause")
    cite = method(ANNEX)
    if meant is not None:
        span, row = (Span.at(HALF), "done on purpose") if meant == "yes" else (Span.at(ZERO), "error or fault, no ill intent")
        reason = because(book, "breach.malicious", "someone did this on purpose", meant == "yes")
        return Factor("intent", span, row, cite, (reason,))
    if cause in HOSTILE_CAUSES:
        reason = because(book, "breach.cause", "the cause shows that someone did this on purpose")
        return Factor("intent", Span.at(HALF), "done on purpose", cite, (reason,))
    if cause in ACCIDENTS:
        reason = because(book, "breach.cause", "the cause shows that nobody meant it")
        return Factor("intent", Span.at(ZERO), "error or fault, no ill intent", cite, (reason,))
    reason = Because("someone did this on purpose", "breach.malicious", None, None)
    return Factor(
        "intent", Span(ZERO, HALF), "it is open whether it was done on purpose", cite, (reason,), ("breach.malicious",)
    )


def _part(book: FactBook, name: str, happened: Verdict, span: Span, row: str, key: str) -> Factor:
    """A part that counts only if that kind of breach happened; while that is open it may be nothing."""
    cite = method(ANNEX)
    if happened.holds is False:
        return Factor(name, Span.at(ZERO), f"no loss of {name}", cite, happened.because)
    known = book.get(key) is not None
    reasons = (*happened.because, Because(row, key, book.shown(key), True if known else None))
    needs = () if known and span.exact is not None else (key,)
    if happened.holds is None:
        low, needs = Decimal(0), (*sorted(happened.needs), *needs)
        return Factor(name, Span(low, span.high), row, cite, reasons, needs).settled()
    return Factor(name, span, row, cite, reasons, needs).settled()
