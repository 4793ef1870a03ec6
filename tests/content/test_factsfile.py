"""Facts files: one good one, and every way to write one wrong with the words its message must hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from breachkit.__main__ import main
from breachkit.content.factsfile import load_facts_file, parse_facts
from breachkit.errors import BadFile

GOOD = """\
format: breachkit/facts@1
organisation: example-co
facts:
  incident.title: Exported conversations readable without a password
  incident.invented: yes
  role: controller
  aware_at: 2026-11-20T22:15:00+01:00[Europe/Brussels]
  breach.kinds: [confidentiality]
  data.categories: [name, phone, message_content]
  people.total: {value: ~4100, source: CRM export, certainty: estimated, happened_at: 2026-11-20T23:00Z}
  people.in.NO: 2600
  people.in.PR: 5
  people.elsewhere: 0+
"""
INLINE = """\
format: breachkit/facts@1
organisation:
  id: little-shop
  name: Little Shop
  serves: [NO]
facts:
  people.in.NO: 12
"""


def refused(text: str) -> str:
    with pytest.raises(BadFile) as problem:
        parse_facts(text, "incident.yaml")
    return str(problem.value)


def with_facts(*lines: str) -> str:
    return "format: breachkit/facts@1\nfacts:\n" + "".join(f"  {line}\n" for line in lines)


def test_a_good_file_gives_its_facts_and_its_organisation() -> None:
    held = parse_facts(GOOD)
    assert held.organisation is not None
    assert held.organisation.id == "example-co"
    assert held.facts["incident.invented"].value is True
    assert held.facts["people.in.NO"].raw == "2600"
    assert held.facts["people.in.US-PR"].raw == "5"
    assert held.facts["data.categories"].value == ("full_name", "phone", "message_content")
    total = held.facts["people.total"]
    assert (total.source, total.certainty, total.raw) == ("CRM export", "estimated", "~4100")


def test_the_profiles_facts_stand_beside_the_files_and_the_files_win() -> None:
    held = parse_facts(GOOD.replace("facts:\n", "facts:\n  organisation.serves: [NO]\n", 1))
    assert held.all_facts["organisation.serves"].value == ("NO",)
    assert held.all_facts["organisation.main_establishment"].value == "ES"


def test_each_fact_is_handed_on_with_who_said_it_and_how_sure() -> None:
    written = parse_facts(GOOD).written(source="the file")
    assert written["people.total"] == {
        "value": "~4100",
        "source": "CRM export",
        "certainty": "estimated",
        "happened_at": "2026-11-20T23:00Z",
    }
    assert written["people.in.NO"]["source"] == "the file"


def test_an_organisation_may_stand_in_the_file_itself() -> None:
    held = parse_facts(INLINE)
    assert held.organisation is not None
    assert (held.organisation.name, held.all_facts["organisation.serves"].value) == ("Little Shop", ("NO",))


def test_an_organisation_may_be_a_path_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "our.yaml").write_text("id: our-co\nname: Our Co\n")
    (tmp_path / "incident.yaml").write_text("format: breachkit/facts@1\norganisation: our.yaml\nfacts: {people.total: 5}\n")
    held = load_facts_file(tmp_path / "incident.yaml")
    assert held.organisation is not None
    assert held.organisation.name == "Our Co"


def test_facts_that_are_not_known_may_be_left_out_altogether() -> None:
    assert parse_facts("format: breachkit/facts@1\nfacts: {}").facts == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (with_facts("people.totl: 5"), "incident.yaml line 3: unknown fact 'people.totl'; did you mean 'people.total'"),
        (with_facts("role: controller", "awareat: 2026-11-20"), "line 4: unknown fact 'awareat'; did you mean 'aware_at'"),
        (with_facts("people.in.UK: 5"), "line 3: unknown place 'UK' (ISO 3166 writes GB, United Kingdom)"),
        (with_facts("people.with.fone: 5"), "line 3: unknown data category 'fone'; did you mean 'phone'"),
        (with_facts("people.total: many"), "line 3: 'many' is not a count; write 600, ~600"),
        (with_facts("people.total:"), "500+, ..40 or unknown), not nothing"),
        (with_facts("people.total: [5]"), "line 3: people.total takes a count"),
        (with_facts("aware_at: 2026-11-20T22:15"), "line 3: '2026-11-20T22:15' has no offset or zone"),
        (with_facts("aware_at: 2026-11-20T22:15"), "write 2026-11-20T22:15:00+01:00 or 2026-11-20T22:15:00+01:00["),
        (with_facts("breach.malicious: maybe"), "line 3: breach.malicious takes yes, no or unknown, not 'maybe'"),
        (with_facts("role: boss"), "line 3: role takes one of controller"),
        (with_facts("people.total: 5", "people.total: 6"), "line 4: 'people.total' is said twice (first in line 3); keep one"),
        (with_facts("people.in.PR: 5", "people.in.US-PR: 6"), "line 4: 'people.in.US-PR' and 'people.in.PR' are the same"),
        (with_facts("people.with.name: 5", "people.with.full_name: 6"), "are the same fact; keep one"),
        (with_facts("people.total: {value: 5, certainty: sure}"), "line 3: certainty of people.total is confirmed or"),
        (with_facts("people.total: {value: 5, happened_at: [x]}"), "line 3: happened_at of people.total must be text"),
        (with_facts("people.total: {value: 5, sure: yes}"), "line 3: people.total takes a count"),
        (with_facts("filed.eu.gdpr.33: 2026-1"), "line 3: filed.<duty> takes a list of entries"),
        ("facts: {}", "'format' is missing"),
        ("format: breachkit/facts@2\nfacts: {}", "line 1: format must be 'breachkit/facts@1'"),
        ("format: breachkit/facts@1", "'facts' is missing: a mapping of fact keys to values"),
        ("format: breachkit/facts@1\nfacts: [a]", "line 2: 'facts' must be a mapping"),
        ("format: breachkit/facts@1\nfact: {}\nfacts: {}", "unknown key 'fact' in the facts file; did you mean"),
        ("format: breachkit/facts@1\norganisation: exampel-co\nfacts: {}", "unknown organisation 'exampel-co'; did you mean"),
        ("format: breachkit/facts@1\norganisation: ours.yaml\nfacts: {}", "ours.yaml: cannot be read: No such file"),
        ("format: breachkit/facts@1\norganisation: [a]\nfacts: {}", "the profile must be a mapping"),
        (INLINE.replace("serves: [NO]", "serves: [UK]"), "incident.yaml line 5: unknown place 'UK'"),
        (INLINE.replace("  name: Little Shop\n", ""), "'name' is missing in the profile"),
    ],
)  # fmt: skip
def test_a_wrong_file_says_where_what_and_the_nearest_right_name(text: str, said: str) -> None:
    assert said in refused(text)


def test_every_fault_is_shown_and_nothing_is_half_loaded() -> None:
    faults = refused(with_facts("people.totl: 5", "aware_at: yesterday", "role: boss")).split("\n")
    assert [fault.split(":")[0] for fault in faults] == [f"incident.yaml line {line}" for line in (3, 4, 5)]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("people.total: 100", "people.in.ES: 600"), "people.total is 100, but the places listed hold at least 600"),
        (("people.in.US: 400", "people.in.US-FL: 500"), "its parts US-FL hold at least 500"),
    ],
)
def test_counts_that_cannot_be_end_the_command_with_exit_code_3(
    lines: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "incident.yaml"
    path.write_text(with_facts(*lines))
    monkeypatch.setattr("sys.argv", ["breachkit", "duties", "--facts", str(path)])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err


def test_an_unknown_recipient_is_an_answer_and_an_unknown_cause_is_none() -> None:
    held = parse_facts("format: breachkit/facts@1\nfacts: {breach.recipient: unknown, breach.cause: unknown}\n")
    assert held.facts["breach.recipient"].known
    assert not held.facts["breach.cause"].known
