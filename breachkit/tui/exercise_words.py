"""How an exercise's times, messages and expected actions are said on screens: in words, so that no colour is needed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from shlex import quote

from breachkit.domain.exercise.scenario import Channel, Inject, Scenario
from breachkit.domain.facts import read_instant
from breachkit.domain.offsets import read_offset, say_offset
from breachkit.domain.periods import show, zone_named
from breachkit.errors import BadValue
from breachkit.workflow.exercise.drill import Drill, DrillState, Sent, Upcoming

CHANNEL: dict[Channel, str] = {
    "phone": "telephone",
    "mail": "mail",
    "chat": "chat",
    "press": "press",
    "regulator": "regulator",
    "attacker": "attacker",
    "system": "system",
}


def clock_short(moment: datetime, zone: str) -> str:
    """`Thu 16:20` on the wall clock of the scenario."""
    return f"{moment.astimezone(zone_named(zone)):%a %H:%M}"


def wants_answer(inject: Inject, at: datetime, now: datetime) -> str:
    """`wants an answer in 1 h 20 min`; empty where its sender set no time."""
    if inject.pressure is None:
        return ""
    span = at + inject.pressure - now
    if span < timedelta():
        return f"wanted an answer {say_offset(-span)} ago"
    return f"wants an answer in {say_offset(span)}"


def role_title(id: str, scenario: Scenario) -> str:
    """A role in words; its id where the scenario lists none such."""
    return next((role.title for role in scenario.roles if role.id == id), id)


def from_whom(inject: Inject, scenario: Scenario) -> str:
    """`telephone, A customer, to Incident lead`."""
    to = f", to {role_title(inject.to, scenario)}" if inject.to else ""
    return f"{CHANNEL[inject.channel]}, {inject.sender}{to}"


def message_head(sent: Sent, scenario: Scenario) -> str:
    """Channel, sender, to whom, and when it came."""
    return f"{from_whom(sent.inject, scenario)}, {show(sent.at, scenario.zone)}"


def when_planned(up: Upcoming, zone: str) -> str:
    """`Thu 18:00`, `HELD`, or `waits`."""
    if up.held:
        return "HELD"
    return "waits" if up.planned is None else clock_short(up.planned, zone)


def stands_at(drill: Drill, state: DrillState) -> str:
    """Where the exercise stands, for somebody who leaves."""
    moment = show(state.now, drill.scenario.zone)
    if state.ended_at is not None:
        return f"EXERCISE '{drill.scenario.title}' is over; it ended at {show(state.ended_at, drill.scenario.zone)}."
    if state.clock.running and state.clock.driver_alive:
        return f"EXERCISE '{drill.scenario.title}' goes on without you; it is {moment} there."
    return f"EXERCISE '{drill.scenario.title}' stands at {moment}. Nothing is lost."


def way_back(drill: Drill, state: DrillState) -> tuple[str, ...]:
    """The commands that lead on."""
    path = quote(str(drill.path))
    if state.ended_at is not None:
        return (f"How it went:  {debrief_command(drill)}",)
    part = " --facilitator" if drill.facilitator else ""
    return (f"Go on with:  breachkit exercise join --database {path}{part}",)


def debrief_command(drill: Drill) -> str:
    """As it is typed."""
    return f"breachkit exercise debrief {quote(str(drill.path))}"


def read_moment(text: str, now: datetime, zone: str) -> datetime:
    """`+4h`, `+1d 12h`, `PT90M`, `18:00` (the next one), `2026-11-20T09:00`: a later virtual time, UTC. BadValue otherwise."""
    said = text.strip()
    if found := _CLOCK.fullmatch(said):
        local = now.astimezone(zone_named(zone))
        at = _on_the_clock(local, int(found["hour"]), int(found["minute"]))
        return at if at > now else _on_the_clock(local + timedelta(days=1), int(found["hour"]), int(found["minute"]))
    if _DAY.match(said):
        whole = said if _OFFSET.search(said) else f"{said}[{zone}]"
        return read_instant(whole).at
    return now + read_span(said)


def read_span(text: str) -> timedelta:
    """`+4h`, `90 min`, `1d 12h`, `PT4H`: elapsed time. BadValue for anything else."""
    said = text.strip().removeprefix("+").strip()
    if said.upper().startswith("P"):
        return read_offset(said.upper())
    found = _SPAN.fullmatch(said.lower())
    if not said or found is None:
        raise BadValue(f"'{text}' is no time; write +4h, +90min, 1d 12h, 18:00 or 2026-11-20T09:00")
    return timedelta(**{unit: int(number) for unit, number in found.groupdict().items() if number})


def _on_the_clock(local: datetime, hour: int, minute: int) -> datetime:
    return local.replace(hour=hour, minute=minute, second=0, microsecond=0).astimezone(UTC)


_CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_OFFSET = re.compile(r"(Z|[+-]\d\d:?\d\d|\])$", re.ASCII)
_SPAN = re.compile(
    r"(?:(?P<days>\d{1,3})\s*d)?\s*(?:(?P<hours>\d{1,4})\s*h)?\s*(?:(?P<minutes>\d{1,5})\s*(?:min|m))?", re.ASCII
)
SPEEDS = (1, 5, 10, 20, 40, 60, 80, 120, 240, 600, 1200, 3600, 10_000)
"""The steps of faster and slower: virtual seconds in a real one."""


def next_speed(speed: float, *, faster: bool) -> float:
    """The next step up or down; the last one stays."""
    if faster:
        return float(next((step for step in SPEEDS if step > speed), speed))
    return float(next((step for step in reversed(SPEEDS) if step < speed), speed))


def done_words(at: datetime | None, window: tuple[datetime, datetime], now: datetime, zone: str) -> str:
    """How an expected action stands: `[x] Thu 16:20`, `[x] LATE Thu 18:20`, `[ ] 40 min left`, `[ ] MISSED by Thu 17:00`."""
    opens, closes = window
    if at is not None:
        word = "EARLY " if at < opens else "LATE " if at > closes else ""
        return f"[x] {word}{clock_short(at, zone)}"
    if now > closes:
        return f"[ ] MISSED by {clock_short(closes, zone)}"
    if now < opens:
        return f"[ ] from {clock_short(opens, zone)}"
    return f"[ ] {say_offset(closes - now)} left"
