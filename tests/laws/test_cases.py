"""Runs the cases in the YAML files beside this one, and asks whether they are enough.

`because` looks among the reasons, which are written `yes: it was encrypted`, `no: ...` or `open: ...`. A case without `now`
is judged at the moment named in `content/law_cases.py`.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from breachkit.content.law_cases import Case, read_cases
from breachkit.content.laws import load_laws, load_pack
from breachkit.domain.law import LawPack, Regime
from breachkit.workflow.law_cases import Judged, contradictions, judge, laws_of, missing_cases

FOLDER = Path(__file__).parent
CASES = read_cases({path.name: path for path in FOLDER.glob("*.yaml")})
BY_FILE: dict[str, list[Case]] = defaultdict(list)
for _case in CASES:
    BY_FILE[_case.file].append(_case)


@cache
def laws_for(file: str) -> LawPack:
    return laws_of(BY_FILE[file], load_pack())


@cache
def judged(place: int) -> Judged:
    return judge(CASES[place], laws_for(CASES[place].file))


@pytest.mark.parametrize("place", range(len(CASES)), ids=lambda place: f"{CASES[place].file}: {CASES[place].name}")
def test_case(place: int) -> None:
    assert not [str(fault) for fault in contradictions(judged(place))]


@pytest.mark.parametrize("regime", load_laws(), ids=lambda regime: regime.id)
def test_the_cases_of_a_law_are_enough(regime: Regime) -> None:
    own = [n for n, case in enumerate(CASES) if any(f"{id.split('@')[0]}.".startswith(f"{regime.id}.") for id in case.expect)]
    assert not [str(fault) for fault in missing_cases([regime], [judged(n) for n in own])]
