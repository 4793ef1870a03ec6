"""Law enforcement asks to wait: whether a law lets that request move a notice, and where its clock then ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from breachkit.domain.counting import deadline
from breachkit.domain.drafts import Draft
from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import FoundDue, Held
from breachkit.domain.law import Hold
from breachkit.domain.periods import Calendar, say_period, show


def apply_hold(draft: Draft, due: FoundDue, book: FactBook, calendar: Calendar | None) -> FoundDue:
    """The due time under a recorded request to wait. One that the law does not honour, or without an end, moves nothing."""
    hold, asked = draft.version.hold, book.get("hold.requested")
    if hold is None or asked is None or asked.value is not True:
        return due
    why_not = _why_it_does_not_count(hold, draft.regime.place, book)
    agency, until = book.text("hold.agency"), book.instant("hold.until")
    if why_not is not None:
        if not why_not:
            return due
        return replace(due, held=Held(None, agency, False, why_not), notes=(*due.notes, why_not))
    if until is None:
        text = "Law enforcement asked to wait, but until when is not recorded (hold.until): the clock is shown unmoved."
        return replace(due, held=Held(None, agency, True, text), notes=(*due.notes, text))
    return _moved(due, hold, agency, until.moment(draft.zone), draft.zone, calendar)


def _why_it_does_not_count(hold: Hold, place: str, book: FactBook) -> str | None:
    """None: it counts. Empty: it is of another country and says nothing here. Else why it does not count yet."""
    country = book.text("hold.place")
    if country is None:
        return "A request to wait was recorded, but not from which country's agency (hold.place), so it moves nothing yet."
    if not (book.words.within(place, country) or book.words.within(country, place)):
        return ""
    form = book.text("hold.form")
    if hold.form != "any" and form is None:
        return "A request to wait was recorded, but not in which form (hold.form), so it moves nothing yet."
    if hold.form == "written" and form != "written":
        return "The request to wait does not count here: the law asks for it in writing."
    return None


def _moved(due: FoundDue, hold: Hold, agency: str | None, end: datetime, zone: str, calendar: Calendar | None) -> FoundDue:
    resumed, last_day = end, None
    steps = [f"held at the request of {agency or 'law enforcement'} until {show(end, zone)}"]
    if hold.resume is not None:
        counted = deadline(end, hold.resume, zone=zone, calendar=calendar)
        resumed, last_day = counted.target, counted.last_day
        steps.append(f"{say_period(hold.resume)} run from the end of the hold: {show(resumed, zone)}")
    text = "Held at the request of law enforcement" + ("; the law forbids the notice until then." if hold.mandatory else ".")
    held = Held(end, agency, True, text)
    if due.target is None or resumed <= due.target:
        return replace(due, held=held, steps=(*due.steps, *steps))
    outer = due.outer if due.outer is not None and due.outer >= resumed else None
    return replace(due, target=resumed, outer=outer, last_day=last_day, held=held, steps=(*due.steps, *steps))
