"""What it does to people that data was lost, out of reach or changed: breaches of availability and of integrity.

EDPB Guidelines 9/2022, section I.B (types of breaches): a loss of access can be as grave as a disclosure where people depend
on the data, and is nothing to report where it was short and without effect.
"""

from __future__ import annotations

from breachkit.domain.factbook import FactBook
from breachkit.domain.logic import Because, Verdict, all_of, any_of
from breachkit.domain.risk.circumstances import SHORT, TAKEN_THING, lost, outage
from breachkit.domain.risk.signs import because, is_sensitive, patients, word
from breachkit.domain.risk.values import HIGH, RISK, UNLIKELY, Reach, either, unique

MOMENT = 1
"""Hours: an interruption shorter than this harms nobody by itself."""
IMPACT = "breach.impact"


def unavailability(book: FactBook) -> Reach:
    """How grave the loss of availability is."""
    return _if_happened(lost(book, "availability"), _out_of_reach(book))


def alteration(book: FactBook) -> Reach:
    """How grave the loss of integrity is."""
    return _if_happened(lost(book, "integrity"), _changed(book))


def _if_happened(happened: Verdict, found: Reach) -> Reach:
    if happened.holds is False:
        return Reach(UNLIKELY, UNLIKELY, happened.because)
    if happened.holds or found.high == UNLIKELY:
        return found
    doubt = Reach(UNLIKELY, UNLIKELY, happened.because)
    reach = either([found, doubt])
    return Reach(reach.low, reach.high, reach.because, unique((*sorted(happened.needs), *found.needs)))


def care_depends_on_it(book: FactBook) -> Verdict:
    """Whether somebody's care depends on the data: health data of patients, or patients whose data is not named yet."""
    listed = book.categories or ()
    health = any(is_sensitive(book, one) and book.words.categories[one].group == "health" for one in listed)
    known = True if health else (False if book.categories_closed else None)
    text = "health data was affected"
    return all_of([patients(book), Verdict.of(known, text, fact="data.categories", value=book.shown("data.categories"))])


def _out_of_reach(book: FactBook) -> Reach:
    out, backup, impact = outage(book), word(book, "data.backup"), word(book, IMPACT)
    key = "data.restored_after" if book.get("data.restored_after") else "breach.downtime"
    if out is not None and out < MOMENT and impact not in ("considerable", "severe"):
        return Reach.of(UNLIKELY, because(book, key, "the interruption was a matter of minutes"))
    if out is None and backup in ("available", "restored") and word(book, "breach.cause") in TAKEN_THING:
        return Reach.of(UNLIKELY, because(book, "data.backup", "another copy was at hand all the time"))
    if out is None and backup != "none":
        return _not_back_yet(book, impact)
    care = care_depends_on_it(book)
    lasting = out is None or out > SHORT
    fact = "data.backup" if out is None else key
    text = "the data is lost for good" if out is None else f"it was out of reach for more than {SHORT} hours"
    time = because(book, fact, text, lasting)
    with_care = _in_care(impact, lasting).with_reasons((time, *care.because))
    if care.holds:
        return with_care
    without = _by_effect(book, impact, lasting, for_good=out is None).with_reasons((time,))
    if care.holds is False or (with_care.low, with_care.high) == (without.low, without.high):
        return without
    reach = either([without, with_care])
    return Reach(reach.low, reach.high, reach.because, unique((*sorted(care.needs), *without.needs)))


def _in_care(impact: str | None, lasting: bool) -> Reach:
    """A day without records endangers patients, whatever is said of the service; hours do where the service was hit."""
    return Reach.of(HIGH if lasting or impact in ("considerable", "severe") else RISK)


def _by_effect(book: FactBook, impact: str | None, lasting: bool, *, for_good: bool) -> Reach:
    """Elsewhere the effect decides. A short loss has none unless one is recorded, a lasting one some unless it is ruled out."""
    effect = because(book, IMPACT, "the loss had an effect", impact != "none")
    if not lasting:
        level = {"considerable": RISK, "severe": HIGH}.get(impact or "", UNLIKELY)
        return Reach.of(level, *((effect,) if impact else ()))
    if impact is None and for_good:
        return Reach(RISK, HIGH, (Because("the loss had a severe effect", IMPACT, None, None),), (IMPACT,))
    if impact is None:
        return Reach.of(RISK, Because("no effect was recorded, nor that there was none", IMPACT, None, True))
    if impact == "severe":
        return Reach.of(HIGH, effect)
    return Reach.of(UNLIKELY if impact == "none" and not for_good else RISK, effect)


def _not_back_yet(book: FactBook, impact: str | None) -> Reach:
    text = "it is known how long the data was out of reach"
    because_open = Because(text, "data.restored_after", None, None)
    needs = ("data.restored_after", *(() if word(book, "data.backup") else ("data.backup",)), IMPACT)
    hit = impact in ("considerable", "severe") and word(book, "breach.cause") not in TAKEN_THING
    low = UNLIKELY if not hit else HIGH if impact == "severe" else RISK
    return Reach(low, HIGH, (because_open,), needs)


def _changed(book: FactBook) -> Reach:
    altered, impact = word(book, "breach.altered"), word(book, IMPACT)
    if altered is None and word(book, "breach.cause") == "ransomware" and _back(book):
        key = "data.restored_after" if book.get("data.restored_after") else "data.backup"
        return Reach.of(UNLIKELY, because(book, key, "what the ransomware changed was put back"))
    if altered in ("no", "restored"):
        return Reach.of(UNLIKELY, because(book, "breach.altered", "the data was changed and used", False))
    if altered is None:
        reason = Because("the data was changed and used", "breach.altered", None, None)
        return Reach(UNLIKELY, HIGH, (reason,), ("breach.altered",))
    reason = because(book, "breach.altered", "the data was changed and used")
    grave = any_of(
        [care_depends_on_it(book), Verdict.of(impact == "severe", "it had a severe effect", fact=IMPACT, value=impact)]
    )
    if grave.holds is None:
        return Reach(RISK, HIGH, (reason, *grave.because), tuple(sorted(grave.needs)))
    return Reach.of(HIGH if grave.holds else RISK, reason, *grave.because)


def _back(book: FactBook) -> bool:
    return word(book, "data.backup") == "restored" or book.get("data.restored_after") is not None
