"""Reads the shipped vocabulary and the directory of authorities into domain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from breachkit.content.shipped import VOCABULARY, compiled_bytes
from breachkit.content.yamlfile import to_json
from breachkit.domain.law import Authority, Directory
from breachkit.domain.vocabulary import Category, Element, FactSpec, Place, Start, Vocabulary


@cache
def vocabulary_bytes() -> bytes:
    """All words of the vocabulary, as JSON."""
    return compiled_bytes(VOCABULARY.rglob("*.yaml"), cache_name="vocabulary", base=VOCABULARY, make=to_json)


@cache
def _files() -> Mapping[str, dict[str, Any]]:
    found: Mapping[str, dict[str, Any]] = json.loads(vocabulary_bytes())
    return found


def _table(file: str, key: str) -> Mapping[str, dict[str, Any]]:
    found: Mapping[str, dict[str, Any]] = _files()[file][key]
    return found


@cache
def load_vocabulary() -> Vocabulary:
    """The shipped words, read once."""
    places = _table("places.yaml", "places")
    sectors = _table("sectors.yaml", "sectors")
    return Vocabulary(
        facts={key: _fact(key, row) for key, row in _table("facts.yaml", "facts").items()},
        starts={word: _start(word, row) for word, row in _table("starts.yaml", "starts").items()},
        categories={id: _category(id, row) for id, row in _table("data_categories.yaml", "categories").items()},
        elements={id: _element(id, row) for id, row in _table("elements.yaml", "elements").items()},
        sectors={id: row["label"] for id, row in sectors.items()},
        sector_implies={id: tuple(row.get("implies") or ()) for id, row in sectors.items()},
        places={code: Place(code, row["name"], row["zone"]) for code, row in places.items()},
        groups={name: tuple(members) for name, members in _files()["places.yaml"]["groups"].items()},
        not_codes=dict(_files()["places.yaml"].get("not_codes") or {}),
        part_of={code: row["part_of"] for code, row in places.items() if row.get("part_of")},
        same_place={code: row["same_as"] for code, row in places.items() if row.get("same_as")},
    )


def _fact(key: str, row: Mapping[str, Any]) -> FactSpec:
    return FactSpec(
        key,
        row["group"],
        row["type"],
        row["asks"],
        row["why"],
        dict(row.get("choices") or {}),
        row.get("of"),
        row.get("unit"),
        dict(row.get("names") or {}),
        row.get("unknown_is_answer") == "yes",
        row.get("prose") == "yes",
        int(row.get("settles") or 0),
    )


def _start(word: str, row: Mapping[str, Any]) -> Start:
    return Start(word, row.get("fact"), tuple(row.get("falls_back") or ()), row["text"])


def _category(id: str, row: Mapping[str, Any]) -> Category:
    return Category(
        id,
        row["label"],
        row["group"],
        {"yes": "art9", "criminal": "art10"}.get(row.get("special") or ""),
        tuple(row.get("broader") or ()),
        tuple(tuple(group) for group in row.get("all_of") or ()),
        tuple(row.get("any_of") or ()),
        tuple(row.get("aka") or ()),
        row.get("enisa"),
        row.get("dpv"),
    )


def _element(id: str, row: Mapping[str, Any]) -> Element:
    return Element(
        id,
        row["label"],
        row["asks"],
        tuple(row.get("facts") or ()),
        row.get("where_possible") == "yes",
        tuple(row.get("broader") or ()),
        tuple(row.get("part_of") or ()),
        row.get("form") == "yes",
    )


@cache
def load_directory() -> Directory:
    """The shipped authorities and who is competent where."""
    authorities: dict[str, Authority] = {}
    competent: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, written in _files().items():
        if not name.startswith("authorities/"):
            continue
        authorities |= {id: _authority(id, row) for id, row in written["authorities"].items()}
        for function, table in (written.get("directory") or {}).items():
            if isinstance(table, dict):
                known = competent.setdefault(function, {})
                known |= {place: _ids(found) for place, found in table.items() if _ids(found)}
    return Directory(authorities, competent)


def _ids(found: str | list[str] | None) -> tuple[str, ...]:
    if found is None:
        return ()
    return (found,) if isinstance(found, str) else tuple(found)


def _authority(id: str, row: Mapping[str, Any]) -> Authority:
    channel = row.get("channel")
    checked = row.get("last_checked")
    return Authority(
        id,
        row["name"],
        row["place"],
        row["zone"],
        _channel(channel) if channel else None,
        tuple(row.get("languages") or ()),
        date.fromisoformat(checked) if checked else None,
        row["confidence"],
        row.get("name_en"),
        tuple(row.get("notes") or ()),
    )


def _channel(channel: Mapping[str, str]) -> str:
    text = channel.get("text") or ""
    more = [channel[key] for key in ("url", "email", "phone") if channel.get(key)]
    # A bare site that the text names already is not said twice.
    return " - ".join([text, *(item for item in more if item.removeprefix("https://") not in text)]).strip(" -")
