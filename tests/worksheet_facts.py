"""Made-up facts for worksheets: none, and one for every key there is, by its type."""

from __future__ import annotations

from typing import Any

from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Fact, read_value
from breachkit.domain.vocabulary import FactSpec

PLACES = ("ES", "GB", "US-CA", "US-IL", "CH", "BR")


def book(raws: dict[str, Any], estimated: frozenset[str] = frozenset()) -> FactBook:
    """A book of facts as a facts file would give it; those of `estimated` are of that certainty."""
    words = load_vocabulary()
    return FactBook(
        {
            key: Fact(
                key, read_value(words.spec(key), raw, words), raw, "test", "estimated" if key in estimated else "confirmed"
            )
            for key, raw in raws.items()
        },
        words,
    )


def full() -> dict[str, Any]:
    """A value for every fact key that takes one. It makes no sense as an incident; it fills every field that facts can fill."""
    words = load_vocabulary()
    found: dict[str, Any] = {}
    for key, spec in words.facts.items():
        if spec.type == "records":
            continue
        for name in _keys(key, spec):
            found[name] = _value(spec)
    counts = {f"people.in.{place}": "100" for place in PLACES}
    return {
        **{key: raw for key, raw in found.items() if ".in." not in key},
        **counts,
        "people.total": "600",
        "people.elsewhere": "0",
    }


def _keys(key: str, spec: FactSpec) -> list[str]:
    if "<" not in key:
        return [key]
    if spec.names:
        start, _, rest = key.partition("<")
        return [f"{start}{name}{rest.partition('>')[2]}" for name in spec.names]
    return []


def _value(spec: FactSpec) -> Any:
    words = load_vocabulary()
    if spec.type == "set":
        members = {"data_category": list(words.categories), "place": ["ES"], "sector": list(words.sectors)[:2]}
        kinds = [one for one, held in words.categories.items() if held.group != "whole"]
        return {**members, "data_category": kinds}.get(spec.of or "", list(spec.choices) or ["other"])
    return {
        "instant": "2026-11-20T22:15:00+01:00[Europe/Brussels]",
        "count": "100",
        "yes_no": "yes",
        "choice": next(iter(spec.choices), "yes"),
        "duration": "PT3H",
        "place": "ES",
        "email": "desk@example-co.invalid",
    }.get(spec.type, f"Words about {spec.key}.")
