"""YAML as breachkit reads it: every scalar is text, nothing is turned into a boolean, date or number, and lines are known.

Norway stays NO, Ontario stays ON, duplicate keys and aliases are refused. What it means is for each kind of file's reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml

from breachkit.errors import BadFile, Fault, nearest

MAX_BYTES = 5_000_000
MAX_DEPTH = 40
MAX_FAULTS = 200
"""Of one file; whoever mends these sees what is left. Finding the nearest right name to a million wrong ones takes minutes."""
_NULLS = {"", "~", "null"}

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]  # the same interface, slower


class Lines(dict[str, Any]):
    """A mapping that knows where it and each of its keys stand."""

    line: int = 0
    lines: dict[str, int]

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line, self.lines = line, {}

    def line_of(self, key: str) -> int:
        """The 1-based line of a key; of the mapping where the key is not in it."""
        return self.lines.get(key, self.line)


class Items(list[Any]):
    """A list that knows where each of its items stands."""

    line: int = 0
    lines: list[int]

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line, self.lines = line, []


def read_yaml(path: Path, *, name: str | None = None) -> Lines:
    """The mapping a file holds. BadFile when it is missing, not YAML, or not a mapping."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)  # a device or a pipe may never end
    except OSError as problem:
        raise BadFile([Fault(name or str(path), None, f"cannot be read: {problem.strerror or problem}")]) from problem
    if len(raw) > MAX_BYTES:
        raise BadFile([Fault(name or str(path), None, f"is larger than {MAX_BYTES} bytes")])
    return parse_yaml(raw, name or path.name)


def parse_yaml(raw: bytes | str, name: str) -> Lines:
    """The mapping this text holds; `name` is what faults call it."""
    if len(raw) > MAX_BYTES:
        raise BadFile([Fault(name, None, f"is larger than {MAX_BYTES} bytes")])
    try:
        builder = _Builder(raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw, name)
        value = builder.document()
    except UnicodeError as problem:
        where = f" (byte {problem.start})" if isinstance(problem, UnicodeDecodeError) else ""
        raise BadFile([Fault(name, None, f"is not UTF-8 text{where}")]) from problem
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        text = getattr(problem, "problem", None) or getattr(problem, "reason", None) or str(problem)
        raise BadFile([Fault(name, mark.line + 1 if mark else None, f"is not valid YAML: {text}")]) from problem
    if builder.faults:
        raise BadFile(builder.faults)
    if not isinstance(value, Lines):
        raise BadFile([Fault(name, 1, "must be a mapping of `key: value` lines")])
    return value


class _Builder:
    """Builds plain values from the parser's events, one by one, so that depth and aliases are refused before they cost."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []
        self._loader = _Loader(text)

    def document(self) -> Any:
        """The only document of the text; None when it is empty."""
        try:
            self._next()  # the stream's start
            value = None
            if not isinstance(event := self._next(), yaml.StreamEndEvent):
                value = self._value(self._next(), 0)
                self._next()  # the document's end
                event = self._next()
            if not isinstance(event, yaml.StreamEndEvent):
                self._fault(event, "holds more than one document (---); keep one")
            return value
        except _NotWorthIt:
            return None
        finally:
            self._loader.dispose()

    def _next(self) -> Any:
        return self._loader.get_event()

    def _fault(self, event: Any, text: str) -> None:
        self.faults.append(Fault(self.name, event.start_mark.line + 1, text))
        if len(self.faults) >= MAX_FAULTS:
            raise _NotWorthIt

    def _value(self, event: Any, depth: int) -> Any:
        if getattr(event, "tag", None) is not None:
            self._fault(event, f"tags ({event.tag}) are not read; write the value without it")
        if isinstance(event, yaml.ScalarEvent):
            text: str = event.value
            return None if event.style in (None, "") and text in _NULLS else text
        if isinstance(event, yaml.AliasEvent):
            self._fault(event, "aliases (*name) are not read; write the value out")
            return None
        if depth > MAX_DEPTH:
            self._fault(event, "is nested too deeply")
            raise _NotWorthIt
        return self._mapping(event, depth) if isinstance(event, yaml.MappingStartEvent) else self._items(event, depth)

    def _items(self, start: Any, depth: int) -> Items:
        items = Items(start.start_mark.line + 1)
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._value(event, depth + 1))
            items.lines.append(event.start_mark.line + 1)
        return items

    def _mapping(self, start: Any, depth: int) -> Lines:
        mapping = Lines(start.start_mark.line + 1)
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            named = isinstance(event, yaml.ScalarEvent)
            if not named:
                self._fault(event, "a key must be plain text")
                self._value(event, depth + 1)
            elif not event.value.isascii():
                self._fault(event, f"'{event.value}': a key is an id and is written in ASCII")
            value = self._value(self._next(), depth + 1)
            if named and event.value in mapping:
                first = mapping.lines[event.value]
                self._fault(event, f"'{event.value}' is said twice (first in line {first}); keep one")
            elif named:
                mapping[event.value] = value
                mapping.lines[event.value] = event.start_mark.line + 1
        return mapping


class _NotWorthIt(Exception):
    """Nothing below is worth reading."""


Option = TypeVar("Option", bound=str)


class Reader:
    """Takes keys out of one mapping, collecting faults with file and line; what nobody took is an unknown key."""

    def __init__(self, data: Any, file: str, faults: list[Fault], what: str = "") -> None:
        self.file, self.faults, self.what = file, faults, what
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        self.line: int | None = getattr(data, "line", None)
        self.taken: set[str] = set()
        if not isinstance(data, dict):
            self.fault(None, f"{what or 'this'} must be a mapping of `key: value` lines")

    def line_of(self, key: str | None) -> int | None:
        """The line of a key, where lines are known."""
        return self.data.line_of(key) if key is not None and isinstance(self.data, Lines) else self.line

    def fault(self, key: str | None, text: str) -> None:
        """Note one fault at that key."""
        self.faults.append(Fault(self.file, self.line_of(key), text))

    def raw(self, key: str) -> Any:
        """The value as it stands; None when it is left out or null."""
        self.taken.add(key)
        return self.data.get(key)

    def has(self, key: str) -> bool:
        """Whether the key stands there at all."""
        return key in self.data

    def text(self, key: str, *, needed: bool = False, default: str = "") -> str:
        """A text value."""
        value = self.raw(key)
        if value is None:
            if needed:
                self.fault(key, f"'{key}' is missing{' in ' + self.what if self.what else ''}")
            return default
        if not isinstance(value, str):
            self.fault(key, f"'{key}' must be text")
            return default
        return value.strip()

    def choice(self, key: str, options: tuple[Option, ...], *, default: Option | None = None) -> Option:
        """One of the options; the first or `default` stands in where it is wrong or left out."""
        value = self.text(key, needed=default is None, default=default or options[0])
        for option in options:
            if option == value:
                return option
        close = nearest(value, options)
        hint = f"; did you mean '{close[0]}'?" if close else f"; write one of {', '.join(options)}"
        self.fault(key, f"unknown {key} '{value}'{hint}")
        return default or options[0]

    def flag(self, key: str, *, default: bool = False) -> bool:
        """yes or no."""
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        if value in ("yes", "true", "no", "false"):
            return value in ("yes", "true")
        self.fault(key, f"'{key}' takes yes or no, not '{value}'")
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text alone counts as a list of one."""
        value = self.raw(key)
        if value is None:
            return ()
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self.fault(key, f"'{key}' must be a list of texts such as [a, b]")
            return ()
        return tuple(items)

    def mappings(self, key: str) -> Iterator[Reader]:
        """A list of mappings, each with its own reader."""
        value = self.raw(key)
        if value is None:
            return
        if not isinstance(value, list):
            self.fault(key, f"'{key}' must be a list")
            return
        for item in value:
            yield Reader(item, self.file, self.faults, f"an entry of '{key}'")

    def inner(self, key: str) -> Reader | None:
        """A mapping under a key; None when left out."""
        value = self.raw(key)
        return None if value is None else Reader(value, self.file, self.faults, f"'{key}'")

    def finish(self, *also: str) -> None:
        """Every key nobody took is a fault, with the nearest right name."""
        known = self.taken | set(also)
        for key in self.data:
            if len(self.faults) >= MAX_FAULTS:
                break
            if key not in known:
                close = nearest(key, known)
                hint = f"; did you mean '{close[0]}'?" if close else f"; known here: {', '.join(sorted(known))}"
                self.fault(key, f"unknown key '{key}'{' in ' + self.what if self.what else ''}{hint}")


def to_json(value: Any) -> str:
    """Compact JSON of a plain value, for the cache."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
