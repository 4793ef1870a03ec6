"""`notice check`: what it prints, its JSON, several duties at once, and what it fails on."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import NOON, Run

DUTIES = ("eu.gdpr.33", "eu.gdpr.34", "us.ca.individuals")


def facts_with(sample: Path, tmp_path: Path, **changes: str) -> Path:
    """Example Co's facts with these lines put in, or in the place of those that stand there; `__` is a dot."""
    lines = sample.read_text(encoding="utf-8").splitlines()
    for key, text in changes.items():
        name = key.replace("__", ".")
        lines = [line for line in lines if not line.strip().startswith(f"{name}:")]
        lines.append(f"  {name}: {text}")
    path = tmp_path / "facts.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_json_of_one_duty_has_every_list_and_the_method_of_its_grade(run: Run, sample: Path) -> None:
    found = run("notice", "check", "eu.gdpr.34", "--facts", sample, "--now", NOON, "--json").json
    assert {
        "duty", "present", "missing", "open", "empty", "forbidden_present", "contradictions", "html_only", "layout",
        "placeholders", "personal_data", "overclaims", "inconsistent", "off_record", "reading", "complete", "draft",
        "invented", "hashes",
    } == set(found)  # fmt: skip
    assert found["reading"]["limit"] == 9.0
    assert found["reading"]["method"].startswith("Flesch-Kincaid")
    assert found["reading"]["grade"] <= 9


def test_the_sample_s_notices_have_no_fault_but_what_nobody_said_yet(run: Run, sample: Path) -> None:
    rows = run("notice", "check", *DUTIES, "--facts", sample, "--now", NOON, "--json").json["checks"]
    assert len(rows) == 3
    for row in rows:
        for what in ("layout", "placeholders", "personal_data", "overclaims", "inconsistent", "contradictions"):
            assert row[what] == [], row["duty"]


def test_what_a_fact_brings_in_is_found_and_shown_where_it_stands(run: Run, sample: Path, tmp_path: Path) -> None:
    facts = facts_with(
        sample, tmp_path,
        measures__taken="Your data is safe. Jane (jane.doe@mail.example) was told on 3 March 2020. TBC.",
    )  # fmt: skip
    shown = run("notice", "check", "eu.gdpr.33", "--facts", facts, "--now", NOON).out
    assert "NOT COMPLETE" in shown
    assert "e-mail address j***@m***.example; whose is it?" in shown
    assert "'data is safe' needs data that nobody saw" in shown
    assert "'TBC' looks like a gap" in shown
    assert "jane.doe" not in shown
    letter = run("notice", "check", "eu.gdpr.34", "--facts", facts, "--now", NOON, "--json").json
    assert letter["personal_data"] == []  # only forms for authorities, bureaus, media and the public are watched
    assert [one["claim"] for one in letter["overclaims"]] == ["safe"]


@pytest.mark.parametrize(
    ("what", "fact"),
    [
        ("contradictions", "It hit 77 people."),
        ("personal-data", "We told jane.doe@mail.example."),
        ("overclaims", "We have no evidence of misuse."),
        ("any", "This will never happen again."),
    ],
)
def test_each_fault_can_be_failed_on(run: Run, sample: Path, tmp_path: Path, what: str, fact: str) -> None:
    words = ("notice", "check", "eu.gdpr.33", "--now", NOON, "--fail-on", what)
    run(*words, "--facts", facts_with(sample, tmp_path, measures__taken=fact), code=1)
    if what != "any":
        run(*words, "--facts", sample)


def test_a_letter_that_is_hard_to_read_can_be_failed_on(run: Run, sample: Path, tmp_path: Path) -> None:
    hard = (
        "Notwithstanding organisational countermeasures previously implemented, unauthorised disclosure necessitated "
        "comprehensive reconsideration of applicable authentication infrastructure, investigative determinations "
        "subsequently establishing unavailability of contemporaneous evidentiary documentation concerning communications. "
    ) * 6
    facts = facts_with(sample, tmp_path, measures__taken=hard, consequences=hard)
    words = ("notice", "check", "eu.gdpr.34", "--now", NOON, "--facts")
    run(*words, facts, "--fail-on", "reading", code=1)
    shown = run(*words, facts, "--fail-on", "layout", code=1).out
    assert "plain_language: it reads at school grade" in shown
    run(*words, sample, "--fail-on", "reading", "--fail-on", "layout")


def test_what_own_templates_tell_differently_is_shown_in_each_and_can_be_failed_on(
    run: Run, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREACHKIT_HOME", str(tmp_path / "own"))
    own = tmp_path / "own" / "notices" / "eu.gdpr"
    own.mkdir(parents=True)
    (own / "34.md.j2").write_text(
        '# Mine\n\n{% element "count_people" %}900 people{% endelement %} were affected.\n', encoding="utf-8"
    )
    words = ("notice", "check", "eu.gdpr.33", "eu.gdpr.34", "--facts", sample, "--now", NOON)
    rows = run(*words, "--json").json["checks"]
    assert [[one["element"] for one in row["inconsistent"]] for row in rows] == [["count_people"], ["count_people"]]
    assert "DIFFERS" in run(*words, "--fail-on", "inconsistent", code=1).out
    alone = ("notice", "check", "eu.gdpr.34", "--facts", sample, "--now", NOON)
    assert run(*alone, "--json").json["inconsistent"] == []


def test_a_fault_nobody_heard_of_is_refused_with_those_there_are(run: Run, sample: Path) -> None:
    said = run("notice", "check", "eu.gdpr.33", "--facts", sample, "--fail-on", "everything", code=2).err
    assert (
        "--fail-on takes missing, forbidden, contradictions, layout, personal-data, overclaims, inconsistent, reading, tracks"
        in said
    )


def test_rendering_fails_on_the_same_faults(run: Run, sample: Path, tmp_path: Path) -> None:
    facts = facts_with(sample, tmp_path, measures__taken="Your data is safe.")
    words = ("notice", "render", "eu.gdpr.33", "--now", NOON, "--fail-on", "overclaims", "--facts")
    run(*words, facts, code=1)
    run(*words, sample)
