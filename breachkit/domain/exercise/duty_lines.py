"""The lines of a score that the law asks for: who must be told, by when, with what; and telling nobody without need.

What is owed in truth, when that could first be known, and what the team's own facts showed are worked out by the engine and
handed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from breachkit.domain.exercise.doings import OnDuty
from breachkit.domain.exercise.judging import HALF, Judge
from breachkit.domain.exercise.score import Line, Outcome
from breachkit.domain.findings import Finding
from breachkit.domain.offsets import say_offset
from breachkit.domain.values import value

SEEN, MET, OUTER, LATE, NOTICE, NEEDLESS = 4.0, 10.0, 8.0, 3.0, 5.0, 10.0
NEEDLESS_EACH = 5.0
WAITS_SHOWN = 4
TELLING = 5
"""A capitalised word of so many letters in a title tells which recipient is meant."""


@value
class Owed:
    """A duty that is owed in truth."""

    finding: Finding
    """Judged on the final truth, with the team's filings where one clock hangs on another."""
    knowable_at: datetime
    """From when the truth that could be known showed it as owed, UTC."""
    seen_at: datetime | None
    """When the team's own facts first made the engine show it as owed, or it was filed; None: never."""
    waits_for: tuple[str, ...] = ()
    """Facts that would have settled it on the team's record at the end; empty where none is lacking."""


@value
class MadeNotice:
    """What a notice held when it was filed."""

    duty: str
    elements: int
    """How many elements the duty asks for whose facts could be known."""
    lacking: tuple[str, ...]
    """Those of them it did not hold, or said would follow."""
    untrue: tuple[str, ...]
    """Facts recorded then that were not true, each with what was said and what is true, in words."""
    failed: str = ""
    """Why it could not be made; empty: it could."""


def filing_of(id: str, filed: Sequence[OnDuty], owed: Sequence[Owed]) -> OnDuty | None:
    """The first filing of that duty; one made before its recipient was known counts where there is only one such duty."""
    duty = id.partition("@")[0]
    alone = sum(one.finding.duty == duty for one in owed) == 1
    firsts = [one for one in filed if one.choice == "first"]
    return next((one for one in firsts if one.duty == id or (alone and one.duty == duty)), None)


def due_lines(
    judge: Judge, owed: Sequence[Owed], notices: Mapping[str, MadeNotice], needless: Sequence[tuple[OnDuty, str]]
) -> Iterator[Line]:
    """Every line. `notices` by finding; `needless`: filings that nothing asked for, each with why."""
    for one in owed:
        yield _seen(judge, one)
    for one in owed:
        if falls_due(one, judge):
            filing = filing_of(one.finding.id, judge.doings.filed, owed)
            yield _deadline(judge, one, filing)
            yield _notice(one, filing, notices.get(one.finding.id))
    yield _needless(judge, needless)


def forbidden_until(finding: Finding) -> tuple[datetime, str] | None:
    """Until when a law or a request of law enforcement forbids it, UTC, and why; None: nothing does."""
    wait, held = finding.due.not_before, finding.due.held
    found = []
    if wait is not None and wait.holds and wait.at is not None:
        found.append((wait.at, wait.because))
    if held is not None and held.counts and held.until is not None:
        found.append((held.until, held.text))
    return max(found, default=None)


def falls_due(one: Owed, judge: Judge) -> bool:
    """Whether its deadline lies within the exercise."""
    target = one.finding.due.target
    return target is not None and target <= judge.scenario.end


def titled(finding: Finding) -> str:
    """What is to be done and to whom, without saying the recipient twice."""
    name = finding.recipient.name
    telling = {word for word in name.split() if len(word) >= TELLING and word[0].isupper()}
    said = name.lower() in finding.title.lower() or not telling.isdisjoint(finding.title.split())
    return finding.title if said else f"{finding.title}, to {name}"


def _cited(finding: Finding) -> str:
    return "; ".join(cite.text for cite in finding.cite[:2])


def _seen(judge: Judge, one: Owed) -> Line:
    finding, grace = one.finding, judge.scenario.grace
    by = one.knowable_at + grace
    known = f"The facts that could be known showed it {judge.when(one.knowable_at)}"
    outcome: Outcome
    if one.seen_at is None:
        points, outcome, why = 0.0, "missed", f"{known}; the team's record never did{_waits(one)}."
    elif one.seen_at > by:
        points, outcome = SEEN * HALF, "late"
        why = f"{known}; the team's record did {judge.when(one.seen_at)}, more than {say_offset(grace)} later: half."
    else:
        points, outcome, why = SEEN, "met", f"{known}; the team's record did {judge.when(one.seen_at)}."
    return Line(
        f"duty:{finding.id}", "duties", titled(finding), points, SEEN, outcome, why,
        _cited(finding), one.seen_at, by,
        train="" if points == SEEN else f"Find out early what decides {finding.id}: breachkit ask lists it.",
    )  # fmt: skip


def _waits(one: Owed) -> str:
    shown = ", ".join(one.waits_for[:WAITS_SHOWN]) + (" and others" if len(one.waits_for) > WAITS_SHOWN else "")
    return f", and at the end still waited for {shown}" if shown else ""


def _deadline(judge: Judge, one: Owed, filing: OnDuty | None) -> Line:
    due, id = one.finding.due, one.finding.id
    target, wait = due.target, forbidden_until(one.finding)
    assert target is not None
    last = due.outer if due.outer is not None and due.outer > target else target
    outcome: Outcome
    if filing is None:
        points, outcome, why = 0.0, "missed", f"Due {judge.when(target)}; nothing was filed."
    elif wait is not None and filing.at < wait[0]:
        points, outcome = 0.0, "early"
        why = f"Told {judge.when(filing.at)}; it had to wait until {judge.when(wait[0])}: {wait[1]}."
    elif filing.at <= target:
        points, outcome, why = MET, "met", f"Filed {judge.when(filing.at)}, {say_offset(target - filing.at)} before it was due."
    elif filing.at <= last:
        points, outcome = OUTER, "late"
        why = f"Filed {judge.when(filing.at)}, after the strict reading ({judge.when(target)}) and within the outer limit."
    else:
        points, outcome = LATE, "late"
        why = f"Filed {judge.when(filing.at)}, {say_offset(filing.at - last)} too late. It was due {judge.when(target)}."
    train = f"Draft the first notice for {id} when its clock starts; file what is known in time."
    if outcome == "early":
        train = "Look for NOT BEFORE and HELD beside a duty before anybody is told, whatever other law is in a hurry."
    return Line(
        f"deadline:{id}", "deadlines", titled(one.finding), points, MET, outcome, why,
        _cited(one.finding), filing.at if filing else None, target,
        train="" if points == MET else train,
    )  # fmt: skip


def _notice(one: Owed, filing: OnDuty | None, made: MadeNotice | None) -> Line:
    points, outcome, why = _noticed(filing, made)
    return Line(
        f"notice:{one.finding.id}", "notices", f"The notice under {one.finding.id}", points, NOTICE, outcome, why,
        "What an authority reads must hold what the law lists, and be true as far as anybody could know.",
        filing.at if filing else None, one.finding.due.target,
        train="" if points == NOTICE else f"Run breachkit notice check {one.finding.duty} before filing.",
    )  # fmt: skip


def _noticed(filing: OnDuty | None, made: MadeNotice | None) -> tuple[float, Outcome, str]:
    if filing is None:
        return 0.0, "missed", "No notice was filed."
    if made is None or made.failed:
        return 0.0, "wrong", f"The notice could not be made: {made.failed if made else 'the duty was not found'}"
    share = 1 - len(made.lacking) / made.elements if made.elements else 1.0
    whole = round(3 * share * 2) / 2 if made.lacking else 3.0
    points = min(whole, 2.5 if made.lacking else 3.0) + (0.0 if made.untrue else 2.0)
    said = []
    if made.lacking:
        said.append(f"It lacked what could be known: {', '.join(made.lacking)}.")
    if made.untrue:
        said.append(f"It rested on what was not so: {'; '.join(made.untrue)}.")
    if not said:
        return NOTICE, "met", f"It held all {made.elements} elements that could be known, and nothing untrue."
    return points, "wrong", " ".join(said)


def _needless(judge: Judge, needless: Sequence[tuple[OnDuty, str]]) -> Line:
    points = max(0.0, NEEDLESS - NEEDLESS_EACH * len(needless))
    if needless:
        why = "; ".join(f"{one.duty} was filed {judge.when(one.at)}, and {reason}" for one, reason in needless) + "."
    else:
        why = "Nothing was filed that was not owed."
    return Line(
        "needless", "needless", "Nobody was told without need", points, NEEDLESS, "wrong" if needless else "met", why,
        "A needless notice alarms people, cannot be taken back, and teaches them to ignore the next one.",
        needless[0][0].at if needless else None,
        train="Before filing, read why the duty is owed: breachkit duties gives the reasons." if needless else "",
    )  # fmt: skip
