"""Reads law files: one YAML file per regime, each duty in versions, beside its citation, dates and confidence.

Keeps the place of every fault in the file. What must hold of the values that come out is in law_checks.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, get_args

from breachkit.content.law_checks import condition_faults, faults_across, overlaps
from breachkit.content.law_parts import LawParts, Words
from breachkit.content.yamlfile import Reader
from breachkit.domain.law import (
    RECIPIENT_KINDS,
    Confidence,
    Duty,
    DutyVersion,
    Embargo,
    Exemption,
    InForce,
    Recipient,
    Regime,
    RegimeKind,
    Replaced,
    Resolve,
    SometimesContent,
)
from breachkit.domain.periods import BusinessDays
from breachkit.errors import BadFile, Fault, UnknownName

FORMAT = "breachkit/law@1"
_CONFIDENCE: tuple[Confidence, ...] = get_args(Confidence)
_IN_FORCE: tuple[InForce, ...] = get_args(InForce)
_ID = re.compile(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9_-]+)+")


def read_regimes(files: Mapping[str, Any], words: Words, pack: str, beside: Iterable[Regime] = ()) -> tuple[Regime, ...]:
    """All regimes of these parsed files, by path. BadFile with the faults of every file; nothing half-loaded.

    `beside` are regimes read before, whose duties these may name; one of the same id is taken to be replaced.
    """
    faults: list[Fault] = []
    regimes: list[Regime] = []
    for name, data in sorted(files.items()):
        try:
            regimes.append(LawReader(data, name, words, pack).regime())
        except BadFile as problem:
            faults += problem.faults
    own = {regime.id for regime in regimes}
    faults += faults_across(regimes, [regime for regime in beside if regime.id not in own])
    if faults:
        raise BadFile(faults)
    return tuple(regimes)


class LawReader(LawParts):
    """One law file on its way to a Regime. Faults are collected, so that all of them are shown at once."""

    def __init__(self, data: Any, file: str, words: Words, pack: str) -> None:
        super().__init__(file, words)
        self.pack = pack
        self.top = Reader(data, file, self.faults)

    def regime(self) -> Regime:
        """The regime; BadFile with every fault when there is one."""
        top = self.top
        if top.text("format", needed=True) != FORMAT:
            top.fault("format", f"format must be '{FORMAT}'")
        named = {}
        if (given := top.inner("conditions")) is not None:
            named = {name: self.conditions.read(given.raw(name), given.line_of(name)) for name in list(given.data)}
        covers = top.texts("covers")
        for place in (top.text("place", needed=True), *covers):
            self._check(top, "place", self.words.vocabulary.place, place)
        id = top.text("id", needed=True)
        regime = Regime(
            id=id,
            title=top.text("title", needed=True),
            place=top.text("place"),
            covers=covers,
            zone=self._zone(top),
            calendar=top.text("calendar") or None,
            source=self._citation(top.inner("source"), top, "source"),
            reviewed=self._date(top, "reviewed") or date.min,
            duties=tuple(self._duty(one, id) for one in top.mappings("duties")),
            embargoes=tuple(self._embargo(one) for one in top.mappings("embargoes")),
            conditions=named,
            kind=top.choice("kind", get_args(RegimeKind), default="general" if covers else "sector"),
            pack=self.pack,
            notes=top.texts("notes"),
        )
        if top.raw("reviewed") is None:
            top.fault("reviewed", "'reviewed' is missing: the day somebody last compared this file with its source")
        self.faults += condition_faults(regime, self.file)
        top.finish()
        if self.faults:
            raise BadFile(self.faults)
        return regime

    def _duty(self, one: Reader, regime: str) -> Duty:
        id = one.text("id", needed=True)
        one.what = f"duty '{id}'"
        if not _ID.fullmatch(id) or not (id == regime or id.startswith(regime + ".")):
            one.fault("id", f"duty id '{id}' must begin with its regime's id '{regime}.'")
        versions = tuple(self._version(version, id) for version in one.mappings("versions"))
        if not versions:
            one.fault("versions", f"duty '{id}' has no versions")
        for overlap in overlaps(id, versions):
            one.fault("versions", overlap)
        duty = Duty(id, one.text("title", needed=True), versions)
        one.finish()
        return duty

    def _version(self, one: Reader, duty: str) -> DutyVersion:
        one.what = f"a version of '{duty}'"
        cite = self._citations(one, duty)
        content = self._elements(one, "content")
        late = self._elements(one, "late_content")
        version = DutyVersion(
            version=one.text("version", needed=True),
            status=one.choice("in_force", _IN_FORCE),
            starts_on=self._date(one, "from"),
            ends_on=self._date(one, "until"),
            recipient=self._recipient(one),
            scope=self._condition(one, "scope"),
            when=self._condition(one, "when"),
            due=self._due(one.inner("due"), one),
            cite=cite,
            confidence=one.choice("confidence", _CONFIDENCE),
            presumed=one.flag("presumed"),
            exempt=tuple(self._exemption(exemption) for exemption in one.mappings("exempt")),
            replaced=tuple(self._replaced(replaced) for replaced in one.mappings("replaced_by")),
            waits_for=one.texts("waits_for"),
            opens_when="lacked" if one.choice("opens_when", ("", "lacked"), default="") == "lacked" else "",
            content=content,
            late_content=late,
            content_if=tuple(self._sometimes(sometimes) for sometimes in one.mappings("content_if")),
            forbidden=self._elements(one, "forbidden"),
            notes=one.texts("notes"),
            due_if=tuple(self._due_if(other) for other in one.mappings("due_if")),
            where_owed=one.text("where_owed"),
            hold=self._hold(one.inner("hold")),
            substitute=self._substitute(one.inner("substitute")),
            unverified=one.texts("unverified"),
            extension=one.text("extension"),
            history=one.text("history"),
        )
        if not one.text("from") and version.status == "in_force":
            one.fault("from", f"'{duty}' is in force, so it needs `from:`")
        if version.starts_on and version.ends_on and version.ends_on < version.starts_on:
            one.fault("until", f"'{duty}' ends before it begins")
        one.finish()
        return version

    def _recipient(self, one: Reader) -> Recipient:
        inner = one.inner("recipient")
        if inner is None:
            one.fault("recipient", "a duty needs a recipient")
            return Recipient("other")
        kind = inner.choice("kind", RECIPIENT_KINDS)
        ids = inner.texts("authorities")
        for id in ids:
            if id not in self.words.directory.authorities:
                inner.fault("authorities", str(UnknownName("authority", id, self.words.directory.authorities)))
        resolve = inner.choice("resolve", get_args(Resolve), default="fixed" if ids else "none")
        function = inner.text("function", default="data_protection")
        if function not in self.words.directory.competent:
            inner.fault("function", str(UnknownName("function", function, self.words.directory.competent)))
        recipient = Recipient(
            kind,
            resolve,
            inner.text("name", needed=not ids),
            ids,
            inner.text("group") or None,
            function,
        )
        inner.finish()
        return recipient

    def _exemption(self, one: Reader) -> Exemption:
        exemption = Exemption(
            one.text("id", needed=True),
            one.text("text", needed=True),
            self._condition(one, "when"),
            self._citations(one, "an exemption"),
        )
        one.finish()
        return exemption

    def _sometimes(self, one: Reader) -> SometimesContent:
        elements = self._elements(one, "elements")
        text, months = one.text("text", needed=True), self._number(one, "months")
        sometimes = SometimesContent(elements, self._condition(one, "when"), text, months)
        one.finish()
        return sometimes

    def _replaced(self, one: Reader) -> Replaced:
        replaced = Replaced(one.text("duty", needed=True), self._condition(one, "when"), one.text("text"))
        one.finish()
        return replaced

    def _embargo(self, one: Reader) -> Embargo:
        one.what = "an embargo"
        holds = one.texts("holds")
        held = tuple(kind for kind in RECIPIENT_KINDS if kind in holds)
        for kind in set(holds).difference(held):
            one.fault("holds", str(UnknownName("recipient kind", kind, RECIPIENT_KINDS)))
        lifted = one.raw("lifted")
        embargo = Embargo(
            id=one.text("id", needed=True),
            version=one.text("version", needed=True),
            status=one.choice("in_force", _IN_FORCE),
            starts_on=self._date(one, "from"),
            ends_on=self._date(one, "until"),
            holds=held,
            scope=self._condition(one, "scope"),
            when=self._condition(one, "when"),
            after=one.text("after", needed=True),
            period=self._period(one, "for", one.text("for", needed=True)) or BusinessDays(1),
            calendar=one.text("calendar", needed=True),
            zone=self._zone(one),
            lifted=None if lifted is None else self.conditions.read(lifted, one.line_of("lifted")),
            text=one.text("text", needed=True),
            cite=self._citations(one, "an embargo"),
            confidence=one.choice("confidence", _CONFIDENCE),
        )
        one.finish()
        return embargo
