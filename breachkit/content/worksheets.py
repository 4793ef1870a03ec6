"""Reads worksheet files: a user's own over the shipped ones, found by the duty and recipient they are for.

`shared.yaml` beside them holds fields that many forms have. A field that is `like` one of them takes over what it does not say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from breachkit.content.conditions import ConditionReader
from breachkit.content.shipped import Parsed, compiled_bytes, parse_all, shipped
from breachkit.content.vocabulary import load_directory, load_vocabulary
from breachkit.content.yamlfile import Lines, Reader, to_json
from breachkit.domain.conditions import ALWAYS, AnyOf, Condition, Data, FactIs, Includes
from breachkit.domain.law import Confidence
from breachkit.domain.notice_names import NAMES
from breachkit.domain.vocabulary import Vocabulary
from breachkit.domain.worksheets import (
    ANYWAY,
    KINDS,
    Ask,
    Field,
    Kind,
    Option,
    Part,
    Piece,
    Source,
    Worksheet,
    holds_free_text,
    pieces_of,
)
from breachkit.errors import BadFile, BreachkitError, Fault, UnknownName

FORMAT = "breachkit/worksheet@1"
SHARED = "shared.yaml"
FOLDER = "worksheets"


@cache
def load_worksheets(own: Path | None = None) -> tuple[Worksheet, ...]:
    """All worksheets by id, own ones in the place of shipped ones of the same id. BadFile with every fault of a file."""
    base = shipped("templates") / FOLDER
    made = compiled_bytes(base.glob("*.yaml"), cache_name="worksheets", base=base, make=lambda parsed: to_json(_whole(parsed)))
    data: dict[str, Any] = json.loads(made)
    sheets = {sheet.id: sheet for name, held in data.items() for sheet in [_read(held, name)]}
    if own is not None and (folder := own / FOLDER).is_dir():
        parsed = parse_all(sorted(folder.glob("*.yaml")), folder)
        for name, held in _whole({SHARED: _shared_fields(base), **parsed}).items():
            sheet = _read(held, name)
            sheets[sheet.id] = sheet
    return tuple(sheets[id] for id in sorted(sheets))


def _shared_fields(base: Path) -> dict[str, Any]:
    return dict(parse_all([base / SHARED], base)[SHARED])


def read_worksheet(data: Mapping[str, Any], name: str, shared: Mapping[str, Any] | None = None) -> Worksheet:
    """The worksheet a mapping describes. BadFile with every fault and its line."""
    return _read(_whole({SHARED: {"fields": dict(shared or {})}, name: dict_of(data)})[name], name)


def dict_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping itself where it knows its lines, otherwise a copy."""
    return data if isinstance(data, Lines) else dict(data)


def _whole(parsed: Parsed) -> dict[str, Any]:
    """The files' mappings with shared fields written out, checked, so that faults carry lines."""
    shared = parsed[SHARED].get("fields") or {} if SHARED in parsed else {}
    whole: dict[str, Any] = {}
    for name, data in parsed.items():
        if name == SHARED:
            continue
        faults: list[Fault] = []
        for part in data.get("parts") or ():
            if isinstance(part, dict) and isinstance(fields := part.get("fields"), list):
                fields[:] = [_like(field, shared, name, faults) for field in fields]
        if faults:
            raise BadFile(faults)
        _read(data, name)
        whole[name] = data
    return whole


def _like(field: Any, shared: Mapping[str, Any], file: str, faults: list[Fault]) -> Any:
    if not isinstance(field, dict) or "like" not in field:
        return field
    line = getattr(field, "line", 0)
    if (named := field["like"]) not in shared:
        faults.append(Fault(file, line or None, str(UnknownName("shared field", str(named), shared))))
        return field
    merged = Lines(line)
    for held in ({"id": named}, shared[named], field):
        for key, inner in held.items():
            if key != "like":
                merged[key] = inner
                merged.lines[key] = field.line_of(key) if isinstance(field, Lines) else line
    return merged


def _read(data: Any, file: str) -> Worksheet:
    faults: list[Fault] = []
    words = load_vocabulary()
    top = Reader(data, file, faults, "the worksheet")
    if top.text("format", needed=True) != FORMAT:
        top.fault("format", f"format must be '{FORMAT}'")
    id = top.text("id", needed=True)
    if id and not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", id):
        top.fault("id", f"'{id}' is not an id; write small letters, digits, dots and hyphens, such as uk.ico")
    recipients = top.texts("recipients")
    for one in recipients:
        if one not in load_directory().authorities:
            top.fault("recipients", str(UnknownName("authority", one, load_directory().authorities)))
    confidence: Confidence = top.choice("confidence", ("verified", "secondary", "unverified"), default="unverified")
    parts = tuple(_part(one, words, confidence, faults, file) for one in top.mappings("parts"))
    ids = [field.id for part in parts for field in part.fields]
    for twice in sorted({one for one in ids if ids.count(one) > 1}):
        top.fault("parts", f"two fields have the id '{twice}'; give each its own")
    duties = top.texts("duties")
    for key, held in (("duties", duties), ("parts", parts)):
        if not held:
            top.fault(key, f"'{key}' is missing or empty")
    sheet = Worksheet(
        id=id,
        title=top.text("title", needed=True),
        duties=duties,
        recipients=recipients,
        parts=parts,
        saves=top.choice("saves", ("yes", "no", "unknown"), default="unknown"),
        confidence=confidence,
        sources=tuple(_source(one) for one in top.mappings("sources")),
        notes=top.texts("notes"),
        checked=top.text("checked") or None,
        sha256=sha256(to_json(data).encode()).hexdigest(),
    )
    if not sheet.sources:
        top.fault("sources", "'sources' is missing; say where the fields were read")
    top.finish()
    if faults:
        raise BadFile(faults)
    return sheet


def _source(one: Reader) -> Source:
    found = Source(one.text("text", needed=True), one.text("url") or None)
    one.finish()
    return found


def _part(one: Reader, words: Vocabulary, confidence: Confidence, faults: list[Fault], file: str) -> Part:
    own: Confidence = one.choice("confidence", ("verified", "secondary", "unverified"), default=confidence)
    fields = tuple(_FieldReader(field, words, file, faults).read(own) for field in one.mappings("fields"))
    part = Part(one.text("title", needed=True), fields)
    if not fields:
        one.fault("fields", f"part '{part.title}' has no fields")
    one.finish()
    return part


class _FieldReader:
    """Reads one field of a form."""

    def __init__(self, one: Reader, words: Vocabulary, file: str, faults: list[Fault]) -> None:
        self.one, self.words, self.file, self.faults = one, words, file, faults

    def read(self, confidence: Confidence) -> Field:
        """The field, with faults noted."""
        one = self.one
        id = one.text("id", needed=True)
        one.what = f"field '{id}'"
        limit = one.text("limit")
        if limit and not limit.isdigit():
            one.fault("limit", f"'{limit}' is not a number of characters")
        kind: Kind = one.choice("kind", KINDS)
        fact = one.text("fact")
        options = tuple(self._options(fact))
        pieces = self._pieces(fact if not options else "")
        person = one.flag("person")
        field = Field(
            id=id,
            label=one.text("label", needed=True),
            kind=kind,
            pieces=pieces,
            first=one.flag("first"),
            options=options,
            yes_if=self._ask(one, "yes_if") if one.has("yes_if") else None,
            only_if=self._ask(one, "only_if") if one.has("only_if") else ANYWAY,
            limit=int(limit) if limit.isdigit() else None,
            required=one.choice("required", ("yes", "no", "unknown"), default="unknown"),
            person=person,
            personal=one.flag("personal", default=kind == "long_text" and (person or holds_free_text(pieces, self.words))),
            form_id=one.text("form_id") or None,
            note=one.text("note"),
            confidence=one.choice("confidence", ("verified", "secondary", "unverified"), default=confidence),
            source=one.text("source"),
        )
        if not (field.pieces or field.yes_if or field.person or any(o.ask or o.otherwise for o in field.options)):
            one.fault(None, f"{one.what} does not say how it is answered; name facts in `from:`, or `person: yes`")
        one.finish("like")
        return field

    def _pieces(self, fact: str) -> tuple[Piece, ...]:
        items = self.one.raw("from")
        items = [] if items is None else items if isinstance(items, list) else [items]
        found = list(self._piece({"fact": fact})) if fact else []
        for item in items:
            found += self._piece({"fact": item} if isinstance(item, str) else item)
        return tuple(found)

    def _piece(self, item: Any) -> tuple[Piece, ...]:
        held = Reader(item, self.file, self.faults, f"'from' of {self.one.what}")
        held.line = held.line or self.one.line_of("from")
        fact, name, element, lead = held.text("fact"), held.text("name"), held.text("element"), held.text("lead")
        record = held.texts("record")
        held.finish()
        if sum(map(bool, (fact, name, element))) != 1:
            held.fault(None, "a piece of an answer names one of fact, name and element")
            return ()
        for key in (*((fact,) if fact else ()), *record):
            self._checked(held, key)
        if name:
            if name not in NAMES:
                held.fault("name", str(UnknownName("name", name, NAMES)))
            if not record:
                held.fault("name", f"'{name}' needs `record:`, the facts that fill it")
        if element:
            if element not in self.words.elements:
                held.fault("element", str(UnknownName("element", element, self.words.elements)))
                return ()
            return pieces_of(self.words.elements[element].facts, self.words)
        return (Piece(fact or None, name or None, record, lead),)

    def _checked(self, held: Reader, key: str) -> None:
        try:
            if key not in self.words.facts:
                self.words.spec(key)
        except BreachkitError as problem:
            held.fault("fact", str(problem))

    def _options(self, fact: str) -> list[Option]:
        found = []
        items = self.one.raw("options")
        for item in items if isinstance(items, list) else []:
            if isinstance(item, str):
                found.append(Option(item))
                continue
            held = Reader(item, self.file, self.faults, f"an option of {self.one.what}")
            ask = self._ask(held, None)
            if held.has("is"):
                ask = Ask(self._is(held, fact), ask.says)
            asked = held.has("is") or held.has("when") or held.has("says")
            found.append(
                Option(held.text("label", needed=True), ask if asked else None, held.flag("otherwise"), held.flag("unknown"))
            )
            held.finish()
        if items is not None and not isinstance(items, list):
            self.one.fault("options", "'options' must be a list")
        return found

    def _is(self, held: Reader, fact: str) -> Condition:
        values = held.texts("is")
        if not fact:
            held.fault("is", "`is:` needs `fact:` in the field, the fact it looks at")
            return ALWAYS
        try:
            spec = self.words.spec(fact)
            if spec.of == "data_category":
                return Data(alone=tuple(self.words.category(one) for one in values), unprotected=False)
        except BreachkitError as problem:
            held.fault("is", str(problem))
            return ALWAYS
        known = spec.choices or {"yes": "", "no": ""}
        if wrong := [one for one in values if one not in known]:
            held.fault("is", str(UnknownName(f"value of {fact}", wrong[0], known)))
        if spec.type == "set":
            return AnyOf(tuple(Includes(fact, one, f"{fact} includes {one}") for one in values))
        return FactIs(fact, values, f"{fact} is {' or '.join(values)}")

    def _ask(self, held: Reader, key: str | None) -> Ask:
        """A test under a key, or (None) of `when` and `says` in the mapping itself."""
        conditions = ConditionReader(self.file, self.words, self.faults)
        if key is not None:
            raw = held.raw(key)
            if not (isinstance(raw, dict) and set(raw) <= {"when", "says"}):
                return Ask(conditions.read(raw, held.line_of(key)))
            held = Reader(raw, self.file, self.faults, f"'{key}'")
        condition = conditions.read(held.raw("when"), held.line_of("when")) if held.has("when") else ALWAYS
        says = held.inner("says")
        names = []
        for name in says.data if says is not None else ():
            assert says is not None
            if name not in NAMES:
                says.fault(name, str(UnknownName("name", name, NAMES)))
            names.append((name, says.texts(name)))
        return Ask(condition, tuple(names))
