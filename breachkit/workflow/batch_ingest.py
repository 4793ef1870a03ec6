"""Reads a table of people into a batch's database: who gets which letter, who none, and who is there twice.

The table streams through in transactions that note how far they came, so that reading goes on where it was stopped and
memory does not grow with the number of people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Protocol

from breachkit.documents.merge import NotBare, compile_letter
from breachkit.documents.merge_mail import HeaderRefused, mail_address, recipient
from breachkit.domain.batches import Assignment, Letter, NoLetter, Tally, count, languages_for
from breachkit.domain.notice_text import clean
from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import UnknownName
from breachkit.intake.duplicates import identity_keys
from breachkit.intake.people import Person, Refusal
from breachkit.storage.batches import BatchFile, Kept
from breachkit.workflow.batch_letters import Drafting, Form
from breachkit.workflow.batch_write import block_of

_ROWS: Final = 4_000
"""Rows in one transaction."""

POSTED: Final = frozenset({"pdf-print"})
"""Formats that are of no use without a postal address."""


class Table(Protocol):
    """What a batch asks of a table of people."""

    def read(self, start: int = 0) -> Iterator[Person | Refusal]:
        """Each record once, in order, after the first `start`."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """What all people of one place, language, kinds of data and set of fields get."""

    variant: int
    form: Form
    how: str
    also: tuple[str, ...]


@dataclass
class Reading:
    """One table being read into one batch."""

    batch: BatchFile
    drafting: Drafting
    assignment: Assignment
    words: Vocabulary
    format: str
    language: str
    fallback: str | None
    invented: bool
    limit: int | None = None
    exercise: bool = False
    """Its people get addresses nobody has in records too, not in mail alone."""
    tally: Tally = field(default_factory=Tally)
    _choices: dict[tuple[Any, ...], _Choice | NoLetter] = field(default_factory=dict)

    def run(self, table: Table, progress: Callable[[int], None]) -> None:
        """Read on from where the batch is. `progress` is told how many rows are read."""
        if self.batch.get("read", False):
            return
        self.tally = Tally(**self.batch.get("tally", {}))
        records: Iterator[Person | Refusal] = table.read(start=self.tally.rows)
        while part := list(_take(records, self._room())):
            with self.batch.transaction():
                self._keep(part)
                self.batch.put(tally=asdict(self.tally))
            progress(self.tally.rows)
        with self.batch.transaction():
            self.batch.put(read=True)

    def _room(self) -> int:
        return _ROWS if self.limit is None else min(_ROWS, max(0, self.limit - self.tally.rows))

    def _keep(self, part: list[Person | Refusal]) -> None:
        """Decide for some rows. Of two rows of one person the first that gets a letter stands."""
        keyed = [(one, _keys(one) if isinstance(one, Person) else ()) for one in part]
        seen = self.batch.known_keys([key for _, keys in keyed for _, key in keys])
        fresh: list[tuple[bytes, int]] = []
        people: list[tuple[int, Kept]] = []
        refused: list[tuple[int, str, str, str]] = []
        duplicates: list[tuple[int, str, int, str]] = []
        tally = self.tally
        for one, keys in keyed:
            tally.rows += 1
            if isinstance(one, Refusal):
                refused.append((one.row, one.id, one.code, one.detail))
                count(tally.refused, one.code)
                tally.unplaced += one.code != "empty"
                continue
            same = next(((kind, seen[key]) for kind, key in keys[1:] if key in seen), None)
            if same is not None:
                duplicates.append((one.row, one.id, same[1], same[0]))
                tally.duplicates += 1
                continue
            id_key = keys[0][1]
            if id_key in seen:
                refused.append((one.row, one.id, "duplicate_id", f"row {seen[id_key]} has this id already"))
                count(tally.refused, "duplicate_id")
                count(tally.people, one.place)
                continue
            count(tally.people, one.place)
            tally.mended += bool(one.notes)
            found = self._person(one)
            if isinstance(found, NoLetter):
                refused.append((one.row, one.id, found.code, found.detail))
                count(tally.refused, found.code)
                continue
            people.append(found)
            mine = [(key, one.row) for _, key in keys]
            seen.update(mine)
            fresh += mine
        self.batch.add(people=people, refused=refused, duplicates=duplicates, keys=fresh)

    def _person(self, one: Person) -> tuple[int, Kept] | NoLetter:
        name, address = tidied(one.name), tuple(line for line in map(tidied, one.address) if line)
        email = one.email
        if self.format == "eml":
            try:
                email = self._mail_address(name, email)
            except HeaderRefused as problem:
                return NoLetter("email_form", str(problem))
            if not email:
                return NoLetter("no_email", "the row has no usable e-mail address")
        elif (self.invented or self.exercise) and email and not email.lower().endswith(".invalid"):
            email = f"{email}.invalid"
        if self.format in POSTED and not address:
            return NoLetter("no_address", "the row has no postal address")
        said = (*(["name"] if name else []), *(["address"] if address else []), *(["id"] if one.id != f"row-{one.row}" else []))
        choice = self._choice(one.place, one.language, one.categories, said)
        if isinstance(choice, NoLetter):
            return choice
        if choice.how == "assumed":
            self.tally.language_assumed += 1
        elif choice.how == "fallback":
            self.tally.language_fallback += 1
        for duty in choice.also:
            count(self.tally.also, duty)
        own = None
        if not choice.form.bare:
            own = self.drafting.filled(choice.form, {"name": name, "address": ", ".join(block_of(name, address)), "id": one.id})
        return choice.variant, Kept(one.row, one.id, name, email, address, own)

    def _mail_address(self, name: str, email: str) -> str:
        if not email:
            return ""
        made = mail_address(email, invented=self.invented)
        recipient(name, made)
        return made

    def _choice(self, place: str, wanted: str, categories: tuple[str, ...], said: tuple[str, ...]) -> _Choice | NoLetter:
        key = (place, wanted, categories, said)
        if (known := self._choices.get(key)) is None:
            if len(self._choices) > 50_000:  # a table that names other kinds of data for everybody
                self._choices.clear()
            known = self._choices[key] = self._chosen(place, wanted, categories, said)
        return known

    def _chosen(self, place: str, wanted: str, categories: tuple[str, ...], said: tuple[str, ...]) -> _Choice | NoLetter:
        letter = self.assignment.letter_for(place)
        if isinstance(letter, NoLetter):
            return letter
        try:
            kinds = tuple(dict.fromkeys(map(self.words.category, categories)))
        except UnknownName as problem:
            return NoLetter("category_unknown", str(problem)[:300])
        languages = languages_for(wanted, self.language, letter, self.fallback)
        if not languages:
            there = ", ".join(letter.languages or ())
            return NoLetter("no_language", f"{letter.finding} is written in {there}, not in '{wanted or self.language}'")
        first: NoLetter | None = None
        for language, how in languages:
            found = self._form(letter, language, kinds, said)
            if not isinstance(found, NoLetter):
                id, form = found
                also = tuple(other.finding for other in self.assignment.also(place))
                return _Choice(self.batch.variant(id, place), form, how, also)
            first = first or found
        assert first is not None
        return first

    def _form(
        self, letter: Letter, language: str, categories: tuple[str, ...], said: tuple[str, ...]
    ) -> tuple[int, Form] | NoLetter:
        key = "|".join((letter.finding, language, ",".join(categories), ",".join(said)))
        if (id := self.batch.form(key)) is not None:
            return id, Form.from_json(self.batch.form_body(id))
        form = self.drafting.form(letter, language, categories, said)
        if isinstance(form, NoLetter):
            return form
        form = kept_in_format(form, self.format)
        return self.batch.add_form(key, form.as_json()), form


def kept_in_format(form: Form, format: str) -> Form:
    """The letter, marked as not to be merged when the format does not keep its fields as they stand."""
    from dataclasses import replace

    if not form.bare:
        return form
    try:
        for one in {"jsonl": ("text",), "eml": ("text", "html"), "text": ("text",)}.get(format, ("html",)):
            compile_letter(form.notice, one)
    except NotBare:
        return replace(form, bare=False)
    return form


def _keys(person: Person) -> tuple[tuple[str, bytes], ...]:
    """What a person is known by: the id first, then the keys by which duplicates are found; each with its kind."""
    found = dict.fromkeys([f"id:{person.id}", *identity_keys(person)])
    return tuple((key.split(":", 1)[0], hashlib.blake2b(key.encode(), digest_size=16).digest()) for key in found)


def tidied(text: str) -> str:
    """One line without what cannot be seen; private-use signs go too, since they mark fields."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    kept = "".join(char for char in clean(text) if not ("\ue000" <= char <= "\uf8ff"))
    return " ".join(kept.split())


def _take(records: Iterator[Person | Refusal], number: int) -> Iterable[Person | Refusal]:
    for _ in range(number):
        if (one := next(records, None)) is None:
            return
        yield one
