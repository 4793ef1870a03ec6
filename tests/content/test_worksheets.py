"""Every shipped worksheet holds only what the vocabulary knows, and every way to write one wrong is refused with its line."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from breachkit.content.laws import load_laws
from breachkit.content.shipped import shipped
from breachkit.content.vocabulary import load_directory, load_vocabulary
from breachkit.content.worksheets import SHARED, load_worksheets, read_worksheet
from breachkit.content.yamlfile import parse_yaml, read_yaml
from breachkit.domain.notice_names import NAMES
from breachkit.domain.worksheets import Worksheet
from breachkit.errors import BadFile

SHEETS = {sheet.id: sheet for sheet in load_worksheets()}
DUTIES = {duty.id: duty for regime in load_laws() for duty in regime.duties}
FILES = sorted(path for path in (shipped("templates") / "worksheets").glob("*.yaml") if path.name != SHARED)

ASKED_FOR = (
    "uk.ico", "uk.ico-pecr", "eu.edpb-common", "fr.cnil", "ie.dpc", "nl.ap", "de.nrw", "us.hhs", "us.fcc", "us.ftc-hbnr",
    "us.ca", "us.tx", "us.wa", "us.ma-ag", "us.ma-ocabr", "us.me", "us.ny", "us.fl", "us.in", "us.md", "us.nj", "us.nc",
    "us.or", "us.vt", "us.va", "us.de", "us.co", "us.hi", "us.ia", "us.mt", "us.nh", "us.ri", "us.sc",
    "au.oaic", "ca.opc", "sg.pdpc", "br.anpd",
)  # fmt: skip
LIMITS = {("us.or", "summary"): 1000}
"""Every limit there is; each was read on the form. A limit nobody read must not stand in a sheet."""


def test_every_portal_that_was_asked_for_has_a_sheet() -> None:
    assert set(ASKED_FOR) <= SHEETS.keys()


def test_every_sheet_stands_in_the_guide_with_how_well_it_is_known() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "worksheets.md").read_text(encoding="utf-8")
    for sheet in SHEETS.values():
        fields = sum(len(part.fields) for part in sheet.parts)
        line = guide.partition(f"\n| `{sheet.id}` | {sheet.title} |")[2].partition("\n")[0]
        assert line.endswith(f"| {len(sheet.parts)} / {fields} | {sheet.confidence} |"), sheet.id


def test_a_sheet_lies_in_the_file_of_its_id() -> None:
    assert {path.stem for path in FILES} == SHEETS.keys()


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_a_sheet_names_only_what_there_is(sheet: Worksheet) -> None:
    words, authorities = load_vocabulary(), load_directory().authorities
    for pattern in sheet.duties:
        assert any(fnmatchcase(duty, pattern) for duty in DUTIES), pattern
    assert set(sheet.recipients) <= authorities.keys()
    for part in sheet.parts:
        for field in part.fields:
            for piece in field.pieces:
                assert (piece.fact is None) != (piece.name is None)
                assert piece.name is None or piece.name in NAMES
                assert all(key in words.facts or words.spec(key) for key in piece.keys)
            for name, _ in (says for option in field.options if option.ask for says in option.ask.says):
                assert name in NAMES


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_a_sheet_says_where_it_comes_from_and_when_that_was_read(sheet: Worksheet) -> None:
    assert sheet.sources
    assert sheet.checked
    assert sheet.title
    assert len({field.label for part in sheet.parts for field in part.fields}) > 3


def test_no_limit_is_invented() -> None:
    found = {
        (sheet.id, field.id): field.limit
        for sheet in SHEETS.values()
        for part in sheet.parts
        for field in part.fields
        if field.limit is not None
    }
    assert found == LIMITS


def test_a_field_for_a_fixed_recipient_belongs_to_a_duty_that_can_have_it() -> None:
    for sheet in SHEETS.values():
        for duty in (DUTIES[id] for id in DUTIES if any(fnmatchcase(id, pattern) for pattern in sheet.duties)):
            fixed = {one for version in duty.versions for one in version.recipient.authorities}
            assert not fixed or not sheet.recipients or fixed & set(sheet.recipients)


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_an_option_can_be_right_only_by_facts_there_are(sheet: Worksheet) -> None:
    for field in (field for part in sheet.parts for field in part.fields if field.options):
        labels = [option.label for option in field.options]
        assert len(labels) == len(set(labels)), field.id
        assert sum(option.otherwise for option in field.options) <= 1
        assert sum(option.unknown for option in field.options) <= 1


HEAD = """format: breachkit/worksheet@1
id: test.sheet
title: Test
duties: [uk.gdpr.33]
sources: [{text: a form}]
parts:
  - title: Part one
    fields:
"""
WRONG = {
    "an unknown fact": ("      - {id: a, label: A, kind: text, from: [breach.reason]}", "line 9: unknown fact 'breach.reason'"),
    "an unknown name": (
        "      - {id: a, label: A, kind: text, from: [{name: nobody, record: [role]}]}",
        "unknown name 'nobody'",
    ),
    "a name nobody can fill": ("      - {id: a, label: A, kind: text, from: [{name: contact}]}", "needs `record:`"),
    "an unknown element": ("      - {id: a, label: A, kind: text, from: [{element: causes}]}", "unknown element 'causes'"),
    "two sources in one": (
        "      - {id: a, label: A, kind: text, from: [{fact: role, name: roles}]}",
        "one of fact, name and element",
    ),
    "an unknown kind": ("      - {id: a, label: A, kind: paragraph, from: [role]}", "unknown kind 'paragraph'"),
    "an unknown value": (
        "      - {id: a, label: A, kind: choice, fact: breach.cause, options: [{label: X, is: flood}]}",
        "unknown value of breach.cause 'flood'",
    ),
    "an option without its fact": ("      - {id: a, label: A, kind: choice, options: [{label: X, is: yes}]}", "needs `fact:`"),
    "an unknown category": (
        "      - {id: a, label: A, kind: multi_choice, fact: data.categories, options: [{label: X, is: shoes}]}",
        "unknown data category 'shoes'",
    ),
    "no way to answer": ("      - {id: a, label: A, kind: text}", "does not say how it is answered"),
    "a field said twice": (
        "      - {id: a, label: A, kind: text, from: [role]}\n      - {id: a, label: B, kind: text, from: [role]}",
        "two fields have the id 'a'",
    ),
    "an unknown shared field": ("      - {like: nothing_like_it}", "line 9: unknown shared field 'nothing_like_it'"),
    "a limit in words": ("      - {id: a, label: A, kind: text, from: [role], limit: a page}", "not a number of characters"),
    "an unknown key": ("      - {id: a, label: A, kind: text, from: [role], lenght: 5}", "unknown key 'lenght'"),
    "a condition on nothing": (
        "      - {id: a, label: A, kind: text, from: [role], only_if: {fact: breach.cuase, is: hacking}}",
        "unknown fact 'breach.cuase'",
    ),
    "an unknown name in a test": (
        "      - {id: a, label: A, kind: text, from: [role], only_if: {says: {stages: [first]}}}",
        "unknown name 'stages'",
    ),
}


@pytest.mark.parametrize(("field", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_sheet_is_refused_and_told_where(field: str, words: str) -> None:
    shared = read_yaml(shipped("templates") / "worksheets" / SHARED)["fields"]
    with pytest.raises(BadFile, match=r"test\.yaml") as problem:
        read_worksheet(parse_yaml(f"{HEAD}{field}\n", "test.yaml"), "test.yaml", shared)
    assert words in str(problem.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("breachkit/worksheet@1", "breachkit/worksheet@9", "format must be"),
        ("id: test.sheet", "id: Test Sheet", "is not an id"),
        ("duties: [uk.gdpr.33]\n", "", "'duties' is missing or empty"),
        ("sources: [{text: a form}]\n", "", "'sources' is missing"),
        ("title: Test\n", "title: Test\nrecipients: [uk-icoo]\n", "unknown authority 'uk-icoo'; did you mean 'uk-ico'"),
        ("title: Test\n", "title: Test\nconfidence: sure\n", "unknown confidence 'sure'"),
    ],
)
def test_a_wrong_head_is_refused(old: str, new: str, words: str) -> None:
    text = f"{HEAD}      - {{id: a, label: A, kind: text, from: [role]}}\n"
    with pytest.raises(BadFile) as problem:
        read_worksheet(parse_yaml(text.replace(old, new), "test.yaml"), "test.yaml")
    assert words in str(problem.value)


def test_an_own_sheet_takes_the_place_of_the_shipped_one_and_may_use_its_shared_fields(tmp_path: Path) -> None:
    folder = tmp_path / "worksheets"
    folder.mkdir()
    body = HEAD.replace("test.sheet", "uk.ico") + "      - {like: summary, label: Own words, limit: 300}\n"
    (folder / "uk.ico.yaml").write_text(body, encoding="utf-8")
    own = {sheet.id: sheet for sheet in load_worksheets(tmp_path)}
    assert len(own) == len(SHEETS)
    field = own["uk.ico"].parts[0].fields[0]
    assert (field.id, field.label, field.limit) == ("summary", "Own words", 300)


def test_an_own_sheet_that_is_wrong_is_refused_like_a_shipped_one(tmp_path: Path) -> None:
    folder = tmp_path / "worksheets"
    folder.mkdir()
    (folder / "mine.yaml").write_text(HEAD + "      - {like: sumary}\n", encoding="utf-8")
    with pytest.raises(BadFile, match=r"mine\.yaml line 9: unknown shared field 'sumary'; did you mean 'summary'"):
        load_worksheets(tmp_path)
