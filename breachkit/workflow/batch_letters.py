"""The letters of a batch before anybody's data is in them: drafted once for all who get the same, and proven to be mergeable.

A letter is merged only when its template prints a person's data bare. That is tried out on made-up people: the merged letter
must be the very letter the template makes for them. Where it is not, each person's letter is filled by itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from breachkit.content.template_language import escape_markdown
from breachkit.content.templates import fill
from breachkit.content.wordings import wording_for
from breachkit.domain.approvals import Approval
from breachkit.domain.batches import Letter, NoLetter
from breachkit.domain.notice_check import check
from breachkit.domain.notice_context import notice_context
from breachkit.domain.notice_fields import split_fields
from breachkit.domain.notice_text import title_of
from breachkit.domain.notices import Notice
from breachkit.errors import BadFile, UnknownName, UsageError
from breachkit.workflow.notices import draft_notice
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace

_PROBES: Final[Sequence[Mapping[str, str]]] = (
    {"name": "Ana Example", "address": "1 Example Street", "id": "17"},
    {"name": "# *Zoë_<b>O\u2019Neil</b>* [x](y) \\ `&amp;`", "address": "- 2) {{ 7 * 7 }}", "id": "=a|b"},
    {"name": "山田 太郎 " * 12, "address": "ZZ", "id": "x" * 90},
)
"""Made-up people: a plain one, one whose data looks like markup, and one whose data is long and in another script."""


@dataclass(frozen=True)
class Form:
    """A letter for all people who get the same one, with field marks where each person's own data stands."""

    finding: str
    duty: str
    language: str
    categories: tuple[str, ...]
    """The kinds of data it speaks of; empty: those of the incident."""
    fields: tuple[str, ...]
    bare: bool
    """It can be merged. False: its template does more with a person's data than print it."""
    notice: Notice
    lacks: tuple[str, ...] = ()
    """Content elements the duty asks for and the letter does not have."""
    as_of: str | None = None
    """The moment it was approved, by which it is dated; None for a draft."""

    @cached_property
    def sha256(self) -> str:
        """Over all that it says and how it is marked."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """As it is kept in the batch's database."""
        return {**asdict(self), "notice": notice_as_json(self.notice)}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Form:
        """As it was kept."""
        tuples = {key: tuple(body[key]) for key in ("categories", "fields", "lacks")}
        return cls(**{**body, **tuples, "notice": notice_from_json(body["notice"])})

    def of(self, source: str) -> Notice:
        """The letter of one person, filled by itself."""
        return replace(self.notice, source=source, title=title_of(source) or self.notice.title)


def notice_as_json(notice: Notice) -> dict[str, Any]:
    """A notice as plain values; its elements are left out, since only checks use them.

    What only an exercise has is kept for an exercise alone: the hash of any other letter stays what it was.
    """
    found: dict[str, Any] = {}
    for one in fields(notice):
        value = getattr(notice, one.name)
        if one.name == "exercise" and value is None:
            continue
        if one.name == "words" and notice.exercise is not None:
            found[one.name] = ["words", *([english, str(said)] for english, said in value.items())]
            continue
        if isinstance(value, (frozenset, set)):
            found[one.name] = ["set", *sorted(value)]
        elif isinstance(value, tuple):
            found[one.name] = ["tuple", *value]
        elif isinstance(value, date):
            found[one.name] = ["date", value.isoformat()]
        elif value is None or isinstance(value, (str, bool, int)):
            found[one.name] = value
    return found


def notice_from_json(kept: Mapping[str, Any]) -> Notice:
    """The notice again."""
    made: dict[str, Callable[[list[Any]], Any]] = {
        "set": frozenset,
        "tuple": tuple,
        "date": lambda rest: date.fromisoformat(rest[0]),
        "words": lambda rest: dict(map(tuple, rest)),
    }
    values = {key: made[value[0]](value[1:]) if isinstance(value, list) else value for key, value in kept.items()}
    return Notice(**{"elements": {}, **values})


class Drafting:
    """Makes the letters of one batch from the facts, each once."""

    def __init__(self, answer: Answer, space: Workspace) -> None:
        self._answer, self._space = answer, space

    def form(self, letter: Letter, language: str, categories: tuple[str, ...], said: tuple[str, ...]) -> Form | NoLetter:
        """The letter in that language, with those fields. NoLetter where there is none; BadFile when a template is broken."""
        finding, kinds = self._answer.finding(letter.finding), categories or None
        try:
            drafted = draft_notice(self._answer, finding, self._space, language=language, fields=said, categories=kinds)
        except UnknownName as problem:
            return NoLetter("no_letter", _short(str(problem)))
        except UsageError as problem:
            return NoLetter("no_language" if language != "en" else "no_letter", _short(str(problem)))
        except (BadFile, RecursionError):
            if not said:
                raise
            return self._taken_apart(letter, language, categories, said)
        standing, notice = drafted.standing, drafted.notice
        as_of = standing.at.isoformat() if isinstance(standing, Approval) and not notice.draft else None
        form = Form(letter.finding, letter.duty, language, categories, said, True, notice, drafted.check.missing, as_of)
        return replace(form, bare=self._is_bare(form))

    def _taken_apart(self, letter: Letter, language: str, categories: tuple[str, ...], said: tuple[str, ...]) -> Form:
        """A letter whose template does more with a person's data than print it, so that marks cannot stand for them.

        BadFile when the template is wrong for people too.
        """
        form = Form(letter.finding, letter.duty, language, categories, said, False, Notice(letter.duty, "", language, "", {}))
        notice = replace(self._fill(form, _PROBES[0]), paper="us-letter" if letter.duty.startswith("us.") else "a4")
        book = self._answer.subject.book
        missing = check(notice, self._answer.finding(letter.finding), book.words, book).missing
        return replace(form, notice=notice, lacks=missing)

    def filled(self, form: Form, values: Mapping[str, str]) -> str:
        """The Markdown of one person's letter, filled by itself; a postal address on one line."""
        return self._fill(form, values).source

    def _fill(self, form: Form, values: Mapping[str, str]) -> Notice:
        finding = self._answer.finding(form.finding)
        subject, own = self._answer.subject, self._space.own_folder
        context = notice_context(
            subject.book,
            finding,
            organisation_name=subject.organisation_name,
            now=datetime.fromisoformat(form.as_of) if form.as_of else self._answer.assessment.now,
            draft=form.notice.draft,
            pack_sha256=self._answer.assessment.pack_sha256,
            wording=wording_for(form.language, american=finding.regime.split(".")[0] == "us", own=own),
            fields=form.fields,
            categories=form.categories or None,
            exercise=subject.exercise,
        )
        mine = {f"person_{field}": values[field] for field in form.fields}
        return fill(replace(context, values={**context.values, **mine}), form.language, own)

    def _is_bare(self, form: Form) -> bool:
        """Whether merging gives, for each made-up person, what the template gives."""
        if not form.fields:
            return True
        for person in _PROBES:
            values = {field: " ".join(person[field].split()) for field in form.fields}
            merged = "".join(
                before + (escape_markdown(values[field]) if field else "") for before, field in split_fields(form.notice.source)
            )
            if merged != self.filled(form, values):
                return False
        return True


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 300 else f"{line[:297]}..."
