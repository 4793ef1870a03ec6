"""Duties, clocks and questions as text for a person."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from datetime import datetime

from breachkit.cli.common import say
from breachkit.domain import marks
from breachkit.domain.facts import Fact, say_value
from breachkit.domain.findings import Finding
from breachkit.domain.periods import show
from breachkit.workflow import words
from breachkit.workflow.contract import NOT_ADVICE
from breachkit.workflow.lawbook import pack_words
from breachkit.workflow.subjects import Answer

WIDTH = 100
_STYLE = {"owed": "1;31", "undetermined": "33", "done": "32", "exempt": "2", "not_owed": "2", "not_in_force": "2"}
INVENTED = "INVENTED INCIDENT - nothing of this happened; for example and exercise only"


def headline(answer: Answer) -> None:
    """What this is about, and as of when."""
    subject, found = answer.subject, answer.assessment
    if said := marks.line(subject.invented, subject.exercise, INVENTED):
        say(f"*** {said} ***", style="7")
    say(subject.title, style="1")
    say(f"{subject.name} - {subject.organisation_name} - as of {show(found.now, 'UTC')}")
    say(NOT_ADVICE)
    say()
    for place in found.uncovered:
        say(
            f"UNCOVERED  {place.people} people in {place.name} ({place.place}): no law is loaded for them; ask counsel there",
            style="1;35",
        )
    for conflict in found.conflicts:
        wrapped(f"CONFLICT   {conflict.text} [{'; '.join(cite.text for cite in conflict.cite)}]", hang=11, style="1;35")
    if found.uncovered or found.conflicts:
        say()


def big_clock(answer: Answer) -> None:
    """The countdown to the nearest deadline."""
    found = answer.assessment
    nearest = words.nearest_deadline(found)
    if nearest is None or nearest.due.target is None:
        say("No deadline is running: say when you became aware (breachkit ask tells what matters next).")
        return
    say(f"  {words.countdown(nearest.due.target, found.now)}  to  {nearest.id}", style="1;31")
    say(f"  {nearest.title}: {words.due_words(nearest.due)} = {show(nearest.due.target, 'UTC')}")
    say()


def duty(finding: Finding, now: datetime, *, steps: bool = False) -> None:
    """One duty: status, due time, reasons, source."""
    target = finding.due.target
    left = f"  {words.left(target, now)}" if target is not None and finding.open else ""
    head = f"{words.status_word(finding):<13}{finding.id}"
    say(head, style=_STYLE[finding.status])
    _line("to", words.recipient_words(finding))
    if finding.open and (channel := words.channel_words(finding.recipient, now)) is not None:
        _line("channel", channel)
    if finding.replaced_by:
        _line("replaced by", finding.replaced_by)
    if finding.status not in ("not_owed", "not_in_force"):
        _line("due", words.due_words(finding.due) + left)
        if finding.due.outer is not None and finding.due.outer != target:
            _line("outer limit", show(finding.due.outer, finding.due.zone))
        for caveat in words.due_caveats(finding.due):
            _line("", caveat)
    for filed in finding.filed:
        _line("filed", f"{filed.get('at')} - {filed.get('reference', '')} ({filed.get('kind', 'first')})")
    if finding.decision is not None:
        again = f" - REOPENED: changed since: {', '.join(finding.decision.changed)}" if finding.decision.reopened else ""
        _line("decided", f"{finding.decision.choice}: {finding.decision.ground}{again}")
    marks = {True: "yes", False: "no", None: "not known yet"}
    for reason in finding.because:
        value = (
            f" ({reason.fact}: {reason.value})" if reason.fact and reason.value else f" ({reason.fact})" if reason.fact else ""
        )
        _line("because", f"[{marks[reason.holds]}] {reason.text}{value}")
    if steps:
        for step in finding.due.steps:
            _line("counted", step)
        held = finding.due.not_before
        for step in held.steps if held is not None else ():
            _line("held", step)
        for text in finding.other_texts:
            _line("other text", f"{text.version} ({text.status.replace('_', ' ')}): {text.summary}")
    if steps and finding.substitute is not None:
        opened = {True: "open", False: "not open", None: "not known yet"}[finding.substitute.open]
        _line("substitute", f"notice by other means is {opened}; {', '.join(finding.substitute.means) or 'means not named'}")
    for note in (*finding.due.notes, *(finding.notes if steps else ())):
        _line("note", note)
    _line("source", f"{'; '.join(cite.text for cite in finding.cite)} ({finding.confidence}, reviewed {finding.reviewed})")
    if said := pack_words(finding):
        _line("law", said)
    say()


def duties(answer: Answer, *, everything: bool, steps: bool) -> None:
    """The whole list, what is settled left out unless asked for."""
    found = answer.assessment
    shown = [f for f in found.findings if everything or (f.status not in ("not_owed", "not_in_force") and not f.aside)]
    for finding in shown:
        duty(finding, answer.assessment.now, steps=steps)
    if found.elsewhere and not everything:
        say(f"OPEN         {words.elsewhere_words(found)}", style=_STYLE["undetermined"])
        wrapped("    settled by  the first questions of breachkit ask; --all lists them", hang=16)
        say()
    hidden = len(found.findings) - len(shown) - (0 if everything else len(found.elsewhere))
    if hidden:
        say(f"{hidden} more are not owed or not in force; --all shows them with the reason.")


def questions(answer: Answer, *, most: int | None = None) -> None:
    """What to ask next."""
    found = answer.assessment.questions
    if not found:
        say("Nothing is open: every duty is decided by the facts known.")
    for number, one in enumerate(found[:most], 1):
        urgent = f"  [{words.left(one.earliest_due, answer.assessment.now)}]" if one.earliest_due else ""
        said = "  (answered: not known)" if one.answered_unknown else ""
        wrapped(f"{number:>2}. {one.asks}{urgent}{said}", hang=4)
        _line("", f"{one.key}  - decides {_some(one.unlocks)}")
    if most is not None and len(found) > most:
        say(f"    {len(found) - most} more; breachkit ask lists them all")


def _some(ids: Iterable[str]) -> str:
    listed = list(ids)
    return ", ".join(listed[:4]) + (f" and {len(listed) - 4} more" if len(listed) > 4 else "")


def _line(label: str, text: str) -> None:
    wrapped(f"    {label:<12}{text}", hang=16)


def wrapped(text: str, *, hang: int, style: str = "") -> None:
    """One paragraph, its later lines indented."""
    for line in textwrap.wrap(text, WIDTH, subsequent_indent=" " * hang, break_long_words=False, break_on_hyphens=False):
        say(line, style=style)


def fact(one: Fact) -> None:
    """One fact with who said so and how sure."""
    sure = "" if one.certainty == "confirmed" else " (estimated)"
    said = f"  [{one.source}]" if one.source else ""
    recorded = f"  {one.recorded_at:%Y-%m-%d %H:%M} UTC by {one.by}" if one.recorded_at else ""
    wrapped(f"{one.key:<34} {say_value(one.value)}{sure}{said}{recorded}", hang=35)


def section(title: str) -> None:
    """A heading between parts of a long print."""
    say(f"== {title} ".ljust(WIDTH, "="), style="1")
    say()
