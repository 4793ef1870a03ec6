"""Made-up runs of a made-up scenario: a short one whose lines are known one by one, and one that crowds a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.exercise.doings import Doings, OnDuty, Stated
from breachkit.domain.exercise.runs import Run
from breachkit.domain.exercise.scenario import Act, Action, Inject, Objective, Option, Question, Role, Scenario, Truth
from breachkit.domain.exercise.score import PARTS, Line, Outcome, Part, PartId, Score
from breachkit.domain.facts import Fact, Instant, read_value
from breachkit.domain.findings import Finding, FoundDue, FoundRecipient

BEGIN = datetime(2026, 11, 19, 15, tzinfo=UTC)
PLAYED = date(2026, 11, 22)
REPORT = "eu.gdpr.33@es-aepd"


def hours(number: float) -> timedelta:
    """That many hours."""
    return timedelta(hours=number)


def fact(key: str, raw: Any) -> Fact:
    """A fact as the journal holds it."""
    words = load_vocabulary()
    return Fact(key, read_value(words.spec(key), raw, words), raw, "test")


def scenario(**changes: Any) -> Scenario:
    """Three objectives, of which one is served by nothing; two injects, one with a deadline of its sender; one question."""
    made = Scenario(
        id="lost-key",
        title="The key that was lost",
        summary="A key is missing.",
        organisation="example-co",
        difficulty="easy",
        minutes=30,
        starts=Instant(BEGIN, "Europe/Madrid", None, "2026-11-19T16:00:00+01:00"),
        lasts=hours(80),
        briefing="Exercise. Nothing of this happened.",
        facilitator="A story.",
        objectives=(
            Objective("clock", "Start the clock", "Detection"),
            Objective("words", "Say it well", "Public information"),
            Objective("idle", "Nobody looks for this", "Recovery"),
        ),
        roles=(Role("lead", "Incident lead"), Role("privacy", "Privacy lead")),
        truths={
            "breach.cause": (Truth(fact("breach.cause", "lost_device"), hours(1), teller="the porter"),),
            "people.total": (
                Truth(fact("people.total", "20..90"), hours(1)),
                Truth(fact("people.total", "40"), None, "count", teller="the clerk"),
            ),
            "measures.taken": (Truth(fact("measures.taken", "Locked."), hours(2), scored=False),),
        },
        injects=(
            Inject("call", "phone", "A customer", "Somebody has our key.\nWhat now?", hours(0)),
            Inject("count", "mail", "The clerk", "There are 40.", hours(6)),
            Inject("paper", "press", "A journalist", "We print at noon.", hours(20), pressure=hours(3), asks=("line",)),
        ),
        questions=(
            Question("line", "What does the paper get?", (Option("facts", "The facts", True, "They help."),
                                                          Option("none", "Nothing", False, "It prints anyway."))),
        ),
        actions=(
            Action("declare", "Open the incident", Act("declare"), "The clock needs a start.", hours(0), hours(1),
                   objective="clock", role="lead", points=10, train="Practise opening early."),
            Action("report", "Report to the authority", Act("file", REPORT, "first"), "It must know.", hours(0), hours(70),
                   objective="clock", role="privacy", train="Practise filing."),
            Action("voice", "Agree on one text", Act("step", "general.one-voice"), "All are asked.", hours(0), hours(9),
                   objective="words", train="Practise the half page."),
        ),
    )  # fmt: skip
    return replace(made, **changes)


def line(id: str, part: PartId, points: float, of: float, **more: Any) -> Line:
    """A line of the score; what is not said follows from its points."""
    outcome: Outcome = "met" if points == of else "late" if points else "missed"
    at = BEGIN + hours(2) if points else None
    held: dict[str, Any] = {"outcome": outcome, "at": at, "wanted_by": BEGIN + hours(4), "because": f"because of {id}", **more}
    return Line(id, part, held.pop("title", f"Title of {id}"), points, of, held.pop("outcome"), f"Found at {id}.", **held)


def lines() -> tuple[Line, ...]:
    """Something lost in every way there is."""
    return (
        line("action:declare", "declare", 5, 10, title="Open the incident", objective="clock", role="lead",
             train="Practise opening early."),
        line(f"duty:{REPORT}", "duties", 4, 4),
        line(f"deadline:{REPORT}", "deadlines", 3, 10, title="Report to the authority", train="Draft at once."),
        line("needless", "needless", 10, 10),
        line(f"notice:{REPORT}", "notices", 2.5, 5, outcome="wrong"),
        line("fact:breach.cause", "facts", 0, 1, at=None),
        line("fact:people.total#1", "facts", 0.5, 1),
        line("fact:people.total", "facts", 1, 1),
        line("step:general.contain", "playbook", 1, 1),
        line("step:general.letters", "playbook", 0, 1, role="customer_care"),
        line("answer:line", "answers", 0, 2, outcome="wrong"),
        line("action:report", "actions", 5, 5, title="Report to the authority", objective="clock", role="privacy"),
        line("action:voice", "actions", 0, 5, title="Agree on one text", objective="words", train="Practise the half page."),
    )  # fmt: skip


def score_of(held: tuple[Line, ...]) -> Score:
    """Those lines as a score."""
    parts = [Part(id, tuple(one for one in held if one.part == id)) for id in PARTS]
    return Score(tuple(part for part in parts if part.lines))


def finding() -> Finding:
    """The report to the authority, due 72 hours after two hours, with three days more."""
    start = BEGIN + hours(2)
    due = FoundDue(
        start + hours(72), start + hours(76), None, "Europe/Madrid", "hours", 72, "aware_at", start, "aware_at", "",
        False, False, (), None, (), (),
    )  # fmt: skip
    return Finding(
        REPORT, "eu.gdpr.33", "eu.gdpr", "Report to the authority", FoundRecipient("authority", "es-aepd", "AEPD"), "owed",
        False, None, due, (), (), (), (), (), (), "verified", date(2026, 1, 1), "breachkit", "2016",
    )  # fmt: skip


def doings(**changes: Any) -> Doings:
    """What the team did on that evening."""
    at = BEGIN + hours(2)
    stated: Mapping[str, tuple[Stated, ...]] = {
        "people.total": (Stated(fact("people.total", "20..90"), at, 2), Stated(fact("people.total", "40"), at + hours(6), 5)),
        "incident.invented": (Stated(fact("incident.invented", "yes"), at, 1),),
    }
    made = Doings(
        declared_at=at,
        stated=stated,
        filed=(OnDuty(REPORT, BEGIN + hours(75), 9, "first", "AEPD-1", "privacy"),),
        decided=(OnDuty("eu.gdpr.34", BEGIN + hours(9), 7, "refrain", "the data says too little", "lead"),),
        approved=(OnDuty(REPORT, BEGIN + hours(70), 8, by="lead"),),
        steps={"general.contain": at},
        fired={"call": BEGIN, "count": BEGIN + hours(6), "paper": BEGIN + hours(20)},
        asked={"people.total": BEGIN + hours(5)},
        answered={"line": (BEGIN + hours(21), "none")},
        notes=((BEGIN + hours(3), "the porter is away"),),
        refused=((BEGIN + hours(1), "file eu.gdpr.33", "no incident was opened yet"),),
    )
    return replace(made, **changes)


def run(held: tuple[Line, ...] | None = None, **changes: Any) -> Run:
    """The evening as a run that is over."""
    world = changes.pop("scenario", None) or scenario()
    made = Run(
        scenario=world,
        doings=doings(),
        score=score_of(lines() if held is None else held),
        findings=(finding(),),
        ended_at=world.end,
        now=world.end,
        team="slow",
        law_pack="aa" * 32,
        exercise="bb" * 32,
        scenario_sha256="cc" * 32,
        injects=world.injects,
        roles={"customer_care": "Customer care", **{role.id: role.title for role in world.roles}},
        played_on=PLAYED,
    )
    return replace(made, **changes)


def perfect() -> Run:
    """The same evening, nothing lost."""
    return run(tuple(replace(one, points=one.of, outcome="met", at=BEGIN + hours(2)) for one in lines()))


def busy(injects: int = 30, entries: int = 80) -> Run:
    """So many injects and entries, most of them in the first hours."""
    channels = ("phone", "mail", "chat", "press", "regulator", "attacker", "system")
    sent = tuple(
        Inject(f"inject-{n}", channels[n % 7], f"Sender {n}", f"Text {n} " * 9, hours(n * n / 12),  # type: ignore[arg-type]  # one of the channels
               pressure=hours(4) if n % 6 == 0 else None)
        for n in range(injects)
    )  # fmt: skip
    stated: dict[str, tuple[Stated, ...]] = {}
    acts: dict[str, list[OnDuty]] = {"filed": [], "decided": [], "approved": []}
    rest: dict[str, dict[str, Any]] = {"steps": {}, "asked": {}, "answered": {}}
    notes = []
    for n in range(entries):
        at = BEGIN + hours(0.4 + n * n / 95)
        match n % 8:
            case 0 | 1 | 2:
                stated["people.total"] = (*stated.get("people.total", ()), Stated(fact("people.total", str(40 + n)), at, n))
            case 3:
                rest["steps"][f"general.step-{n}"] = at
            case 4:
                rest["asked"][f"people.in.ES-{n}"] = at
            case 5:
                acts["decided"].append(OnDuty(f"eu.gdpr.{n}", at, n, "refrain", "a ground of words", "lead"))
            case 6:
                acts["filed"].append(OnDuty(REPORT, at, n, "first" if n == 6 else "update", f"AEPD-{n}", "privacy"))
            case _:
                notes.append((at, f"note number {n}"))
    world = scenario(injects=sent)
    done = Doings(
        declared_at=BEGIN + hours(0.5),
        stated=stated,
        filed=tuple(acts["filed"]),
        decided=tuple(acts["decided"]),
        steps=rest["steps"],
        asked=rest["asked"],
        fired={one.id: BEGIN + one.at for one in sent},
        notes=tuple(notes),
    )
    return run(scenario=world, doings=done)
