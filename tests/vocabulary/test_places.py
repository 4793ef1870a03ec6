"""Places and authorities: what one file names, the other has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
VOCABULARY = ROOT / "breachkit" / "vocabulary"
FUNCTIONS = {
    *("data_protection", "telecom", "attorney_general", "law_enforcement", "cra"),
    *("consumer_protection", "cybersecurity", "financial", "health", "securities"),
}
"""What an authority can be there for. Another one needs a law that tells such an authority."""
FACT_SHEET = ROOT.parent / "shared" / "law" / "eu-uk.md"


def read(name: str) -> dict[str, Any]:
    return yaml.load((VOCABULARY / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


PLACES = read("places.yaml")
FILES = ("authorities/europe.yaml", "authorities/united-states.yaml", "authorities/world.yaml")
AUTHORITIES = {"authorities": {id: row for name in FILES for id, row in read(name)["authorities"].items()}}
DIRECTORY = read("authorities/europe.yaml")["directory"]


def keys_of(node: yaml.Node) -> Iterator[list[str]]:
    """The keys of every mapping in a file, as written: the loader would drop a repeated one in silence."""
    if isinstance(node, yaml.MappingNode):
        yield [key.value for key, _ in node.value]
        for _, value in node.value:
            yield from keys_of(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from keys_of(item)


@pytest.mark.parametrize("name", ["places.yaml", *FILES])
def test_no_key_is_written_twice(name: str) -> None:
    tree = yaml.compose((VOCABULARY / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for keys in keys_of(tree):
        assert len(keys) == len(set(keys)), keys


def test_the_groups_have_27_and_30_members() -> None:
    eu, eea = PLACES["groups"]["EU"], PLACES["groups"]["EEA"]
    assert len(eu) == len(set(eu)) == 27
    assert len(eea) == len(set(eea)) == 30
    assert set(eea) - set(eu) == {"IS", "LI", "NO"}
    assert set(eea) <= set(PLACES["places"])


def test_all_countries_and_the_parts_with_law_of_their_own_are_there() -> None:
    codes = set(PLACES["places"])
    assert len([code for code in codes if re.fullmatch("[A-Z]{2}", code)]) == 249
    parts = Counter(code[:2] for code in codes if len(code) > 2)
    assert parts == {"US": 56, "CA": 13, "DE": 16, "GB": 4, "AU": 8, "ES": 3}


@pytest.mark.parametrize("code", PLACES["places"])
def test_a_place_has_a_name_and_a_zone_that_loads(code: str) -> None:
    place = PLACES["places"][code]
    assert set(place) <= {"name", "zone", "same_as", "part_of"}
    assert place["name"].strip()
    assert ZoneInfo(place["zone"])
    assert code[:2] in PLACES["places"]


def test_a_code_of_its_own_under_another_country_s_law_names_that_country() -> None:
    parts = {code: place["part_of"] for code, place in PLACES["places"].items() if "part_of" in place}
    french = dict.fromkeys(("GF", "GP", "MF", "MQ", "RE", "YT"), "FR")  # the outermost regions, Art. 355(1) TFEU
    assert parts == {"AX": "FI", **french}
    assert all(whole in PLACES["groups"]["EU"] for whole in parts.values())
    assert not set(parts) & set(PLACES["groups"]["EU"])


def test_a_place_with_two_codes_is_the_same_on_the_same_clock() -> None:
    twins = {code: place["same_as"] for code, place in PLACES["places"].items() if "same_as" in place}
    assert twins == {code: f"US-{code}" for code in ("AS", "GU", "MP", "PR", "VI")}
    for one, other in twins.items():
        assert PLACES["places"][one]["zone"] == PLACES["places"][other]["zone"]


def test_a_wrong_code_is_no_place_and_leads_to_one() -> None:
    assert PLACES["not_codes"]["UK"] == "GB"
    assert PLACES["not_codes"]["EL"] == "GR"
    for wrong, right in PLACES["not_codes"].items():
        assert wrong not in PLACES["places"] | PLACES["groups"]
        assert right in PLACES["places"]


@pytest.mark.parametrize("name", AUTHORITIES["authorities"])
def test_an_authority_stands_in_a_place_on_its_clock(name: str) -> None:
    authority = AUTHORITIES["authorities"][name]
    assert set(authority) == {
        *("name", "name_en", "place", "zone", "for", "channel", "languages", "last_checked", "confidence", "notes"),
    }
    assert authority["place"] in PLACES["places"]
    assert ZoneInfo(authority["zone"])
    assert authority["for"]
    assert set(authority["for"]) <= FUNCTIONS
    assert all(re.fullmatch("[a-z]{2}", language) for language in authority["languages"])


def test_every_function_has_an_authority_and_no_id_stands_in_two_files() -> None:
    assert {function for row in AUTHORITIES["authorities"].values() for function in row["for"]} == FUNCTIONS
    ids = Counter(id for name in FILES for id in read(name)["authorities"])
    assert [id for id, times in ids.items() if times > 1] == []


def test_every_file_of_authorities_is_read_here() -> None:
    assert {path.relative_to(VOCABULARY).as_posix() for path in (VOCABULARY / "authorities").glob("*.yaml")} == set(FILES)


@pytest.mark.parametrize("name", AUTHORITIES["authorities"])
def test_only_a_checked_row_claims_more_than_unverified(name: str) -> None:
    authority = AUTHORITIES["authorities"][name]
    if authority["confidence"] == "unverified":
        assert authority["last_checked"] == "null"
    else:
        assert authority["confidence"] in ("verified", "secondary")
        assert date.fromisoformat(authority["last_checked"])


@pytest.mark.parametrize("name", AUTHORITIES["authorities"])
def test_a_channel_says_how_and_where(name: str) -> None:
    channel = AUTHORITIES["authorities"][name]["channel"]
    if channel == "null":
        return
    assert {"kind", "text"} <= set(channel) <= {"kind", "text", "url", "email", "phone"}
    assert channel["kind"] in ("form", "email", "phone", "post", "portal")
    assert re.match("https?://[a-z]", channel.get("url", "https://x"))
    assert "@" in channel.get("email", "@")
    assert channel["kind"] != "email" or "email" in channel


def test_the_directory_leads_to_authorities_for_the_purpose() -> None:
    known = AUTHORITIES["authorities"]
    for place, name in DIRECTORY["data_protection"].items():
        assert place in PLACES["places"]
        assert place == "DE" if name == "null" else "data_protection" in known[name]["for"], place
    for place, names in DIRECTORY["telecom_611"].items():
        assert place in PLACES["groups"]["EU"]
        assert names
        assert all("telecom" in known[name]["for"] and known[name]["place"] == place for name in names), place
    assert set(DIRECTORY["telecom_611_unverified"]) <= set(DIRECTORY["telecom_611"])


def test_each_state_of_the_eea_and_each_land_has_a_competent_authority() -> None:
    laender = {code for code in PLACES["places"] if code.startswith("DE-")}
    assert {*PLACES["groups"]["EEA"], *laender, "GB", "CH"} == set(DIRECTORY["data_protection"])
    for place, name in DIRECTORY["data_protection"].items():
        assert name == "null" or AUTHORITIES["authorities"][name]["place"] == place


def test_each_country_row_of_the_fact_sheet_has_an_authority() -> None:
    if not FACT_SHEET.is_file():
        pytest.skip("the fact sheet is kept outside the repository and is not here")
    table = FACT_SHEET.read_text(encoding="utf-8").partition("### 4.1 Countries")[2].partition("### 4.2")[0]
    rows = re.findall(r"^\| ([A-Z]{2}) \|", table, flags=re.MULTILINE)
    rows.remove("CC")
    assert len(rows) > 30
    known = AUTHORITIES["authorities"]
    served = {authority["place"] for authority in known.values() if "data_protection" in authority["for"]}
    named = {"UK": "GB", "EU": known["eu-edps"]["place"]}
    assert [row for row in rows if named.get(row, row) not in served] == []
