"""A debrief as one document, in the order in which it is read aloud: the score, what went well, what to train, the rest.

The tables of what was recorded, the comparison and the lines of the score are in debrief_tables.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from breachkit.domain import marks
from breachkit.domain.exercise import improvement
from breachkit.domain.exercise.debrief import Debrief, Earned
from breachkit.domain.exercise.improvement import practise, wanted
from breachkit.domain.exercise.ratings import MARKS, RULE
from breachkit.domain.exercise.runs import counted, percent, say_points
from breachkit.domain.exercise.score import Line, PartId
from breachkit.domain.incident_report import ReportDocument
from breachkit.domain.notice_text import clean, unescaped_inside
from breachkit.domain.offsets import say_offset
from breachkit.domain.periods import show_day
from breachkit.workflow.exercise import debrief_plan, debrief_tables
from breachkit.workflow.report_markdown import md, table

_COUNTED = ("duties", "facts", "playbook")
"""Parts of many lines, of which a number says enough when they went well."""
_ONE_CAUSE = (
    " One thing left undone may cost several lines: a notice that was never filed loses the points for its deadline, for its "
    "words and for the action."
)
_THE_SAME: dict[PartId, str] = {"duties": "seeing it in time", "deadlines": "filing it in time", "notices": "its words"}
"""What a line is about, where several are about one duty."""


def page(debrief: Debrief) -> ReportDocument:
    """The document; the same debrief gives the same one."""
    run = debrief.run
    title = f"Debrief: {' '.join(clean(run.scenario.title).split())}"
    rests = (("exercise", run.exercise), ("scenario", run.scenario_sha256), ("law pack", run.law_pack))
    return ReportDocument(
        title=title,
        heading=f"Debrief: {md(run.scenario.title)}",
        banners=(marks.EXERCISE,),
        before=_joined(
            *_head(debrief), *_score(debrief), *_ratings(debrief), *_well(debrief), *_train(debrief), "## Time line", ""
        ),
        chart=debrief.chart,
        after=_joined(*debrief_tables.happened(debrief), *debrief_plan.plan(debrief), *debrief_tables.rest(debrief)),
        footer=f"{' '.join(clean(run.label).split())}, scored {show_day(debrief.today)}. "
        + ", ".join(f"{what} {digest[:12]}" for what, digest in rests if digest),
        written_on=debrief.today,
        exercise=run.scenario.id,
    )


def _joined(*lines: str) -> str:
    # Inside a word a low line is no sign of Markdown: fact keys and item names can be copied as they stand.
    return re.sub(r"(?<=[A-Za-z0-9])\\_(?=[A-Za-z0-9])", "_", unescaped_inside("\n".join(lines)))


def _head(debrief: Debrief) -> Iterator[str]:
    run, scenario = debrief.run, debrief.run.scenario
    yield (
        f"Exercise `{scenario.id}`, {scenario.difficulty}, {scenario.minutes} minutes at the table; {md(run.label)}. "
        f"In its own time it began {md(run.clock(scenario.begin))} and "
        + (f"ended {md(run.clock(run.ended_at))}, {say_offset(run.ended_at - scenario.begin)} later." if run.ended_at
           else f"stands at {md(run.clock(run.now))}, {say_offset(run.now - scenario.begin)} later.")
    )  # fmt: skip
    yield ""
    if not run.over:
        still = sum(line.of for line in debrief.pending)
        left = f"{counted(len(debrief.pending), 'line')} of the score, {say_points(still)} points" if debrief.pending else ""
        yield (
            "**This exercise is not over. What follows is how it stands now"
            + (f"; {left}, can still be earned and count as not done yet" if left else "")
            + ". It tells what is still looked for: whoever plays on should not read it.**"
        )
        yield ""
    if others := run.doings.other_incidents:
        was = "was" if len(others) == 1 else "were"
        yield f"{md(', '.join(others))} {was} opened as well. Only the first incident is scored; nothing in another one counts."
        yield ""


def _score(debrief: Debrief) -> Iterator[str]:
    score = debrief.run.score
    yield "## The score"
    yield ""
    yield (
        f"**{say_points(score.points)} of {say_points(score.of)} points, {percent(score.points, score.of):g} per cent"
        f"{' so far' if not debrief.run.over else ''}.** The number is the sum of these parts, and each part is told line "
        "by line further down. It measures this one run, not a person."
    )
    yield ""
    rows = [
        (part.title, say_points(part.points), say_points(part.of), f"{percent(part.points, part.of):g} %")
        for part in score.parts
    ]
    yield from table(("Part", "Points", "Of", "Share"), rows)


def _ratings(debrief: Debrief) -> Iterator[str]:
    if not debrief.ratings:
        return
    yield "## Objectives"
    yield ""
    rows = []
    for one in debrief.ratings:
        unrated = "not rated: no line of the score serves it" + ("" if debrief.run.over else " yet")
        said = f"{one.mark} - {MARKS[one.mark]}" if one.mark is not None else unrated
        rests = (
            f"{say_points(one.points)} of {say_points(one.of)} points on {counted(len(one.lines), 'line')}" if one.of else ""
        )
        rows.append((one.objective.title, one.objective.capability, said, rests))
    yield from table(("Objective", "Capability", "Rating", "Rests on"), rows)
    yield RULE
    yield ""


def _well(debrief: Debrief) -> Iterator[str]:
    yield "## What went well"
    yield ""
    if not debrief.earned:
        yield "No line of the score was earned whole. That happens on a first evening; the plan below says where to begin."
        yield ""
        return
    for one in debrief.earned:
        yield from _praise(one)


def _praise(one: Earned) -> Iterator[str]:
    total = len(one.part.lines)
    number = f": all {total}" if one.all and total > 1 else f": {len(one.lines)} of {total}" if total > 1 else ""
    yield f"**{md(one.part.title)}{number}**"
    yield ""
    if one.part.id not in _COUNTED:
        yield from (f"- {md(_sentence(line.title))} {md(line.why)}" for line in one.lines)
        yield ""


def _train(debrief: Debrief) -> Iterator[str]:
    yield "## What to train"
    yield ""
    if not debrief.train:
        still = " so far" if not debrief.run.over else ""
        yield f"No line lost a point{still}. Take a harder exercise next, or this one with other people in the roles."
        yield ""
    else:
        yield (
            f"{counted(len(debrief.train), 'line')} of the score lost {say_points(sum(line.lost for line in debrief.train))} "
            f"points. The costliest come first, single facts and steps last.{_ONE_CAUSE if _never_filed(debrief) else ''}"
        )
        yield ""
    for line in debrief.large:
        yield from _lost(line, debrief)
    for part, words in (("facts", "Facts"), ("playbook", "Steps of the playbooks")):
        yield from _small([line for line in debrief.small if line.part == part], words)
    if debrief.pending:
        yield "### Not done yet"
        yield ""
        rows = [(line.title, say_points(line.of), _by(line, debrief)) for line in debrief.pending]
        yield from table(("What", "Points", "Wanted by"), rows)


def _never_filed(debrief: Debrief) -> bool:
    return any(line.part == "deadlines" and line.outcome == "missed" for line in debrief.train)


def _lost(line: Line, debrief: Debrief) -> Iterator[str]:
    run = debrief.run
    about = f" - {_THE_SAME[line.part]}" if line.part in _THE_SAME else ""
    yield f"### {md(wanted(line))}{about}"
    yield ""
    who = run.roles.get(line.role, line.role)
    by = _by(line, debrief)
    yield f"- Lost: {say_points(line.lost)} of {say_points(line.of)} points (`{line.id}`)"
    looked = ", ".join(filter(None, (f"from the role {md(who)}" if who else "", f"by {md(by)}" if by else "")))
    if looked:
        yield f"- Looked for: {looked}"
    yield f"- Found: {md(line.why)}"
    if line.because:
        yield f"- Why it matters: {md(line.because)}"
    yield f"- To practise: {md(practise(line))}"
    yield ""


def _small(lines: list[Line], words: str) -> Iterator[str]:
    if not lines:
        return
    yield f"### {words}"
    yield ""
    yield f"To practise: {md(practise_of(lines))}"
    yield ""
    rows = [(say_points(line.lost), line.title, line.why, _first_sentence(line.because)) for line in lines]
    yield from table(("Lost", "Looked for", "Found", "Why it matters"), rows)


def practise_of(lines: Iterable[Line]) -> str:
    """What to practise for single facts or steps, which share it."""
    return improvement.PRACTISE[next(iter(lines)).part]


def _by(line: Line, debrief: Debrief) -> str:
    run = debrief.run
    return f"{run.clock(line.wanted_by)} ({run.after(line.wanted_by)})" if line.wanted_by is not None else ""


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _first_sentence(text: str) -> str:
    words = " ".join(text.split())
    found = re.match(r".{20,}?[.!?](?= [A-Z]|$)", words)
    return found[0] if found else words
