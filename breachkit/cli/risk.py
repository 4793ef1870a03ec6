"""`breachkit risk`: the severity score, line by line, and the level it suggests for GDPR Art. 33 and 34."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from breachkit.cli import common
from breachkit.cli.common import say

if TYPE_CHECKING:
    from breachkit.domain.logic import Because
    from breachkit.domain.risk import RiskAssessment
    from breachkit.domain.risk.values import Span
    from breachkit.workflow.subjects import Subject

risk_app, _command = common.single(example="breachkit risk INC-1 --what-if data.key_taken=yes")

_MARKS = {True: "yes", False: "no", None: "not known yet"}


@_command
def risk(
    incident: common.INCIDENT = None,
    facts: common.FACTS = None,
    what_if: common.WHAT_IF = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    now: common.NOW = None,
    as_of: common.AS_OF = None,
) -> None:
    """How bad it is for the people: the ENISA score line by line, and the risk level it suggests."""
    space = common.workspace(database, now=now, as_of=as_of)
    with common.subject(incident, facts, space) as held:
        from breachkit.workflow import risk as workflow

        subject, found = workflow.risk_of(held, common.read_pairs(what_if or []))
        if as_json:
            common.print_json(workflow.risk(subject, found))
            return
        _headline(subject)
        _score(found)
        _suggestion(subject, found)
        _excuses(found)
        _questions(subject, found)
        _ending(subject)


def _headline(subject: Subject) -> None:
    from breachkit.cli.output import INVENTED
    from breachkit.domain import marks
    from breachkit.workflow.contract import NOT_ADVICE

    if said := marks.line(subject.invented, subject.exercise, INVENTED):
        say(f"*** {said} ***", style="7")
    say(subject.title, style="1")
    say(f"{subject.name} - {subject.organisation_name}")
    say(NOT_ADVICE)
    say()


def _score(found: RiskAssessment) -> None:
    from breachkit.domain.risk.values import ENISA, band_of
    from breachkit.workflow.risk import LABELS

    say("Severity score: SE = DPC x EI + CB", style="1")
    for one in found.factors:
        _line(f"{LABELS[one.name]:<30}{_span(one.span)}", hang=30)
        row = f"{one.row} [{one.cite.text.removeprefix(ENISA).lstrip(', ')}]"
        _line(f"     {row}{'' if one.replaces is None else f' (the facts gave {_span(one.replaces)})'}", hang=5)
        if one.refused:
            _line(f"     REFUSED: {one.refused}", hang=5)
        _reasons(one.because)
    dpc, ei, cb, se = found.dpc, found.ei, found.cb, found.se
    low, high = band_of(se.low), band_of(se.high)
    band = low if low == high else f"{low} to {high}"
    say()
    say(f"  SE = {_span(dpc)} x {_span(ei)} + {_span(cb)} = {_span(se)}: {band.replace('_', ' ')}", style="1")
    for flag in found.flags:
        say(f"  flag [{_MARKS[flag.holds]}] {flag.text}; it does not change the score")
    _line(f"  source: {ENISA}", hang=10)
    say()


def _suggestion(subject: Subject, found: RiskAssessment) -> None:
    from breachkit.workflow.risk import LEVEL_WORDS

    if found.suggests is not None:
        say(f"Suggests for GDPR Art. 33 and 34: {LEVEL_WORDS[found.suggests]} ({found.suggests})", style="1")
    else:
        low, high = found.between
        _line(f"No suggestion yet for GDPR Art. 33 and 34: it lies between {low} and {high}", hang=4, style="1")
        _line(f"  it hangs on {', '.join(found.reach.needs)}", hang=4)
    _reasons(found.reach.because)
    for note in found.notes:
        _line(f"  note: {note}", hang=8)
    _line(f"  source: {'; '.join(cite.text for cite in found.cite)}", hang=10)
    recorded = subject.book.text("risk.level")
    if recorded is not None:
        _line(f"  recorded decision: risk.level is {recorded}", hang=4)
    say()


def _excuses(found: RiskAssessment) -> None:
    say("Exceptions to telling the people, GDPR Art. 34(3); they do not change the risk", style="1")
    for one in found.excuses:
        _line(f"  ({one.id}) [{_MARKS[one.verdict.holds]}] {one.title}: then {one.effect}", hang=6)
    say()


def _questions(subject: Subject, found: RiskAssessment) -> None:
    if not found.needs:
        return
    words = subject.book.words
    say("To find out, what matters most first", style="1")
    for number, key in enumerate(found.needs, 1):
        part = "suggestion" if key in found.reach.needs else "score only"
        asked = "  (answered: not known)" if subject.book.asked(key) else ""
        asks = words.spec(key).asks
        for category in key.split("."):
            asks = asks.replace("this kind of data", words.categories[category].label) if category in words.categories else asks
        _line(f"{number:>3}. {asks}{asked}", hang=5)
        say(f"     {key}  - {part}")
    say()


def _ending(subject: Subject) -> None:
    from breachkit.workflow.risk import DECIDES

    _line(DECIDES, hang=0)
    if subject.incident is not None:
        say(f'  breachkit fact set {subject.name} risk.level=LEVEL risk.reason="..."')


def _reasons(reasons: Iterable[Because]) -> None:
    for one in reasons:
        value = f" ({one.fact}: {one.value})" if one.fact and one.value else f" ({one.fact})" if one.fact else ""
        _line(f"     because [{_MARKS[one.holds]}] {one.text}{value}", hang=13)


def _span(span: Span) -> str:
    low, high = _plain(span.low), _plain(span.high)
    return low if low == high else f"{low}..{high}"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _line(text: str, *, hang: int, style: str = "") -> None:
    from breachkit.cli.output import wrapped

    wrapped(text, hang=hang, style=style)
