"""The laws in use: breachkit's own, a user's packs beside or over them, an organisation's promises, and the hash of it all.

What an answer rests on beside the facts is named in a manifest: laws, vocabulary, calendars, time zones, profile, each by its
hash. The manifest's own hash is the law pack's. Every part can be kept under its hash, and an old answer given again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from breachkit import __version__
from breachkit.content import timezones
from breachkit.content.calendars import SHIPPED as CALENDARS
from breachkit.content.compiled import compile_regimes, regimes_in
from breachkit.content.shipped import LAWS, Parsed, compiled_bytes, parse_all
from breachkit.content.vocabulary import load_directory, load_vocabulary, vocabulary_bytes
from breachkit.content.yamlfile import Reader, read_yaml, to_json
from breachkit.domain.journal import canonical
from breachkit.domain.law import LawPack, PackSource, Regime
from breachkit.errors import BadFile, Fault

SHIPPED = "breachkit"
PACK_FILE = "pack.yaml"
PACK_FORMAT = "breachkit/pack@1"
MANIFEST = "breachkit/law-pack@1"


@dataclass(frozen=True)
class Source:
    """One pack of law files, compiled."""

    id: str
    title: str
    version: str
    table: bytes

    @property
    def sha256(self) -> str:
        """The hash of what its files say."""
        return hashlib.sha256(self.table).hexdigest()

    def regimes(self, only: Collection[str] | None = None) -> tuple[Regime, ...]:
        """Its regimes, or those of these ids."""
        return regimes_in(json.loads(self.table), only)


@dataclass(frozen=True)
class Laws:
    """All that answers rest on beside the facts, with what is needed to keep it."""

    pack: LawPack
    manifest: bytes
    parts: Mapping[str, bytes] = field(default_factory=dict)
    """What the manifest names, by hash."""


@cache
def shipped_laws() -> Source:
    """breachkit's own laws."""
    table = compiled_bytes(law_files(LAWS), cache_name="laws", base=LAWS, make=law_table)
    return Source(SHIPPED, "breachkit's own laws", __version__, table)


@cache
def load_laws() -> tuple[Regime, ...]:
    """The shipped regimes, read once."""
    return shipped_laws().regimes()


def law_files(folder: Path) -> list[Path]:
    """The law files of a folder: every YAML file but the pack's own, and not its cases."""
    found = (path for path in folder.rglob("*.yaml") if path.name != PACK_FILE)
    return sorted(path for path in found if "cases" not in path.relative_to(folder).parts)


def law_table(files: Parsed, pack: str = SHIPPED, beside: Iterable[Regime] = ()) -> str:
    """These parsed files as one JSON table. BadFile with the faults of every file."""
    # The reader of law files is not needed where they come compiled.
    from breachkit.content.law_parts import Words
    from breachkit.content.law_reader import read_regimes

    words = Words(load_vocabulary(), load_directory())
    return to_json(compile_regimes(read_regimes(files, words, pack, beside)))


def own_pack(folder: Path) -> Source:
    """A user's own pack: a folder of law files, with `pack.yaml` for its id, title and version. BadFile with every fault."""
    files = law_files(folder)
    if not files:
        raise BadFile([Fault(str(folder), None, "holds no law files (*.yaml)")])
    about = folder / PACK_FILE
    name = folder.resolve().name
    id, title, version = _about(about) if about.exists() else (re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"), name, "")
    table = compiled_bytes(
        files, cache_name=f"pack-{_short(folder)}", base=folder, make=lambda parsed: law_table(parsed, id, load_laws())
    )
    return Source(id, title, version, table)


def _about(file: Path) -> tuple[str, str, str]:
    faults: list[Fault] = []
    top = Reader(read_yaml(file, name=str(file)), str(file), faults)
    if top.text("format", needed=True) != PACK_FORMAT:
        top.fault("format", f"format must be '{PACK_FORMAT}'")
    id, title, version = (top.text(key, needed=True) for key in ("id", "title", "version"))
    for key, word in (("id", id), ("version", version)):
        if word and not re.fullmatch(r"[A-Za-z0-9._-]+", word):
            top.fault(key, f"'{word}' may hold letters, digits, dots and hyphens only")
    if id == SHIPPED:
        top.fault("id", f"'{SHIPPED}' is the name of the laws that come with breachkit; choose another")
    top.finish()
    if faults:
        raise BadFile(faults)
    return id, title, version


def _short(folder: Path) -> str:
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]


def laws_in_use(folders: Iterable[Path] = (), extra: Iterable[Regime] = (), profile: Mapping[str, Any] | None = None) -> Laws:
    """The shipped laws, a user's packs over them in order, and an organisation's own promises."""
    sources = [shipped_laws(), *_own_packs(tuple(folders))]
    # Canonical, so that a profile has one hash before and after it went through the journal, which sorts its keys.
    own = canonical(dict(profile)) if profile is not None else b"null"
    parts = {
        "vocabulary": vocabulary_bytes(),
        "calendars": CALENDARS.read_bytes(),
        "profile": own,
        **{f"laws {source.id} {source.version}": source.table for source in sources},
    }
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()}
    lines = [MANIFEST, f"breachkit {__version__}", f"tzdata {timezones.VERSION}"]
    manifest = "\n".join([*lines, *(f"{name} {hash}" for name, hash in hashes.items())]).encode()
    packs = {
        source.id: PackSource(source.id, source.version, hashes[f"laws {source.id} {source.version}"]) for source in sources
    }
    commitments = tuple(extra)
    packs |= {regime.pack: PackSource(regime.pack, "", hashes["profile"]) for regime in commitments}
    regimes = (*_laid_over(sources), *commitments)
    pack = LawPack(regimes, __version__, hashlib.sha256(manifest).hexdigest(), packs)
    return Laws(pack, manifest, {hashes[name]: content for name, content in parts.items()})


def load_pack(extra: Iterable[Regime] = (), profile: Mapping[str, Any] | None = None) -> LawPack:
    """The shipped laws and an organisation's own promises."""
    return laws_in_use((), extra, profile).pack


@cache
def _own_packs(folders: tuple[Path, ...]) -> tuple[Source, ...]:
    return tuple(own_pack(folder) for folder in folders)


def _laid_over(sources: list[Source]) -> tuple[Regime, ...]:
    """The regimes of all packs; a later pack's regime takes the place of an earlier one's of the same id, and says so."""
    found: dict[str, Regime] = {}
    for source in sources:
        for regime in load_laws() if source.id == SHIPPED else source.regimes():
            if (before := found.get(regime.id)) is not None:
                note = f"This regime takes the place of the one in pack '{before.pack}'."
                regime = replace(regime, notes=(*regime.notes, note))
            found[regime.id] = regime
    return tuple(found.values())


def replayed(manifest: bytes, part: Mapping[str, bytes]) -> LawPack:
    """The laws a kept manifest names, from its kept parts. KeyError when a part is missing."""
    regimes: list[Regime] = []
    packs: dict[str, PackSource] = {}
    version = ""
    for line in manifest.decode().splitlines()[1:]:
        kind, *words = line.split(" ")
        if kind == "breachkit":
            version = words[0]
        elif kind == "laws":
            id, of_version, sha = words
            packs[id] = PackSource(id, of_version, sha)
            newer = {regime.id: regime for regime in regimes_in(json.loads(part[sha]))}
            regimes = [regime for regime in regimes if regime.id not in newer] + list(newer.values())
    return LawPack(tuple(regimes), version, hashlib.sha256(manifest).hexdigest(), packs)


__all__ = ["Laws", "Source", "laws_in_use", "load_laws", "load_pack", "own_pack", "parse_all", "replayed", "shipped_laws"]
