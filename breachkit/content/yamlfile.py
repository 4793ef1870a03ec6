"""YAML as breachkit reads it: every scalar is text, nothing is turned into a boolean, date or number, and lines are known.

Norway stays NO, Ontario stays ON, duplicate keys and aliases are refused. What it means is for each kind of file's reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from breachkit.errors import BadFile, Fault, nearest

MAX_BYTES = 5_000_000
_NULLS = {"", "~", "null"}

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - PyYAML built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]


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
        raw = path.read_bytes()
    except OSError as problem:
        raise BadFile([Fault(name or str(path), None, f"cannot be read: {problem.strerror or problem}")]) from problem
    if len(raw) > MAX_BYTES:
        raise BadFile([Fault(name or str(path), None, f"is larger than {MAX_BYTES} bytes")])
    return parse_yaml(raw, name or path.name)


def parse_yaml(raw: bytes | str, name: str) -> Lines:
    """The mapping this text holds; `name` is what faults call it."""
    try:
        if isinstance(raw, bytes):
            raw = raw.decode("utf-8-sig")
        node = _compose(raw)
    except UnicodeDecodeError as problem:
        raise BadFile([Fault(name, None, f"is not UTF-8 text (byte {problem.start})")]) from problem
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        text = getattr(problem, "problem", None) or str(problem)
        raise BadFile([Fault(name, mark.line + 1 if mark else None, f"is not valid YAML: {text}")]) from problem
    except RecursionError as problem:
        raise BadFile([Fault(name, None, "is nested too deeply")]) from problem
    if not isinstance(node, MappingNode):
        raise BadFile([Fault(name, 1, "must be a mapping of `key: value` lines")])
    faults: list[Fault] = []
    value = _plain(node, name, faults, 0)
    if faults:
        raise BadFile(faults)
    assert isinstance(value, Lines)
    return value


def _compose(text: str) -> Node | None:
    loader = _Loader(text)
    try:
        # Aliases are refused before anything is built: they are how a small file becomes a huge value.
        return loader.get_single_node()
    finally:
        loader.dispose()


def _plain(node: Node, name: str, faults: list[Fault], depth: int, seen: set[int] | None = None) -> Any:
    line = node.start_mark.line + 1
    seen = set() if seen is None else seen
    if depth > 40:
        faults.append(Fault(name, line, "is nested too deeply"))
        return None
    if id(node) in seen and not isinstance(node, ScalarNode):
        faults.append(Fault(name, line, "aliases (*name) are not read; write the value out"))
        return None
    seen.add(id(node))
    if isinstance(node, ScalarNode):
        text: str = node.value
        return None if node.style in (None, "") and text in _NULLS else text
    if isinstance(node, SequenceNode):
        items = Items(line)
        for child in node.value:
            items.append(_plain(child, name, faults, depth + 1, seen))
            items.lines.append(child.start_mark.line + 1)
        return items
    mapping = Lines(line)
    for key_node, value_node in node.value:
        key_line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            faults.append(Fault(name, key_line, "a key must be plain text"))
            continue
        key = key_node.value
        if key in mapping:
            faults.append(Fault(name, key_line, f"'{key}' is said twice (first in line {mapping.lines[key]}); keep one"))
            continue
        mapping[key] = _plain(value_node, name, faults, depth + 1, seen)
        mapping.lines[key] = key_line
    return mapping


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

    def choice(self, key: str, options: tuple[str, ...], *, default: str | None = None) -> str:
        """One of the options; the first or `default` stands in where it is wrong or left out."""
        value = self.text(key, needed=default is None, default=default or options[0])
        if value not in options:
            close = nearest(value, options)
            hint = f"; did you mean '{close[0]}'?" if close else f"; write one of {', '.join(options)}"
            self.fault(key, f"unknown {key} '{value}'{hint}")
            return default or options[0]
        return value

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
            if key not in known:
                close = nearest(key, known)
                hint = f"; did you mean '{close[0]}'?" if close else f"; known here: {', '.join(sorted(known))}"
                self.fault(key, f"unknown key '{key}'{' in ' + self.what if self.what else ''}{hint}")


def to_json(value: Any) -> str:
    """Compact JSON of a plain value, for the cache."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
