"""The tables of a debrief: what happened, what was recorded, earlier runs, every line of the score, and the world as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from breachkit.domain.exercise.chart import Dot, act_words
from breachkit.domain.exercise.comparison import Comparison
from breachkit.domain.exercise.debrief import VERDICTS, Debrief
from breachkit.domain.exercise.improvement import SMALL_PARTS, wanted
from breachkit.domain.exercise.runs import counted, percent, say_points
from breachkit.domain.exercise.score import Line
from breachkit.workflow.contract import NOT_ADVICE
from breachkit.workflow.report_markdown import md, table


def happened(debrief: Debrief) -> Iterator[str]:
    """The list beside the picture, and its deadlines."""
    run, drawn = debrief.run, debrief.chart
    where = f"Days and hours are those of {md(run.scenario.zone)}."
    yield f"The numbers are those of the drawing, where there is one. {where}"
    yield ""
    yield from table(
        ("No.", "After", "Clock", "What"),
        ((str(dot.number), dot.after, dot.clock, _told(dot)) for dot in drawn.dots),
    )
    if not drawn.dots:
        yield "Nothing happened yet."
        yield ""
    if not drawn.spans:
        return
    yield "### Deadlines that ran"
    yield ""
    rows = []
    for span in drawn.spans:
        target = f"{run.clock(span.target)} ({run.after(span.target)})"
        outer = run.clock(span.outer) if span.outer is not None else ""
        filed = ", ".join(f"no. {dot.number}, {dot.after}" for dot in span.done)
        rows.append(
            (span.title, run.clock(span.start), target, outer, filed, span.outcome if span.law else "wanted by a sender")
        )
    yield from table(("Deadline", "From", "Target", "Outer limit", "Filed", "Outcome"), rows)


def _told(dot: Dot) -> str:
    return f"{dot.lane} - {dot.words}" if dot.kind == "inject" else dot.words


def rest(debrief: Debrief) -> Iterator[str]:
    """Everything behind the plan."""
    yield from _acts(debrief)
    yield from _slow(debrief)
    yield from _refused(debrief)
    if debrief.comparison is not None:
        yield from _compared(debrief.comparison)
    yield from _lines(debrief)
    yield from _truths(debrief)
    yield from _rests(debrief)


def _acts(debrief: Debrief) -> Iterator[str]:
    run = debrief.run
    yield "## Decisions and notices"
    yield ""
    held = [*((one, "decision") for one in run.doings.decided), *((one, "filing") for one in run.doings.filed)]
    rows = [
        (run.after(one.at), act_words(one, "decision" if kind == "decision" else "filing"), one.by)
        for one, kind in sorted(held, key=lambda pair: (pair[0].at, pair[0].seq))
    ]
    yield from table(("After", "What", "By"), rows)
    if not run.doings.decided:
        yield "No decision was recorded."
        yield ""
    if not run.doings.filed:
        yield "No notice was filed."
        yield ""


def _slow(debrief: Debrief) -> Iterator[str]:
    if not debrief.slow:
        return
    run = debrief.run
    yield "## Facts that came late, and when they were asked for"
    yield ""
    rows = []
    for one in debrief.slow:
        known = f"{run.clock(one.known_from)} ({run.after(one.known_from)})" if one.known_from is not None else ""
        asked = run.after(one.asked_at) if one.asked_at is not None else "not asked"
        recorded = run.after(one.recorded_at) if one.recorded_at is not None else "never"
        rows.append((one.key, known, one.teller, asked, recorded))
    yield from table(("Fact", "Could be known from", "Who knew", "Asked", "First recorded"), rows)


def _refused(debrief: Debrief) -> Iterator[str]:
    run = debrief.run
    if not run.doings.refused:
        return
    yield "## What the tool refused"
    yield ""
    yield from table(("After", "What was tried", "Why"), ((run.after(at), tried, why) for at, tried, why in run.doings.refused))


def _compared(found: Comparison) -> Iterator[str]:
    yield "## Beside earlier runs"
    yield ""
    head = ("Part", *(one.label for one in found.columns))
    cells = (
        (row.title, *(f"{say_points(c[0])} of {say_points(c[1])}, {percent(*c):g} %" if c else "" for c in row.cells))
        for row in found.parts
    )
    total = ("All", *(f"{say_points(c.points)} of {say_points(c.of)}, {c.percent:g} %" for c in found.columns))
    yield from table(head, (*cells, total))
    for words, lines in (("Better than in the run before", found.better), ("Worse than in the run before", found.worse)):
        yield from _named(words, lines)
    if found.apart:
        yield from _named("Looked for in only one of the two", found.apart)
    if any(not one.over for one in found.columns):
        yield "A run that is not over is compared as it stands."
        yield ""
    if found.other_text:
        yield f"The scenario had another text in: {md('; '.join(found.other_text))}. These runs are not strictly comparable."
        yield ""
    laws = ", ".join(dict.fromkeys(one.law_pack[:12] for one in found.columns))
    if found.other_laws:
        yield f"Judged by other laws than this run: {md('; '.join(found.other_laws))} (law packs {laws})."
    else:
        yield f"All of them are judged by the same laws (law pack {laws})."
    yield ""


def _named(words: str, lines: Sequence[Line]) -> Iterator[str]:
    """Lines by their titles; single facts and steps by their names, in one item each."""
    yield f"**{words}**"
    yield ""
    if not lines:
        yield "- nothing"
    large = [line for line in lines if line.part not in SMALL_PARTS]
    yield from (f"- {md(wanted(line) if line.lost else line.title)} (`{line.id}`)" for line in large)
    for part, what in (("facts", "fact"), ("playbook", "step")):
        small = [line.id.partition(":")[2] for line in lines if line.part == part]
        if small:
            yield f"- {counted(len(small), what)}: {md(', '.join(small))}"
    yield ""


def _lines(debrief: Debrief) -> Iterator[str]:
    run = debrief.run
    yield "## Every line of the score"
    yield ""
    for part in run.score.parts:
        yield f"### {md(part.title)}: {say_points(part.points)} of {say_points(part.of)}"
        yield ""
        rows = []
        for line in part.lines:
            word, why = ("not yet", "") if run.pending(line) else (VERDICTS[line.outcome], line.why)
            rows.append((f"{say_points(line.points)} of {say_points(line.of)}", line.title, word, why))
        yield from table(("Points", "Looked for", "Outcome", "Found"), rows)


def _truths(debrief: Debrief) -> Iterator[str]:
    if not debrief.truths:
        return
    run = debrief.run
    yield "## How it was, and what was recorded"
    yield ""
    rows = []
    for one in debrief.truths:
        known = run.after(one.known_from) if one.known_from is not None else "not in this run"
        at = run.after(one.recorded_at) if one.recorded_at is not None else ""
        rows.append((one.key, one.true, known, one.recorded, at, one.verdict))
    yield from table(("Fact", "In truth", "Knowable from", "Recorded in the end", "First recorded", "Verdict"), rows)
    soon = "" if run.over else " What cannot be known yet is left out."
    yield f"A fact without a verdict was not looked for by the score.{soon}"
    yield ""


def _rests(debrief: Debrief) -> Iterator[str]:
    run = debrief.run
    yield "## What this rests on"
    yield ""
    yield f"- Exercise: first entry `{run.exercise}`"
    yield f"- Scenario `{run.scenario.id}`: `{run.scenario_sha256}`"
    yield f"- Law pack: `{run.law_pack}`"
    yield "- How each part of the score is made: docs/debrief.md"
    yield ""
    yield f"*{NOT_ADVICE}*"
    yield ""
