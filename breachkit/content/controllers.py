"""Reads a CSV of a processor's clients into `controllers.<id>.*` facts."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

from breachkit.errors import BadFile, Fault

PLAIN = ("name", "contact")


def read_controllers(path: Path) -> dict[str, Any]:
    """Facts by key from columns id, name, contact, data.categories, people.total, people.in.<PLACE>; BadFile with all."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadFile([Fault(str(path), None, f"cannot be read as UTF-8 text: {problem}")]) from problem
    rows = csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True)
    columns = rows.fieldnames or []
    faults = [Fault(str(path), 1, f"unknown column '{name}'; known: id, {_KNOWN}") for name in columns if not _known(name)]
    faults += [Fault(str(path), 1, f"the column '{name}' is there twice") for name in set(columns) if columns.count(name) > 1]
    if "id" not in columns:
        faults.append(Fault(str(path), 1, "the column 'id' is missing: a short name for each client, such as agency-17"))
    facts: dict[str, Any] = {}
    try:
        for row in rows:
            id = (row.get("id") or "").strip()
            if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", id):
                faults.append(Fault(str(path), rows.line_num, f"'{id}' is not an id; write small letters, digits and hyphens"))
                continue
            if f"controllers.{id}.name" in facts:
                faults.append(Fault(str(path), rows.line_num, f"'{id}' is there twice"))
            if "" in row:
                faults.append(Fault(str(path), rows.line_num, "has more cells than the first line has columns"))
            for name in columns:
                value = (row.get(name) or "").strip()
                if name != "id" and value:
                    several = name == "data.categories"
                    facts[f"controllers.{id}.{name}"] = re.split(r"[;,|\s]+", value) if several else value
            facts.setdefault(f"controllers.{id}.name", id)
    except csv.Error as problem:
        faults.append(Fault(str(path), rows.line_num, f"is not a CSV: {problem}"))
    if faults:
        raise BadFile(faults)
    return facts


_KNOWN = "name, contact, data.categories, people.total, people.in.<PLACE>"


def _known(name: str) -> bool:
    return name in ("id", *PLAIN, "data.categories", "people.total") or name.startswith("people.in.")
