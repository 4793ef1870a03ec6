"""Two sets of laws held against one another: what is new, gone or changed, and what that does to the open incidents.

How texts differ is said by law_changes; here sets of laws are found by what a person calls them, matched, and judged by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from breachkit.content.laws import SHIPPED, laws_in_use, load_pack
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.findings import OPEN, Finding
from breachkit.domain.law import Duty, LawPack, PackSource, Regime
from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import BreachkitError, UnknownName
from breachkit.workflow import contract
from breachkit.workflow.law_changes import duty_changes, regime_changes
from breachkit.workflow.law_check import is_library, read_library
from breachkit.workflow.subjects import Subject, answer, commitments, kept_laws, subject_of_incident
from breachkit.workflow.words import STATUS_WORDS, due_words
from breachkit.workflow.workspace import Workspace

if TYPE_CHECKING:
    from breachkit.storage.journal import Journal

How = Literal["new", "gone", "changed"]


@dataclass(frozen=True)
class Side:
    """One of the two sets of laws."""

    name: str
    """As the person said it."""
    pack: LawPack
    read_as: str
    """What it was taken for, in words."""


@dataclass(frozen=True)
class Change:
    """A regime or duty that is not the same on both sides."""

    id: str
    title: str
    how: How
    what: tuple[str, ...] = ()
    """For a changed one: how, in words."""


@dataclass(frozen=True)
class Moved:
    """A finding of an open incident that is not the same under both."""

    id: str
    title: str
    before: Mapping[str, Any] | None
    """None: there was no such finding."""
    after: Mapping[str, Any] | None
    what: tuple[str, ...]


@dataclass(frozen=True)
class Touched:
    """An open incident, and what changes for it."""

    id: str
    title: str
    invented: bool
    duties: tuple[Moved, ...]
    trouble: str = ""
    """Why it could not be judged, when it could not."""


@dataclass(frozen=True)
class Difference:
    """All that differs between two sets of laws."""

    old: Side
    new: Side
    regimes: tuple[Change, ...]
    duties: tuple[Change, ...]
    incidents: tuple[Touched, ...] = ()
    """Open incidents for which something changes."""
    looked_at: int = 0
    """How many open incidents were judged."""

    @property
    def any(self) -> bool:
        """Whether anything differs."""
        return bool(self.regimes or self.duties or self.incidents)


# -- which laws ---------------------------------------------------------------


def side(name: str, journal: Journal | None) -> Side:
    """`shipped`, a folder, or the hash of laws the journal keeps. UnknownName when it is none of these."""
    if name == "shipped":
        return Side(name, load_pack(), "the laws that come with breachkit")
    folder = Path(name)
    if folder.is_dir():
        return _library(folder) if is_library(folder) else _laid_over(folder)
    if journal is None or not re.fullmatch(r"[0-9a-f]{1,64}", name):
        where = "" if journal is not None else "; no database is there to look for a hash in"
        raise UnknownName("set of laws", name, ["shipped"], hint=f"(name `shipped`, a folder, or a kept pack's hash{where})")
    return Side(name, kept_laws(journal, name, None), "laws kept with an earlier answer")


def _library(folder: Path) -> Side:
    regimes = read_library(folder)
    pack = replace(load_pack(), regimes=regimes, version="", sha256="", sources={SHIPPED: PackSource(SHIPPED, "", "")})
    return Side(str(folder), pack, f"a whole library of {len(regimes)} regimes, alone")


def _laid_over(folder: Path) -> Side:
    pack = laws_in_use([folder]).pack
    own = sum(1 for regime in pack.regimes if regime.pack != SHIPPED)
    return Side(str(folder), pack, f"a pack of {own} regimes laid over the shipped laws")


# -- what differs -------------------------------------------------------------


def difference(old: Side, new: Side) -> Difference:
    """What is new, gone or changed."""
    words = load_vocabulary()
    before, after = ({regime.id: regime for regime in one.pack.regimes} for one in (old, new))
    return Difference(old, new, tuple(_regimes(before, after)), tuple(_duties(old.pack, new.pack, words)))


def _regimes(before: Mapping[str, Regime], after: Mapping[str, Regime]) -> Iterator[Change]:
    for id in sorted({*before, *after}):
        if (one := before.get(id)) is None:
            yield Change(id, after[id].title, "new")
        elif (other := after.get(id)) is None:
            yield Change(id, one.title, "gone")
        elif what := tuple(regime_changes(one, other)):
            yield Change(id, other.title, "changed", what)


def _duties(old: LawPack, new: LawPack, words: Vocabulary) -> Iterator[Change]:
    before, after = _by_id(old), _by_id(new)
    for id in sorted({*before, *after}):
        if (one := before.get(id)) is None:
            yield Change(id, after[id].title, "new")
        elif (other := after.get(id)) is None:
            yield Change(id, one.title, "gone")
        elif one != other and (what := tuple(duty_changes(one, other, words))):
            yield Change(id, other.title, "changed", what)


def _by_id(pack: LawPack) -> dict[str, Duty]:
    return {duty.id: duty for regime in pack.regimes for duty in regime.duties}


# -- what it does to incidents ------------------------------------------------


def with_incidents(found: Difference, journal: Journal, workspace: Workspace) -> Difference:
    """The same, with what changes for each open incident of the journal."""
    touched: list[Touched] = []
    looked_at = 0
    for id in journal.incidents():
        try:
            subject = subject_of_incident(journal, id, workspace)
            if subject.incident is not None and subject.incident.closed_at is not None:
                continue
            looked_at += 1
            moved = tuple(_moved(subject, found, workspace))
        except BreachkitError as problem:  # one damaged incident must not hide the others
            touched.append(Touched(id, id, False, (), str(problem)))
            continue
        if moved:
            touched.append(Touched(id, subject.title, subject.invented, moved))
    return replace(found, incidents=tuple(touched), looked_at=looked_at)


def _moved(subject: Subject, found: Difference, workspace: Workspace) -> Iterator[Moved]:
    promised = commitments(subject.organisation) if subject.organisation is not None else ()
    answers = [
        answer(subject, workspace, pack=replace(one.pack, regimes=(*one.pack.regimes, *promised)))
        for one in (found.old, found.new)
    ]
    before, after = ({finding.id: finding for finding in one.assessment.findings} for one in answers)
    for id in dict.fromkeys([*after, *before]):
        old, new = before.get(id), after.get(id)
        if what := tuple(_finding_changes(old, new)):
            one = new or old
            yield Moved(id, one.title if one is not None else id, _outcome(old), _outcome(new), what)


def _finding_changes(old: Finding | None, new: Finding | None) -> Iterator[str]:
    statuses = [one.status if one is not None else "not_owed" for one in (old, new)]
    if statuses[0] != statuses[1]:
        yield f"status: {_status(old)} -> {_status(new)}"
    if old is None or new is None or not {old.status, new.status} & {*OPEN, "done"}:
        return
    if (old.due.target, old.due.outer, old.due.provisional) != (new.due.target, new.due.outer, new.due.provisional) or (
        old.due.target is None and due_words(old.due) != due_words(new.due)
    ):
        yield f"due: {due_words(old.due)} -> {due_words(new.due)}"
    for what, before, after in (("content", old.content, new.content), ("must not say", old.forbidden, new.forbidden)):
        yield from (f"{what} + {id}" for id in after if id not in before)
        yield from (f"{what} - {id}" for id in before if id not in after)


def _status(one: Finding | None) -> str:
    return STATUS_WORDS[one.status] if one is not None else "no such duty"


def _outcome(one: Finding | None) -> dict[str, Any] | None:
    if one is None:
        return None
    told = contract.duty(one)
    return {key: told[key] for key in ("status", "due", "content", "forbidden", "version", "pack", "pack_sha256")}


# -- as data ------------------------------------------------------------------


def as_json(found: Difference) -> dict[str, Any]:
    """`law diff --json`."""
    return {
        "format": "breachkit/law-diff@1",
        "old": _side(found.old),
        "new": _side(found.new),
        "regimes": [_change(one) for one in found.regimes],
        "duties": [_change(one) for one in found.duties],
        "incidents_open": found.looked_at,
        "incidents": [
            {
                "id": one.id,
                "title": one.title,
                "invented": one.invented,
                "duties": [asdict(moved) | {"what": list(moved.what)} for moved in one.duties],
                "trouble": one.trouble or None,
            }
            for one in found.incidents
        ],
    }


def _side(one: Side) -> dict[str, Any]:
    return {"name": one.name, "read_as": one.read_as, "version": one.pack.version or None, "sha256": one.pack.sha256 or None}


def _change(one: Change) -> dict[str, Any]:
    return {"id": one.id, "title": one.title, "change": one.how, "what": list(one.what)}
