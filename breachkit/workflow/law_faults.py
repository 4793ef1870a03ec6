"""Faults of laws, each with a file that can be opened and the line of what it names.

Faults between files, and cases that are missing, know only ids; here the ids are looked up in the files.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from breachkit.content.yamlfile import Lines, read_yaml
from breachkit.errors import BadFile, Fault

Place = tuple[str, int | None]
"""A file and a line."""


def located(faults: Iterable[Fault], files: Sequence[Path], folder: Path) -> Iterator[Fault]:
    """Each fault with a file that can be opened, and the line of what it names where its own is not known."""
    waiting = list(faults)
    places = _places(files) if any(fault.line is None for fault in waiting) else {}
    names = {_relative(path, folder): str(path) for path in files}
    for fault in waiting:
        file = names.get(fault.file, fault.file)
        if fault.line is None and (place := _named(fault, file, places)) is not None:
            yield Fault(*place, fault.text)
        else:
            yield replace(fault, file=file)


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def _places(files: Iterable[Path]) -> Mapping[str, list[Place]]:
    """Where regimes, duties, embargoes and named conditions stand, by their ids."""
    found: dict[str, list[Place]] = defaultdict(list)
    for path in files:
        try:
            top = read_yaml(path)
        except BadFile:
            continue
        for id, line in _ids_in(top):
            found[id].append((str(path), line))
    return found


def _ids_in(top: Lines) -> Iterator[tuple[str, int]]:
    yield str(top.get("id")), top.line_of("id")
    for one in (*(top.get("duties") or ()), *(top.get("embargoes") or ())):
        if isinstance(one, Lines):
            yield str(one.get("id")), one.line_of("id")
    if isinstance(named := top.get("conditions"), Lines):
        yield from ((f"condition '{name}'", line) for name, line in named.lines.items())


def _named(fault: Fault, file: str, places: Mapping[str, list[Place]]) -> Place | None:
    """Where the first thing stands that the fault names, in its own file if that is known."""
    files = {place[0] for found in places.values() for place in found}
    hits = [
        (match.start(), -len(id), place)
        for id, found in places.items()
        if (match := re.search(rf"(?<![\w.-]){re.escape(id)}(?![\w-]|\.\w)", fault.text))
        for place in found
        if file not in files or place[0] == file
    ]
    if hits:
        return min(hits)[2]
    return next(iter(places.get(file, [])), None)
