"""Statements that go further than the facts: reassurance nobody can back, and numbers written surer than they are known.

The sentences are found by `claims`; here stands which facts allow each. A fact that is only estimated allows none that is
said outright. The rule is ours; it follows what regulators write against: the FTC's guide for business on data breaches asks
for no misleading statements and none that withhold, EDPB Guidelines 9/2022 for a letter that lets people protect themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from breachkit.domain.claims import CLAIMS
from breachkit.domain.doubts import DISOWNED, DOUBT
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Count
from breachkit.domain.notice_text import plain
from breachkit.domain.notices import Notice
from breachkit.domain.said_values import SaidCount, counts_said, days_said
from breachkit.domain.values import value


@value
class Overclaim:
    """A statement that the facts do not carry."""

    claim: str
    """Which: a key of `claims.CLAIMS`, or `exact_number`."""
    text: str
    """The words, as they stand in the notice."""
    line: int
    """The line of the notice's Markdown; the first is 1."""
    needs: str
    """What would allow it."""


def overclaims(notice: Notice, mine: FactBook) -> Iterator[Overclaim]:
    """Each statement that goes further than the facts of the notice's own client, in the order of the text."""
    marked = plain(_joined(notice.source))
    text = re.sub("[\x1f\u00a0\u202f]", " ", marked)
    found = [*_claims_in(text, notice.language, mine), *_numbers_in(text, notice.language, mine)]
    for at, claim, words, needs in sorted(found):
        yield Overclaim(claim, words, len(re.findall("[\n\x1f]", marked[:at])) + 1, needs)


def _joined(source: str) -> str:
    """The text with lines of one paragraph run together by a mark of one sign, so that sentences are whole."""
    return re.sub(r"(?<=\S)\n(?=[^\s#>|*+-])(?!\d+[.)] )", "\x1f", source.strip())


_SENTENCE: Final = re.compile(r"[^\n.!?]+(?:[.!?](?![\s\x1f]|$)[^\n.!?]*)*[.!?]?")
Hit = tuple[int, str, str, str]


def _claims_in(text: str, language: str, book: FactBook) -> Iterator[Hit]:
    tongue = language.replace("_", "-").split("-")[0].lower()
    for tag in dict.fromkeys([tongue if tongue in DOUBT else "en", "en"]):
        for claim, allowed, needs in RULES:
            pattern = _compiled(CLAIMS[claim][tag])
            matches = [match for sentence in _SENTENCE.finditer(text) if (match := pattern.search(text, *sentence.span()))]
            if not matches or allowed(book):
                continue
            for match in matches:
                sentence = next(one for one in _SENTENCE.finditer(text) if one.start() <= match.start() < one.end())
                before, after = text[sentence.start() : match.start()], text[match.end() : sentence.end()]
                if not _doubted(before, after, tag):
                    yield match.start(), claim, match[0].strip(), needs


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(" ", r"\s+").replace(r"[^.]", r"[^.\n]").replace(r"[^.:]", r"[^.:\n]"), re.IGNORECASE)


def _doubted(before: str, after: str, tag: str) -> bool:
    for day in [*days_said(before, tag), *days_said(after, tag)]:  # May is a month and a doubt
        before, after = before.replace(day.written, " "), after.replace(day.written, " ")
    doubt, disowned = _compiled(DOUBT[tag]), _compiled(DISOWNED[tag])
    near = re.split(r"[,;:\u2013\u2014]", after, maxsplit=1)[0]
    return bool(doubt.search(before) or doubt.search(near) or disowned.search(before) or disowned.search(after))


def _sure(book: FactBook, key: str, *values: object) -> bool:
    fact = book.get(key)
    return fact is not None and fact.certainty == "confirmed" and fact.value in values


def _nothing_taken(book: FactBook) -> bool:
    return _sure(book, "breach.exfiltration", "excluded") or _sure(book, "breach.acquired", False)


def _no_sign(book: FactBook) -> bool:
    unlikely = book.text("breach.exfiltration") in ("unlikely", "excluded")
    return unlikely or any((fact := book.get(f"breach.{one}")) and fact.value is False for one in ("acquired", "accessed"))


def _not_seen(book: FactBook) -> bool:
    return _sure(book, "breach.accessed", False)


def _no_misuse(book: FactBook) -> bool:
    return _sure(book, "breach.used", False) or (_not_seen(book) and _nothing_taken(book))


def _unreadable(book: FactBook) -> bool:
    return _sure(book, "data.encrypted", "yes") and _sure(book, "data.key_taken", False, "no")


def _safe(book: FactBook) -> bool:
    return (_not_seen(book) and _nothing_taken(book)) or _unreadable(book)


def _all_told(book: FactBook) -> bool:
    told, fact = book.count("people.notified"), book.get("people.notified")
    all_of = book.total.high
    return told is not None and fact is not None and fact.certainty == "confirmed" and all_of is not None and told.low >= all_of


def _contained(book: FactBook) -> bool:
    fact = book.get("contained_at")
    return fact is not None and fact.certainty == "confirmed"


def _encrypted(book: FactBook) -> bool:
    some = any(key.startswith("data.encrypted.") and _sure(book, key, "yes", True) for key in book.facts)
    return some or _sure(book, "data.encrypted", "yes") or book.text("breach.cause") == "ransomware"


RULES: Final[tuple[tuple[str, Callable[[FactBook], bool], str], ...]] = (
    ("nothing_taken", _nothing_taken, "breach.exfiltration excluded, or breach.acquired no, and confirmed"),
    ("no_sign_taken", _no_sign, "breach.exfiltration unlikely or excluded, or breach.acquired or breach.accessed no"),
    ("not_seen", _not_seen, "breach.accessed no, and confirmed"),
    ("no_misuse", _no_misuse, "breach.used no, and confirmed"),
    ("safe", _safe, "data that nobody saw or took, or that is encrypted with its key safe, and confirmed"),
    ("all_told", _all_told, "people.notified as high as people.total"),
    ("wholly_contained", _contained, "contained_at, confirmed"),
    ("encrypted", _encrypted, "data.encrypted yes, and confirmed"),
    ("never_again", lambda _: False, "nothing: nobody can know it"),
)
"""Each claim, whether the facts allow it, and what it needs in words."""


def _numbers_in(text: str, language: str, book: FactBook) -> Iterator[Hit]:
    """Numbers of people said as exact where they are a range, an estimate, or about so many."""
    known = _counts_of(book)
    for said in counts_said(text, language):
        if said.of != "people" or said.manner == "about" or len(said.numbers) > 1:
            continue
        matching = [(count, certain) for count, certain in known if said.numbers[0] in _ends(count)]
        if matching and not any(_carries(count, certain, said) for count, certain in matching):
            shown = dict.fromkeys(f"{count}{'' if certain else ', estimated'}" for count, certain in matching)
            yield said.at, "exact_number", said.written, f"a confirmed exact count; recorded is {'; '.join(shown)}"


def _carries(count: Count, certain: bool, said: SaidCount) -> bool:
    """A form's field asks for a number as far as it is known; prose and words such as `exactly` give it as certain."""
    return count.exact and (certain or said.manner == "field")


def _counts_of(book: FactBook) -> list[tuple[Count, bool]]:
    recorded = [
        (fact.value, fact.certainty == "confirmed")
        for key, fact in book.facts.items()
        if (key.startswith("people.") or key == "breach.recipients") and isinstance(fact.value, Count) and fact.known
    ]
    certain = all(sure for _, sure in recorded)
    worked_out = [book.total, *(book.residents(place) for place in book.listed)]
    written = {count.low for count, _ in recorded if count.exact}
    return [*recorded, *((count, certain) for count in worked_out if not (count.exact and count.low in written))]


def _ends(count: Count) -> frozenset[int]:
    return frozenset({count.low, count.high or count.low, *(int(number) for number in re.findall(r"\d+", count.written))})
