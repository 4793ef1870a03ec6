"""What a disclosure can do to people: how much the data weighs and in whose hands it is, taken together.

The table joins severity with likelihood (EDPB Guidelines 9/2022, section IV.B) the way the worked examples of Guidelines
01/2021 do: light data in a few wrong hands harms nobody, serious data in hostile hands is a high risk.
"""

from __future__ import annotations

from breachkit.domain.factbook import FactBook
from breachkit.domain.logic import Because, Verdict
from breachkit.domain.risk.circumstances import lost
from breachkit.domain.risk.hands import FEW_PEOPLE, Hands, Held, hands
from breachkit.domain.risk.signs import all_unreadable, because, word
from breachkit.domain.risk.values import HIGH, RISK, UNLIKELY, Reach, either, unique
from breachkit.domain.risk.weight import WORDS, Weighed, Weight, weight

_U, _R, _H = UNLIKELY, RISK, HIGH
TABLE: dict[Hands, tuple[int, int, int, int, int]] = {
    # unreadable, light, of some weight, serious, grave
    Hands.NOBODY: (_U, _U, _U, _U, _U),
    Hands.ASSURED: (_U, _U, _U, _R, _R),
    Hands.TRUSTED: (_U, _U, _R, _R, _R),
    Hands.RETURNED: (_U, _U, _U, _R, _R),
    Hands.FEW: (_U, _U, _R, _R, _H),
    Hands.WIDE: (_U, _R, _R, _H, _H),
    Hands.HOSTILE: (_U, _R, _H, _H, _H),
}
LARGE = 10_000
"""From so many people data of some weight spread without control is a high risk: misuse on a large scale starts to pay."""

WHO = {
    Hands.NOBODY: "nobody has it",
    Hands.ASSURED: "with somebody trusted who confirmed that it is gone",
    Hands.TRUSTED: "with somebody trusted",
    Hands.RETURNED: "with a few known people by mistake, who confirmed that it is gone",
    Hands.FEW: "with a few known people by mistake at most",
    Hands.WIDE: "out of control, without known intent",
    Hands.HOSTILE: "with somebody who went after it",
}
LEVEL_WORDS = ("a risk is unlikely", "a risk", "a high risk")

_SHOWN = ("misdirected", "insider", "phishing", "stolen_credentials", "human_error", "software_fault")
"""Whoever got data this way saw it as a person entitled to it sees it."""


def disclosure(book: FactBook) -> Reach:
    """How grave the loss of confidentiality is."""
    happened = lost(book, "confidentiality")
    if happened.holds is False:
        return Reach(UNLIKELY, UNLIKELY, happened.because)
    for spared in (all_unreadable(book), _public_before(book)):
        if spared.holds:
            return Reach(UNLIKELY, UNLIKELY, spared.because)
    held = hands(book)
    found = _as_codes(book, *_joined(book, weight(book), held))
    doubts = [one for one in (happened, _unreadable_after_all(book)) if one.holds is None]
    if not doubts or found.high == UNLIKELY:
        return found
    # One of these may still turn out to be harmless; what asks for the least comes first.
    harmless = Reach(UNLIKELY, UNLIKELY, tuple(reason for one in doubts for reason in one.because))
    asked = unique((*(key for one in doubts for key in sorted(one.needs)), *found.needs))
    reach = either([found, harmless])
    return Reach(reach.low, reach.high, reach.because, asked)


def _public_before(book: FactBook) -> Verdict:
    held = word(book, "data.already_public") == "yes"
    return Verdict.of(
        held, "all of it was lawfully public before", fact="data.already_public", value=book.shown("data.already_public")
    )


def _unreadable_after_all(book: FactBook) -> Verdict:
    """Whether encryption is still an open question. What was shown, published or on paper is taken as readable."""
    unread = all_unreadable(book)
    medium = book.strings("breach.medium")
    shown = word(book, "breach.cause") in _SHOWN or word(book, "breach.recipient") == "public"
    if book.get("data.encrypted") is None and (shown or (medium is not None and "electronic" not in medium)):
        return Verdict(False)
    return unread


def _joined(book: FactBook, weighed: Weighed, held: Held) -> tuple[Reach, Weighed]:
    lows = [_cell(book, who, weighed.low) for who in held.possible]
    highs = [_cell(book, who, weighed.high) for who in held.possible]
    low, high = min(one.low for one in lows), max(one.high for one in highs)
    numbers = tuple(reason for one in (*lows, *highs) for reason in one.because)
    reasons = unique((*weighed.because, *held.because, *numbers))
    if low == high:
        settled = tuple(reason for reason in reasons if reason.holds is not None)
        return Reach(low, high, (*_in_words(weighed, held, low), *settled)), weighed
    needs = [key for one in (*lows, *highs) for key in one.needs]
    if len({(one.low, one.high) for one in (*lows, *highs)}) > 1:
        needs = [*held.needs, *weighed.needs, *needs]
    return Reach(low, high, reasons, unique(needs)), weighed


def _in_words(weighed: Weighed, held: Held, level: int) -> tuple[Because, ...]:
    """The field of the table that was used, where it is a single one."""
    if weighed.low != weighed.high or len(held.possible) != 1:
        return ()
    [who] = held.possible
    return (Because(f"the data is {WORDS[weighed.low]}, {WHO[who]}: {LEVEL_WORDS[level]}", holds=True),) if weighed.low else ()


def _cell(book: FactBook, who: Hands, how_heavy: Weight) -> Reach:
    """One field of the table; two of them turn on how many people are affected."""
    if who is Hands.WIDE and how_heavy == Weight.MODERATE:
        return _by_number(book, LARGE, RISK, HIGH)
    if who is Hands.FEW and how_heavy == Weight.MINOR:
        return _by_number(book, FEW_PEOPLE + 1, UNLIKELY, RISK)
    return Reach.of(TABLE[who][how_heavy])


def _by_number(book: FactBook, number: int, below: int, above: int) -> Reach:
    total, text = book.total, f"at least {number} people are affected"
    value = str(total) if (total.low, total.high) != (0, None) else None
    if total.low >= number:
        return Reach.of(above, Because(text, "people.total", value, True))
    if total.high is not None and total.high < number:
        return Reach.of(below, Because(text, "people.total", value, False))
    return Reach(below, above, (Because(text, "people.total", value, None),), ("people.total",))


def _as_codes(book: FactBook, found: Reach, weighed: Weighed) -> Reach:
    """One level less where whoever has the data can hardly tell whose it is; for light data also where that takes effort."""
    judged = word(book, "data.identifiability")
    if judged is None:
        coded = [word(book, "data.pseudonymised") == "yes"] * 2
    else:
        coded = [judged == "negligible" or (judged == "limited" and end <= Weight.MINOR) for end in (weighed.low, weighed.high)]
    if not any(coded) or found.high == UNLIKELY:
        return found
    key = "data.identifiability" if judged else "data.pseudonymised"
    reason = because(book, key, "whoever has the data can hardly tell whose it is")
    low, high = (max(UNLIKELY, level - less) for level, less in zip((found.low, found.high), coded, strict=True))
    return Reach(low, high, (*found.because, reason), (found.needs or weighed.needs) if low < high else ())
