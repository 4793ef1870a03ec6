"""The law library as a person reads it, and the check of law files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, assert_never

from breachkit.content.law_reader import Words, read_regimes
from breachkit.content.laws import load_laws
from breachkit.content.vocabulary import load_directory, load_vocabulary
from breachkit.content.yamlfile import read_yaml
from breachkit.domain.conditions import (
    All,
    Always,
    Amount,
    AnyOf,
    Condition,
    Data,
    Established,
    FactIs,
    Includes,
    Known,
    Not,
    People,
    Role,
    Sector,
    Targets,
    Use,
)
from breachkit.domain.law import Citation, Directory, Due, Duty, DutyVersion, Embargo, Recipient, Regime
from breachkit.domain.periods import say_period
from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import BadFile, Fault


def check(paths: tuple[Path, ...]) -> tuple[Regime, ...]:
    """Read law files, or the shipped ones when none are named. BadFile with every fault of every file."""
    if not paths:
        return load_laws()
    files: dict[str, Any] = {}
    faults: list[Fault] = []
    for path in paths:
        inside = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        if not inside:
            faults.append(Fault(str(path), None, "holds no .yaml file"))
        for one in inside:
            try:
                files[str(one)] = read_yaml(one, name=str(one))
            except BadFile as problem:
                faults += problem.faults
    if faults:
        raise BadFile(faults)
    return read_regimes(files, Words(load_vocabulary(), load_directory()), "user")


def explain(regime: Regime, which: str, words: Vocabulary, directory: Directory) -> Iterator[str]:
    """The law in lines: each duty in each of its texts, newest first."""
    yield f"{regime.title} ({regime.id})"
    yield f"  of {words.place_name(regime.place)}; days are counted in {regime.zone}; {regime.source.text}"
    yield f"  last compared with its source: {regime.reviewed}; from pack: {regime.pack}"
    yield "  Information, not legal advice: check the act before relying on a row."
    for note in regime.notes:
        yield f"  note: {note}"
    for duty in regime.duties:
        if which in (regime.id, duty.id):
            yield ""
            yield from _duty(duty, regime, words, directory)
    for embargo in regime.embargoes:
        if which in (regime.id, embargo.id):
            yield ""
            yield from _embargo(embargo, words)


def as_json(regime: Regime, which: str) -> dict[str, Any]:
    """The law as data, every text of every duty."""
    duties = [duty for duty in regime.duties if which in (regime.id, duty.id)]
    return {
        "id": regime.id,
        "title": regime.title,
        "place": regime.place,
        "source": asdict(regime.source),
        "reviewed": regime.reviewed.isoformat(),
        "pack": regime.pack,
        "duties": [
            {
                "id": duty.id,
                "title": duty.title,
                "versions": [
                    {
                        "version": version.version,
                        "in_force": version.status,
                        "from": _day(version.starts_on),
                        "until": _day(version.ends_on),
                        "recipient": {"kind": version.recipient.kind, "name": version.recipient.name},
                        "within": say_period(version.due.period) if version.due.period else None,
                        "from_start": version.due.starts,
                        "after": version.due.after,
                        "qualifier": version.due.qualifier,
                        "content": list(version.content),
                        "forbidden": list(version.forbidden),
                        "cite": [asdict(cite) for cite in version.cite],
                        "confidence": version.confidence,
                    }
                    for version in duty.versions
                ],
            }
            for duty in duties
        ],
    }


def _duty(duty: Duty, regime: Regime, words: Vocabulary, directory: Directory) -> Iterator[str]:
    yield f"{duty.id}: {duty.title}"
    for version in sorted(duty.versions, key=lambda v: v.starts_on or date.min, reverse=True):
        yield from _version(version, regime, words, directory)


def _version(version: DutyVersion, regime: Regime, words: Vocabulary, directory: Directory) -> Iterator[str]:
    since = f"from {version.starts_on}" if version.starts_on else "from an unknown day"
    until = f" until {version.ends_on}" if version.ends_on else ""
    force = {"in_force": "", "enacted": " - enacted, not started: never owed", "proposed": " - only proposed: never owed"}
    state = force.get(version.status, " - whether in force is not known: never owed")
    yield f"  text '{version.version}', {since}{until}{state}"
    yield f"    tells    {_recipient(version.recipient, directory)}"
    yield f"    within   {_due(version.due, words)}"
    yield from _tree("reaches", version.scope, regime, words)
    yield from _tree("when", version.when, regime, words)
    if version.presumed:
        yield "    burden   owed unless the organisation can show otherwise"
    for exemption in version.exempt:
        yield f"    unless   {exemption.text} [{_cites(exemption.cite)}]"
    for replaced in version.replaced:
        yield f"    replaced by {replaced.by}: {replaced.text}"
    if version.content:
        yield f"    says     {', '.join(words.elements[id].label for id in version.content)}"
    if version.forbidden:
        yield f"    must not say {', '.join(words.elements[id].label for id in version.forbidden)}"
    if version.extension:
        yield f"    extension {version.extension}"
    yield f"    source   {_cites(version.cite)} ({version.confidence})"
    for note in version.notes:
        yield f"    note     {note}"


def _embargo(embargo: Embargo, words: Vocabulary) -> Iterator[str]:
    kinds = ", ".join(embargo.holds)
    yield f"{embargo.id}: nobody of these may be told earlier: {kinds}"
    wait = say_period(embargo.period)
    yield f"    wait     {wait} in full after the filing of {embargo.after}, on the calendar of {embargo.calendar}"
    yield f"    because  {embargo.text}"
    if embargo.lifted is not None:
        yield f"    lifted   {_say(embargo.lifted, words)}"
    yield f"    source   {_cites(embargo.cite)} ({embargo.confidence})"


def _recipient(recipient: Recipient, directory: Directory) -> str:
    if recipient.resolve == "fixed":
        return "; ".join(directory.authorities[id].name for id in recipient.authorities)
    how = {
        "lead_or_each": " - the one of the main establishment; without one in the group, every one where affected people live",
        "home": " - of the place of establishment",
        "controllers": " - each one",
    }
    return recipient.name + how.get(recipient.resolve, "")


def _due(due: Due, words: Vocabulary) -> str:
    period = say_period(due.period) if due.period is not None else ""
    word = due.starts or ""
    start = words.starts[word].text if word in words.starts else word or f"the filing of {due.after}"
    text = f"{period} from {start}" if period else f"{due.qualifier}, from {start}"
    if period and due.qualifier:
        text += f" ({due.qualifier})"
    if due.counting == "reg_1182_71":
        text += "; outer limit by Regulation 1182/71"
    for other in due.earliest_of:
        text += f"; or {_due(other, words)}, whichever is first"
    return text


def _tree(label: str, condition: Condition, regime: Regime, words: Vocabulary) -> Iterator[str]:
    text = _say(condition, words, regime)
    if text != "always":
        yield f"    {label:<8} {text}"


def _say(condition: Condition, words: Vocabulary, regime: Regime | None = None) -> str:
    match condition:
        case All(parts):
            return " and ".join(_grouped(part, words, regime) for part in parts) or "always"
        case AnyOf(parts):
            return " or ".join(_grouped(part, words, regime) for part in parts) or "never"
        case Not(part):
            return f"not ({_say(part, words, regime)})"
        case Use(name):
            return _say(regime.conditions[name], words, regime) if regime is not None else name
        case Always(False, text):
            return f"never: {text}"
        case Always(_, text) | FactIs(text=text) | Includes(text=text):
            return text
        case Known(text=text):
            return text
        case Role(roles):
            return f"acts as {' or '.join(role.replace('_', ' ') for role in roles)}"
        case Sector(sector):
            return f"is: {words.sectors[sector]}"
        case Established(place):
            return f"is established in {words.place_name(place)}"
        case Targets(place):
            return f"people in {words.place_name(place)}, whom it addresses, are affected"
        case People(counts, op, number, place):
            where = f" in {words.place_name(place)}" if place else ""
            return f"{counts.replace('_', ' ')}{where} {op} {number}"
        case Amount(text=text):
            return text
        case Data(with_name, alone, unprotected, names):
            readable = ", unencrypted or with the key taken" if unprotected else ""
            link = "a name" if names == ("full_name",) else f"one of ({_labels(names, words)})"
            named = f"{link} with {_labels(with_name, words)}" if with_name else ""
            return " or ".join(part for part in (named, _labels(alone, words)) if part) + readable
        case _:
            assert_never(condition)


def _grouped(part: Condition, words: Vocabulary, regime: Regime | None) -> str:
    text = _say(part, words, regime)
    inner = regime.conditions.get(part.name, part) if isinstance(part, Use) and regime is not None else part
    return f"({text})" if isinstance(inner, (All, AnyOf)) and len(inner.parts) > 1 else text


def _labels(ids: Iterable[str], words: Vocabulary) -> str:
    return ", ".join(words.categories[id].label for id in ids)


def _cites(citations: Iterable[Citation]) -> str:
    return "; ".join(f"{cite.text}{f' <{cite.url}>' if cite.url else ''}" for cite in citations)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
