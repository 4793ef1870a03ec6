"""Who gets which letter: one person, one letter, by residence and language. Pure; reads no table and writes no letter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from breachkit.domain.findings import Finding
from breachkit.domain.vocabulary import Vocabulary, country_of

FORMATS: Final = ("eml", "pdf", "pdf-print", "html", "text", "jsonl", "docx")
"""What a batch can be written as. `pdf-print` is files of many letters for a printer, `jsonl` lines for a program."""

ONE_FILE_EACH: Final = frozenset({"eml", "pdf", "html", "text", "docx"})

REFUSALS: Final[Mapping[str, str]] = {
    "duplicate_id": "another person above has this id",
    "no_duty": "no letter that was asked for is for people of that place",
    "no_letter": "the letter for that place cannot be made from the facts and templates there are",
    "no_language": "the letter does not exist in the person's language",
    "category_unknown": "the row names a kind of data the vocabulary does not have",
    "no_email": "there is no e-mail address, and the letters go by e-mail",
    "email_form": "the e-mail address cannot be used in a mail header",
    "no_address": "there is no postal address, and the letters are printed",
    "glyphs": "the letter holds signs that none of the fonts has",
}
"""Why a person who was read gets no letter, beside the reasons for which a row cannot be read at all."""

US_LANGUAGES: Final = ("en", "es")
"""Letters under the laws of the United States are written in these."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A duty towards people that a batch may serve."""

    finding: str
    """The finding's id."""
    duty: str
    place: str
    """The place whose residents it is for; empty for a promise or contract, which is for everybody."""
    statute: bool
    """Owed under a law, and not only under a promise or contract."""

    @property
    def languages(self) -> tuple[str, ...] | None:
        """The languages it is limited to; None without a limit of this kind."""
        return US_LANGUAGES if country_of(self.place) == "US" else None


@dataclass(frozen=True, slots=True)
class NoLetter:
    """Why a person gets none: a code of REFUSALS, and the particulars."""

    code: str
    detail: str


@dataclass(frozen=True)
class Assignment:
    """Which of these letters a resident of a place gets. Each place is worked out once."""

    letters: Sequence[Letter]
    """In the order they were named; of several as near, the first is taken."""
    words: Vocabulary
    _known: dict[str, tuple[Letter, ...]] = field(default_factory=dict)

    def covering(self, place: str) -> tuple[Letter, ...]:
        """The letters that are for residents of that place, nearest first: a part, its country, its groups, then promises.

        A promise or contract is among them only where no law's letter is.
        """
        if (known := self._known.get(place)) is None:
            known = self._known[place] = self._covering(place)
        return known

    def letter_for(self, place: str) -> Letter | NoLetter:
        """The one letter for a resident of that place, or why there is none."""
        found = self.covering(place)
        if found:
            return found[0]
        return NoLetter("no_duty", f"{place}: none of {', '.join(letter.finding for letter in self.letters[:5])}")

    def also(self, place: str) -> tuple[Letter, ...]:
        """Other laws' letters that are owed to the same people and were asked for; each needs a batch of its own."""
        return tuple(letter for letter in self.covering(place)[1:] if letter.statute)

    def _covering(self, place: str) -> tuple[Letter, ...]:
        ranked = [(rank, i, one) for i, one in enumerate(self.letters) if (rank := self._rank(one.place, place)) is not None]
        laws = [(rank, i, one) for rank, i, one in ranked if one.statute]
        return tuple(one for _, _, one in sorted(laws or ranked, key=lambda found: found[:2]))

    def _rank(self, of: str, place: str) -> int | None:
        """How near a letter's place is: 0 the place itself, then what it lies in; all groups of countries are as near."""
        if not of:
            return 1_000
        chain = [place, *(outer for outer in self.words.around(place) if outer not in self.words.groups)]
        if of in chain:
            return chain.index(of)
        return len(chain) if of in self.words.around(place) else None


def letters_of(findings: Iterable[Finding], places: Mapping[str, str]) -> tuple[list[Letter], list[Finding]]:
    """The letters to people among these findings, and the findings that are none. `places` are regimes' places by their ids."""
    letters, others = [], []
    for finding in findings:
        if finding.recipient.kind != "individuals":
            others.append(finding)
            continue
        statute = not finding.duty.startswith(("promise.", "contract."))
        place = places.get(finding.regime, "") if statute else ""
        letters.append(Letter(finding.id, finding.duty, place, statute))
    return letters, others


def languages_for(wanted: str, default: str, letter: Letter, fallback: str | None) -> tuple[tuple[str, str], ...]:
    """The languages to try for a person's letter, and how each came up: `own`, `assumed` (none given) or `fallback`.

    Another language is never taken in silence: without `fallback` there is one to try, or none where the letter is limited.
    """
    found = [(wanted or default, "own" if wanted else "assumed"), *([(fallback, "fallback")] if fallback else [])]
    limits = letter.languages
    return tuple((language, how) for language, how in found if limits is None or language in limits)


@dataclass
class Tally:
    """What became of every row, counted."""

    rows: int = 0
    letters: int = 0
    duplicates: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    unplaced: int = 0
    """Refused rows whose place is not known."""
    people: dict[str, int] = field(default_factory=dict)
    """Everybody but duplicates whose place is known, served or not."""
    by_place: dict[str, int] = field(default_factory=dict)
    by_duty: dict[str, int] = field(default_factory=dict)
    by_language: dict[str, int] = field(default_factory=dict)
    language_assumed: int = 0
    language_fallback: int = 0
    also: dict[str, int] = field(default_factory=dict)
    """By duty: people who are owed that letter too, and do not get it in this batch."""
    mended: int = 0
    """People of whose row something was put right."""

    @property
    def refused_rows(self) -> int:
        """How many rows were refused, whatever the reason."""
        return sum(self.refused.values())

    @property
    def adds_up(self) -> bool:
        """Every row is a letter, a refusal or a duplicate."""
        return self.rows == self.letters + self.refused_rows + self.duplicates


def count(into: dict[str, int], key: str, number: int = 1) -> None:
    """One more of that kind."""
    into[key] = into.get(key, 0) + number


def people_facts(tally: Tally, words: Vocabulary) -> dict[str, str]:
    """The counts as facts. Rows without a known place widen every interval: each may be a person of any place, or none.

    A place includes its parts, so a country counts those of its parts too.
    """
    open_ = tally.unplaced

    def said(number: int) -> str:
        return f"{number}..{number + open_}" if open_ else str(number)

    facts = {"people.total": said(sum(tally.people.values()))}
    for place in sorted(tally.people):
        inside = sum(number for other, number in tally.people.items() if words.within(other, place))
        facts[f"people.in.{place}"] = said(inside)
    return facts
