"""Works out what to write into each field of a worksheet from one incident's facts. Writes no sentence of its own accord."""

from __future__ import annotations

import dataclasses
import re
from datetime import datetime
from typing import Final

from breachkit.domain.conditions import AnyOf, Condition, Data, facts_of
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Count, Instant, say_value
from breachkit.domain.findings import Finding
from breachkit.domain.notice_gathering import Gathering
from breachkit.domain.notice_names import Said
from breachkit.domain.notice_text import clean
from breachkit.domain.notice_words import AMERICAN, ENGLISH
from breachkit.domain.values import value
from breachkit.domain.vocabulary import Vocabulary
from breachkit.domain.worksheets import ANYWAY, Field, Piece, Status, Worksheet

_DESKS: Final = {
    "contact.name": ("contact.name", "organisation.contacts.privacy.name", "organisation.contacts.dpo.name"),
    "contact.email": ("contact.email", "organisation.contacts.privacy.email", "organisation.contacts.dpo.email"),
    "contact.phone": ("contact.phone", "organisation.contacts.privacy.phone", "organisation.contacts.dpo.phone"),
}
"""Where the incident has no contact point of its own, the profile's stands in, as it does in notices."""

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_NUMBER = re.compile(r"(?<![\w.:-])(?:\d[ -]?){9,18}\d(?![\w:-])")
_MANY: Final = ("text", "long_text", "multi_choice")
"""Kinds to which more facts can add something; the others are answered whole or not at all."""
_RANGE = "a range is recorded; if the field takes one number only, somebody must choose it"


@value
class Answered:
    """One field and what to write into it."""

    field: Field
    part: int
    part_title: str
    parts: int
    n: int
    """The number of the field within its part, from 1."""
    of: int
    """How many fields the part has."""
    answer: str
    """Plain text, whole: it is never cut. Empty where nothing is known or the field is left out."""
    status: Status
    facts: tuple[str, ...]
    """The fact keys the answer comes from, known or not."""
    record: tuple[str, ...]
    """Of these, and of those that options wait for, the ones nobody recorded yet."""
    notes: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """Characters of the answer."""
        return len(self.answer)

    @property
    def too_long(self) -> bool:
        """Whether it is longer than the form takes. It is for a person to shorten."""
        return self.field.limit is not None and self.length > self.field.limit

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status in ("unknown", "person") or self.too_long


@value
class FilledSheet:
    """A worksheet answered on the facts of one incident."""

    sheet: Worksheet
    duty: str
    """The finding's id, with its recipient."""
    duty_title: str
    recipient: str
    invented: bool
    answers: tuple[Answered, ...]
    facts_sha256: str = ""
    pack_sha256: str = ""
    exercise: str | None = None
    """The exercise it is part of, by name; None outside of one."""

    @property
    def unknown(self) -> int:
        """How many fields nobody can fill yet."""
        return sum(one.status == "unknown" for one in self.answers)


@dataclasses.dataclass
class _Aside:
    """What comes up while one field is answered, beside its answer."""

    notes: list[str] = dataclasses.field(default_factory=list)
    rough: bool = False
    """A count in the answer is no exact number."""


class Answers:
    """Answers fields on one incident's facts. `values` are those a notice of the same finding is given."""

    def __init__(self, book: FactBook, finding: Finding, now: datetime, values: dict[str, Said]) -> None:
        self.book = book.for_controller(finding.controller) if finding.controller and book.whose is None else book
        self.words: Vocabulary = book.words
        self.wording = AMERICAN if finding.regime.split(".")[0] == "us" else ENGLISH
        self.gather = Gathering(self.book, finding, self.wording, now)
        self.values = values

    def sheet(self, sheet: Worksheet) -> tuple[Answered, ...]:
        """Every field of the sheet, in its order."""
        found = []
        for part, held in enumerate(sheet.parts, 1):
            for n, field in enumerate(held.fields, 1):
                answer, status, facts, record, notes = self._field(field)
                found.append(
                    Answered(
                        field, part, held.title, len(sheet.parts), n, len(held.fields), answer, status, facts, record, notes
                    )
                )
        return tuple(found)

    def _field(self, field: Field) -> tuple[str, Status, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        facts = [self._placed(key) for piece in field.pieces for key in piece.keys]
        aside = _Aside()
        if field.only_if is not ANYWAY:
            verdict = field.only_if.judged(self.book, self.values)
            if verdict.holds is False:
                return "", "not_applicable", tuple(facts), (), ()
            if verdict.holds is None:
                facts += sorted(verdict.needs)
                aside.notes.append(f"whether this field applies waits for {', '.join(sorted(verdict.needs))}")
        if any(option.ask or option.otherwise for option in field.options):
            answer, known, needs = self._choose(field, aside)
        elif field.yes_if is not None:
            verdict = field.yes_if.judged(self.book, self.values)
            answer, known, needs = {True: "Yes", False: "No", None: ""}[verdict.holds], verdict.holds is not None, verdict.needs
        else:
            answer = self._said(field, aside)
            known, needs = bool(answer), frozenset()
        facts = list(dict.fromkeys([*facts, *self._asked(field), *sorted(needs)]))
        whole = known and (field.first or field.kind not in _MANY)
        lacking = () if whole else (key for key in facts if not self.gather.known_fact(key) and not self._stands_in(key))
        record = tuple(dict.fromkeys(self.book.asks_for(key) for key in (*lacking, *sorted(needs))))
        if field.personal and answer:
            aside.notes += looks_personal(answer, self._own_contacts())
        status: Status = "estimated" if aside.rough or any(self._estimated(key) for key in facts) else "known"
        if field.person or (not known and not record):
            status = "person"  # nothing is left to record and there is still no answer: somebody has to find one
        elif not known:
            status = "unknown"
        return answer, status, tuple(facts), record, tuple(dict.fromkeys(aside.notes))

    def _estimated(self, key: str) -> bool:
        """Whether somebody said of the fact, or of one of a pattern's facts, that it is only estimated."""
        start = key.split("<", 1)[0]
        found = [one for one in self.book.facts if one.startswith(start)] if "<" in key else [key]
        return any((fact := self.book.get(one)) is not None and fact.certainty == "estimated" for one in found)

    # -- answers in words ----------------------------------------------------------------------------------------------

    def _said(self, field: Field, aside: _Aside) -> str:
        parts = []
        for piece in field.pieces:
            if text := self._piece(piece, field, aside):
                parts.append(f"{piece.lead}: {text}" if piece.lead else text)
                if field.first:
                    break
        if parts and field.kind in ("choice", "multi_choice"):
            aside.notes.append("this is what is recorded; pick the form's nearest option")
        return ("\n" if field.kind == "long_text" else ", ").join(parts)

    def _piece(self, piece: Piece, field: Field, aside: _Aside) -> str:
        if piece.name is not None:
            said = self.values.get(piece.name, ())
            lines = (said,) if isinstance(said, str) else said
            return clean("; ".join(lines)).strip()
        assert piece.fact is not None
        if piece.fact == "people.in.<place>":
            return self._here(field, aside)
        for key in _DESKS.get(piece.fact, (piece.fact,)):
            if text := self._fact(self._placed(key), field, aside):
                return text
        return ""

    def _fact(self, key: str, field: Field, aside: _Aside) -> str:
        fact = self.book.get(key)
        if fact is None:
            total = self.book.total if key == "people.total" else Count(0, None)
            return self._count(total, field, aside) if total.low > 0 and total.high is not None else ""
        spec, held = self.words.spec(key), fact.value
        if isinstance(held, Count):
            return self._count(held, field, aside)
        if isinstance(held, Instant):
            if field.kind == "date":
                return self.wording.day_of(self.gather.day(held))
            if held.day is not None and field.kind == "time":
                aside.notes.append("only the day is recorded")
            return self.gather.say_time(held)
        if isinstance(held, bool):
            return "Yes" if held else "No"
        if spec.type == "email":
            return self.gather.email(key) or ""
        if spec.type == "place" and isinstance(held, str):
            return self.words.place_name(held)
        if isinstance(held, tuple):
            return "; ".join(self._member(key, str(item)) for item in held) if spec.type == "set" else ""
        if isinstance(held, str):
            return clean(spec.choices.get(held, held)).strip()
        return say_value(held)

    def _member(self, key: str, item: str) -> str:
        spec = self.words.spec(key)
        if spec.of == "data_category":
            return self.words.categories[item].label
        if spec.of == "place":
            return self.words.place_name(item)
        if spec.of == "sector":
            return self.words.sectors.get(item, item)
        return clean(spec.choices.get(item, item)).strip()

    def _count(self, count: Count, field: Field, aside: _Aside) -> str:
        aside.rough = aside.rough or not count.exact
        if field.kind != "number":
            return self.wording.count(count)
        if count.exact:
            return str(count.low)
        if count.written.startswith("~"):
            aside.notes.append(f"an estimate, recorded as {count.written}")
            return count.written.removeprefix("~")
        aside.notes.append(_RANGE)
        return str(count) if count.written else f"{count.low}..{'' if count.high is None else count.high}"

    def _here(self, field: Field, aside: _Aside) -> str:
        place = self.gather.place
        if place is None:
            return ""
        count = self.book.listed.get(place) or self.book.residents(place)
        if place not in self.book.listed and not (count.exact or count.low > 0):
            return ""  # an upper bound worked out from other places is no count to report
        return self._count(count, field, aside)

    # -- answers among options -------------------------------------------------------------------------------------------

    def _choose(self, field: Field, aside: _Aside) -> tuple[str, bool, frozenset[str]]:
        asked = [(option, option.ask.judged(self.book, self.values)) for option in field.options if option.ask is not None]
        right = [option.label for option, verdict in asked if verdict.holds]
        waiting = frozenset().union(*(verdict.needs for _, verdict in asked if verdict.holds is None))
        if right and field.kind != "multi_choice":
            return right[0], True, frozenset()
        if right:
            return "\n".join(right), True, waiting
        recorded = ((key, self.book.shown(key)) for key in sorted(waiting))
        aside.notes += [f"what is recorded of {key} ({said}) leaves it open" for key, said in recorded if said is not None]
        stands = [option for option in field.options if (option.unknown if waiting else option.otherwise)]
        if stands:
            return stands[0].label, not waiting, waiting
        if not waiting and all(option.ask or option.unknown for option in field.options):
            aside.notes.append("none of the form's options fits the facts")
        return "", False, waiting

    def _asked(self, field: Field) -> list[str]:
        asks = [option.ask for option in field.options if option.ask is not None]
        asks += [field.yes_if] if field.yes_if is not None else []
        return sorted(frozenset().union(*(keys_of(ask.condition) for ask in asks)))

    # -- keys ------------------------------------------------------------------------------------------------------------

    def _placed(self, key: str) -> str:
        """`people.in.<place>` with the place the duty is about."""
        return key.replace("<place>", self.gather.place) if self.gather.place else key

    def _stands_in(self, key: str) -> bool:
        return any(self.book.get(other) is not None for other in _DESKS.get(key, ()))

    def _own_contacts(self) -> frozenset[str]:
        """What the organisation itself may be reached by, as it stands in answers."""
        keys = [key for keys in _DESKS.values() for key in keys]
        return frozenset(text for key in keys if (text := self.book.text(key)))


def keys_of(condition: Condition) -> frozenset[str]:
    """The fact keys a condition of options looks at."""
    match condition:
        case Data():
            return frozenset(["data.categories"])
        case AnyOf(parts):
            return frozenset().union(*(keys_of(part) for part in parts))
        case _:
            return facts_of(condition)


def looks_personal(text: str, own: frozenset[str]) -> list[str]:
    """What in a free text looks like data of a person; the organisation's own contact details are no such thing."""
    for known in own:
        text = text.replace(known, "")
    found = [("an e-mail address", _ADDRESS.search(text)), ("a long number", _NUMBER.search(text))]
    return [f"it holds what looks like {what} ({m[0].strip()}); take it out if it is a person's" for what, m in found if m]
