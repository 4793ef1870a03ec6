"""The due times of all drafts together: clocks that start with another duty's filing, and those where the earliest counts.

One clock by itself is in clocks.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from breachkit.domain.acts import filings, first_filing
from breachkit.domain.clocks import Started, count_down, last_moment, start_word, started
from breachkit.domain.drafts import Draft, Setting
from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import FoundDue
from breachkit.domain.law import Due
from breachkit.domain.periods import Calendar


@dataclass(eq=False)
class Clockwork:
    """Due times of all drafts, worked out once each, since clocks hang on one another."""

    drafts: list[Draft]
    book: FactBook
    setting: Setting
    _known: dict[str, FoundDue] = field(default_factory=dict)

    def of(self, draft: Draft) -> FoundDue:
        """The due time of a draft."""
        if draft.id not in self._known:
            # A clock that hangs on itself through others is a fault in a law file, which `law check` finds; here it just stops.
            self._known[draft.id] = count_down(draft.version.due, None, zone=draft.zone, calendar=None, starts="")
            self._known[draft.id] = self._earliest(draft)
        return self._known[draft.id]

    def _earliest(self, draft: Draft) -> FoundDue:
        dues = [self._one(due, draft) for due in (draft.version.due, *draft.version.due.earliest_of)]
        timed = [due for due in dues if due.target is not None]
        if len(dues) == 1 or not timed:
            return dues[0]
        first = min(timed, key=lambda due: due.target or self.setting.now)
        steps = [f"the earliest of {len(dues)} limits counts"]
        return replace(first, steps=(*first.steps, *steps))

    def _one(self, due: Due, draft: Draft) -> FoundDue:
        zone = draft.zone
        calendar = self._calendar(due, draft)
        if due.after is None:
            word = due.starts or "unstated"
            start = started(word, draft.case.book, zone)
            text = start_word(word, draft.case.book).text
            return count_down(due, start, zone=zone, calendar=calendar, starts=text)
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
        found = [other for other in self.drafts if other.duty.id == duty and other.in_force]
        same = [other for other in found if other.case.suffix == draft.case.suffix]
        return next(iter(same or found), None)

    def _calendar(self, due: Due, draft: Draft) -> Calendar | None:
        place = due.calendar or draft.case.recipient.place or draft.regime.calendar
        if place is None or place in self.book.words.groups:
            return None
        return self.setting.calendars(place)
