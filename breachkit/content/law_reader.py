"""Reads law files: one YAML file per regime, each duty in versions, beside its citation, dates and confidence.

Keeps the place of every fault in the file. What must hold of the values that come out is in law_checks.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from breachkit.content.conditions import ConditionReader
from breachkit.content.law_checks import condition_faults, faults_across, overlaps
from breachkit.content.yamlfile import Reader
from breachkit.domain.conditions import Condition
from breachkit.domain.law import (
    RECIPIENT_KINDS,
    Citation,
    Confidence,
    Directory,
    Due,
    DueIf,
    Duty,
    DutyVersion,
    Embargo,
    Exemption,
    Hold,
    HoldForm,
    InForce,
    Recipient,
    Regime,
    RegimeKind,
    Replaced,
    Resolve,
    SometimesContent,
    Substitute,
    SubstituteLimits,
)
from breachkit.domain.periods import BusinessDays, Counting, Period, read_period, zone_named
from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import BadFile, BadValue, BreachkitError, Fault, UnknownName

FORMAT = "breachkit/law@1"
_CONFIDENCE: tuple[Confidence, ...] = get_args(Confidence)
_IN_FORCE: tuple[InForce, ...] = get_args(InForce)
_ID = re.compile(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9_-]+)+")


@dataclass(frozen=True, slots=True)
class Words:
    """What a law file may refer to."""

    vocabulary: Vocabulary
    directory: Directory


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


class LawReader:
    """One law file on its way to a Regime. Faults are collected, so that all of them are shown at once."""

    def __init__(self, data: Any, file: str, words: Words, pack: str) -> None:
        self.faults: list[Fault] = []
        self.file, self.words, self.pack = file, words, pack
        self.top = Reader(data, file, self.faults)
        self.conditions = ConditionReader(file, words.vocabulary, self.faults)

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

    def _due(self, one: Reader | None, outer: Reader) -> Due:
        if one is None:
            outer.fault("due", "a duty needs `due:`")
            return Due(None, "awareness")
        one.what = "'due'"
        within, starts, after = one.text("within"), one.text("from") or None, one.text("after") or None
        if (starts is None) == (after is None):
            one.fault(None, "`due` needs either `from:` (a start word) or `after:` (the duty whose filing starts it)")
        if starts is not None and starts not in self.words.vocabulary.starts:
            one.fault("from", str(UnknownName("start", starts, self.words.vocabulary.starts)))
        period: Period | None = None
        if within:
            period = self._period(one, "within", within)
        by = self._day_of_year(one, "by", one.text("by"))
        if by is not None and within:
            one.fault("by", "`due` has `within:` or `by:`, not both")
        if not within and by is None and not one.text("qualifier"):
            one.fault(None, "`due` needs `within:`, or a `qualifier:` where the law sets no number")
        year_of = one.text("year_of") or None
        if (starts == "year_end") != (year_of is not None):
            one.fault("from", "`from: year_end` and `year_of:` (the start whose year it is) stand together")
        if year_of is not None and year_of not in self.words.vocabulary.starts:
            one.fault("year_of", str(UnknownName("start", year_of, self.words.vocabulary.starts)))
        due = Due(
            period=period,
            starts=starts,
            year_of=year_of,
            by=by,
            after=after,
            qualifier=one.text("qualifier"),
            counting=one.choice("counting", get_args(Counting), default="plain"),
            calendar=one.text("calendar") or None,
            first_day_counts=one.choice("first_day", ("", "counted"), default="") == "counted",
            closed_days=tuple(
                day for text in one.texts("closed_days") if (day := self._day_of_year(one, "closed_days", text)) is not None
            ),
            before=one.text("before") or None,
            not_after=one.text("with") or None,
            earliest_of=tuple(self._due(other, one) for other in one.mappings("earliest_of")),
            steps=one.texts("steps"),
        )
        one.finish()
        return due

    def _due_if(self, one: Reader) -> DueIf:
        other = DueIf(self._condition(one, "when"), one.text("text", needed=True), self._due(one.inner("due"), one))
        one.finish()
        return other

    def _hold(self, one: Reader | None) -> Hold | None:
        if one is None:
            return None
        one.what = "'hold'"
        resume = one.text("resume")
        hold = Hold(
            one.choice("form", get_args(HoldForm), default="any"),
            self._period(one, "resume", resume) if resume else None,
            one.flag("mandatory"),
            one.text("text"),
        )
        one.finish()
        return hold

    def _substitute(self, one: Reader | None) -> Substitute | None:
        if one is None:
            return None
        one.what = "'substitute'"
        small = one.inner("small")
        substitute = Substitute(
            self._limits(one),
            one.choice("op", (">", ">="), default=">") == ">",
            one.flag("insufficient_contact"),
            self._limits(small) if small is not None else None,
            one.texts("means"),
            one.text("text"),
        )
        if small is not None:
            small.finish()
        one.finish()
        return substitute

    def _limits(self, one: Reader) -> SubstituteLimits:
        return SubstituteLimits(*(self._number(one, key) for key in ("cost_usd", "people", "employees")))

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

    # -- small pieces

    def _condition(self, one: Reader, key: str) -> Condition:
        return self.conditions.read(one.raw(key), one.line_of(key))

    def _period(self, one: Reader, key: str, text: str) -> Period | None:
        try:
            return read_period(text)
        except BadValue as problem:
            one.fault(key, str(problem))
            return None

    def _zone(self, one: Reader) -> str:
        zone = one.text("zone", needed=True)
        if zone:
            self._check(one, "zone", zone_named, zone)
        return zone

    def _check(self, one: Reader, key: str, check: Any, value: str) -> None:
        try:
            check(value)
        except BreachkitError as problem:
            one.fault(key, str(problem))

    def _elements(self, one: Reader, key: str) -> tuple[str, ...]:
        ids = one.texts(key)
        for id in ids:
            if id not in self.words.vocabulary.elements:
                one.fault(key, str(UnknownName("content element", id, self.words.vocabulary.elements)))
        return ids

    def _number(self, one: Reader, key: str) -> int | None:
        text = one.text(key)
        if text and not text.isdigit():
            one.fault(key, f"'{text}' is not a whole number")
        return int(text) if text.isdigit() else None

    def _day_of_year(self, one: Reader, key: str, text: str) -> tuple[int, int] | None:
        """`02-01`: a month and a day; None where nothing was written."""
        if not text:
            return None
        try:
            day = date.fromisoformat(f"2001-{text}")
        except ValueError:
            one.fault(key, f"'{text}' is not a day of every year; write 02-01")
            return None
        return day.month, day.day

    def _date(self, one: Reader, key: str) -> date | None:
        """A day; None where none was written, and for `unknown`, which the file then says in so many words."""
        text = one.text(key)
        if not text or text == "unknown":
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            one.fault(key, f"'{text}' is not a day; write 2026-11-21")
            return None

    def _citations(self, one: Reader, what: str) -> tuple[Citation, ...]:
        found = tuple(self._citation(inner, one, "cite") for inner in one.mappings("cite"))
        if not found:
            one.fault("cite", f"{what} has no citation; a rule without its source does not exist here")
        return found

    def _citation(self, inner: Reader | None, outer: Reader, key: str) -> Citation:
        if inner is None:
            outer.fault(key, f"'{key}' is missing: {{text: ..., url: ...}}")
            return Citation("")
        citation = Citation(inner.text("text", needed=True), inner.text("url") or None)
        inner.finish()
        return citation
