"""Reads the condition language of law files, promises and playbooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from breachkit.content.yamlfile import Items, Reader
from breachkit.domain.conditions import (
    ALWAYS,
    OPS,
    All,
    Always,
    Amount,
    AnyOf,
    Condition,
    Counted,
    Data,
    Established,
    FactIs,
    Includes,
    Known,
    Not,
    Op,
    People,
    Role,
    Sector,
    Targets,
    Use,
)
from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import BreachkitError, Fault, UnknownName


class ConditionReader:
    """Reads conditions of one file, collecting faults with their lines."""

    def __init__(self, file: str, words: Vocabulary, faults: list[Fault]) -> None:
        self.file, self.words, self.faults = file, words, faults

    def read(self, data: Any, line: int | None = None) -> Condition:
        """A condition; ALWAYS where nothing was written, and where it is wrong (the fault is noted)."""
        if data is None or data == "always":
            return ALWAYS
        if isinstance(data, list):
            return All(self._parts(data))
        if not isinstance(data, dict):
            self.faults.append(
                Fault(self.file, line, f"'{data}' is not a condition; write a mapping such as {{fact: ..., is: ...}}")
            )
            return ALWAYS
        one = Reader(data, self.file, self.faults, "a condition")
        kinds: dict[str, Callable[[Reader], Condition]] = {
            "all": lambda r: All(self._parts(r.raw("all"))),
            "any": lambda r: AnyOf(self._parts(r.raw("any"))),
            "not": lambda r: Not(self.read(r.raw("not"), r.line_of("not"))),
            "use": lambda r: Use(r.text("use")),
            "fact": self._fact,
            "includes": self._includes,
            "known": self._known,
            "role": self._role,
            "sector": self._sector,
            "established": lambda r: Established(self._place(r, "established")),
            "targets": lambda r: Targets(self._place(r, "targets")),
            "people": self._people,
            "data": self._data,
            "amount": self._amount,
            "never": lambda r: Always(False, r.text("never")),
            "unasked": lambda r: Always(None, r.text("unasked")),
        }
        for kind, read in kinds.items():
            if one.has(kind):
                condition = read(one)
                one.finish("text", *(() if kind != "fact" else ("is", "in")))
                return condition
        one.taken |= set(kinds)
        one.finish()
        if not data:
            one.fault(None, "an empty condition says nothing; leave it out")
        return ALWAYS

    def _parts(self, data: Any) -> tuple[Condition, ...]:
        items = data if isinstance(data, list) else [data]
        lines = items.lines if isinstance(items, Items) else [None] * len(items)
        return tuple(self.read(item, line) for item, line in zip(items, lines, strict=True))

    def _checked(self, one: Reader, key: str, check: Callable[[str], object], value: str) -> None:
        try:
            check(value)
        except BreachkitError as problem:
            one.fault(key, str(problem))

    def _fact(self, one: Reader) -> Condition:
        key = one.text("fact", needed=True)
        values = one.texts("is") or one.texts("in")
        if not values:
            one.fault("fact", f"a condition on '{key}' needs `is:` or `in:`")
        try:
            spec = self.words.spec(key)
            if spec.type == "yes_no" and not set(values) <= {"yes", "no"}:
                one.fault("is", f"{key} is yes or no")
            if spec.type == "choice" and (wrong := [v for v in values if v not in spec.choices]):
                one.fault("is", str(UnknownName(f"value of {key}", wrong[0], spec.choices)))
            if spec.type not in ("yes_no", "choice"):
                one.fault("fact", f"{key} is of type {spec.type}; only yes/no and choices can be compared")
        except BreachkitError as problem:
            one.fault("fact", str(problem))
        return FactIs(key, values, one.text("text") or f"{key} is {' or '.join(values)}")

    def _includes(self, one: Reader) -> Condition:
        key, member = one.text("includes"), one.text("member", needed=True)
        try:
            spec = self.words.spec(key)
            if spec.type != "set":
                one.fault("includes", f"{key} is of type {spec.type}, not a list")
            elif spec.choices and member not in spec.choices:
                one.fault("member", str(UnknownName(f"member of {key}", member, spec.choices)))
        except BreachkitError as problem:
            one.fault("includes", str(problem))
        return Includes(key, member, one.text("text") or f"{key} includes {member}")

    def _known(self, one: Reader) -> Condition:
        key = one.text("known")
        self._checked(one, "known", self.words.spec, key)
        return Known(key, one.text("text") or f"{key} is recorded")

    def _role(self, one: Reader) -> Condition:
        roles, known = one.texts("role"), self.words.spec("role").choices
        for role in roles:
            if role not in known:
                one.fault("role", str(UnknownName("role", role, known)))
        return Role(roles)

    def _sector(self, one: Reader) -> Condition:
        sector = one.text("sector")
        if sector not in self.words.sectors:
            one.fault("sector", str(UnknownName("sector", sector, self.words.sectors)))
        return Sector(sector)

    def _place(self, one: Reader, key: str) -> str:
        place = one.text(key)
        self._checked(one, key, self.words.place, place)
        return place

    def _people(self, one: Reader) -> Condition:
        inner = one.inner("people")
        if inner is None:
            return ALWAYS
        place = inner.text("in") or None
        if place is not None:
            self._checked(inner, "in", self.words.place, place)
        counts = inner.choice("counts", get_args(Counted))
        op, number = self._limit(inner)
        if place is None and counts != "total":
            inner.fault("counts", "counting residents or covered persons needs `in: <place>`")
        inner.finish()
        return People(counts, op, number, place)

    def _amount(self, one: Reader) -> Condition:
        inner = one.inner("amount")
        if inner is None:
            return ALWAYS
        key = inner.text("fact", needed=True)
        try:
            if (spec := self.words.spec(key)).type != "count":
                inner.fault("fact", f"{key} is of type {spec.type}, not a number")
        except BreachkitError as problem:
            inner.fault("fact", str(problem))
        op, number = self._limit(inner)
        inner.finish()
        return Amount(key, op, number, one.text("text") or f"{key} {op} {number}")

    def _limit(self, inner: Reader) -> tuple[Op, int]:
        """The operator and number of a threshold; both must be written."""
        written, number = inner.text("op"), inner.text("number", needed=True)
        op = next((known for known in OPS if known == written), None)
        if op is None:
            inner.fault(
                "op", f"a threshold needs an operator `op:`, one of {', '.join(OPS)}: '>' and '>=' are not the same law"
            )
        if number and not number.isdigit():
            inner.fault("number", f"'{number}' is not a whole number")
        return op or ">=", int(number) if number.isdigit() else 0

    def _data(self, one: Reader) -> Condition:
        inner = one.inner("data")
        if inner is None:
            return ALWAYS
        with_name, alone, linking = inner.texts("with_name"), inner.texts("alone"), inner.texts("names")
        for key, names in (("with_name", with_name), ("alone", alone), ("names", linking)):
            for name in names:
                self._checked(inner, key, self.words.category, name)
        ids = with_name + alone
        if not ids:
            inner.fault(None, "`data:` needs `with_name:` or `alone:`")
        unprotected = inner.flag("unprotected", default=True)
        inner.finish()
        known = self.words.categories

        def canonical(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(self.words.category(n) for n in names if n in known or n in self.words._category_names)

        return Data(canonical(with_name), canonical(alone), unprotected, canonical(linking) or ("full_name",))
