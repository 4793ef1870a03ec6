"""Reads facts files (format breachkit/facts@1): everything known of one incident, in one file, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from breachkit.content.organisations import load_organisation, read_profile
from breachkit.content.vocabulary import load_vocabulary
from breachkit.content.yamlfile import MAX_FAULTS, Lines, Reader, parse_yaml, read_yaml
from breachkit.domain.facts import Certainty, Fact, read_instant, read_value
from breachkit.domain.organisation import Organisation
from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import BadFile, BadValue, BreachkitError, Fault

FORMAT = "breachkit/facts@1"
_ADDED = {"value", "source", "certainty", "happened_at"}


@dataclass(frozen=True, slots=True)
class FactsFile:
    """What a facts file holds."""

    organisation: Organisation | None
    facts: Mapping[str, Fact]
    """The file's own facts, without the profile's."""

    @property
    def all_facts(self) -> dict[str, Fact]:
        """The profile's facts and the file's; the file's win."""
        profile = dict(self.organisation.facts) if self.organisation else {}
        return {**profile, **self.facts}

    def written(self, *, source: str | None = None) -> dict[str, dict[str, Any]]:
        """Each fact as the journal takes it, with who said so and how sure; `source` where the file names nobody."""
        return {
            key: {
                "value": fact.raw,
                "source": fact.source or source,
                "certainty": fact.certainty,
                "happened_at": fact.happened_at.written if fact.happened_at else None,
            }
            for key, fact in self.facts.items()
        }


def load_facts_file(path: Path) -> FactsFile:
    """Read a file; `-` is standard input's matter and not handled here. BadFile with every fault, nothing half-loaded."""
    return _read(read_yaml(path, name=str(path)), str(path), path.parent)


def parse_facts(text: bytes | str, name: str = "<facts>", *, beside: Path | None = None) -> FactsFile:
    """Read facts from text."""
    return _read(parse_yaml(text, name), name, beside or Path())


def _read(data: Lines, file: str, beside: Path) -> FactsFile:
    faults: list[Fault] = []
    top = Reader(data, file, faults, "the facts file")
    if top.text("format", needed=True) not in ("", FORMAT):
        top.fault("format", f"format must be '{FORMAT}'")
    organisation = _organisation(top, file, beside)
    inner = top.inner("facts")
    facts = _facts(inner, load_vocabulary()) if inner is not None else {}
    if inner is None:
        top.fault("facts", "'facts' is missing: a mapping of fact keys to values")
    top.finish()
    if faults:
        raise BadFile(faults)
    return FactsFile(organisation, facts)


def _organisation(top: Reader, file: str, beside: Path) -> Organisation | None:
    named = top.raw("organisation")
    if named is None:
        return None
    try:
        if isinstance(named, str):
            return load_organisation(named, beside=beside)
        return read_profile(named, file)
    except BadFile as problem:
        top.faults += problem.faults
    except BreachkitError as problem:
        top.fault("organisation", str(problem))
    return None


def _facts(inner: Reader, words: Vocabulary) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    written_as: dict[str, str] = {}
    for key, raw in inner.data.items():
        if len(inner.faults) >= MAX_FAULTS:
            break
        try:
            fact = make_fact(key, raw, words)
        except BreachkitError as problem:
            inner.fault(key, str(problem))
            continue
        if fact.key in facts:
            inner.fault(key, f"'{key}' and '{written_as[fact.key]}' are the same fact; keep one")
        facts[fact.key] = fact
        written_as[fact.key] = key
    return facts


def make_fact(key: str, raw: Any, words: Vocabulary, *, source: str | None = None) -> Fact:
    """One fact from what a person wrote: a value, or a mapping of value, source, certainty and happened_at."""
    spec = words.spec(key)
    certainty: Certainty = "confirmed"
    happened = None
    if isinstance(raw, dict) and "value" in raw and set(raw) <= _ADDED:
        for name in _ADDED - {"value"}:
            if raw.get(name) is not None and not isinstance(raw[name], str):
                raise BadValue(f"{name} of {key} must be text")
        source = raw.get("source") or source
        given: Any = raw.get("certainty") or "confirmed"
        if given not in get_args(Certainty):
            raise BadValue(f"certainty of {key} is confirmed or estimated, not '{given}'")
        certainty = given
        happened = read_instant(raw["happened_at"]) if raw.get("happened_at") else None
        raw = raw["value"]
    value = read_value(spec, raw, words)
    canonical = _canonical(key, words)
    return Fact(canonical, value, _plain(raw), source, certainty, happened, unknown_is_answer=spec.unknown_is_answer)


def _canonical(key: str, words: Vocabulary) -> str:
    """The key with its categories and places as breachkit writes them."""
    parts = key.split(".")
    for index, part in enumerate(parts):
        if index and parts[index - 1] == "in" and part in words.same_place:
            parts[index] = words.same_place[part]
        elif index and parts[index - 1] in ("with", "for", "encrypted", "key_taken"):
            parts[index] = words.category(part)
    return ".".join(parts)


def _plain(raw: Any) -> Any:
    if isinstance(raw, dict):
        return {key: _plain(value) for key, value in raw.items()}
    return [_plain(item) for item in raw] if isinstance(raw, list) else raw
