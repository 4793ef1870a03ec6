"""`breachkit law list`: every law there is, by place, with how sure we are of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from breachkit.content.shipped import LAWS

from .conftest import Run
from .packs import florida

EUROPE = [
    "eu.gdpr.33", "eu.gdpr.33.2", "eu.gdpr.34", "eu.611.na.initial", "eu.611.sub", "uk.gdpr.33", "uk.gdpr.34", "uk.pecr.5a",
    "eu.nis2.23.early", "eu.nis2.23.initial", "eu.nis2.23.intermediate", "eu.nis2.23.final", "eu.dora.19.initial",
    "eu.dora.19.intermediate", "eu.dora.19.final", "eu.eidas.19a", "eu.eidas.24", "eu.cra.14.vuln.early",
    "eu.cra.14.vuln.initial", "eu.cra.14.vuln.final", "eu.cra.14.inc.early", "eu.cra.14.inc.initial", "eu.cra.14.inc.final",
    "eu.aia.73", "ch.dsg.24", "ch.isg.74.initial", "ch.isg.74.final", "eu.omnibus.33",
]  # fmt: skip


@pytest.fixture
def regimes(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run("law", "list", "--json").json["regimes"]
    return found


def test_every_state_and_territory_has_a_general_law(regimes: list[dict[str, Any]]) -> None:
    places = {one["place"] for one in regimes if one["kind"] == "general" and one["place"].startswith("US-")}
    assert len(places) >= 54
    assert all(one["covers"] == [one["place"]] for one in regimes if one["place"] in places and one["kind"] == "general")


def test_federal_rules_and_those_of_trades_are_there(regimes: list[dict[str, Any]]) -> None:
    federal = {one["id"]: one for one in regimes if one["place"] == "US"}
    assert len(federal) >= 12
    assert {one["kind"] for one in federal.values()} <= {"sector", "incident"}
    assert not any(one["covers"] for one in federal.values())


@pytest.mark.parametrize("duty", EUROPE)
def test_every_row_of_europe_is_a_duty(regimes: list[dict[str, Any]], duty: str) -> None:
    assert duty in {one["id"] for regime in regimes for one in regime["duties"]}


def test_the_world_is_there(regimes: list[dict[str, Any]]) -> None:
    files = [path.stem for path in (LAWS / "world").glob("*.yaml")]
    full, one_line = [name for name in files if "-" in name], [name for name in files if "-" not in name]
    assert len(full) >= 60
    assert len(one_line) >= 21
    assert sum(one["id"].startswith("world.") for one in regimes) == len(files)
    assert {one["kind"] for one in regimes if one["id"] in ("world.ma", "world.lk")} == {"no_general_duty", "unknown"}


def test_a_place_lists_its_parts_and_what_it_lies_in(run: Run) -> None:
    def places(*words: str) -> set[str]:
        return {one["place"] for one in run("law", "list", *words, "--json").json["regimes"]}

    assert {"US", "US-TX", "US-FL"} <= places("--place", "US")
    assert places("--place", "US-TX") == {"US", "US-TX"}
    assert {"EEA", "EU"} <= places("--place", "ES")
    assert not any(place.startswith("US") for place in places("--place", "ES"))


def test_kinds_and_places_together(run: Run) -> None:
    found = run("law", "list", "--place", "US", "--kind", "general", "--json").json["regimes"]
    assert len(found) >= 54
    assert {one["kind"] for one in found} == {"general"}


def test_a_wrong_kind_or_place_is_answered_with_the_right_ones(run: Run) -> None:
    assert "there are general, sector, incident" in run("law", "list", "--kind", "generic", code=2).err
    assert "ISO 3166 writes GB" in run("law", "list", "--place", "UK", code=2).err


def test_the_list_is_by_place_and_ends_with_a_summary(run: Run) -> None:
    lines = run("law", "list").out.splitlines()
    assert "Texas (US-TX)" in lines
    assert any(line.split()[:3] == ["us.tx", "general", "unverified"] for line in lines)
    assert "regimes with" in lines[-1]
    assert "unverified" in lines[-1]


def test_an_own_pack_is_named_in_the_list(run: Run, tmp_path: Path) -> None:
    house = florida(tmp_path / "house")
    assert "[pack house]" in run("--laws", house, "law", "list", "--place", "US-FL").out
    [one] = [one for one in run("--laws", house, "law", "list", "--json").json["regimes"] if one["id"] == "us.fl"]
    assert one["pack"] == "house"
