"""What hypothesis draws for the tests: values as people write them, facts, verdicts, journal entries, and whole worlds.

A world is a set of facts that could all be true together, drawn around some laws: what their conditions ask for is in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from hypothesis import strategies as st

from breachkit.content.factsfile import make_fact
from breachkit.content.law_checks import clock_neighbours
from breachkit.content.laws import load_pack
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.conditions import (
    All,
    Amount,
    AnyOf,
    Condition,
    Data,
    Established,
    FactIs,
    Includes,
    Known,
    Not,
    People,
    Role,
    Sector,
    Targets,
)
from breachkit.domain.facts import Fact
from breachkit.domain.journal import GENESIS, Draft, Entry, seal
from breachkit.domain.law import DutyVersion, LawPack, Regime
from breachkit.domain.logic import Because, Verdict
from breachkit.domain.vocabulary import FactSpec

WORDS = load_vocabulary()
EARLY, LATE = datetime(2000, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - hypothesis wants them without a zone
FIRST = datetime(2026, 11, 20, 21, tzinfo=UTC)
ZONES = ("Europe/Brussels", "Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(lambda text: text.strip() != "")


@st.composite
def instants(draw: st.DrawFn) -> str:
    """A time as a person may write it, always one that can be read."""
    at = draw(st.datetimes(EARLY, LATE)).replace(microsecond=0, tzinfo=UTC)
    match draw(st.sampled_from(("utc", "offset", "day"))):
        case "utc":
            return at.strftime("%Y-%m-%dT%H:%M:%SZ")
        case "offset":
            minutes = draw(st.sampled_from((-300, -210, 60, 330, 765)))
            sign, size = ("-" if minutes < 0 else "+"), abs(minutes)
            return f"{at:%Y-%m-%dT%H:%M}{sign}{size // 60:02}:{size % 60:02}"
        case _:
            zone = draw(st.sampled_from(("", *(f"[{zone}]" for zone in ZONES))))
            return f"{at:%Y-%m-%d}{zone}"


@st.composite
def counts(draw: st.DrawFn) -> str:
    """A count in one of its written forms."""
    low, more = draw(st.integers(0, 5000)), draw(st.integers(0, 5000))
    return draw(st.sampled_from((str(low), f"~{low}", f"{low}..{low + more}", f"{low}+", f"{low}..", f"..{low}", "unknown")))


def values(spec: FactSpec) -> st.SearchStrategy[Any]:
    """What a person may write for that key."""
    match spec.type:
        case "instant":
            return instants()
        case "count":
            return counts()
        case "yes_no":
            return st.sampled_from(("yes", "no", "true", "false", "unknown", True, False))
        case "choice":
            return st.sampled_from((*spec.choices, "unknown"))
        case "set":
            members = {"data_category": WORDS.categories, "place": WORDS.places, "sector": WORDS.sectors}.get(
                spec.of or "", spec.choices
            )
            return st.lists(st.sampled_from(sorted(members) or ["something"]), max_size=4)
        case "duration":
            return st.sampled_from(("PT6H", "P2D", "72 hours", "3 business days", "1 month"))
        case "place":
            return st.sampled_from(sorted(WORDS.places))
        case "email":
            return st.sampled_from(("privacy@example.com", "dpo@example-co.invalid"))
        case "records":
            return st.just([{"at": "2026-11-21T10:00:00Z", "reference": "2026-1", "kind": "first"}])
        case _:
            return texts


_KEYS = sorted(
    key.replace("<place>", "ES")
    .replace("<category>", "ssn")
    .replace("<controller>", "acct-01")
    .replace("<harm>", "physical")
    .replace("<test>", "real_risk_of_significant_harm")
    .replace("<language>", "es")
    .replace("<fact>", "incident.summary")
    .replace("<element>", "techniques")
    for key in WORDS.facts
    if not key.startswith(("filed.", "decided.", "organisation.")) and "<factor>" not in key and "<duty>" not in key
)


@st.composite
def raw_facts(draw: st.DrawFn) -> tuple[str, Any]:
    """A key and what was written for it."""
    key = draw(st.sampled_from(_KEYS))
    return key, draw(values(WORDS.spec(key)))


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    """A fact as a facts file gives it."""
    key, raw = draw(raw_facts())
    return make_fact(key, raw, WORDS)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Something that a responder may record."""
    kinds = ("fact.recorded", "fact.corrected", "filing.recorded", "decision.recorded", "note.added", "step.marked")
    kind = draw(st.sampled_from(kinds))
    duty = draw(st.sampled_from(("eu.gdpr.33@es-aepd", "uk.gdpr.33", "us.fl.dla")))
    match kind:
        case "filing.recorded":
            return Draft(kind, {"duty": duty, "at": "2026-11-21T10:00:00+00:00", "reference": draw(texts), "lacked": []})
        case "decision.recorded":
            return Draft(kind, {"duty": duty, "choice": "refrain", "ground": draw(texts), "at": "2026-11-21T10:00:00+00:00"})
        case "note.added":
            return Draft(kind, {"text": draw(texts)})
        case "step.marked":
            step = draw(st.sampled_from(("general.logs", "ransomware.isolate")))
            return Draft(kind, {"step": step, "done": draw(st.booleans()), "note": draw(texts)})
        case _:
            key, raw = draw(raw_facts())
            body = {"key": key, "value": raw, "source": draw(st.sampled_from(("CRM export", "support", None)))}
            if draw(st.booleans()):
                body |= {"certainty": "estimated", "happened_at": draw(instants())}
            return Draft(kind, {name: value for name, value in body.items() if value is not None})


@st.composite
def journals(draw: st.DrawFn, least: int = 1, most: int = 8) -> list[Entry]:
    """The entries of one incident, sealed and linked."""
    made = [Draft("incident.opened", {"organisation": None}), *draw(st.lists(drafts(), min_size=least, max_size=most))]
    return sealed(made)


def sealed(made: list[Draft], incident: str = "INC-1") -> list[Entry]:
    """Drafts as the journal would keep them, one minute apart."""
    entries: list[Entry] = []
    for seq, draft in enumerate(made, 1):
        previous = entries[-1].hash if entries else GENESIS
        at = FIRST + timedelta(minutes=seq)
        entries.append(seal(draft, incident=incident, seq=seq, previous=previous, actor="ana", recorded_at=at)[0])
    return entries


@st.composite
def verdicts(draw: st.DrawFn) -> Verdict:
    """A verdict with a reason; one that is not known yet waits for a fact."""
    name = draw(st.sampled_from("abcdef"))
    holds = draw(st.sampled_from((True, False, None)))
    return Verdict(holds, (Because(f"reason {name}", name, None, holds),), frozenset([name]) if holds is None else frozenset())


json_scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8"))
ascii_keys = st.text(st.characters(max_codepoint=127))
documents = st.recursive(
    json_scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(ascii_keys, inner, max_size=5),
    max_leaves=25,
)
"""JSON as the journal holds it: without floats, with ASCII keys."""


# -- worlds around some laws ---------------------------------------------------

Raw = dict[str, Any]

BEGAN = datetime(2026, 11, 20, 9, 17, tzinfo=UTC)
TODAY = date(2026, 11, 21)
TIMES = (
    "began_at", "detected_at", "suspected_at", "provider.told_us_at", "discovered_at", "believed_at", "aware_at",
    "incident_aware_at", "determined_at", "classified_at", "scope_known_at", "assessed_at", "harm_found_at",
    "people_identified_at", "material_at", "no_harm_found_at", "harm.finding_written_at", "fix_available_at", "ransom_paid_at",
    "new_fact_at", "ordered_at", "contained_at", "incident_closed_at",
)  # fmt: skip
"""Facts that say when, in an order in which they may happen."""
KINDS = (
    "full_name", "email", "username", "password", "security_answer", "ssn", "national_id", "passport", "location",
    "precise_geolocation", "payment_card", "payment_card_code", "payment_card_with_code", "online_credentials",
    "email_account_credentials", "medical_info", "call_log", "message_content",
)  # fmt: skip
USUAL = {
    "breach.in_service": ("yes", "yes", "no"),
    "breach.accessed": ("yes", "yes", "yes", "no"),
    "breach.acquired": ("yes", "yes", "yes", "no"),
    "breach.malicious": ("yes", "no"),
    "breach.good_faith_employee": ("no", "no", "yes"),
    "breach.intentional_access": ("yes", "yes", "no"),
    "breach.exfiltration": ("excluded", "unlikely", "unknown", "likely", "confirmed"),
    "risk.level": ("unlikely", "risk", "high"),
    "risk.removed_by_measures": ("no", "no", "yes"),
    "adverse_effect": ("unlikely", "likely"),
    "data.cpni": ("yes", "no"),
    "data.protection": ("weak", "state_of_the_art"),
    "harm.identity_theft": ("excluded", "unlikely", "possible", "likely"),
    "harm.financial": ("excluded", "unlikely", "possible", "likely"),
    "harm.law_enforcement_consulted": ("yes", "no"),
    "notice.disproportionate_effort": ("no", "no", "yes"),
    "business.source_of_breach": ("yes", "no"),
    "hold.urgent_need": ("no", "no", "yes"),
}
"""What nearly every incident has an answer to, each answer as often as it is likely."""
ROLES = ("controller", "joint_controller", "processor", "sub_processor")


@dataclass(frozen=True)
class Dice:
    """Chance with thumbs on the scale. Hypothesis leans to small and plain values, and most such worlds owe nothing."""

    random: Random

    def likely(self, chance: float) -> bool:
        return self.random.random() < chance

    def one(self, of: Sequence[Any]) -> Any:
        return self.random.choice(of)

    def some(self, of: Sequence[str], most: int, least: int = 0) -> list[str]:
        return self.random.sample(of, self.random.randint(min(least, len(of)), min(most, len(of))))


@dataclass
class Asked:
    """What the conditions of some laws ask for."""

    facts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Yes/no, choice and list facts, each with the answers that conditions name."""
    known: set[str] = field(default_factory=set)
    amounts: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    people: dict[str | None, set[int]] = field(default_factory=lambda: defaultdict(set))
    """By place; None for everybody."""
    places: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    sectors: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)

    def add(self, condition: Condition) -> None:
        match condition:
            case All(parts) | AnyOf(parts):
                for part in parts:
                    self.add(part)
            case Not(part):
                self.add(part)
            case FactIs(key, values, _):
                self.facts[key] |= set(values)
            case Includes(key, member, _):
                self.facts[key].add(member)
            case Known(key, _):
                self.known.add(key)
            case Amount(key, _, number, _):
                self.amounts[key].add(number)
            case People(_, _, number, place):
                self.people[place].add(number)
            case Role(roles):
                self.roles |= set(roles)
            case Sector(sector):
                self.sectors.add(sector)
            case Established(place) | Targets(place):
                self.places.add(place)
            case Data():
                self.kinds |= {*condition.with_name, *condition.alone, *condition.names}
            case _:
                pass


@dataclass
class Wishes:
    """What a world should have so that one duty is owed: one way among those that its conditions leave open."""

    dice: Dice
    facts: Raw = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    encrypted: str = ""
    roles: list[str] = field(default_factory=list)
    sectors: list[str] = field(default_factory=list)
    homes: list[str] = field(default_factory=list)
    serves: list[str] = field(default_factory=list)

    def want(self, condition: Condition, holds: bool = True) -> None:
        match condition:
            case All(parts) | AnyOf(parts):
                every = isinstance(condition, All) is holds
                for part in parts if every or not parts else [self.dice.one(parts)]:
                    self.want(part, holds)
            case Not(part):
                self.want(part, not holds)
            case FactIs(key, values, _):
                others = _choices(key)
                fitting = [one for one in others if (one in values) is holds]
                self.facts[key] = self.dice.one(fitting or others)
            case Includes(key, member, _):
                self.facts[key] = [member] if holds else []
            case Known(key, _):
                if holds and key in TIMES:
                    self.facts[key] = (BEGAN + timedelta(days=4)).isoformat()
            case Amount(key, op, number, _):
                self.facts[key] = str(max(0, number + (1 if (op[0] == ">") is holds else -1)))
            case People(_, op, number, place):
                more = (op[0] == ">") is holds
                self.people[place or "GB"] = max(0, self.dice.one([number + 1, 3 * number + 1]) if more else number - 1)
            case Data():
                alone = condition.alone if not condition.with_name or self.dice.likely(0.3) else ()
                self.kinds += [self.dice.one(alone or condition.with_name), condition.names[0]] if holds else []
                self.encrypted = "no" if holds else "yes"
            case _:
                self._want_of_organisation(condition, holds)

    def _want_of_organisation(self, condition: Condition, holds: bool) -> None:
        match condition:
            case Role(roles) if holds:
                self.roles.append(self.dice.one(roles))
            case Sector(sector) if holds:
                self.sectors.append(sector)
            case Established(place) if holds:
                self.homes.append(place)
            case Targets(place) if holds:
                self.serves.append(place)
                self.people.setdefault(place, 5)
            case _:
                pass


def _choices(key: str) -> tuple[str, ...]:
    spec = WORDS.spec(key)
    return ("yes", "no") if spec.type == "yes_no" else tuple(one for one in spec.choices if one != "unknown")


@cache
def laws_by_id() -> Mapping[str, Regime]:
    return {regime.id: regime for regime in load_pack().regimes}


@cache
def _owners() -> Mapping[str, str]:
    return {duty.id: regime.id for regime in laws_by_id().values() for duty in regime.duties}


@cache
def pack_of(ids: tuple[str, ...]) -> LawPack:
    """These laws and those that they refer to."""
    found: dict[str, Regime] = {}
    waiting = list(ids)
    while waiting:
        regime = laws_by_id()[waiting.pop()]
        if regime.id not in found:
            found[regime.id] = regime
            waiting += [_owners()[name] for _, version in texts_in([regime]) for name in duties_named(version)]
    return replace(load_pack(), regimes=tuple(regime for regime in laws_by_id().values() if regime.id in found))


def texts_in(regimes: Iterable[Regime]) -> Iterator[tuple[str, DutyVersion]]:
    """Every text of every duty, with the duty's id."""
    return ((duty.id, version) for regime in regimes for duty in regime.duties for version in duty.versions)


def duties_named(version: DutyVersion) -> set[str]:
    """The duties that a text looks at."""
    named = {*clock_neighbours(version), *version.waits_for, *(one.by for one in version.replaced), version.where_owed}
    return named - {""}


def conditions_in(version: DutyVersion) -> Iterator[Condition]:
    yield from (version.scope, version.when)
    for listed in (version.exempt, version.content_if, version.due_if, version.replaced):
        yield from (one.when for one in listed)


@cache
def asked_by(ids: tuple[str, ...]) -> Asked:
    """What these laws ask for, and what they refer to."""
    asked = Asked()
    for _, version in texts_in(pack_of(ids).regimes):
        for condition in conditions_in(version):
            asked.add(condition)
    return asked


def draw_world(dice: Dice, ids: tuple[str, ...]) -> Raw:
    """Facts that could all be true together, with nothing left open but what nobody can know."""
    asked, wishes = asked_by(ids), _wishes(dice, ids)
    world: Raw = {key: dice.one(values) for key, values in USUAL.items()}
    world["breach.medium"] = ["electronic"] if dice.likely(0.9) else ["paper"]
    for key, values in sorted(asked.facts.items()):
        if key not in ("data.encrypted", "data.key_taken") and dice.likely(0.95):
            world[key] = _answer(key, sorted(values), dice)
    at = BEGAN
    for key in TIMES:
        at += timedelta(minutes=dice.random.randint(0, 2000))
        if dice.likely(0.85):
            world[key] = at.isoformat()
    for key in sorted(asked.known - set(TIMES)):
        type = WORDS.spec(key).type
        if type in ("instant", "yes_no") and dice.likely(0.5):
            world[key] = at.isoformat() if type == "instant" else "yes"
    for key, numbers in sorted(asked.amounts.items()):
        near = (one for number in sorted(numbers) for one in (number - 1, number, number + 1, 9 * number))
        world[key] = str(dice.one([0, *near]))
    world |= wishes.facts
    roles = sorted(asked.roles) or ["controller"]
    world["role"] = wishes.roles or dice.one([["controller"], [dice.one(roles)], roles, dice.some(ROLES, 2, 1)])
    world["organisation.roles"] = sorted({*world["role"], *dice.some(ROLES, 2)})
    sectors = dice.one([sorted(asked.sectors), dice.some(sorted(asked.sectors), 2), ["saas"]])
    world["organisation.sectors"] = list(dict.fromkeys(wishes.sectors or sectors))
    world |= _draw_home(dice, asked, ids, wishes) | draw_people(dice, asked, ids, wishes) | draw_data(dice, asked, wishes)
    world["organisation.size.employees"] = str(dice.one([3, 9, 10, 11, 500]))
    if dice.likely(0.2):
        world |= {f"controllers.client.{key}": world[key] for key in world if key.startswith("people.in.")}
        world |= {f"controllers.client.{key}": world[key] for key in ("people.total", "data.categories")}
        world["controllers.client.name"] = "A client"
    for duty in sorted({name for _, version in texts_in(pack_of(ids).regimes) for name in duties_named(version)}):
        if dice.likely(0.12):
            filing = {"at": "2026-11-24T15:00:00Z", "reference": "R-1", "lacked": dice.one([[], ["count_people"]])}
            world[f"filed.{duty}"] = [filing]
    return world


def _wishes(dice: Dice, ids: tuple[str, ...]) -> Wishes:
    """In most worlds some duty of these laws is meant to be owed."""
    wishes = Wishes(dice)
    texts = [version for _, version in texts_in(laws_by_id()[id] for id in ids) if version.status == "in_force"]
    if texts and dice.likely(0.7):
        version = dice.one(texts)
        lifted = dice.one(version.exempt) if version.exempt and dice.likely(0.3) else None
        for one in version.exempt:
            if one is not lifted:
                wishes.want(one.when, False)
        for other, text in texts_in(pack_of(ids).regimes):
            if other == version.where_owed:
                wishes.want(text.scope)
                wishes.want(text.when)
        wishes.want(version.scope)
        wishes.want(version.when)
        if lifted is not None:
            wishes.want(lifted.when)
    return wishes


def _answer(key: str, values: list[str], dice: Dice) -> Any:
    if WORDS.spec(key).type == "set":
        return dice.some(values, len(values), 1) if dice.likely(0.8) else []
    return dice.one(values) if dice.likely(0.6) else dice.one(_choices(key))


def _member(place: str, dice: Dice) -> str:
    return dice.one(WORDS.groups[place]) if place in WORDS.groups else place


def _homes(asked: Asked, ids: tuple[str, ...]) -> list[str]:
    own = [laws_by_id()[id].place for id in ids if laws_by_id()[id].place]
    return sorted({*own, *asked.places})


def _draw_home(dice: Dice, asked: Asked, ids: tuple[str, ...], wishes: Wishes) -> Raw:
    homes = [_member(place, dice) for place in wishes.homes or dice.some(_homes(asked, ids), 3)]
    homes = list(dict.fromkeys([*homes, *dice.some(("ES", "DE-BY", "US-CA", "CH"), 1)]))
    found: Raw = {"organisation.established_in": homes}
    if homes and dice.likely(0.7):
        found["organisation.main_establishment"] = homes[0]
    served = dice.some(sorted({*_homes(asked, ids), "EEA", "US", "GB", "US-FL"}), 5, 1)
    found["organisation.serves"] = list(dict.fromkeys([*wishes.serves, *served]))
    return found


def draw_people(dice: Dice, asked: Asked, ids: tuple[str, ...], wishes: Wishes) -> Raw:
    """Counts that add up: a place holds at least what its parts hold."""
    own = sorted({_member(laws_by_id()[id].place, dice) for id in ids if laws_by_id()[id].place})
    named = sorted({_member(place, dice) for place in asked.people if place is not None})
    others = ("ES", "DE", "DE-BY", "US-CA", "GB")
    places = {*dice.some(own, 3, 1), *dice.some(named, 4, 1), *dice.some(others, 1)}
    wished = {WORDS.place(_member(place, dice)): number for place, number in wishes.people.items()}
    places = {WORDS.place(place) for place in places} | wished.keys()
    edges = sorted({edge for numbers in asked.people.values() for number in numbers for edge in (number, number + 1)})
    sizes = [0, 1, 3, 700, 5000, 2_000_000, *(edge for edge in edges for _ in (1, 2)), *(edge - 1 for edge in edges if edge)]
    counts: dict[str, int] = {}
    for place in sorted(places, key=lambda one: -len(WORDS.around(one))):
        inside = sum(counts[one] for one in counts if _next_around(one, places) == place)
        counts[place] = max(inside, wished.get(place, dice.one(sizes)))
    elsewhere = dice.one([0, 0, 0, 7, dice.one(sizes)])
    top = sum(count for place, count in counts.items() if _next_around(place, places) is None)
    return {
        **{f"people.in.{place}": str(counts[place]) for place in sorted(counts)},
        "people.elsewhere": str(elsewhere),
        "people.total": str(top + elsewhere),
    }


def _next_around(place: str, places: set[str]) -> str | None:
    """The innermost of these places that it lies in."""
    return next((outer for outer in WORDS.around(place) if outer in places), None)


def draw_data(dice: Dice, asked: Asked, wishes: Wishes) -> Raw:
    kinds = [*wishes.kinds, *dice.some(KINDS, 4, 1), *dice.some(sorted(asked.kinds), 3)]
    if dice.likely(0.8):
        kinds = ["full_name", *kinds]
    kinds = list(dict.fromkeys(kinds))
    encrypted = wishes.facts.get("data.encrypted") or wishes.encrypted or dice.one(["no", "no", "no", "yes", "yes", "partly"])
    found: Raw = {"data.categories": kinds, "data.categories_complete": "yes", "data.encrypted": encrypted}
    if encrypted == "partly":
        found |= {f"data.encrypted.{kind}": dice.one(["yes", "no"]) for kind in kinds}
    # What is said of all data would contradict what is said of one kind of it.
    if "data.key_taken" in wishes.facts or dice.likely(0.7):
        found["data.key_taken"] = wishes.facts.get("data.key_taken") or dice.one(["yes", "no", "no"])
    else:
        found |= {f"data.key_taken.{kind}": dice.one(["yes", "no", "no"]) for kind in kinds}
    return found
