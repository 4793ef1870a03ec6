"""Every way a value is written, what it is read as, and what is said when it cannot be read."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given

from breachkit.content.factsfile import make_fact
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.facts import TWO_WAYS, Count, Fact, Instant, read_count, read_instant, read_value, say_value
from breachkit.domain.periods import BusinessDays, Days, Hours, Months
from breachkit.errors import BadValue, BreachkitError, UnknownName
from tests import strategies

WORDS = load_vocabulary()


def value(key: str, raw: Any) -> Any:
    return read_value(WORDS.spec(key), raw, WORDS)


def refused(key: str, raw: Any) -> str:
    with pytest.raises(BreachkitError) as problem:
        value(key, raw)
    return str(problem.value)


@pytest.mark.parametrize(
    ("text", "utc", "zone"),
    [
        ("2026-11-20T22:15:00+01:00", "2026-11-20T21:15", None),
        ("2026-11-20T22:15:00+01:00[Europe/Brussels]", "2026-11-20T21:15", "Europe/Brussels"),
        ("2026-11-20T22:15[Europe/Brussels]", "2026-11-20T21:15", "Europe/Brussels"),
        ("2026-11-20T22:15-05:00[America/New_York]", "2026-11-21T03:15", "America/New_York"),
        ("2026-11-20 22:15Z", "2026-11-20T22:15", None),
        ("2026-11-20t22:15z", "2026-11-20T22:15", None),
        ("  2026-11-20T22:15Z  ", "2026-11-20T22:15", None),
        ("2026-11-20T22:15:30.5Z", "2026-11-20T22:15:30.500", None),
        ("2026-10-25T02:30+02:00[Europe/Brussels]", "2026-10-25T00:30", "Europe/Brussels"),
        ("2026-10-25T02:30+01:00[Europe/Brussels]", "2026-10-25T01:30", "Europe/Brussels"),
        ("2026-07-01T09:00+05:45", "2026-07-01T03:15", None),
    ],
)
def test_a_time_is_kept_as_utc_with_the_zone_it_was_written_in(text: str, utc: str, zone: str | None) -> None:
    found = read_instant(text)
    assert found.at == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert (found.zone, found.day, found.written) == (zone, None, text.strip())
    assert found.moment("Asia/Tokyo") == found.at == found.latest("Asia/Tokyo")


def test_a_day_alone_counts_from_its_first_moment_in_the_zone_of_the_law() -> None:
    found = read_instant("2026-11-20")
    assert found.day == date(2026, 11, 20)
    assert found.moment("Europe/Madrid") == datetime(2026, 11, 19, 23, tzinfo=UTC)
    assert found.latest("Europe/Madrid") == datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert found.moment("America/Los_Angeles") == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert str(found) == "Fri 20 Nov 2026"


def test_a_day_with_a_zone_begins_there_whatever_the_law() -> None:
    found = read_instant("2026-11-20[Europe/London]")
    assert found.moment("America/Los_Angeles") == datetime(2026, 11, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-11-20T22:15", f"has no offset or zone, so nobody can say when that was; write {TWO_WAYS}"),
        ("2026-11-20 22:15:00", f"has no offset or zone, so nobody can say when that was; write {TWO_WAYS}"),
        ("20 November", f"is not a time; write {TWO_WAYS}, or a day alone: 2026-11-20"),
        ("20.11.2026", "or a day alone: 2026-11-20"),
        ("", "is not a time"),
        ("2026-11-20T22:15 CET", "is not a time"),
        ("2026-13-40", "is not a time: month must be in 1..12"),
        ("2026-02-29", "is not a time"),
        ("2026-11-20T25:00Z", "is not a time: hour must be in 0..23"),
        ("2026-11-20T22:15:60Z", "is not a time: second must be in 0..59"),
        ("2026-11-20T22:15+99:99", "is not a time: offset must be"),
        ("2026-11-20T22:15+02:00[Europe/Brussels]", "does not agree with Europe/Brussels, which is at +01:00 then"),
        ("2026-11-20T22:15[Mars/Base]", "'Mars/Base' is not a time zone; write one like Europe/Brussels"),
        ("2026-03-29T02:30[Europe/Brussels]", "does not exist: the clocks in Europe/Brussels skip that hour"),
        ("2026-10-25T02:30[Europe/Brussels]", "happens twice: the clocks in Europe/Brussels go back then"),
        ("0001-01-01T00:00+01:00", "its year lies outside 1900 to 2199"),
        ("9999-12-31", "its year lies outside 1900 to 2199"),
    ],
)
def test_a_time_that_cannot_be_read_says_why_and_how_to_write_it(text: str, said: str) -> None:
    with pytest.raises(BadValue) as problem:
        read_instant(text)
    assert said in str(problem.value)


def test_both_ways_to_write_a_time_are_read_as_the_same_moment() -> None:
    one, other = TWO_WAYS.split(" or ")
    assert read_instant(one).at == read_instant(other).at


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("600", 600, 600),
        ("0", 0, 0),
        ("~600", 480, 720),
        ("~4", 4, 4),
        ("400..900", 400, 900),
        ("7..7", 7, 7),
        ("500+", 500, None),
        ("500..", 500, None),
        ("..40", 0, 40),
        ("unknown", 0, None),
    ],
)
def test_a_count_is_an_interval(text: str, low: int, high: int | None) -> None:
    found = read_count(text)
    assert (found.low, found.high, str(found)) == (low, high, text)
    assert found.exact == (low == high)


@pytest.mark.parametrize(
    "text",
    ["", "many", "..", "+", "~", "-5", "1.5", "5 000", "5,000", "400-900", "~400..900", "4..5+", "~5+", "1e3", "9" * 5000],
)
def test_a_count_that_cannot_be_read_shows_the_six_forms(text: str) -> None:
    with pytest.raises(BadValue, match=r"is not a count; write 600, ~600 \(plus or minus a fifth\), 400\.\.900, 500\+, \.\.40"):
        read_count(text)


def test_a_range_that_runs_backwards_is_turned_round_in_the_message() -> None:
    with pytest.raises(BadValue, match=r"'900\.\.400' runs backwards; write 400\.\.900"):
        read_count("900..400")


def test_a_rough_count_says_what_it_is_taken_as() -> None:
    assert say_value(read_count("~600")) == "~600 (taken as 480 to 720)"


@pytest.mark.parametrize(
    ("raw", "read"), [("yes", True), ("no", False), ("true", True), ("False", False), (True, True), (False, False)]
)
def test_yes_and_no_are_plain(raw: Any, read: bool) -> None:
    assert value("breach.malicious", raw) is read


def test_not_known_is_an_answer_that_leaves_a_fact_unknown() -> None:
    for key, raw in [("breach.malicious", "unknown"), ("data.encrypted", "unknown"), ("people.total", "unknown")]:
        assert not make_fact(key, raw, WORDS).known


@pytest.mark.parametrize(
    ("key", "raw", "read"),
    [
        ("organisation.main_establishment", "NO", "NO"),
        ("organisation.serves", ["NO", "ES"], ("NO", "ES")),
        ("breach.countries_of_attack", ["CA-ON", "NO"], ("CA-ON", "NO")),
        ("incident.title", "NO", "NO"),
        ("incident.title", "ON", "ON"),
        ("incident.title", "12:30", "12:30"),
        ("breach.downtime", "PT6H", Hours(6)),
        ("breach.downtime", "P2D", Days(2)),
        ("breach.downtime", "3 business days", BusinessDays(3)),
        ("breach.downtime", "1 month", Months(1)),
        ("data.encrypted", True, "yes"),
        ("data.encrypted", "partly", "partly"),
        ("data.categories", "phone", ("phone",)),
        ("data.categories", ["name", "full_name", "mobile"], ("full_name", "phone")),
        ("data.categories", [], ()),
        ("people.total", 4100, Count(4100, 4100, "4100")),
        ("people.in.PR", "5", Count(5, 5, "5")),
        ("role", "controller", ("controller",)),
        ("contact.email", "privacy@example.com", "privacy@example.com"),
    ],
)
def test_a_value_is_read_as_the_type_of_its_key(key: str, raw: Any, read: Any) -> None:
    if key == "data.encrypted" and raw is True:
        raw = "true"
    assert value(key, raw) == read


@pytest.mark.parametrize(
    ("key", "raw", "said"),
    [
        ("breach.malicious", "maybe", "breach.malicious takes yes, no or unknown, not 'maybe'"),
        ("breach.malicious", "on", "takes yes, no or unknown, not 'on'"),
        ("breach.malicious", None, "takes yes or no, not nothing"),
        ("breach.malicious", ["yes"], "takes yes or no, not a list"),
        ("people.total", None, "people.total takes a count (600, ~600"),
        ("people.total", {"low": 1}, "not a mapping"),
        ("people.total", True, "takes a count"),
        ("aware_at", None, f"aware_at takes a time ({TWO_WAYS}), not nothing"),
        ("aware_at", "yesterday", f"write {TWO_WAYS}"),
        ("breach.exfiltration", "likly", "not 'likly'; did you mean 'likely'?"),
        ("data.encrypted", "half", "data.encrypted takes one of no, partly, yes, not 'half'"),
        ("breach.kinds", "secrecy", "takes one of confidentiality"),
        ("breach.kinds", {"a": "b"}, "takes a list such as [a, b], not a mapping"),
        ("breach.kinds", [""], "takes a list such as [a, b]"),
        ("data.categories", ["fone"], "unknown data category 'fone'; did you mean 'phone'"),
        ("organisation.sectors", ["sas"], "unknown sector 'sas'; did you mean 'saas'"),
        ("organisation.serves", ["UK"], "unknown place 'UK' (ISO 3166 writes GB, United Kingdom)"),
        ("organisation.main_establishment", "Spain", "unknown place 'Spain' (write ES for Spain)"),
        ("organisation.main_establishment", "es", "unknown place 'es'; did you mean 'ES'"),
        (
            "breach.downtime",
            "a while",
            "'a while' is not a period; write PT72H or P30D, or in words: 72 hours, 3 business days, 1 month",
        ),
        ("breach.downtime", "9" * 5000 + " hours", "is not a period"),
        ("contact.email", "privacy at example", "takes one e-mail address, not 'privacy at example'"),
        ("contact.email", "a@b, c@d", "takes one e-mail address"),
        ("filed.eu.gdpr.33", "2026-1", "takes a list of entries such as [{at: ..., reference: ...}], not '2026-1'"),
        ("filed.eu.gdpr.33", [{"at": ["x"]}], "takes a time"),
        ("filed.eu.gdpr.33", [{"at": "2026-11-20T22:15"}], "has no offset or zone"),
    ],
)
def test_a_wrong_value_says_what_its_key_takes(key: str, raw: Any, said: str) -> None:
    assert said in refused(key, raw)


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("people.totl", "people.total"),
        ("awareat", "aware_at"),
        ("people.inn.ES", "people.in.ES"),
        ("data.encryptd", "data.encrypted"),
        ("organisation.contacts.privacy.emial", "organisation.contacts.privacy.email"),
    ],
)
def test_an_unknown_key_names_the_nearest_right_one(key: str, near: str) -> None:
    with pytest.raises(UnknownName) as problem:
        WORDS.spec(key)
    assert near in problem.value.nearest


@pytest.mark.parametrize(
    "key", ["people.in.UK", "people.in.Spain", "people.with.fone", "data.encrypted.fone", "people.in.ES.with.fone"]
)
def test_a_key_with_a_wrong_place_or_category_in_it_is_refused(key: str) -> None:
    with pytest.raises(UnknownName):
        make_fact(key, "5", WORDS)


def test_a_place_that_iso_has_twice_is_one_fact() -> None:
    assert make_fact("people.in.PR", "5", WORDS).key == "people.in.US-PR"


def test_a_fact_may_say_who_how_sure_and_when() -> None:
    fact = make_fact(
        "people.total", {"value": "~600", "source": "CRM", "certainty": "estimated", "happened_at": "2026-11-20T22:15Z"}, WORDS
    )
    assert (fact.source, fact.certainty, fact.raw) == ("CRM", "estimated", "~600")
    assert fact.happened_at == Instant(datetime(2026, 11, 20, 22, 15, tzinfo=UTC), written="2026-11-20T22:15Z")


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ({"certainty": "sure"}, "certainty of people.total is confirmed or estimated, not 'sure'"),
        ({"happened_at": ["x"]}, "happened_at of people.total must be text"),
        ({"source": ["x"]}, "source of people.total must be text"),
        ({"happened_at": "2026-11-20T22:15"}, "has no offset or zone"),
    ],
)
def test_what_is_said_beside_a_value_is_checked_too(added: dict[str, Any], said: str) -> None:
    with pytest.raises(BadValue) as problem:
        make_fact("people.total", {"value": "600", **added}, WORDS)
    assert said in str(problem.value)


@given(strategies.facts())
def test_every_fact_survives_json(fact: Fact) -> None:
    again = make_fact(fact.key, json.loads(json.dumps(fact.raw)), WORDS)
    assert again == fact
    assert say_value(fact.value)
