"""Reads response playbooks (format breachkit/playbook@1): the shipped ones and an organisation's own, all faults at once.

What a step means on the facts of an incident is in domain/playbook.py.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from breachkit.content.conditions import ConditionReader
from breachkit.content.shipped import shipped
from breachkit.content.vocabulary import load_vocabulary
from breachkit.content.yamlfile import Reader, read_yaml
from breachkit.domain.conditions import ALWAYS, All, AnyOf, Condition, Not, Use
from breachkit.domain.law import Citation
from breachkit.domain.offsets import read_offset
from breachkit.domain.playbook import GENERAL, PHASES, Playbook, Role, Step
from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import BadFile, BadValue, Fault, UnknownName

FORMAT = "breachkit/playbook@1"
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_ROLE_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")


def playbook_folder() -> Path:
    """Where the shipped playbooks lie."""
    return shipped("playbooks") / "response"


def own_playbook_folder(own: Path | None = None) -> Path | None:
    """Where an organisation's own playbooks lie: `playbooks` in its folder. `own` None: BREACHKIT_HOME, else None."""
    home = own or (Path(said) if (said := os.environ.get("BREACHKIT_HOME")) else None)
    return home / "playbooks" if home is not None and (home / "playbooks").is_dir() else None


def playbook_files(own: Path | None = None) -> dict[str, Path]:
    """Every playbook's file by id, the general one first; an organisation's own wins over a shipped one of that id."""
    folder = own_playbook_folder(own)
    paths = [*playbook_folder().glob("*.yaml"), *(folder.glob("*.yaml") if folder is not None else [])]
    found = {path.stem: path for path in paths}
    return {id: found[id] for id in sorted(found, key=lambda id: (id != GENERAL, id))}


def load_playbooks(own: Path | None = None) -> tuple[Playbook, ...]:
    """Every playbook in use, the general one first. BadFile with the faults of every file; nothing half-loaded.

    `own` is an organisation's folder; None: BREACHKIT_HOME. A file is read again only when it has changed.
    """
    faults: list[Fault] = []
    found: list[Playbook] = []
    for path in playbook_files(own).values():
        try:
            found.append(read_playbook_file(path))
        except BadFile as problem:
            faults += problem.faults
    if faults:
        raise BadFile(faults)
    return tuple(found)


def load_playbook(name: str, own: Path | None = None) -> Playbook:
    """The playbook of that id. UnknownName with the nearest ones when there is none; BadFile when it is wrong."""
    files = playbook_files(own)
    if name not in files:
        raise UnknownName("playbook", name, files, hint="(breachkit playbook list names them)")
    return read_playbook_file(files[name])


def read_playbook_file(path: Path) -> Playbook:
    """The playbook in a file, whose name must be the playbook's id. BadFile with every fault."""
    try:
        stamp = path.stat()
    except OSError:
        return read_playbook(read_yaml(path, name=str(path)), str(path))  # says why it cannot be read
    return _cached(path, (stamp.st_mtime_ns, stamp.st_size))


@lru_cache(maxsize=64)
def _cached(path: Path, _stamp: tuple[int, int]) -> Playbook:
    name = path.name if path.parent == playbook_folder() else str(path)
    return read_playbook(read_yaml(path, name=name), name)


def read_playbook(data: Any, file: str) -> Playbook:
    """The playbook that a mapping describes; `file` is what faults call it. BadFile with every fault."""
    return _PlaybookReader(data, file).playbook()


class _PlaybookReader:
    """One file on its way to a Playbook, collecting faults."""

    def __init__(self, data: Any, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.words: Vocabulary = load_vocabulary()
        self.conditions = ConditionReader(file, self.words, self.faults)
        self.top = Reader(data, file, self.faults, "the playbook")

    def playbook(self) -> Playbook:
        """The whole file."""
        top = self.top
        if top.text("format", needed=True) not in ("", FORMAT):
            top.fault("format", f"format must be '{FORMAT}'")
        id = self._id(top, "the playbook", _ID)
        if id and id != Path(self.file).stem:
            top.fault("id", f"the playbook '{id}' lies in a file of another name; call the file {id}.yaml")
        title, summary = top.text("title", needed=True), top.text("summary", needed=True)
        applies = self._condition(top, "applies")
        sources = tuple(self._citation(one) for one in top.mappings("sources"))
        roles = tuple(self._roles())
        steps = tuple(self._steps({role.id for role in roles}))
        top.finish()
        if self.faults:
            raise BadFile(self.faults)
        return Playbook(id, title, summary, applies, sources, roles, steps)

    def _id(self, one: Reader, what: str, shape: re.Pattern[str]) -> str:
        id = one.text("id", needed=True)
        if id and not shape.fullmatch(id):
            one.fault("id", f"'{id}' is not an id for {what}; write small letters, digits and hyphens")
        return id

    def _condition(self, one: Reader, key: str) -> Condition:
        condition = self.conditions.read(one.raw(key), one.line_of(key))
        if any(isinstance(part, Use) for part in _parts(condition)):
            one.fault(key, "a playbook names no conditions, so `use:` finds none; write the condition out")
        return condition

    def _citation(self, one: Reader) -> Citation:
        citation = Citation(one.text("text", needed=True), one.text("url") or None)
        if citation.url is not None and not citation.url.startswith("https://"):
            one.fault("url", f"'{citation.url}' is not a link; write it with https://")
        one.finish()
        return citation

    def _roles(self) -> Iterator[Role]:
        seen: set[str] = set()
        for one in self.top.mappings("roles"):
            role = Role(self._id(one, "a role", _ROLE_ID), one.text("title", needed=True), one.text("does", needed=True))
            one.finish()
            if role.id in seen:
                one.fault("id", f"the role '{role.id}' is said twice; keep one")
            seen.add(role.id)
            yield role

    def _steps(self, roles: set[str]) -> Iterator[Step]:
        read: list[tuple[Reader, Step]] = []
        for one in self.top.mappings("steps"):
            step = self._step(one, roles)
            if any(step.id == other.id for _, other in read):
                one.fault("id", f"the step '{step.id}' is said twice; keep one")
            read.append((one, step))
        if not read:
            self.top.fault("steps", "'steps' is missing: a list of what to do")
        self._check_turns(read)
        return (step for _, step in read)

    def _step(self, one: Reader, roles: set[str]) -> Step:
        id = self._id(one, "a step", _ID)
        one.what = f"step '{id}'"
        role = one.text("role", needed=True)
        if role and role not in roles:
            one.fault("role", str(UnknownName("role", role, roles, hint="" if roles else "(the playbook names no roles)")))
        cite = one.inner("cite")
        step = Step(
            id=id,
            phase=one.choice("phase", PHASES),
            title=one.text("title", needed=True),
            text=one.text("text", needed=True),
            role=role,
            when=self._condition(one, "when"),
            asks=tuple(self._asked(one)),
            done=self._condition(one, "done") if one.has("done") else None,
            within=self._within(one),
            after=one.texts("after"),
            cite=self._citation(cite) if cite is not None else None,
        )
        if step.done == ALWAYS and one.raw("done") is None:
            one.fault("done", "'done' is empty; leave it out, or say which facts show that the step is done")
        one.finish()
        return step

    def _asked(self, one: Reader) -> Iterator[str]:
        for key in one.texts("asks"):
            try:
                self.words.spec(key)
            except UnknownName as problem:
                one.fault("asks", str(problem))
            yield key

    def _within(self, one: Reader) -> timedelta | None:
        text = one.text("within")
        if not text:
            return None
        try:
            return read_offset(text)
        except BadValue as problem:
            one.fault("within", str(problem))
            return None

    def _check_turns(self, read: Sequence[tuple[Reader, Step]]) -> None:
        """Faults for steps that wait for what is not there, for themselves, or for each other."""
        known = {step.id: step for _, step in read}
        told: set[str] = set()
        for one, step in read:
            for name in step.after:
                if name == step.id:
                    one.fault("after", f"the step '{name}' waits for itself")
                elif name not in known:
                    one.fault("after", str(UnknownName("step", name, known)))
            loop = _loop(step.id, known)
            if len(loop) > 1 and not told & set(loop):
                told |= set(loop)
                one.fault("after", f"these steps wait for each other: {' -> '.join((*loop, loop[0]))}")


def _loop(start: str, steps: dict[str, Step]) -> tuple[str, ...]:
    """The ids of a loop through that step, from it on; empty when there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    been: set[str] = set()
    while ways:
        way = ways.pop()
        for name in steps[way[-1]].after if way[-1] in steps else ():
            if name == start:
                return way
            if name not in been:
                been.add(name)
                ways.append((*way, name))
    return ()


def _parts(condition: Condition) -> Iterator[Condition]:
    yield condition
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _parts(part)
        case Not(part):
            yield from _parts(part)
        case _:
            pass
