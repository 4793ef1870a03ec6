"""What hypothesis draws for the tests: values as people write them, facts, verdicts, worlds of people, journal entries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from breachkit.content.factsfile import make_fact
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.facts import Fact
from breachkit.domain.journal import GENESIS, Draft, Entry, seal
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
    key.replace("<place>", "ES").replace("<category>", "ssn").replace("<controller>", "acct-01").replace("<harm>", "physical").replace("<test>", "real_risk_of_significant_harm")
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
    kind = draw(st.sampled_from(("fact.recorded", "fact.corrected", "filing.recorded", "decision.recorded", "note.added")))
    duty = draw(st.sampled_from(("eu.gdpr.33@es-aepd", "uk.gdpr.33", "us.fl.dla")))
    match kind:
        case "filing.recorded":
            return Draft(kind, {"duty": duty, "at": "2026-11-21T10:00:00+00:00", "reference": draw(texts), "lacked": []})
        case "decision.recorded":
            return Draft(kind, {"duty": duty, "choice": "refrain", "ground": draw(texts), "at": "2026-11-21T10:00:00+00:00"})
        case "note.added":
            return Draft(kind, {"text": draw(texts)})
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


json_scalars = (
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(exclude_categories=("Cs",)))
)
ascii_keys = st.text(st.characters(max_codepoint=127))
documents = st.recursive(
    json_scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(ascii_keys, inner, max_size=5),
    max_leaves=25,
)
"""JSON as the journal holds it: without floats, with ASCII keys."""
