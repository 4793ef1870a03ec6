"""The risk assessment gives the answer that was published, on every published case that lies beside the project.

Skipped where the case files are not there; the project's own worked cases run everywhere (test_worked_risk.py).
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from breachkit.domain.risk import assess_risk
from breachkit.domain.risk.values import LEVELS, band_of

from .published import UnknownWord, annex_facts, book_of, facts_of
from .published_enisa import JUDGED, cb_facts, composite_facts, dpc_facts, ei_facts

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "cases"


def published(pattern: str, key: str) -> list[Any]:
    """The entries of every such file; one that is skipped, with its reason, where there is none."""
    found = [
        pytest.param(entry, id=f"{path.stem}-{entry.get('id', entry.get('se'))}")
        for path in sorted(FOLDER.glob(pattern))
        for entry in json.loads(path.read_text(encoding="utf-8")).get(key, [])
    ]
    return found or [pytest.param(None, marks=pytest.mark.skip(reason=f"no {pattern} in ../shared/cases"))]


@pytest.mark.parametrize("case", published("edpb_01_2021*.json", "cases"))
def test_guidelines_01_2021(case: dict[str, Any]) -> None:
    found = assess_risk(book_of(facts_of(case["facts"])))
    authority, people = case["expected"]["notify_sa"], case["expected"]["notify_ds"]
    assert found.suggests == ("high" if people else "risk" if authority else "unlikely"), found.reach


@pytest.mark.parametrize("case", published("edpb_9_2022_annex_b*.json", "examples"))
def test_guidelines_9_2022_annex_b(case: dict[str, Any]) -> None:
    found = assess_risk(book_of(annex_facts(case["structured"], case["facts"])))
    low, high = (LEVELS.index(level) for level in found.between)
    for answer, level in ((case["expected"]["notify_sa"], 1), (case["expected"]["notify_ds"], 2)):
        possible = {"yes": low >= level, "no": high < level, "depends": low < level <= high and bool(found.reach.needs)}
        assert possible[answer], (answer, found.between, found.reach)


@pytest.mark.parametrize("example", published("enisa_2013*.json", "dpc_examples"))
def test_kinds_of_data(example: dict[str, Any]) -> None:
    found = assess_risk(book_of(dpc_facts(example)))
    assert found.dpc.exact == example["expected_dpc"], found.factor("dpc")


@pytest.mark.parametrize("example", published("enisa_2013*.json", "ei_examples"))
def test_identification(example: dict[str, Any]) -> None:
    facts, expected = ei_facts(example), Decimal(str(example["expected_ei"]))
    frame = assess_risk(book_of(facts)).ei
    assert frame.low <= expected <= frame.high
    judged = assess_risk(book_of({**facts, "data.identifiability": JUDGED[example["expected_ei"]]}))
    assert judged.ei.exact == expected


@pytest.mark.parametrize("example", published("enisa_2013*.json", "cb_examples"))
def test_circumstances(example: dict[str, Any]) -> None:
    name, facts = cb_facts(example)
    assert assess_risk(book_of(facts)).factor(name).span.exact == Decimal(str(example["expected_points"]))


@pytest.mark.parametrize("one", published("enisa_2013*.json", "composites"))
def test_whole_scores(one: dict[str, Any]) -> None:
    found = assess_risk(book_of(composite_facts(one)))
    assert found.cb.exact == Decimal(str(one["cb"]))
    assert found.se.exact == Decimal(str(one["expected_se"]))
    assert found.band == one["expected_level"]


@pytest.mark.parametrize("one", published("enisa_2013*.json", "band_boundaries"))
def test_band_limits(one: dict[str, Any]) -> None:
    assert band_of(Decimal(str(one["se"]))) == one["level"]


def test_a_word_nobody_explained_is_an_error() -> None:
    case = {"malicious": False, "cia": {"c": True}, "cause": "act_of_god", "data": ["full_name"]}
    with pytest.raises(UnknownWord, match="act_of_god"):
        facts_of(case)
    with pytest.raises(UnknownWord, match="moon_phase"):
        facts_of({**case, "cause": "theft_device", "moon_phase": "full"})
