"""Writes tests/laws/vectors.json: the last moment of every time limit of the fact sheets, for many starts each.

A second reader of the same sheets: it takes the numbers from them, counts with its own few lines of date arithmetic, and shares
no code with the program that the vectors are there to check. Run it after a sheet, `holidays` or `tzdata` changed, and read the
difference: `python scripts/make_vectors.py [folder of the sheets]`. The same sheets and libraries give the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, reset_tzpath

import holidays
import yaml

ROOT = Path(__file__).resolve().parent.parent
SHEETS = ROOT.parent / "shared" / "law"
TARGET = ROOT / "tests" / "laws" / "vectors.json"
AS_OF = "2026-11-21"

Json = dict[str, Any]


# -- a rule, and counting it ---------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """One time limit of one duty, as a sheet has it."""

    duty: str
    law: str
    place: str
    zone: str
    start: str
    confidence: str
    why: str
    amount: float | None = None
    unit: str | None = None
    counting: str = "plain"
    calendar: str | None = None
    """The place whose holidays count; None: only weekends are closed."""
    after: str | None = None
    """The duty whose filing starts the clock; without a filing, the end of its time does."""
    from_limit: bool = False
    """The clock runs from the end of `after`'s time even when that was filed earlier."""
    not_after: str | None = None
    """The duty whose limit or filing is a ceiling on this one."""
    also: tuple[str, float, str] | None = None
    """Another limit beside it (start, amount, unit): the earlier of the two counts."""
    by: str | None = None
    """Month and day: the next such day counts."""
    year_of: str | None = None
    """With start `year_end`: the event whose calendar year it is the end of."""
    first_day_counted: bool = False
    closed_days: tuple[str, ...] = ()
    variant: str | None = None
    in_force: str = "in_force"
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True)
class Answer:
    """The last moment (UTC), the outer limit where the law's rule on periods has one, the last day for periods in days."""

    target: datetime | None
    outer: datetime | None = None
    last_day: date | None = None

    @property
    def last_moment(self) -> datetime | None:
        """What a chained clock is projected from: 24:00 itself no longer belongs to the day."""
        return self.target - timedelta(seconds=1) if self.target and self.last_day else self.target


@dataclass(frozen=True)
class Sample:
    """When things happened. All aware."""

    label: str
    start: datetime
    filed: datetime | None = None
    also: datetime | None = None


@cache
def closed_calendar(place: str) -> tuple[frozenset[date], frozenset[int]]:
    """Public holidays of a place, and its weekend (0 is Monday)."""
    country, _, part = place.partition("-")
    # The library lists for GB only what all four nations share; England and Wales have one list.
    part = "ENG" if place == "GB" else part
    found = holidays.country_holidays(country, subdiv=part or None, years=range(2013, 2037), categories=("public",))
    return frozenset(found), frozenset(found.weekend)


def is_open(day: date, place: str | None, closed_days: Sequence[str] = ()) -> bool:
    free, weekend = closed_calendar(place) if place else (frozenset[date](), frozenset({5, 6}))
    return day.weekday() not in weekend and day not in free and f"{day:%m-%d}" not in closed_days


def next_open(day: date, place: str | None, closed_days: Sequence[str] = ()) -> date:
    """That day, or the first working day after it."""
    while not is_open(day, place, closed_days):
        day += timedelta(days=1)
    return day


def nth_open_day(day: date, number: int, place: str | None) -> date:
    for _ in range(number):
        day = next_open(day + timedelta(days=1), place)
    return day


def local_day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def clock(day: date, zone: str, hour: int = 0, minute: int = 0) -> datetime:
    """A wall-clock time, in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def end_of(day: date, zone: str) -> datetime:
    """24:00 of that day."""
    return clock(day + timedelta(days=1), zone)


def months_on(day: date, number: int) -> date:
    """The same date so many months on; the last of the month where that month has no such date."""
    year, month = day.year + (day.month - 1 + number) // 12, (day.month - 1 + number) % 12 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (first_of_next - timedelta(days=1)).day))


def count(rule: Rule, start: datetime) -> Answer:
    """One clock by itself."""
    first = local_day(start, rule.zone)
    if rule.year_of is not None:
        first = date(first.year, 12, 31)
    if rule.by is not None:
        month, day = map(int, rule.by.split("-"))
        last = date(first.year, month, day)
        last = last if last > first else date(first.year + 1, month, day)
        return Answer(end_of(last, rule.zone), None, last)
    if rule.amount is None:
        return Answer(None)
    if rule.unit == "hours":
        target = start.astimezone(UTC) + timedelta(hours=rule.amount)
        return Answer(target, outer_of_hours(rule, start.astimezone(UTC), target))
    number = int(rule.amount)
    if rule.unit == "business_days":
        last = nth_open_day(first, number, rule.calendar)
        return Answer(end_of(last, rule.zone), None, last)
    if rule.unit == "days":
        last = first + timedelta(days=number - rule.first_day_counted)
    else:
        assert rule.unit == "months", rule
        last = months_on(first, number)
    return Answer(end_of(last, rule.zone), outer_of_days(rule, first, last), last)


def outer_of_hours(rule: Rule, start: datetime, target: datetime) -> datetime | None:
    if rule.counting == "reg_1182_71":  # Art. 3(1), 3(2)(a): the started hour is left out, the period ends with its last hour
        assert rule.amount is not None
        return start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=rule.amount + 1)
    if rule.counting == "noon_next_working_day":
        return noon(rule, local_day(target, rule.zone))
    return None


def outer_of_days(rule: Rule, first: date, last: date) -> datetime | None:
    match rule.counting:
        case "reg_1182_71":
            moved = next_open(last, rule.calendar)  # Art. 3(4)
            if rule.unit == "months" or (rule.amount or 0) >= 2:
                moved = max(moved, nth_open_day(first, 2, rule.calendar))  # Art. 3(5)
            return end_of(moved, rule.zone)
        case "next_working_day":
            moved = next_open(last, rule.calendar, rule.closed_days)
            return end_of(moved, rule.zone) if moved != last else None
        case "noon_next_working_day":
            return noon(rule, last)
    return None


def noon(rule: Rule, day: date) -> datetime | None:
    moved = next_open(day, rule.calendar)
    return clock(moved, rule.zone, 12) if moved != day else None


def answer(rule: Rule, sample: Sample, rules: Mapping[str, Rule]) -> Answer:
    """A clock with all that hangs on it: the filing it waits for, the earliest of two, the ceiling."""
    if rule.after is not None:
        begin = None if rule.from_limit else sample.filed
        begin = begin or answer(rules[rule.after], replace(sample, filed=None), rules).last_moment
        found = count(rule, begin) if begin is not None else Answer(None)
    else:
        found = count(rule, sample.start)
    if rule.also is not None and sample.also is not None:
        _, amount, unit = rule.also
        other = count(replace(rule, amount=amount, unit=unit), sample.also)
        found = min(found, other, key=lambda one: one.target or datetime.max.replace(tzinfo=UTC))
    if rule.not_after is not None:
        other = Answer(sample.filed) if sample.filed else answer(rules[rule.not_after], sample, rules)
        if other.target is not None and (found.target is None or other.target < found.target):
            found = Answer(other.target, None, other.last_day)
    return found


# -- when things happen --------------------------------------------------------


def offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


@cache
def clock_changes(zone: str, year: int) -> dict[str, datetime]:
    """The next change forward and back from 1 October of that year on, for a zone that has them."""
    there = ZoneInfo(zone)
    found: dict[str, datetime] = {}
    begin = datetime(year, 10, 1, tzinfo=UTC)
    for day in (begin + timedelta(days=number) for number in range(366)):
        if offset(day, there) == offset(day + timedelta(days=1), there):
            continue
        for moment in (day + timedelta(hours=number) for number in range(24)):
            after = moment + timedelta(hours=1)
            if (shift := offset(after, there) - offset(moment, there)) != timedelta():
                found.setdefault("clocks forward" if shift > timedelta() else "clocks back", after)
    return found


def first_year(rule: Rule) -> int:
    """The year in whose last quarter the samples begin: one in which the text is in force."""
    if rule.until is not None:
        return int(rule.until[:4]) - 2
    year = 2026
    while rule.since is not None and rule.since > f"{year}-10-01":
        year += 1
    return year


def moments(rule: Rule) -> Iterator[tuple[str, datetime]]:
    """Starts that are hard to count from, each with a name."""
    year, zone = first_year(rule), rule.zone
    tuesday = next(date(year, 11, day) for day in range(22, 29) if date(year, 11, day).weekday() == 1)
    yield "mid-week", clock(tuesday, zone, 12, 17)
    if rule.amount is None and rule.by is None and rule.not_after is None and rule.after is None:
        return
    yield "Friday evening", clock(tuesday + timedelta(days=3), zone, 18, 30)
    for name, change in sorted(clock_changes(zone, year).items()):
        span = (
            timedelta(hours=min(rule.amount or 24, 72)) if rule.unit == "hours" else timedelta(days=min(rule.amount or 5, 10))
        )
        yield name, (change - span / 2).replace(minute=20)
    yield "before Christmas", clock(date(year, 12, 23), zone, 16, 45)
    if rule.unit != "hours" and (rule.by is None or rule.year_of is not None):
        yield "New Year's Eve", clock(date(year, 12, 31), zone, 22, 40)
        yield "31 January", clock(date(year + 1, 1, 31), zone, 10, 5)
    if rule.by is not None and rule.year_of is None:
        return  # whether a start early in the year means that year's day or the next one's, the sheet does not say
    leap = next(y for y in range(year + 1, year + 9) if y % 4 == 0)
    yield "leap year", clock(date(leap, 1, 31) if rule.unit == "months" else date(leap, 2, 28), zone, 20, 5)
    if rule.unit == "months":
        yield "31 August", clock(date(year + 1, 8, 31), zone, 9, 30)
        yield "to 26 December", clock(date(year, 11, 26), zone, 16)
    yield "around midnight", around_midnight(year, zone)
    if rule.calendar is not None and rule.unit != "hours":
        yield from before_holidays(rule, year)


def around_midnight(year: int, zone: str) -> datetime:
    """A moment whose day in the zone is not its day in UTC."""
    for day in (date(year, 11, 30), date(year + 1, 6, 29)):
        for moment in (clock(day, zone, 23, 45), clock(day + timedelta(days=1), zone, 0, 15)):
            if moment.date() != local_day(moment, zone):
                return moment
    return clock(date(year, 11, 30), zone, 23, 45)


def before_holidays(rule: Rule, year: int) -> Iterator[tuple[str, datetime]]:
    """Days before public holidays that fall inside a week; for a state, also where its list is not the federal one."""
    free, weekend = closed_calendar(rule.calendar or "")
    back = int(rule.amount or 1) if rule.unit in ("days", "months") else 1
    finds = [("before a holiday 1", free, date(year, 10, 2)), ("before a holiday 2", free, date(year + 1, 3, 1))]
    if (rule.calendar or "").startswith("US-"):
        federal, _ = closed_calendar("US")
        finds.append(("before a holiday of the state alone", free - federal, date(year + 1, 1, 1)))
        finds.append(("before a federal holiday the state does not keep", federal - free, date(year + 1, 1, 1)))
    for name, days, begin in finds:
        inside = min((day for day in days if day >= begin and day.weekday() not in weekend), default=None)
        if inside is not None:
            start = months_on(inside, -back) if rule.unit == "months" else inside - timedelta(days=back)
            yield name, clock(start, rule.zone, 15)


def samples(rule: Rule, rules: Mapping[str, Rule]) -> Iterator[Sample]:
    """The moments, dressed for the rule: as a start, as a filing, or both."""
    if rule.after is not None:
        base = rules[rule.after]
        for label, moment in moments(replace(base, amount=base.amount or 1, unit=base.unit or "hours", since=rule.since)):
            if label in ("mid-week", "Friday evening", "clocks back", "before Christmas", "leap year"):
                yield from with_other(rule, rules, Sample(f"{label}, not filed yet", moment))
        if rule.from_limit:
            return
        for label, moment in moments(rule):
            yield from with_other(rule, rules, Sample(f"filed {label}", moment - timedelta(hours=2), moment))
        return
    for label, moment in moments(rule):
        yield from with_other(rule, rules, Sample(label, moment))
        if rule.not_after is not None and label in ("mid-week", "before Christmas"):
            yield Sample(f"{label}, the other one filed", moment, moment + timedelta(days=2, hours=1, minutes=5))


def with_other(rule: Rule, rules: Mapping[str, Rule], sample: Sample) -> Iterator[Sample]:
    """The other event of a rule that takes the earlier of two limits, at several distances before the first."""
    root = rule
    while root.after is not None and root.also is None:
        root = rules[root.after]
    if root.also is None:
        yield sample
        return
    lead = (timedelta(hours=1), timedelta(hours=20, minutes=2), timedelta(hours=23)) if root is rule else (timedelta(hours=1),)
    for number, gap in enumerate(lead if sample.label == "mid-week" else lead[:1]):
        label = sample.label + ("" if number == 0 else f", the other event {gap.total_seconds() / 3600:.4g} h earlier")
        yield replace(sample, label=label, also=sample.start - gap)


# -- what the sheets say: the United States ------------------------------------

STATE_ZONES = {
    "America/New_York": "CT DE DC FL GA KY ME MD MA NH NJ NY NC OH PA RI SC VT VA WV",
    "America/Chicago": "AL AR IL IA KS LA MN MS MO NE ND OK SD TN TX WI",
    "America/Denver": "CO MT NM UT WY",
    "America/Los_Angeles": "CA NV OR WA",
    "America/Phoenix": "AZ",
    "America/Anchorage": "AK",
    "Pacific/Honolulu": "HI",
    "America/Boise": "ID",
    "America/Indiana/Indianapolis": "IN",
    "America/Detroit": "MI",
    "America/Puerto_Rico": "PR",
    "Pacific/Guam": "GU",
    "America/St_Thomas": "VI",
}
"""The zone of each capital: where a state has two, its days are counted there."""

UNITS = {
    "hours": "hours",
    "days": "days",
    "calendar_days": "days",
    "business_days": "business_days",
    "working_days": "business_days",
}


FILED = {"individual_notice_sent": "{}.individuals", "notice_to_hhs": "us.hipaa.hhs"}
"""Starts that are the filing of another duty."""


def state_rules(sheet: Path) -> Iterator[Rule]:
    """A row for each duty of each state: people, regulators, credit bureaus, the owner of the data, a no-harm finding."""
    zones = {state: zone for zone, states in STATE_ZONES.items() for state in states.split()}
    for entry in yaml.safe_load(sheet.read_text(encoding="utf-8"))["jurisdictions"]:
        state = entry["code"].removeprefix("US-")
        place, prefix = entry["code"], f"us.{state.lower()}"
        common = {"law": entry["statute"], "place": place, "zone": zones[state]}
        people = entry["individuals"]
        yield timed(f"{prefix}.individuals", people, state_confidence(entry, "individuals"), common)
        for regulator in entry["regulators"]:
            limit = regulator["deadline"]
            name = regulator["id"].removeprefix(f"us-{state.lower()}-")
            name = "no_harm" if limit.get("clock") == "before_no_harm_determination" else name
            read_with = re.search(r"read with the (\d+)-day limit", limit.get("note", ""))
            if read_with is not None:
                limit = {"kind": "days", "number": int(read_with[1]), "clock": people["clock"]}
            tied = limit["kind"] in ("with_individuals", "before_individuals") or "or_earlier" in limit
            tied = tied or (
                limit["kind"] == "expedient" and regulator["order"] in ("with", "before", "not_later_than_individuals")
            )
            rule = timed(f"{prefix}.{name}", limit, state_confidence(entry, "regulators"), common)
            if limit.get("clock") in FILED:
                rule = replace(rule, after=FILED[limit["clock"]].format(prefix))
            if tied:
                rule = tie(rule, f"{prefix}.individuals", people["clock"])
            yield rule
            if "swore in advance" in regulator.get("alternative", ""):
                sworn = replace(
                    rule,
                    amount=None,
                    unit=None,
                    calendar=None,
                    why="no number: before people are told",
                    variant="sworn in advance",
                )
                yield tie(sworn, f"{prefix}.individuals", people["clock"])
            if regulator.get("second_filing", {}).get("when") == "with_individuals":
                yield tie(
                    timed(f"{prefix}.{name}.update", {"kind": "with_individuals"}, "unverified", common),
                    f"{prefix}.individuals",
                    people["clock"],
                )
        if entry["cra"]["required"]:
            rule = timed(f"{prefix}.cra", entry["cra"]["deadline"], state_confidence(entry, "cra"), common)
            yield tie(rule, f"{prefix}.individuals", people["clock"]) if "clock" not in entry["cra"]["deadline"] else rule
        vendor = entry["vendor_notice"]
        vendor = vendor if isinstance(vendor, dict) else {"kind": "unknown"}
        yield timed(f"{prefix}.owner", vendor, state_confidence(entry, "vendor_notice"), common)
        told = re.search(r"within (\d+) days of (request|making it)", entry["risk_of_harm"].get("regulator_notice", ""))
        if told is not None:
            start = {"request": "order", "making it": "no_harm_finding"}[told[2]]
            limit = {"kind": "days", "number": int(told[1]), "clock": start}
            yield timed(f"{prefix}.no_harm", limit, state_confidence(entry, "risk_of_harm"), common)
        if people.get("alt_clock") == "receipt of vendor notice":
            rule = timed(
                f"{prefix}.individuals",
                {**people, "clock": "receipt_of_vendor_notice"},
                state_confidence(entry, "individuals"),
                common,
            )
            yield replace(rule, variant="a provider told you of it")
        pending = re.search(
            r"report to AG within (\d+) days of discovery, effective (\S+) if enacted", entry.get("pending", "")
        )
        if pending is not None:
            limit = {"kind": "days", "number": int(pending[1]), "clock": "discovery"}
            yield replace(timed(f"{prefix}.ag.final", limit, "unverified", common), in_force="unknown", since=pending[2])
        agencies = re.search(r"agencies (\d+)", people.get("note", ""))
        if agencies is not None:
            rule = timed(f"{prefix}.individuals", people, state_confidence(entry, "individuals"), common)
            yield replace(
                rule,
                amount=int(agencies[1]),
                variant="a state or municipal agency",
                why=say(int(agencies[1]), "days", rule.start),
            )


def timed(duty: str, limit: Json, confidence: str, common: Mapping[str, str]) -> Rule:
    """A row of `us-states.yaml`: kind, number, clock."""
    unit = UNITS.get(limit["kind"])
    amount = limit["number"] if unit else None
    start = limit.get("clock", "unstated")
    calendar = common["place"] if unit == "business_days" else None
    why = say(amount, unit, start) if unit else f"no number: {limit['kind'].replace('_', ' ')}"
    law, place, zone = common["law"], common["place"], common["zone"]
    return Rule(duty, law, place, zone, start, confidence, why, amount, unit, calendar=calendar)


def tie(rule: Rule, other: str, start: str) -> Rule:
    """Not later than the notice to people; without a number of its own it takes that one's start."""
    start = rule.start if rule.amount is not None else start
    return replace(rule, not_after=other, start=start, why=f"{rule.why}; not later than {other}")


def say(amount: float | None, unit: str | None, start: str) -> str:
    return f"{amount:g} {(unit or '').replace('_', ' ')} from {start.replace('_', ' ')}"


def state_confidence(entry: Json, field: str) -> str:
    if entry["confidence"] != "V" or field not in entry["verified_fields"]:
        return "unverified"
    return "verified" if "statute" in entry["source_kind"] else "secondary"


# -- what the sheets say: tables in Markdown -----------------------------------


def table_under(text: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head; an empty first cell repeats the one above."""
    body = text.split(f"\n{heading}", 1)[1]
    rows: list[list[str]] = []
    for line in body.splitlines()[1:]:
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if rows and not cells[0]:
                cells[0] = rows[-1][0]
            rows.append(cells)
        elif rows:
            break
    return rows[2:]


PERIOD = re.compile(r"(\d+) (?:full |calendar )?(business days|days|hours|h)\b")


@dataclass(frozen=True)
class Federal:
    """Where one duty stands in the summary table of `us-federal.md`."""

    regime: str
    """How its first cell begins."""
    recipient: str
    duty: str
    start: str
    which: int = 0
    """Which of the periods in the cell; -1: none of them."""
    not_after: str | None = None
    year_of: str | None = None
    by: str | None = None
    in_force: str = "in_force"
    since: str | None = None


FEDERAL = (
    Federal("HIPAA", "individuals", "us.hipaa.individuals", "discovery"),
    Federal("HIPAA", "HHS", "us.hipaa.hhs", "discovery", not_after="us.hipaa.individuals"),
    Federal("HIPAA", "HHS annual log", "us.hipaa.hhs.annual", "year_end", year_of="discovery"),
    Federal("HIPAA", "media", "us.hipaa.media", "discovery"),
    Federal("HIPAA", "covered entity", "us.hipaa.ba", "discovery"),
    Federal("FTC Health", "individuals", "us.ftc.hbnr.individuals", "discovery"),
    Federal("FTC Health", "FTC", "us.ftc.hbnr.ftc", "discovery", -1, not_after="us.ftc.hbnr.individuals"),
    Federal("FTC Health", "FTC annual", "us.ftc.hbnr.ftc.annual", "year_end", year_of="discovery"),
    Federal("FTC Health", "media", "us.ftc.hbnr.media", "discovery"),
    Federal("FTC Health", "its vendor client", "us.ftc.hbnr.provider", "discovery"),
    Federal("GLBA", "FTC only", "us.ftc.safeguards", "discovery", since="2024-05-13"),
    Federal("FCC 47 CFR 64.2011", "USSS + FBI", "us.fcc.64-2011.agencies", "determination"),
    Federal("FCC 47 CFR 64.2011", "customers", "us.fcc.64-2011.customers", "agency_notified", -1),
    Federal("FCC 64.2011", "FCC + USSS + FBI", "us.fcc.64-2011.fcc", "determination", in_force="unknown"),
    Federal(
        "FCC 64.2011",
        "same, annual",
        "us.fcc.64-2011.annual",
        "year_end",
        -1,
        year_of="determination",
        by="02-01",
        in_force="unknown",
    ),
    Federal("FCC 64.2011", "customers", "us.fcc.64-2011.customers", "determination", in_force="unknown"),
    Federal("SEC Form 8-K", "public filing", "us.sec.8k", "materiality"),
    Federal("SEC Reg S-P", "individuals", "us.sec.reg-s-p.individuals", "awareness"),
    Federal("SEC Reg S-P", "individuals", "us.sec.reg-s-p.provider", "awareness", 1),
    Federal("Bank rule", "primary federal", "us.bank.regulator", "determination"),
    Federal("Bank rule", "each affected", "us.bank.provider", "determination", -1),
    Federal("NCUA", "NCUA", "us.ncua.report", "reasonable_belief"),
    Federal("CIRCIA", "CISA", "us.circia.incident", "reasonable_belief", in_force="proposed"),
    Federal("CIRCIA", "CISA", "us.circia.ransom", "payment", 1, in_force="proposed"),
    Federal("NYDFS", "DFS", "us.nydfs.500-17", "determination_of_cybersecurity_incident"),
    Federal("NYDFS", "DFS", "us.nydfs.500-17.ransom", "payment", 1),
    Federal("NYDFS", "DFS", "us.nydfs.500-17.ransom.reasons", "payment", 2),
    Federal("NAIC", "state insurance", "us.naic.commissioner", "determination_of_cybersecurity_incident"),
    Federal("TSA", "CISA", "us.tsa.report", "unstated"),
)
"""Every row of the table, once for each period in its clock."""


@dataclass(frozen=True)
class Prose:
    """A duty that stands in a sentence of a sheet, outside its table."""

    words: str
    """A pattern; its group is the number."""
    duty: str
    law: str
    start: str
    unit: str | None = None
    place: str = "US"
    confidence: str = "unverified"
    counting: str = "plain"
    in_force: str = "in_force"
    until: str | None = None
    after: str | None = None


OLD_FCC, NEW_FCC = r"report within (\d+) business days after reasonable", r"2024 text.*\| (\d+) business days \|"
HSC = r"within (\d+) \*\*business\*\* days of detection"

PROSE = (
    Prose(
        HSC, "us.ca-health.department", "Cal. Health & Safety Code 1280.15", "detection", "business_days", "US-CA", "secondary"
    ),
    Prose(
        HSC, "us.ca-health.patients", "Cal. Health & Safety Code 1280.15", "detection", "business_days", "US-CA", "secondary"
    ),
    Prose(
        r"amend within (\d+) business days",
        "us.sec.8k.amendment",
        "SEC Form 8-K Item 1.05",
        "new_fact",
        "business_days",
        confidence="secondary",
    ),
    Prose("Foreign issuers: 6-K", "us.sec.6k", "SEC Form 6-K", "awareness"),
    Prose(OLD_FCC, "us.fcc.64-5111.agencies", "47 CFR 64.5111, 2007 text", "determination", "business_days"),
    Prose("64.5111 for TRS", "us.fcc.64-5111.customers", "47 CFR 64.5111, 2007 text", "agency_notified"),
    Prose(r"Utah (\d+) days", "us.ut-agencies.ag", "Utah Code 63A-19-405", "unstated", "days", "US-UT"),
    Prose(r"Utah (\d+) days", "us.ut-agencies.cyber-center", "Utah Code 63A-19-405", "unstated", "days", "US-UT"),
    Prose("TRS providers copy the FCC", "us.fcc.64-5111.fcc", "47 CFR 64.5111, 2007 text", "determination"),
    Prose("Va. 32.1-127.1:05", "us.va-medical.ag", "Va. Code 32.1-127.1:05", "discovery"),
    Prose("Va. 32.1-127.1:05", "us.va-medical.individuals", "Va. Code 32.1-127.1:05", "discovery"),
    Prose("duty to update", "us.nydfs.500-17.update", "23 NYCRR 500.17", "new_fact", None, "US-NY", "verified"),
    Prose("Insurance departments", "us.naic.departments", "State insurance law (NAIC adopters and others)", "unstated"),
)

PRIMARY_TEXT_READ = ("FCC 47 CFR 64.2011", "FCC 64.2011", "GLBA", "Bank rule", "NYDFS")
"""Regimes whose sources are the rule or the register itself."""


def federal_rules(sheet: Path) -> Iterator[Rule]:
    text = sheet.read_text(encoding="utf-8")
    rows = table_under(text, "## 1. Summary table")
    used = set()
    for row in FEDERAL:
        found = [cells for cells in rows if cells[0].startswith(row.regime) and cells[3].startswith(row.recipient)]
        found = [cells for cells in found if cells[3] == row.recipient] or found
        cells = found[0]
        used.add(rows.index(cells))
        periods = PERIOD.findall(cells[4])
        amount, word = (int(periods[row.which][0]), periods[row.which][1]) if row.which >= 0 else (None, "")
        unit = {"h": "hours", "business days": "business_days", "": None}.get(word, word)
        mark = {"V": "secondary", "V/K": "secondary"}.get(cells[6].split(":")[0].split(" ")[0], "unverified")
        if mark == "secondary" and row.regime in PRIMARY_TEXT_READ and cells[6].startswith("V") and "/" not in cells[6]:
            mark = "verified"
        begin = f"the end of the year of {row.year_of}" if row.year_of else row.start
        why = (
            say(amount, unit, begin) if amount else f"{cells[4].split(',')[0]}, counted to {row.by}" if row.by else "no number"
        )
        yield Rule(
            row.duty,
            law=cells[0].replace("*", "").split(", 20")[0],
            place="US-NY" if row.regime == "NYDFS" else "US",
            zone="America/New_York",
            start=row.start,
            confidence=mark,
            why=why + (f"; not later than {row.not_after}" if row.not_after else ""),
            amount=amount,
            unit=unit,
            calendar="US" if unit == "business_days" else None,
            not_after=row.not_after,
            by=row.by,
            year_of=row.year_of,
            in_force=row.in_force,
            since=row.since,
        )
    assert used == set(range(len(rows))), f"rows nobody reads: {[rows[i][:4] for i in set(range(len(rows))) - used]}"
    yield from prose_rules(text, PROSE)


def prose_rules(text: str, rows: Sequence[Prose]) -> Iterator[Rule]:
    zones = {"US": "America/New_York", "US-CA": "America/Los_Angeles", "US-NY": "America/New_York", "US-UT": "America/Denver"}
    for row in rows:
        said = re.search(row.words, text)
        assert said is not None, f"{row.duty}: its words are no longer in the sheet"
        amount = int(said[1].replace("one", "1")) if said.groups() else None
        yield Rule(
            row.duty,
            law=row.law,
            place=row.place,
            zone={**EUROPE_ZONES, **zones}[row.place],
            start=row.start,
            confidence=row.confidence,
            why=say(amount, row.unit, row.start) if amount else "no number",
            amount=amount,
            unit=row.unit,
            calendar=row.place if row.unit == "business_days" else None,
            counting=row.counting,
            in_force=row.in_force,
            until=row.until,
            after=row.after,
        )


# -- what the sheets say: Europe -----------------------------------------------

EUROPE_ZONES = {
    "AT": "Europe/Vienna", "BE": "Europe/Brussels", "CH": "Europe/Zurich", "DE": "Europe/Berlin", "DE-BE": "Europe/Berlin",
    "FI": "Europe/Helsinki", "FR": "Europe/Paris", "GB": "Europe/London", "GR": "Europe/Athens", "IE": "Europe/Dublin",
    "IS": "Atlantic/Reykjavik", "IT": "Europe/Rome", "NL": "Europe/Amsterdam", "PT": "Europe/Lisbon",
}  # fmt: skip


@dataclass(frozen=True)
class European:
    """Where one duty stands in section 9 of `eu-uk.md`."""

    row: str
    duty: str
    start: str
    which: int = -1
    """Which of the durations in the row; -1: none of them."""
    places: str = "DE"
    counting: str = "plain"
    after: str | None = None
    also: tuple[int, str] | None = None
    """Another duration of the row, and its start: the earlier counts."""
    variant: str | None = None
    in_force: str = "in_force"
    until: str | None = None


REG, NOON = "reg_1182_71", "noon_next_working_day"
GDPR_PLACES = "DE-BE BE FI FR IE GR PT IS"
LATE = "classified as major only after the 24 hours"
BANK = "a credit institution, central counterparty, trading venue or NIS2 entity"

EUROPE = (
    European("eu.gdpr.33", "eu.gdpr.33", "awareness", 0, GDPR_PLACES, REG),
    European("eu.gdpr.33.2", "eu.gdpr.33.2", "awareness"),
    European("eu.gdpr.34", "eu.gdpr.34", "awareness"),
    European("eu.611.na", "eu.611.na.initial", "detection", 0, "DE IE FR NL GR AT", REG),
    European("eu.611.na", "eu.611.na.update", "initial_filed", 1, "DE IE FR NL GR AT", REG, after="eu.611.na.initial"),
    European("eu.611.sub", "eu.611.sub", "detection"),
    European("uk.gdpr.33 / .34", "uk.gdpr.33", "awareness", 0, "GB"),
    European("uk.gdpr.33 / .34", "uk.gdpr.34", "awareness", places="GB"),
    European("uk.pecr.5a.old", "uk.pecr.5a", "detection", 0, "GB", until="2025-08-19"),
    European("uk.pecr.5a.old", "uk.pecr.5a.update", "initial_filed", 1, "GB", after="uk.pecr.5a", until="2025-08-19"),
    European("uk.pecr.5a", "uk.pecr.5a", "awareness", 0, "GB"),
    European("eu.nis2.23", "eu.nis2.23.early", "awareness", 0, "DE AT", REG),
    European("eu.nis2.23", "eu.nis2.23.initial", "awareness", 1, "DE AT", REG),
    European("eu.nis2.23", "eu.nis2.23.final", "notification_filed", 2, "DE AT", REG, after="eu.nis2.23.initial"),
    European("eu.dora.19", "eu.dora.19.initial", "classification", 0, "DE AT", NOON, also=(1, "awareness")),
    European("eu.dora.19", "eu.dora.19.intermediate", "initial_filed", 2, "DE AT", NOON, after="eu.dora.19.initial"),
    European("eu.dora.19", "eu.dora.19.final", "intermediate_filed", 3, "DE AT", NOON, after="eu.dora.19.intermediate"),
    European("eu.dora.19", "eu.dora.19.initial", "classification", 0, "DE", also=(1, "awareness"), variant=BANK),
    European("eu.dora.19", "eu.dora.19.initial", "classification", 0, "DE AT", NOON, variant=LATE),
    European("eu.nis2.23", "eu.nis2.23.initial", "awareness", 0, "DE", REG, variant="a trust service provider"),
    European("eu.nis2.23", "eu.nis2.23.final", "incident_closed", 2, "DE AT", REG, variant="still going on when it falls due"),
    European("eu.eidas.19a / 24", "eu.eidas.19a", "awareness", 0, "DE IT", REG),
    European("eu.cra.14.vuln", "eu.cra.14.vuln.early", "awareness", 0, "DE FR", REG),
    European("eu.cra.14.vuln", "eu.cra.14.vuln.initial", "awareness", 1, "DE FR", REG),
    European("eu.cra.14.vuln", "eu.cra.14.vuln.final", "fix_available", 2, "DE FR AT", REG),
    European("eu.cra.14.inc", "eu.cra.14.inc.early", "awareness", 0, "DE FR", REG),
    European("eu.cra.14.inc", "eu.cra.14.inc.initial", "awareness", 1, "DE FR AT", REG),
    European("eu.cra.14.inc", "eu.cra.14.inc.final", "notification_filed", 2, "DE FR AT", REG, after="eu.cra.14.inc.initial"),
    European("eu.aia.73", "eu.aia.73", "awareness", 0, "DE AT", REG),
    European(
        "eu.aia.73", "eu.aia.73", "awareness", 1, "DE AT", REG, variant="widespread infringement or critical infrastructure"
    ),
    European("eu.aia.73", "eu.aia.73", "awareness", 2, "DE AT", REG, variant="death"),
    European("ch.dsg.24", "ch.dsg.24", "awareness", places="CH"),
    European("ch.isg.74", "ch.isg.74.initial", "discovery", 0, "CH"),
    European("ch.isg.74", "ch.isg.74.final", "discovery", 1, "CH"),
    European("eu.omnibus.33", "eu.omnibus.33", "awareness", 0, "DE", in_force="proposed"),
)
"""Every row of the section, once for each duty and branch in it."""

EUROPE_BESIDE = (
    European("eu.nis2.23", "eu.nis2.23.intermediate", "order"),
    European("eu.nis2.23", "eu.nis2.23.recipients", "awareness"),
    European("eu.dora.19", "eu.dora.19.clients", "awareness"),
    European("eu.cra.14.inc", "eu.cra.14.users", "awareness"),
    European("eu.gdpr.33.2", "eu.gdpr.33.update", "unstated"),
    European("eu.gdpr.34", "eu.gdpr.34.public", "awareness"),
    European("uk.gdpr.33 / .34", "uk.gdpr.33.update", "unstated", places="GB"),
    European("uk.gdpr.33 / .34", "uk.gdpr.33.2", "awareness", places="GB"),
    European("uk.gdpr.33 / .34", "uk.gdpr.34.public", "awareness", places="GB"),
    European("uk.pecr.5a", "uk.pecr.5a.sub", "detection", places="GB"),
    European("eu.eidas.19a / 24", "eu.eidas.19a.people", "awareness", 0, counting=REG),
    European("eu.eidas.19a / 24", "eu.eidas.19a.public", "awareness", 0, counting=REG),
)
"""Duties that the section names only through a row of theirs."""

LED, EUDPR, CER = "Directive (EU) 2016/680 Art. 30", "Regulation (EU) 2018/1725 Art. 34", "Directive (EU) 2022/2557 Art. 15"
EIDAS, PSD2 = "Regulation (EU) No 910/2014", "Directive (EU) 2015/2366 Art. 96; EBA/GL/2021/03"
NIS, BILL = "Network and Information Systems Regulations 2018", "Cyber Security and Resilience Bill"
QUALIFIED = r"24\(2\)\(fb\): same recipients and (\d+) h"

EUROPE_PROSE = (
    Prose(r"Competent authorities \(police, justice\)\. (\d+) h to SA", "eu.led.30", LED, "awareness", "hours", "DE"),
    Prose("processor without undue delay; content as", "eu.led.30.2", LED, "awareness", None, "DE"),
    Prose("Art. 31 = Art. 34", "eu.led.31", LED, "awareness", None, "DE"),
    Prose(r"EU institutions -> EDPS, (\d+) h", "eu.eudpr.34", EUDPR, "awareness", "hours", "BE", counting="reg_1182_71"),
    Prose("Art. 35 high risk -> data subjects", "eu.eudpr.35", EUDPR, "awareness", None, "BE"),
    Prose(r"Initial notice (\d+) h after awareness", "eu.cer.15.initial", CER, "awareness", "hours", "DE"),
    Prose(
        r"all TSPs \| Art. 19\(2\): (\d+) h to supervisory",
        "eu.eidas.19",
        f"{EIDAS} Art. 19",
        "awareness",
        "hours",
        "DE",
        counting="reg_1182_71",
        until="2024-10-17",
    ),
    Prose(
        "affected persons without undue delay",
        "eu.eidas.19.people",
        f"{EIDAS} Art. 19",
        "awareness",
        None,
        "DE",
        until="2024-10-17",
    ),
    Prose(QUALIFIED, "eu.eidas.24", f"{EIDAS} Art. 24", "awareness", "hours", "DE", "secondary", counting="reg_1182_71"),
    Prose(QUALIFIED, "eu.eidas.24.people", f"{EIDAS} Art. 24", "awareness", "hours", "DE", "secondary", counting="reg_1182_71"),
    Prose(QUALIFIED, "eu.eidas.24.public", f"{EIDAS} Art. 24", "awareness", "hours", "DE", "secondary", counting="reg_1182_71"),
    Prose(
        r"initial (\d+) h after classification", "eu.psd2.96.initial", PSD2, "classification", "hours", "DE", until="2025-01-16"
    ),
    Prose("Users informed if financial interests hit", "eu.psd2.96.users", PSD2, "awareness", None, "DE", until="2025-01-16"),
    Prose(r"Part 3\): (\d+) h", "uk.dpa.67", "Data Protection Act 2018 s. 67", "awareness", "hours", "GB"),
    Prose(
        r"serious breach -> Commissioner, (\d+) h", "uk.dpa.108", "Data Protection Act 2018 s. 108", "awareness", "hours", "GB"
    ),
    Prose(
        "processor -> controller without undue delay; if data",
        "uk.dpa.67.processor",
        "Data Protection Act 2018 s. 67",
        "awareness",
        None,
        "GB",
    ),
    Prose("High risk -> data subject; exceptions", "uk.dpa.68", "Data Protection Act 2018 s. 68", "awareness", None, "GB"),
    Prose(r"relevant digital service providers, (\d+) h", "uk.nis.oes", NIS, "awareness", "hours", "GB"),
    Prose(r"relevant digital service providers, (\d+) h", "uk.nis.rdsp", NIS, "awareness", "hours", "GB"),
    Prose(r"Resilience Bill \((\d+) h", "uk.nis.bill.early", BILL, "awareness", "hours", "GB", in_force="proposed"),
    Prose(r"Resilience Bill \(\d+ h \+ (\d+) h", "uk.nis.bill.initial", BILL, "awareness", "hours", "GB", in_force="proposed"),
    Prose(
        "tell Ofcom as soon as reasonably practicable",
        "uk.comms.105k",
        "Communications Act 2003 s. 105K",
        "awareness",
        None,
        "GB",
    ),
    Prose("tell users of significant risk", "uk.comms.105j", "Communications Act 2003 s. 105J", "awareness", None, "GB"),
    Prose(r"detailed report within (one) month", "eu.cer.15.final", CER, "awareness", "months", "DE"),
    Prose(
        r"intermediate (\d+) working days",
        "eu.psd2.96.intermediate",
        PSD2,
        "initial_filed",
        "business_days",
        "DE",
        until="2025-01-16",
        after="eu.psd2.96.initial",
    ),
    Prose(
        "Processor -> controller as soon as possible",
        "ch.dsg.24.3",
        "Federal Act on Data Protection (SR 235.1) Art. 24",
        "awareness",
        None,
        "CH",
    ),
    Prose(
        "Inform data subject if needed",
        "ch.dsg.24.4",
        "Federal Act on Data Protection (SR 235.1) Art. 24",
        "awareness",
        None,
        "CH",
    ),
)
"""Duties outside section 9 that stand in a sentence."""

EUROPEAN_LAWS = {
    "eu.gdpr.33": "Regulation (EU) 2016/679 Art. 33",
    "eu.gdpr.34": "Regulation (EU) 2016/679 Art. 34",
    "eu.611": "Commission Regulation (EU) No 611/2013",
    "uk.gdpr": "UK GDPR Arts 33 and 34",
    "uk.pecr": "SI 2003/2426 (PECR) reg. 5A",
    "eu.nis2": "Directive (EU) 2022/2555 Art. 23",
    "eu.dora": "Regulation (EU) 2022/2554 Art. 19; Delegated Regulation (EU) 2025/301 Art. 5",
    "eu.eidas": "Regulation (EU) No 910/2014 Arts 19a and 24",
    "eu.cra": "Regulation (EU) 2024/2847 Art. 14",
    "eu.aia": "Regulation (EU) 2024/1689 Art. 73",
    "ch.dsg": "Federal Act on Data Protection (SR 235.1) Art. 24",
    "ch.isg": "Information Security Act (Switzerland) Arts 74a to 74h",
    "eu.omnibus": "COM(2025) 837, proposal",
}

EUROPEAN_CONFIDENCE = {
    "verified": ("eu.gdpr.33", "eu.gdpr.33.2", "eu.gdpr.34", "eu.eidas.19a / 24", "ch.dsg.24", "ch.isg.74"),
    "secondary": ("uk.pecr.5a", "eu.nis2.23", "eu.dora.19", "eu.cra.14.vuln", "eu.cra.14.inc", "eu.aia.73"),
}
"""What the sections behind the rows say was read."""

DURATION = re.compile(r"P(?:T(\d+)H|(\d+)D|(\d+)M)")


def european_rules(sheet: Path) -> Iterator[Rule]:
    text = sheet.read_text(encoding="utf-8")
    yield from prose_rules(text, EUROPE_PROSE)
    rows = {cells[0]: cells for cells in table_under(text, "## 9. Rule rows")}
    assert rows.keys() == {row.row for row in EUROPE}, "a row of section 9 that nobody reads"
    for row in (*EUROPE, *EUROPE_BESIDE):
        _, _, stage, _, since, _ = rows[row.row]
        lengths = [read_duration(found) for found in DURATION.finditer(stage)]
        amount, unit = lengths[row.which] if row.which >= 0 else (None, None)
        also = None
        if row.also is not None:
            other = lengths[row.also[0]]
            also = (row.also[1], other[0], other[1])
        for place in row.places.split():
            why = say(amount, unit, row.start) if amount else "no number: without undue delay"
            if also:
                why = f"the earlier of {why} and {say(also[1], also[2], also[0])}"
            yield Rule(
                row.duty,
                law=next(text for prefix, text in EUROPEAN_LAWS.items() if row.row.startswith(prefix)),
                place=place,
                zone=EUROPE_ZONES[place],
                start=row.start,
                confidence=next((word for word, rows in EUROPEAN_CONFIDENCE.items() if row.row in rows), "unverified"),
                why=why,
                amount=amount,
                unit=unit,
                counting=row.counting if amount else "plain",
                calendar=place if row.counting != "plain" and (unit != "hours" or row.counting == NOON) else None,
                after=row.after,
                also=also,
                variant=row.variant,
                in_force=row.in_force,
                since=since[:10] if since[:2] == "20" else None,
                until=row.until,
            )


def read_duration(found: re.Match[str]) -> tuple[int, str]:
    hours, days, months = found.groups()
    if hours:
        return int(hours), "hours"
    return (int(days), "days") if days else (int(months), "months")


# -- what the sheets say: the rest of the world --------------------------------

ZONES = """
    AD=Europe/Andorra AE=Asia/Dubai AL=Europe/Tirane AR=America/Argentina/Buenos_Aires AU=Australia/Sydney
    BA=Europe/Sarajevo BB=America/Barbados BH=Asia/Bahrain BM=Atlantic/Bermuda BR=America/Sao_Paulo CA=America/Toronto
    CA-AB=America/Edmonton CL=America/Santiago CN=Asia/Shanghai CO=America/Bogota CR=America/Costa_Rica
    DO=America/Santo_Domingo DZ=Africa/Algiers EC=America/Guayaquil EG=Africa/Cairo GE=Asia/Tbilisi GG=Europe/Guernsey
    GH=Africa/Accra GI=Europe/Gibraltar HK=Asia/Hong_Kong ID=Asia/Jakarta IL=Asia/Jerusalem IM=Europe/Isle_of_Man
    IN=Asia/Kolkata JE=Europe/Jersey JM=America/Jamaica JO=Asia/Amman JP=Asia/Tokyo KE=Africa/Nairobi KR=Asia/Seoul
    KW=Asia/Kuwait KY=America/Cayman KZ=Asia/Almaty LK=Asia/Colombo MA=Africa/Casablanca MC=Europe/Monaco
    MD=Europe/Chisinau ME=Europe/Podgorica MK=Europe/Skopje MU=Indian/Mauritius MX=America/Mexico_City
    MY=Asia/Kuala_Lumpur NG=Africa/Lagos NZ=Pacific/Auckland OM=Asia/Muscat PA=America/Panama PE=America/Lima
    PH=Asia/Manila QA=Asia/Qatar RS=Europe/Belgrade RU=Europe/Moscow RW=Africa/Kigali SA=Asia/Riyadh SG=Asia/Singapore
    TH=Asia/Bangkok TR=Europe/Istanbul TW=Asia/Taipei UA=Europe/Kyiv UG=Africa/Kampala UY=America/Montevideo
    VN=Asia/Ho_Chi_Minh ZA=Africa/Johannesburg ZM=Africa/Lusaka ZW=Africa/Harare
"""

WORLD_ZONES: dict[str, str] = dict(pair.split("=") for pair in ZONES.split())
"""The zone of each capital."""

OTHERS = {
    "OM": "authority 72 h unstated; individuals 72 h unstated",
    "JO": "individuals 24 h discovery; authority 72 h discovery",
    "KW": "authority 72 h unstated",
    "RW": "authority.initial 48 h unstated; authority.full 72 h unstated; controller 48 h unstated",
    "UG": "authority - unstated; individuals - unstated",
    "ZM": "authority 24 h unstated",
    "ZW": "authority 24 h unstated; individuals 72 h unstated",
    "MU": "authority 72 h awareness; individuals - awareness",
    "DZ": "authority 5 days unstated",
    "KY": "authority 5 days knows_or_has_reason_to_know; individuals 5 days knows_or_has_reason_to_know",
    "BB": "authority 72 h unstated",
    "GE": "authority 72 h unstated",
    "AL": "authority 72 h awareness; individuals - awareness",
    "BA": "authority 72 h awareness; individuals - awareness",
    "MK": "authority 72 h awareness; individuals - awareness",
    "MD": "authority 72 h awareness; individuals - awareness",
    "AD": "authority 72 h awareness; individuals - awareness",
    "GI": "authority 72 h awareness; individuals - awareness",
    "MA": "authority - unstated",
    "ME": "authority - unstated",
    "LK": "authority - unstated",
}  # fmt: skip
"""How the one-line places read: recipient, period, start. Each number must stand in the line."""


def world_rules(sheet: Path) -> Iterator[Rule]:
    written = yaml.safe_load(sheet.read_text(encoding="utf-8"))
    for regime in written["regimes"]:
        yield from regime_rules(regime)
    assert {one["code"] for one in written["others"]} == OTHERS.keys(), "a one-line place that nobody reads"
    for one in written["others"]:
        for part in filter(None, OTHERS[one["code"]].split("; ")):
            recipient, number, *words = part.split()
            start = words[-1]
            if number != "-":
                assert f"{number} {words[0]}" in one["line"], f"{one['code']}: '{number} {words[0]}' is not in its line"
            unit = None if number == "-" else {"h": "hours", "days": "days"}[words[0]]
            amount = None if number == "-" else int(number)
            yield Rule(
                f"world.{one['code'].lower()}.{recipient}",
                one["line"].split(":")[0],
                one["code"],
                WORLD_ZONES[one["code"]],
                start,
                "unverified", say(amount, unit, start) if amount else "no number", amount, unit,
            )  # fmt: skip


NAMES = {
    "world.au-ndb.assessment": "world.au-ndb.other.assessment",
    "world.cn-cac-incident.authority": "world.cn-cac-incident.authority.initial",
    "world.cn-cac-incident.authority.2": "world.cn-cac-incident.authority.initial_ciio",
    "world.cn-cac-incident.authority.3": "world.cn-cac-incident.authority.initial_state",
    "world.eg-pdpl.authority.2": "world.eg-pdpl.authority.national_security",
    "world.hk-ci.authority.3": "world.hk-ci.authority.written",
    "world.kr-pipa.individuals.2": "world.kr-pipa.individuals.possible",
}
"""What a stage without a name of its own in the sheet is called; else recipient and number."""

UNTIMED = {
    "ca-other": "authority.ab-hia authority.ab-popa authority.bc-foippa authority.health-acts authority.on-fippa "
    "authority.on-phipa individuals.on-phipa",
    "do-172": "authority",
}
"""Duties of regimes that the sheet gives without stages, in words only."""

SMALL = "a small processing agent"

BRANCH_OF = {
    "world.jp-appi.authority.final_malicious": ("world.jp-appi.authority.final", "an improper purpose is probable"),
    "world.br-lgpd.authority.initial_small": ("world.br-lgpd.authority.initial", SMALL),
    "world.hk-ci.authority": ("world.hk-ci.authority.initial", "a core function disrupted or likely to be"),
    "world.hk-ci.authority.2": ("world.hk-ci.authority.initial", None),
}
"""Stages of the sheet that are another limit of a duty rather than a duty."""

NOTED = {
    "world.br-lgpd.individuals": (r"(\d+) for small agents", SMALL),
    "world.cl-21663.authority.update": (r"(\d+) h for a vital operator", "a vital operator whose essential service is hit"),
}
"""Stages whose note gives another limit, in the same unit."""


def regime_rules(regime: Json) -> Iterator[Rule]:
    code = str(regime.get("subdivision") or regime["code"])
    place = code if code not in ("DIFC", "ADGM") else str(regime["code"])
    zone = WORLD_ZONES[place if place in WORLD_ZONES else regime["code"]]
    since: str | None = regime["in_force"]["from"]
    status = {"enacted_not_confirmed_in_force": "unknown"}.get(regime.get("status", ""), "in_force")
    seen: dict[str, int] = {}
    stages = [*regime["stages"], *assessments(regime)]
    for name in UNTIMED.get(regime["id"], "").split():
        recipient, _, id = name.partition(".")
        named = {"id": id} if id else {}
        stages.append({"recipient": recipient, "deadline": {"kind": "none"}, "starts": "unstated", **named})
    for stage in stages:
        name = f"world.{regime['id']}.{stage['recipient']}" + (f".{stage['id']}" if "id" in stage else "")
        seen[name] = seen.get(name, 0) + 1
        name = name if seen[name] == 1 else f"{name}.{seen[name]}"
        duty, variant = BRANCH_OF.get(name, (NAMES.get(name, name), None))
        limit = stage["deadline"]
        unit = UNITS.get(limit["kind"])
        amount = limit["n"] if unit else None
        confidence = {"V": "verified" if regime.get("primary_text") else "secondary"}.get(stage.get("conf", "K"), "unverified")
        start = stage["starts"]
        after = None
        if start == "authority_notified":
            after = next(
                f"world.{regime['id']}.authority" + (f".{s['id']}" if "id" in s else "")
                for s in stages
                if s["recipient"] == "authority"
            )
        elif "from the alert" in stage.get("note", ""):
            after, start = f"world.{regime['id']}.authority.alert", "initial_filed"
        elif start == "individuals_deadline_end":
            after = f"world.{regime['id']}.individuals"
        counted = stage.get("count", {})
        rule = Rule(
            duty,
            law=regime["citation"],
            place=place,
            zone=zone,
            start=start,
            confidence=confidence,
            why=say(amount, unit, start)
            if amount
            else f"by {limit['date']} of each year"
            if "date" in limit
            else f"no number: {limit['kind']}",
            amount=amount,
            unit=unit,
            calendar=place if unit == "business_days" or counted else None,
            counting="next_working_day" if counted else "plain",
            after=after if amount else None,
            from_limit=start == "individuals_deadline_end",
            by=limit.get("date"),
            first_day_counted=counted.get("day_of_awareness") == "day_1",
            closed_days=("01-01", "01-02", "01-03", "12-29", "12-30", "12-31") if counted else (),
            variant=variant,
            in_force=status,
            since=since if since and since != "?" else None,
        )
        yield rule
        if duty in NOTED and variant is None:
            pattern, variant = NOTED[duty]
            noted = re.search(pattern, stage["note"])
            assert noted is not None, f"{duty}: its note no longer has the other limit"
            yield replace(rule, amount=int(noted[1]), variant=variant, why=say(int(noted[1]), unit, start))


def assessments(regime: Json) -> list[Json]:
    """A limit on the assessment itself, where it has a number."""
    found = regime.get("assessment")
    if not found or found["deadline"]["kind"] not in UNITS:
        return []
    return [{"recipient": "assessment", **found}]


# -- published examples --------------------------------------------------------

CITIES = {
    "Berlin": ("eu.gdpr.33", "DE-BE"),
    "Brussels": ("eu.gdpr.33", "BE"),
    "Helsinki": ("eu.gdpr.33", "FI"),
    "London": ("uk.gdpr.33", "GB"),
}
WHEN = re.compile(r"(?:(\d{4})-)?(\d\d)-(\d\d) (\d\d):(\d\d)(?::(\d\d))?")


def read_when(words: str, zone: str, year: int | None = None) -> datetime | None:
    """`Fri 11-27 12:17`, `Tue 2026-11-24 12:17 CET Berlin`."""
    found = WHEN.search(words)
    if found is None:
        return None
    y, month, day, hour, minute, second = found.groups()
    local = datetime(int(y or year or 0), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def published(sheets: Path) -> Iterator[tuple[str, str, datetime, datetime | None, datetime | None]]:
    """Worked examples of a 72-hour clock: city, start, end in elapsed hours, end under Regulation 1182/71."""
    rows = table_under((sheets / "eu-uk.md").read_text(encoding="utf-8"), "### 2.2 Worked examples")
    for number, (_, begin, elapsed, whole, _, _) in enumerate(rows[:8], 1):
        city = begin.split()[-1]
        zone = EUROPE_ZONES[CITIES[city][1]]
        start = read_when(begin, zone)
        assert start is not None
        year = start.year
        yield (
            f"{24 if number == 8 else 72} {city}",
            f"published {number}",
            start,
            read_when(elapsed, zone, year),
            read_when(whole, zone, year),
        )
    cases = sheets.parent / "cases" / "reg_1182_71_open.json"
    for one in json.loads(cases.read_text(encoding="utf-8"))["published_examples"] if cases.exists() else []:
        if "aware" in one:
            there = ZoneInfo(one["tz"])
            times = [one["aware"], one["deadline"]["A"], one["deadline"].get("B")]
            begun, *ends = (datetime.fromisoformat(at).replace(tzinfo=there).astimezone(UTC) if at else None for at in times)
            assert begun is not None
            city = "Berlin" if "Berlin" in one["tz"] else "-"
            yield f"72 {city}", f"published {one['id']}", begun, ends[0], ends[1]


def check_published(sheets: Path) -> None:
    """This file's own arithmetic against examples that others worked out."""
    for place, name, start, plain, read in published(sheets):
        rule = Rule("", "", "", "Europe/Berlin", "", "", "", int(place.split()[0]), "hours", "reg_1182_71")
        found = count(rule, start)
        assert found.target == plain, f"{name}: {found.target}, published {plain}"
        assert read is None or found.outer == read, f"{name}: {found.outer}, published {read}"
    month = Rule("", "", "DE", "Europe/Berlin", "", "", "", 1, "months", "reg_1182_71", "DE")
    rows = table_under((sheets / "eu-uk.md").read_text(encoding="utf-8"), "### 2.2 Worked examples")
    for row in rows[8:10]:
        filed = clock(date.fromisoformat(re.findall(r"\d{4}-\d\d-\d\d", row[1])[0]), month.zone, 12)
        last, moved = (date.fromisoformat(found) for found in re.findall(r"\d{4}-\d\d-\d\d", row[3]))
        assert count(month, filed) == Answer(end_of(last, month.zone), end_of(moved, month.zone), last), row[0]


# -- the file ------------------------------------------------------------------


def all_rules(sheets: Path) -> list[Rule]:
    return [
        *european_rules(sheets / "eu-uk.md"),
        *federal_rules(sheets / "us-federal.md"),
        *state_rules(sheets / "us-states.yaml"),
        *world_rules(sheets / "world.yaml"),
    ]


def vectors(sheets: Path) -> Iterator[Json]:
    rules = all_rules(sheets)
    for rule in rules:
        near = {
            other.duty: other
            for other in rules
            if other.place in (rule.place, "US" if rule.duty.startswith("us.") else "")
            and other.variant in (None, rule.variant)
            and (other.until, other.in_force) == (rule.until, rule.in_force)
        }
        for sample in samples(rule, near):
            yield vector(rule, sample, near)
        for place, name, start, _, _ in published(sheets):
            hours, city = place.split()
            if hours == "72" and CITIES.get(city) == (rule.duty, rule.place):
                sample = Sample(name, start)
                yield vector(rule, sample, near)


def first_start(rule: Rule, rules: Mapping[str, Rule]) -> str:
    """The event that the first clock of a chain runs from."""
    while rule.after is not None:
        rule = rules[rule.after]
    return rule.start


def vector(rule: Rule, sample: Sample, rules: Mapping[str, Rule]) -> Json:
    """One line of the file. Keys that say nothing for this rule are left out, but for those of every line."""

    def written(moment: datetime | None, zone: str = "") -> str | None:
        if moment is None:
            return None
        return moment.astimezone(ZoneInfo(zone or rule.zone)).isoformat() + (f"[{zone}]" if zone else "")

    # A start near midnight is written in UTC: whose day counts must come from the law, not from how it was written down.
    said_in = "UTC" if "around midnight" in sample.label else rule.zone
    several = [rule.place] if rule.duty.startswith("eu.") else []
    name = re.sub(r"[^a-z0-9]+", "-", " ".join([*several, rule.variant or "", sample.label]).lower()).strip("-")
    old = f"@{rule.until}" if rule.until else f"@{rule.in_force}" if rule.in_force != "in_force" else ""
    found = answer(rule, sample, rules)
    line: Json = {
        "id": f"{rule.duty}{old}#{name}",
        "duty": rule.duty,
        "law": rule.law,
        "place": rule.place,
        "zone": rule.zone,
        "calendar": rule.calendar,
        "start": rule.start,
        "start_at": written(sample.start, said_in),
        "filed_at": written(sample.filed, said_in),
        "law_date": local_day(sample.start, rule.zone).isoformat() if rule.until else None,
        "amount": rule.amount,
        "unit": rule.unit,
        "expect": {
            "target": written(found.target),
            "outer": written(found.outer),
            "last_day": found.last_day.isoformat() if found.last_day else None,
        },
        "why": f"{rule.why}; {sample.label}",
        "confidence": rule.confidence,
    }
    if rule.also is not None or sample.also is not None:
        line["also_at"] = written(sample.also, said_in)
    if rule.also is not None:
        line["also"] = dict(zip(("start", "amount", "unit"), rule.also, strict=True))
    more = {
        "counting": rule.counting if rule.counting != "plain" else None,
        "in_force": rule.in_force if rule.in_force != "in_force" else None,
        "after": rule.after,
        "first_start": first_start(rule, rules) if rule.after else None,
        "not_after": rule.not_after,
        "by": rule.by,
        "year_of": rule.year_of,
        "variant": rule.variant,
        "first_day_counted": rule.first_day_counted or None,
        "closed_days": list(rule.closed_days) or None,
    }
    return line | {key: value for key, value in more.items() if value is not None}


COLUMNS = {
    "id": "the duty, and what is special about the start",
    "duty": "the time limit: one recipient of one law",
    "law": "where it stands",
    "place": "whose law it is",
    "zone": "where its days are counted",
    "calendar": "the place whose public holidays and weekend count; null: none do, or only Saturdays and Sundays",
    "start": "the event the clock runs from, in the law's terms",
    "start_at": "when it happened; with `after`, when `first_start` did; RFC 3339, its zone in brackets",
    "filed_at": "when the duty named in `after` or `not_after` was done; null: not yet",
    "law_date": "the day whose text counts, for texts that are no longer in force; null: the day of the start",
    "amount": "the number of units; null: the law has no number",
    "unit": "hours, days, business_days or months",
    "expect": "target: the last moment, read strictly. outer: the last moment under the law's own rule on periods, or null. "
    "last_day: for days, business days and months, the day whose end the target is",
    "why": "in words",
    "confidence": "verified: the primary text was read; secondary: a secondary source was; unverified: neither",
    "counting": "reg_1182_71, next_working_day or noon_next_working_day (see conventions); absent: no rule on closed days",
    "in_force": "proposed or unknown; absent: in force on law_date, or on the day of the start",
    "after": "the duty whose filing starts this clock",
    "first_start": "with `after`: the event that happened at start_at",
    "not_after": "the duty whose limit, or filing, is a ceiling on this one",
    "also": "another limit, beside this one: the earlier counts",
    "also_at": "when the event of that other limit happened",
    "by": "a month and day: the end of the next such day is the limit",
    "year_of": "the period runs from 31 December of the year of that event, which start_at gives",
    "variant": "the branch of the law that this line is for; none: the ordinary one",
    "first_day_counted": "true: the day of the event is day 1",
    "closed_days": "months and days that are closed every year beside holidays",
}

CONVENTIONS = [
    "Hours are elapsed hours, added in UTC; weekends, holidays and changes of the clocks do not stretch them.",
    "A day ends at 24:00 in the zone, which is written as 00:00 of the next day.",
    "The day of the event is not counted; day 1 is the day after it, unless first_day_counted.",
    "A month ends on the same date, or on the last day of a month that has no such date.",
    "Business days leave out the weekend and the public holidays of the calendar's place (the library's category `public`).",
    "A target on a weekend or holiday stays where it is; only an outer limit moves.",
    "reg_1182_71, hours: the hour of the event is left out, and the period ends with its last hour "
    "(Regulation 1182/71 Art. 3(1), 3(2)(a)).",
    "reg_1182_71, days and months: a last day that is no working day moves to the next one (Art. 3(4)), "
    "and two days or more hold two working days (Art. 3(5)).",
    "Whether Art. 3(5) stretches hours too is disputed; here it does not.",
    "next_working_day: a closed last day moves to the next working day as the outer limit. "
    "noon_next_working_day: to its noon, for hours too.",
    "With `after` and filed_at the clock runs from the filing. Without a filing it is projected from the last moment "
    "of that duty's own time, which for a time in days is one second before 24:00.",
    "With `not_after` the earlier of the two counts: the filing of that duty if there was one, else its target.",
]


def rendered(sheets: Path = SHEETS) -> str:
    """The whole file, one vector a line."""
    reset_tzpath(())  # the time zones of the tzdata package on every machine, not the machine's own
    check_published(sheets)
    lines = list(vectors(sheets))
    ids = [line["id"] for line in lines]
    twice = {id for id in ids if ids.count(id) > 1} if len(set(ids)) < len(ids) else set()
    assert not twice, f"two vectors have one id: {sorted(twice)[:5]}"
    head: Json = {
        "format": "breachkit/vectors@1",
        "title": "Deadlines of breach-notification laws: what a clock should say",
        "as_of": AS_OF,
        "licence": "Facts about law, free to copy, test with and build on; the file as a whole is under Apache-2.0. "
        "Not legal advice: rows marked unverified or secondary were not compared with the law itself.",
        "columns": COLUMNS,
        "conventions": CONVENTIONS,
        "holidays": {"library": "holidays", "version": version("holidays")},
        "time_zones": {"library": "tzdata", "version": version("tzdata")},
        "count": len(lines),
    }
    tops = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False, sort_keys=True)}," for key, value in head.items()]
    rows = [json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for line in lines]
    return "{\n" + "\n".join(tops) + '\n"vectors": [\n' + ",\n".join(rows) + "\n]}\n"


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHEETS
    TARGET.write_text(rendered(folder), encoding="utf-8", newline="\n")
