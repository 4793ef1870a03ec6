"""The due times of all drafts together: clocks that start with another duty's filing, and those where the earliest counts.

One clock by itself is in clocks.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from breachkit.domain.acts import filings, first_filing
from breachkit.domain.clocks import FAR, Started, count_down, last_moment, start_word, started, started_year, undated_starts
from breachkit.domain.conditions import evaluate
from breachkit.domain.drafts import ByDuty, Draft, Setting, by_duty
from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import FoundDue
from breachkit.domain.holds import apply_hold
from breachkit.domain.law import Due
from breachkit.domain.periods import Calendar, show


@dataclass(eq=False)
class Clockwork:
    """Due times of all drafts, worked out once each, since clocks hang on one another."""

    drafts: list[Draft]
    book: FactBook
    setting: Setting
    _known: dict[str, FoundDue] = field(default_factory=dict)
    _counted: dict[tuple[int, int, str, str | None], FoundDue] = field(default_factory=dict)

    def idle(self, draft: Draft) -> FoundDue:
        """The limit in its own words, not counted."""
        due = draft.version.due
        key = (id(due), 0, draft.zone, None)
        if (found := self._counted.get(key)) is None:
            text = start_word(due.starts or "unstated", self.book).text if due.after is None else f"the filing of {due.after}"
            found = self._counted[key] = count_down(due, None, zone=draft.zone, calendar=None, starts=text)
        return found

    @cached_property
    def _by_duty(self) -> ByDuty:
        return by_duty(self.drafts)

    def of(self, draft: Draft) -> FoundDue:
        """The due time of a draft."""
        if draft.id not in self._known:
            # A clock that hangs on itself through others is a fault in a law file, which `law check` finds; here it just stops.
            self._known[draft.id] = count_down(draft.version.due, None, zone=draft.zone, calendar=None, starts="")
            self._known[draft.id] = self._reckoned(draft)
        return self._known[draft.id]

    def _reckoned(self, draft: Draft) -> FoundDue:
        """The limit that counts: the ordinary one, or one that a condition puts in its place."""
        possible, unsettled = self._limits(draft)
        dues = [self._earliest(due, draft) for due in possible]
        chosen = min(dues, key=lambda due: due.target or FAR)
        if unsettled:
            notes = [f"Which limit counts is not known yet ({'; '.join(unsettled)}); the earliest is shown."]
            chosen = replace(chosen, provisional=True, notes=(*chosen.notes, *notes))
        return apply_hold(draft, chosen, self.book, self._calendar(draft.version.due, draft))

    def waits(self, draft: Draft) -> set[str]:
        """The facts that would date the start of every limit that may count."""
        possible, _ = self._limits(draft)
        return set().union(*(undated_starts(due, draft.case.book) for due in possible))

    def _limits(self, draft: Draft) -> tuple[list[Due], list[str]]:
        """The limits that may count, and in words what would settle it."""
        possible: list[Due] = []
        unsettled: list[str] = []
        for other in draft.version.due_if:
            holds = evaluate(other.when, draft.case.book, draft.regime.conditions).holds
            if holds is not False:
                possible.append(other.due)
            if holds is None:
                unsettled.append(other.text)
            if holds:
                return possible, unsettled
        return [*possible, draft.version.due], unsettled

    def _earliest(self, due: Due, draft: Draft) -> FoundDue:
        dues = [self._one(one, draft) for one in (due, *due.earliest_of)]
        timed = [one for one in dues if one.target is not None]
        first = min(timed, key=lambda one: one.target or FAR) if timed else dues[0]
        if len(dues) > 1 and timed:
            first = replace(first, steps=(*first.steps, f"the earliest of {len(dues)} limits counts"))
        for name, order in ((due.before, "before"), (due.not_after, "no later than")):
            if name is not None:
                first = self._capped(first, name, order, draft)
        return first

    def _capped(self, found: FoundDue, duty: str, order: str, draft: Draft) -> FoundDue:
        """No later than the other duty is done or due: the other's time is a ceiling."""
        other = self._filed_first(duty, draft)
        if other is None:
            return found
        at = first_filing(filings(other.id, other.duty.id, self.book))
        base = self.of(other)
        limit = at if at is not None else base.target
        if at is None and (base.provisional or base.start_at is None):
            found = replace(found, provisional=True)
        if at is not None and order == "before" and first_filing(filings(draft.id, draft.duty.id, self.book)) is None:
            found = replace(found, notes=(*found.notes, f"{other.id} has been done already; the law wants this one before it."))
        rule = f"it must be done {order} {other.id}"
        if limit is None or (found.target is not None and found.target <= limit):
            return replace(found, steps=(*found.steps, rule))
        what = "was done" if at is not None else "is due"
        step = f"{rule}, which {what} {show(limit, found.zone)}: that is the ceiling"
        last_day = base.last_day if at is None else None
        projected = found.projected or at is None
        return replace(found, target=limit, outer=None, last_day=last_day, projected=projected, steps=(*found.steps, step))

    def _one(self, due: Due, draft: Draft) -> FoundDue:
        zone = draft.zone
        calendar = self._calendar(due, draft)
        if due.after is None:
            word = due.year_of or due.starts or "unstated"
            start = (started_year if due.year_of else started)(word, draft.case.book, zone)
            text = start_word(due.starts or "unstated", draft.case.book).text
            # Laws share their limits: the same one from the same start is counted once.
            key = (id(due), id(start), zone, calendar.place if calendar is not None else None)
            if (counted := self._counted.get(key)) is None:
                counted = self._counted[key] = count_down(due, start, zone=zone, calendar=calendar, starts=text)
            return counted
        before = self._filed_first(due.after, draft)
        start = None
        waits: tuple[str, ...] = (due.after,)
        if before is not None:
            waits = (before.id,)
            at = first_filing(filings(before.id, before.duty.id, self.book))
            if at is not None:
                start, waits = Started(at, None, None), ()
            else:
                base = self.of(before)
                limit = last_moment(base)
                note = f"Counted from the limit of {before.id} until that is filed."
                start = Started(limit, None, None, base.provisional, projected=True, note=note) if limit else None
        return count_down(due, start, zone=zone, calendar=calendar, starts=f"the filing of {due.after}", waits_for=waits)

    def _filed_first(self, duty: str, draft: Draft) -> Draft | None:
        """The draft whose filing starts this clock: the same recipient's where there is one."""
        found = [other for other in self._by_duty.get(duty, ()) if other.in_force]
        same = [other for other in found if other.case.suffix == draft.case.suffix]
        return next(iter(same or found), None)

    def _calendar(self, due: Due, draft: Draft) -> Calendar | None:
        recipient = draft.case.recipient.place if draft.at_home else None
        place = due.calendar or recipient or draft.regime.calendar or draft.regime.place or None
        if place is None or place in self.book.words.groups:
            return None
        return self.setting.calendars(place)
