"""Runs the worked risk cases of worked_risk.yaml: facts in, score and suggestion out."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from breachkit.content.yamlfile import read_yaml
from breachkit.domain.risk import assess_risk

from .published import book_of

CASES = read_yaml(Path(__file__).with_name("worked_risk.yaml"))["cases"]
EXPECTED = {"suggests", "between", "needs", "se", "band"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_worked_case(case: dict[str, Any]) -> None:
    expect = case["expect"]
    assert set(expect) <= EXPECTED
    found = assess_risk(book_of(case["facts"]))
    if "suggests" in expect:
        assert found.suggests == expect["suggests"], found.reach
    if "between" in expect:
        assert list(found.between) == expect["between"], found.reach
        assert found.suggests is None
    assert set(expect.get("needs", [])) <= set(found.reach.needs), found.reach.needs
    if "se" in expect:
        assert found.se.exact == Decimal(expect["se"])
    if "band" in expect:
        assert found.band == expect["band"]


def test_names_are_told_apart() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)
