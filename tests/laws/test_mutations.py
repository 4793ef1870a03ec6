"""A case notices every small change to a law: `scripts/mutate_laws.py` changes one thing at a time, law by law.

A change that nothing can notice stands in `survivors.yaml` with the reason why the law asks for the same.
"""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from breachkit.content.laws import load_laws, load_pack
from breachkit.domain.law import Regime

MAKER = Path(__file__).resolve().parents[2] / "scripts" / "mutate_laws.py"


@cache
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mutate_laws", MAKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutate_laws"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@cache
def reasons() -> tuple[Any, ...]:
    found: tuple[Any, ...] = maker().allowed()
    return found


@pytest.mark.parametrize("regime", load_laws(), ids=lambda regime: regime.id)
def test_a_case_notices_every_change_to_a_law(regime: Regime) -> None:
    tool = maker()
    unnoticed = [change for change, survived in tool.bench().survivors(regime) if survived]
    found = [tool.Survivor(regime.id, change.duty, change.version, change.what) for change in unnoticed]
    silent = [one for one in found if not any(reason.covers(one) for reason in reasons())]
    assert not silent, "add a case to tests/laws, or say in survivors.yaml why the law asks for the same"
    own = {regime.id, *(duty.id for duty in regime.duties), *(embargo.id for embargo in regime.embargoes)}
    idle = [reason for reason in reasons() if reason.duty in own and not any(reason.covers(one) for one in found)]
    assert not idle, "a case notices it now: take it out of survivors.yaml"


def test_without_cases_nothing_is_noticed_and_with_them_every_kind_of_change_is_tried() -> None:
    tool = maker()
    florida = next(regime for regime in load_laws() if regime.id == "us.fl")
    bare = tool.Bench(load_pack(), ())
    found = list(bare.survivors(florida))
    assert all(survived for _, survived in found)
    tried = {change.what for change, _ in found}
    assert tried >= {
        "residents in US-FL >= 500: 499",
        "residents in US-FL >= 500: >",
        "residents in US-FL >= 500: total",
        "due 30 days: 29 days",
        "due 30 days: 1 month",
        "due from determination_or_reason_to_believe: occurrence",
        "exempt no_harm: dropped",
        "from 2024-07-01: a day later",
        "hold form written: any",
        "in_force: unknown",
        "presumed: yes",
        "substitute op >: turned",
        "substitute people 500000: 500001",
        "zone America/New_York: three hours off",
    }


def test_every_reason_speaks_of_a_law_that_is_loaded() -> None:
    known = {regime.id for regime in load_laws()}
    for regime in load_laws():
        known |= {duty.id for duty in regime.duties} | {embargo.id for embargo in regime.embargoes}
    assert {reason.duty for reason in reasons()} <= known
    assert not [reason for reason in reasons() if len(reason.reason) < 20]
