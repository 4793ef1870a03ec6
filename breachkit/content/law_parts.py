"""The pieces of a law file - time limits, holds, citations, days, ids - read one by one, with every fault in its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from breachkit.content.conditions import ConditionReader
from breachkit.content.yamlfile import Reader
from breachkit.domain.conditions import Condition
from breachkit.domain.law import Citation, Directory, Due, DueIf, Hold, HoldForm, Substitute, SubstituteLimits
from breachkit.domain.periods import Counting, Period, read_period, zone_named
from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import BadValue, BreachkitError, Fault, UnknownName


@dataclass(frozen=True, slots=True)
class Words:
    """What a law file may refer to."""

    vocabulary: Vocabulary
    directory: Directory


class LawParts:
    """What readers of laws share. Faults are collected, so that all of them are shown at once."""

    def __init__(self, file: str, words: Words) -> None:
        self.faults: list[Fault] = []
        self.file, self.words = file, words
        self.conditions = ConditionReader(file, words.vocabulary, self.faults)

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
