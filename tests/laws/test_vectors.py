"""Runs the engine on every published vector: the least facts that make a duty's clock run, and its due time is the vector's.

`vectors.json` comes from `scripts/make_vectors.py`, a second reader of the fact sheets that shares nothing with the engine.
Whether a duty is owed is not asked here; the cases beside this file do that.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import sys
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from breachkit.content.calendars import calendar_for
from breachkit.content.laws import load_laws
from breachkit.content.vocabulary import load_directory, load_vocabulary
from breachkit.domain.drafts import Setting
from breachkit.domain.duties import assess
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Fact, read_instant, read_value
from breachkit.domain.findings import Finding
from breachkit.domain.law import LawPack, Regime

ROOT = Path(__file__).resolve().parents[2]
MAKER = ROOT / "scripts" / "make_vectors.py"
PAGE = ROOT / "docs" / "vectors.md"
SHEETS = ROOT.parent / "shared" / "law"
FILE = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))

Vector = dict[str, Any]
VECTORS: dict[str, list[Vector]] = defaultdict(list)
for one in FILE["vectors"]:
    VECTORS[one["duty"]].append(one)

NOT_MODELLED = {
    "world.uy-18331.assessment": "a limit on starting to contain the breach, not on telling anybody",
}
"""Duties of the sheets that no law file has, and why."""

IN_WORDS = {"world.cn-cac-incident.other": "half an hour between two authorities, which the law file leaves in words"}
"""Limits that no organisation has to keep, so that nothing counts them."""

ORDINARY: dict[str, dict[str, Any]] = {
    "eu.aia.73": {"test.aia_widespread": "no", "test.aia_death": "no"},
    "eu.dora.19.initial": {"organisation.sectors": ["financial_entity"], "test.dora_classified_late": "no"},
    "eu.dora.19.intermediate": {"organisation.sectors": ["financial_entity"], "test.dora_classified_late": "no"},
    "eu.dora.19.final": {"organisation.sectors": ["financial_entity"], "test.dora_classified_late": "no"},
    "eu.nis2.23.initial": {"organisation.sectors": ["nis2_essential"]},
    "eu.nis2.23.final": {"organisation.sectors": ["nis2_essential"], "test.incident_ongoing": "no"},
    "us.al.individuals": {"business.source_of_breach": "yes"},
    "us.il.ag-hipaa": {"people.total": 600},
    "us.ny.ag-hipaa": {"people.total": 600},
    "us.ri.ag": {"organisation.sectors": ["saas"]},
    "us.ri.individuals": {"organisation.sectors": ["saas"]},
    "us.sec.8k": {"test.attorney_general_delay": "no"},
    "us.vt.ag": {"authorities.sworn_in_advance": "no"},
    "world.br-lgpd.authority.initial": {"organisation.small_processing_agent": "no"},
    "world.br-lgpd.authority.declaration": {"organisation.small_processing_agent": "no"},
    "world.br-lgpd.authority.supplement": {"organisation.small_processing_agent": "no"},
    "world.br-lgpd.individuals": {"organisation.small_processing_agent": "no"},
    "world.cl-21663.authority.update": {
        "organisation.sectors": ["chile_essential_service"],
        "test.essential_service_hit": "no",
    },
    "world.hk-ci.authority.initial": {"test.core_function_disrupted": "no"},
    "world.jp-appi.authority.final": {"test.likely_improper_purpose": "no"},
}
"""Facts that say that the ordinary limit of a duty counts, where a condition could put another in its place."""

BRANCHES: dict[tuple[str, str], dict[str, Any]] = {
    ("eu.aia.73", "widespread infringement or critical infrastructure"): {"test.aia_widespread": "yes", "test.aia_death": "no"},
    ("eu.aia.73", "death"): {"test.aia_widespread": "no", "test.aia_death": "yes"},
    ("eu.dora.19.initial", "a credit institution, central counterparty, trading venue or NIS2 entity"): {
        "organisation.sectors": ["credit_institution"],
        "test.dora_classified_late": "no",
    },
    ("eu.dora.19.initial", "classified as major only after the 24 hours"): {
        "organisation.sectors": ["financial_entity"],
        "test.dora_classified_late": "yes",
    },
    ("eu.nis2.23.initial", "a trust service provider"): {"organisation.sectors": ["trust_service"]},
    ("eu.nis2.23.final", "still going on when it falls due"): {"test.incident_ongoing": "yes"},
    ("us.al.individuals", "a provider told you of it"): {"business.source_of_breach": "no"},
    ("us.ri.individuals", "a state or municipal agency"): {"organisation.sectors": ["public_body"]},
    ("us.vt.ag", "sworn in advance"): {"authorities.sworn_in_advance": "yes"},
    ("world.br-lgpd.authority.initial", "a small processing agent"): {"organisation.small_processing_agent": "yes"},
    ("world.br-lgpd.individuals", "a small processing agent"): {"organisation.small_processing_agent": "yes"},
    ("world.cl-21663.authority.update", "a vital operator whose essential service is hit"): {
        "organisation.sectors": ["chile_vital_operator"],
        "test.essential_service_hit": "yes",
    },
    ("world.hk-ci.authority.initial", "a core function disrupted or likely to be"): {"test.core_function_disrupted": "yes"},
    ("world.jp-appi.authority.final", "an improper purpose is probable"): {"test.likely_improper_purpose": "yes"},
}
"""Facts that lead to a branch: the duty and the vector's `variant`."""


@cache
def regimes() -> dict[str, Regime]:
    """Each duty's regime."""
    return {duty.id: regime for regime in load_laws() for duty in regime.duties}


def pack_for(vector: Vector) -> LawPack:
    """Only the laws that the clock hangs on. A text that is not in force stands alone: it is never chosen beside another."""
    names = {vector["duty"], vector.get("after"), vector.get("not_after")} - {None}
    chosen = {regimes()[name].id: regimes()[name] for name in names}
    return LawPack(tuple(only_text(regime, vector) for regime in chosen.values()), "test", "0" * 64)


def only_text(regime: Regime, vector: Vector) -> Regime:
    status = vector.get("in_force")
    if status is None:
        return regime
    duties = []
    for duty in regime.duties:
        texts = tuple(text for text in duty.versions if text.status == status)
        duties.append(replace(duty, versions=texts) if texts else duty)
    return replace(regime, duties=tuple(duties))


def facts_for(vector: Vector) -> dict[str, Any]:
    """The start, in the fact of its word; what was filed; where the organisation is."""
    word = vector.get("first_start") or vector.get("year_of") or vector["start"]
    facts = {fact_of(word): vector["start_at"]}
    if "also" in vector:
        facts[fact_of(vector["also"]["start"])] = vector["also_at"]
    elif "also_at" in vector:
        facts[fact_of(also_start(vector["after"]))] = vector["also_at"]
    if vector["filed_at"] is not None:
        done = vector.get("after") or vector["not_after"]
        facts[f"filed.{done}"] = [{"at": vector["filed_at"], "reference": "R-1"}]
    if vector["duty"].startswith("eu."):
        facts |= {"organisation.main_establishment": vector["place"], "organisation.established_in": [vector["place"]]}
    if "variant" in vector:
        return facts | BRANCHES[vector["duty"], vector["variant"]]
    return facts | ORDINARY.get(vector["duty"], {})


def fact_of(word: str) -> str:
    """An event that the law does not name stands on awareness."""
    return load_vocabulary().starts[word].fact or "aware_at"


def also_start(duty: str) -> str:
    vector = VECTORS[duty][0]
    return vector["also"]["start"] if "also" in vector else also_start(vector["after"])


def findings(vector: Vector) -> list[Finding]:
    words = load_vocabulary()
    facts = {key: Fact(key, read_value(words.spec(key), value, words), value) for key, value in facts_for(vector).items()}
    law_date = date.fromisoformat(vector["law_date"]) if vector["law_date"] else None
    now = read_instant(vector["start_at"]).at
    answer = assess(FactBook(facts, words), Setting(pack_for(vector), load_directory(), calendar_for, now, law_date))
    return [finding for finding in answer.findings if finding.duty == vector["duty"]]


def said(finding: Finding) -> dict[str, datetime | str | None]:
    due = finding.due
    return {"target": due.target, "outer": due.outer, "last_day": due.last_day.isoformat() if due.last_day else None}


def expected(vector: Vector) -> dict[str, datetime | str | None]:
    wanted = vector["expect"]
    return {key: moment(wanted[key]) for key in ("target", "outer")} | {"last_day": wanted["last_day"]}


def moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


@pytest.mark.parametrize("duty", VECTORS)
def test_the_engine_says_what_the_vectors_say(duty: str) -> None:
    if (reason := NOT_MODELLED.get(duty) or IN_WORDS.get(duty)) is not None:
        pytest.skip(f"{duty} is not counted: {reason}")
    wrong = []
    for vector in VECTORS[duty]:
        found = findings(vector)
        assert found, f"{vector['id']}: no finding"
        wrong += [
            f"{vector['id']}: {one.due.steps} {said(one)}, not {expected(vector)}"
            for one in found
            if said(one) != expected(vector)
        ]
    assert not wrong, "\n".join(wrong)


def test_what_no_law_file_has_is_listed() -> None:
    assert {duty for duty in VECTORS if duty not in regimes()} == set(NOT_MODELLED)


def test_every_deadline_with_a_number_has_vectors_on_hard_starts() -> None:
    for duty, vectors in VECTORS.items():
        numbered = [vector for vector in vectors if vector["amount"] is not None]
        assert not numbered or len(numbered) >= 4, duty


def test_ids_are_unique_and_lines_have_no_unknown_columns() -> None:
    ids = [vector["id"] for vector in FILE["vectors"]]
    assert len(ids) == len(set(ids)) == FILE["count"]
    for vector in FILE["vectors"]:
        assert set(vector) <= set(FILE["columns"]), vector["id"]


# -- the page about it --------------------------------------------------------


def test_the_example_in_the_documentation_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    exec(compile(code[1], str(PAGE), "exec"), {})


def test_the_vector_in_the_documentation_is_in_the_file() -> None:
    shown = re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    example = json.loads(shown[1])
    assert any(all(vector.get(key) == value for key, value in example.items()) for vector in VECTORS[example["duty"]])


# -- the maker ----------------------------------------------------------------


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_vectors", MAKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_vectors"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_the_file_is_what_the_maker_makes_of_the_sheets() -> None:
    if not (SHEETS / "world.yaml").exists():
        pytest.skip(f"the fact sheets are not at {SHEETS}")
    for used in (FILE["holidays"], FILE["time_zones"]):
        if version(used["library"]) != used["version"]:
            pytest.skip(f"made with {used['library']} {used['version']}, and {version(used['library'])} is installed")
    made = maker().rendered(SHEETS)
    assert made == (Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"), "run python scripts/make_vectors.py"


def test_the_maker_shares_nothing_with_the_program() -> None:
    text = MAKER.read_text(encoding="utf-8")
    imported = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    assert imported <= set(sys.stdlib_module_names) | {"holidays", "yaml"}
    assert "importlib.import_module" not in text
    assert "__import__" not in text
    assert '"breachkit"' not in text
