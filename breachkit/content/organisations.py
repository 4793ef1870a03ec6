"""Reads organisation profiles: shipped ones by id, one's own by path, or one written inside a facts file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from breachkit.content.conditions import ConditionReader
from breachkit.content.shipped import shipped
from breachkit.content.vocabulary import load_vocabulary
from breachkit.content.yamlfile import Reader, read_yaml
from breachkit.domain.conditions import ALWAYS, Always, Condition
from breachkit.domain.facts import Fact, read_value
from breachkit.domain.law import RECIPIENT_KINDS, RecipientKind
from breachkit.domain.organisation import Commitment, Gap, Organisation, Source
from breachkit.domain.periods import Period, read_period
from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import BadFile, BadValue, BreachkitError, Fault, UnknownName

FORMAT = "breachkit/organisation@1"
_LISTS = ("roles", "serves", "established_in", "representative_in", "sectors")
_PLAIN = ("main_establishment", "address", "registration", "parent", "free_zone", "small_processing_agent")


def organisation_folder() -> Path:
    """Where the shipped profiles lie."""
    return shipped("playbooks") / "organisations"


def profile_ids() -> tuple[str, ...]:
    """Ids of the shipped profiles."""
    return tuple(sorted(path.stem for path in organisation_folder().glob("*.yaml") if ".incident" not in path.name))


def sample_path(id: str) -> Path:
    """The facts file of a shipped organisation's invented incident; UnknownName when there is none."""
    path = organisation_folder() / f"{id}.incident.yaml"
    if not re.fullmatch(r"[a-z0-9.-]+", id) or not path.is_file():
        raise UnknownName("organisation", id, profile_ids())
    return path


def load_organisation(named: str, *, beside: Path | None = None) -> Organisation:
    """A profile by shipped id, or by path (relative to `beside`). UnknownName or BadFile when there is none."""
    if named in profile_ids():
        path = organisation_folder() / f"{named}.yaml"
        return read_profile(read_yaml(path), path.name)
    path = (beside or Path()) / named
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return read_profile(read_yaml(path, name=named), named)
    raise UnknownName("organisation", named, profile_ids(), hint="(an id of `breachkit org list`, or a path to a profile)")


def read_profile(data: Any, file: str, words: Vocabulary | None = None) -> Organisation:
    """The organisation that a mapping describes; BadFile with every fault."""
    faults: list[Fault] = []
    top = Reader(data, file, faults, "the profile")
    words = words or load_vocabulary()
    if top.has("format") and top.text("format") != FORMAT:
        top.fault("format", f"format must be '{FORMAT}'")
    id = top.text("id", needed=True)
    if id and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", id):
        top.fault("id", f"'{id}' is not an id; write small letters, digits and hyphens, such as example-co")
    name = top.text("name", needed=True)
    organisation = Organisation(
        id=id,
        name=name,
        affiliation=top.text("affiliation") or None,
        facts=_facts(top, words, id, name),
        commitments=tuple(_commitments(top, words, file, faults)),
        gaps=tuple(_gap(one) for one in top.mappings("gaps")),
        profile=_plain(data),
        approvals_needed=_approvals_needed(top),
    )
    _check_holds(top, words)
    for shape in ("providers", "retention"):
        list(top.mappings(shape))
    top.finish("why", "evidence", "contacts", "size", "targets", "holds")
    if faults:
        raise BadFile(faults)
    return organisation


def _facts(top: Reader, words: Vocabulary, id: str, name: str) -> dict[str, Fact]:
    raws: dict[str, tuple[Any, str]] = {"organisation.id": (id, "id"), "organisation.name": (name, "name")}
    for key in (*_LISTS, *_PLAIN):
        if (raw := top.raw(key)) is not None:
            raws[f"organisation.{key}"] = (raw, key)
    for outer in ("size", "contacts", "targets"):
        if (inner := top.raw(outer)) is not None:
            for path, raw in _leaves(inner):
                raws[f"organisation.{outer}.{path}"] = (raw, outer)
    facts: dict[str, Fact] = {}
    for key, (raw, where) in raws.items():
        try:
            spec = words.spec(key)
        except UnknownName:
            if where == "targets":
                top.fault(where, f"targets names a place such as CH or US-FL with yes or no, not '{key.rpartition('.')[2]}'")
            continue
        try:
            value = read_value(spec, raw, words) if key != "organisation.size.turnover" else str(raw)
        except BreachkitError as problem:
            top.fault(where, str(problem))
            continue
        facts[key] = Fact(key, value, _plain(raw), source="profile")
    return facts


def _leaves(data: Any, prefix: str = "") -> list[tuple[str, Any]]:
    if not isinstance(data, dict):
        return [(prefix.rstrip("."), data)]
    return [leaf for key, inner in data.items() for leaf in _leaves(inner, f"{prefix}{key}.")]


def _commitments(top: Reader, words: Vocabulary, file: str, faults: list[Fault]) -> list[Commitment]:
    found = []
    sources: tuple[tuple[str, Source], ...] = (("promises", "promise"), ("contracts", "contract"))
    for key, source in sources:
        seen: set[str] = set()
        for one in top.mappings(key):
            commitment = _commitment(one, source, words, file, faults)
            if commitment.id in seen:
                one.fault("id", f"'{commitment.id}' is said twice among the {key}")
            seen.add(commitment.id)
            found.append(commitment)
    return found


def _commitment(one: Reader, source: Source, words: Vocabulary, file: str, faults: list[Fault]) -> Commitment:
    id = one.text("id", needed=True)
    one.what = f"{source} '{id}'"
    starts = one.text("from", default="aware_at")
    if starts not in words.starts and (starts not in words.facts or words.facts[starts].type != "instant"):
        known = [key for key, spec in words.facts.items() if spec.type == "instant"]
        one.fault("from", str(UnknownName("start", starts, [*known, *words.starts])))
    condition, follows = _condition(one, words, file, faults)
    described = one.inner("source")
    partner = one.text("with") or None
    kind = one.text("kind")
    document = (described.text("document") if described else "") or (f"{kind} contract with {partner}" if partner else source)
    dated = described.text("dated") if described else one.text("dated")
    commitment = Commitment(
        id=id,
        source=source,
        to=one.choice("to", RECIPIENT_KINDS, default="individuals"),
        within=_period(one),
        starts=starts,
        condition=condition,
        follows=follows,
        qualifier=one.text("qualifier"),
        strength=one.text("strength"),
        document=document,
        dated=_day(described or one, dated),
        section=(described.text("section") if described else one.text("section")) or None,
        partner=partner,
        partner_kind=kind or None,
    )
    if described is not None:
        described.finish("url")
    one.finish("text")
    return commitment


def _condition(one: Reader, words: Vocabulary, file: str, faults: list[Fault]) -> tuple[Condition, RecipientKind | None]:
    raw = one.raw("condition")
    if raw is None:
        return ALWAYS, None
    if isinstance(raw, str):
        # Words that no fact answers leave the promise open; nobody guesses what they mean.
        return Always(None, f"the condition: {raw}"), None
    if isinstance(raw, dict) and set(raw) == {"required_by_law"}:
        asked = Reader(raw, file, faults, "'condition'")
        return ALWAYS, asked.choice("required_by_law", RECIPIENT_KINDS)
    return ConditionReader(file, words, faults).read(raw, one.line_of("condition")), None


def _period(one: Reader) -> Period | None:
    text = one.text("within")
    if not text:
        return None
    try:
        return read_period(text)
    except BadValue as problem:
        one.fault("within", str(problem))
        return None


def _day(one: Reader, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        one.fault("dated", f"'{text}' is not a day; write 2026-01-15")
        return None


def _gap(one: Reader) -> Gap:
    gap = Gap(one.text("what", needed=True), one.text("section") or None)
    one.finish()
    return gap


def _approvals_needed(top: Reader) -> int:
    """How many people must approve what leaves: `release: {approvals: 2}`; one where the profile does not say."""
    release = top.inner("release")
    if release is None:
        return 1
    said = release.text("approvals", needed=True)
    release.finish()
    if not re.fullmatch(r"[1-5]", said):
        release.fault("approvals", "'approvals' is a number of people from 1 to 5, such as 2")
        return 1
    return int(said)


def _check_holds(top: Reader, words: Vocabulary) -> None:
    for one in top.mappings("holds"):
        for category in one.texts("categories"):
            try:
                words.category(category)
            except UnknownName as problem:
                one.fault("categories", str(problem))
        one.taken |= {"name", "subjects", "role", "provider"}
        one.finish()


def _plain(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: _plain(value) for key, value in data.items()}
    return [_plain(item) for item in data] if isinstance(data, list) else data
