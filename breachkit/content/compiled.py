"""Laws as one JSON table of shared parts: read back in milliseconds, one regime alone if need be, equal to what the files say.

Equal conditions become one object, in all regimes together. That is what lets an assessment answer each question once.
Conditions used by name are put in place here, so that a law read back needs no names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from breachkit.domain import conditions, law, periods
from breachkit.domain.conditions import Condition, Use
from breachkit.domain.law import Regime

SHAPE = 1
_CLASSES: tuple[type, ...] = (
    conditions.All, conditions.AnyOf, conditions.Not, conditions.Always, conditions.FactIs, conditions.Includes,
    conditions.Known, conditions.Role, conditions.Sector, conditions.Established, conditions.Targets, conditions.People,
    conditions.Data, conditions.Amount, periods.Hours, periods.Days, periods.BusinessDays, periods.Months, law.Citation,
    law.Recipient, law.Due, law.DueIf, law.Hold, law.SubstituteLimits, law.Substitute, law.Exemption, law.SometimesContent,
    law.Replaced, law.DutyVersion, law.Duty, law.Embargo, law.Regime,
)  # fmt: skip
"""In an order that only grows: a class is written as its number."""
_NUMBERS = {one: number for number, one in enumerate(_CLASSES)}
_IN_PLACE = {"conditions"}
"""Fields that are not written: conditions with names are in their places already."""


def compile_regimes(regimes: Iterable[Regime]) -> dict[str, Any]:
    """The regimes as JSON data."""
    writer = _Writer()
    places = {regime.id: writer.add(regime, regime.conditions) for regime in regimes}
    classes = [[one.__name__, _names(one), writer.kinds.get(number, [])] for number, one in enumerate(_CLASSES)]
    return {"shape": SHAPE, "classes": classes, "nodes": writer.nodes, "regimes": places}


def regimes_in(table: Mapping[str, Any], only: Collection[str] | None = None) -> tuple[Regime, ...]:
    """The regimes of a table, or those of these ids. ValueError or KeyError when a newer version wrote the table."""
    if table["shape"] != SHAPE:
        raise ValueError(f"a law table of shape {table['shape']}; this version reads {SHAPE}")
    read = _Reader(table["nodes"], table["classes"]).node
    places: Mapping[str, int] = table["regimes"]
    return tuple(read(place) for id, place in places.items() if only is None or id in only)


class _Writer:
    """Gives every distinct part a number, parts before the wholes they belong to."""

    def __init__(self) -> None:
        self.nodes: list[list[Any]] = []
        self.kinds: dict[int, list[str]] = {}
        self._known: dict[str, int] = {}

    def add(self, value: Any, named: Mapping[str, Condition]) -> int:
        """The number of a part."""
        while isinstance(value, Use):
            value = named[value.name]
        number = _NUMBERS[type(value)]
        names = _names(type(value))
        kinds = self.kinds.setdefault(number, [_EMPTY] * len(names))
        row: list[Any] = [number]
        for place, name in enumerate(names):
            inner = () if name in _IN_PLACE else getattr(value, name)
            if (kind := "names" if name in _IN_PLACE else _kind(inner)) != _EMPTY:
                kinds[place] = kind
            row.append(self._written(inner, named))
        key = repr(row)
        if key not in self._known:
            self._known[key] = len(self.nodes)
            self.nodes.append(row)
        return self._known[key]

    def _written(self, value: Any, named: Mapping[str, Condition]) -> Any:
        if is_dataclass(value):
            return self.add(value, named)
        if isinstance(value, tuple):
            return [self._written(item, named) for item in value]
        return value.isoformat() if isinstance(value, date) else value


def _names(one: type) -> list[str]:
    return [field.name for field in fields(one)]


_EMPTY = ""
"""The kind of a field that was never filled: nothing, or an empty list."""


def _kind(value: Any) -> str:
    """How a field is written. A field is always written in one way, or is empty."""
    if value is None or value == ():
        return _EMPTY
    if isinstance(value, tuple):
        return "parts" if is_dataclass(value[0]) else "pairs" if isinstance(value[0], tuple) else "list"
    if is_dataclass(value):
        return "part"
    return "date" if isinstance(value, date) else "plain"


class _Reader:
    """Builds parts when they are asked for, each once."""

    def __init__(self, nodes: Sequence[list[Any]], classes: Sequence[tuple[str, list[str], list[str]]]) -> None:
        known = {one.__name__: one for one in _CLASSES}
        self._classes = [_Class(known[name], names, self._changed(kinds)) for name, names, kinds in classes]
        self._nodes = nodes
        self._built: dict[int, Any] = {}

    def node(self, number: int) -> Any:
        """The part of that number."""
        if (built := self._built.get(number)) is None:
            row = self._nodes[number]
            one, values = self._classes[row[0]], row[1:]
            for place, change in one.changed:
                if values[place] is not None:
                    values[place] = change(values[place])
            built = self._built[number] = (
                one.make(*values) if one.same else one.make(**dict(zip(one.names, values, strict=True)))
            )
        return built

    def _changed(self, kinds: Sequence[str]) -> list[tuple[int, Callable[[Any], Any]]]:
        changes: dict[str, Callable[[Any], Any]] = {
            "part": self.node,
            "parts": lambda value: tuple(map(self.node, value)),
            "pairs": lambda value: tuple(map(tuple, value)),
            "list": tuple,
            "date": date.fromisoformat,
            "names": lambda _: {},
            _EMPTY: lambda _: (),
        }
        return [(place, changes[kind]) for place, kind in enumerate(kinds) if kind != "plain"]


class _Class:
    """How the rows of one class become objects."""

    def __init__(self, make: type, names: list[str], changed: list[tuple[int, Callable[[Any], Any]]]) -> None:
        self.make, self.names, self.changed = make, names, changed
        # A table of an older version names fewer fields, perhaps in another order; what it lacks has its usual value.
        self.same = names == _names(make)
