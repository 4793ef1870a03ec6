"""From what tables say of country and state to a place code. What is not sure is refused."""

from __future__ import annotations

import pytest

from breachkit.intake.cells import CellRefused
from breachkit.intake.place_names import country_names
from breachkit.intake.residence import NEED_PART, Residence
from tests.intake.house import WORDS

RESIDENCE = Residence(WORDS, None)


@pytest.mark.parametrize(
    ("country", "state", "code"),
    [
        ("US", "CA", "US-CA"), ("usa", "california", "US-CA"), ("U.S.A.", "Calif", None),
        ("United States of America", "N.Y.", "US-NY"),
        ("US", "D.C.", "US-DC"), ("US", "Washington, D.C.", "US-DC"), ("US", "District of Columbia", "US-DC"),
        ("US", "US-TX", "US-TX"),
        ("US", "PR", "US-PR"), ("US", "Puerto Rico", "US-PR"), ("Puerto Rico", "San Juan", "US-PR"), ("PR", "", "US-PR"),
        ("PRI", "PR", "US-PR"),
        ("Guam", "", "US-GU"), ("US", "U.S. Virgin Islands", "US-VI"), ("US", "Virgin Islands", "US-VI"), ("VI", "", "US-VI"),
        ("US", "AE", None), ("US", "N/D", None), ("US", "n. d.", "US-ND"), ("US", "n/a", None),
        ("US", "", None), ("US", "ON", None), ("America", "TX", "US-TX"),
        ("Canada", "QC", "CA-QC"), ("CAN", "Québec", "CA-QC"), ("CA", "Colombie-Britannique", "CA-BC"), ("CA", "", None),
        ("CA", "CA", None),
        ("Australia", "NSW", "AU-NSW"), ("AU", "Western Australia", "AU-WA"), ("AUS", "", "AU"), ("AU", "Outback", "AU"),
        ("UK", "", "GB"), ("GB", "Scotland", "GB-SCT"), ("England", "", "GB-ENG"), ("Great Britain", "Kent", "GB"),
        ("GBR", "Cymru", "GB-WLS"),
        ("Wales", "", "GB-WLS"), ("N. Ireland", "", None), ("Northern Ireland", "", "GB-NIR"), ("Ireland", "", "IE"),
        ("Jersey", "", "JE"),
        ("Deutschland", "Bayern", "DE-BY"), ("Allemagne", "", "DE"), ("Niemcy", "NRW", "DE-NW"), ("DE", "Thüringen", "DE-TH"),
        ("GER", "", "DE"),
        ("Spanien", "Cataluña", "ES-CT"), ("España", "Madrid", "ES"), ("ESPANA", "", "ES"), ("Ελλάδα", "", "GR"),
        ("EL", "", "GR"),
        ("UAE", "", "AE"), ("AE", "Dubai", "AE"), ("Côte d’Ivoire", "", "CI"), ("Ivory Coast", "", "CI"),
        ("Holland", "", "NL"),
        ("Pays-Bas", "", "NL"), ("Turkey", "", "TR"), ("Türkiye", "", "TR"), ("Czech Republic", "", "CZ"), ("日本", "", "JP"),
        ("NO", "", "NO"),
        ("NA", "", "NA"), ("Georgia", "", "GE"), ("Congo", "", None), ("Réunion", "", "RE"), ("Korea", "", None),
        ("South Korea", "", "KR"),
        ("EU", "", None), ("Europe", "", None), ("n/a", "", None), ("N.A.", "", None),
        ("-", "", None), ("", "", None), ("", "CA", None), ("U.S.", "CA", "US-CA"), ("U.K.", "", "GB"),
        ("", "US-CA", "US-CA"),
    ],
)  # fmt: skip
def test_a_country_and_a_state_give_a_place_or_none(country: str, state: str, code: str | None) -> None:
    if code is None:
        with pytest.raises(CellRefused):
            RESIDENCE.of("", country, state)
    else:
        assert RESIDENCE.of("", country, state) == code


@pytest.mark.parametrize(
    ("place", "state", "code"),
    [("US-CA", "", "US-CA"), ("us-ca", "CA", "US-CA"), ("US", "CA", "US-CA"), ("DE", "", "DE"), ("Germany", "", "DE"),
     ("Texas", "", "US-TX"),
     ("PR", "", "US-PR"), ("Georgia", "", None), ("CA", "", None), ("EEA", "", None), ("GB-SCT", "", "GB-SCT"),
     ("DE-XX", "", None)],
)  # fmt: skip
def test_a_place_column_takes_codes_and_names_with_one_meaning(place: str, state: str, code: str | None) -> None:
    if code is None:
        with pytest.raises(CellRefused):
            RESIDENCE.of(place, "", state)
    else:
        assert RESIDENCE.of(place, "", state) == code


@pytest.mark.parametrize(
    ("default", "country", "state", "code"),
    [("US", "", "CA", "US-CA"), ("US-CA", "", "", "US-CA"), ("US-CA", "", "NY", "US-NY"), ("US-CA", "US", "NY", "US-NY"),
     ("US", "", "", None),
     ("US-CA", "US", "", None), ("US-CA", "", "Nowhere", None), ("DE", "", "Bayern", "DE-BY"), ("DE", "", "", "DE"),
     ("DE", "unknown", "", None),
     ("Germany", "", "", "DE"), ("DE", "FR", "", "FR")],
)  # fmt: skip
def test_a_default_stands_in_for_an_empty_country_and_nothing_else(
    default: str, country: str, state: str, code: str | None
) -> None:
    residence = Residence(WORDS, default)
    if code is None:
        with pytest.raises(CellRefused):
            residence.of("", country, state)
    else:
        assert residence.of("", country, state) == code


@pytest.mark.parametrize(
    ("place", "country", "code"),
    [("RE", "FR", "RE"), ("FR", "RE", "RE"), ("US-CA", "US", "US-CA"), ("GB", "Scotland", "GB-SCT")],
)
def test_of_two_columns_that_agree_the_narrower_one_counts(place: str, country: str, code: str) -> None:
    assert RESIDENCE.of(place, country, "") == code


def test_every_country_is_known_by_its_codes_and_all_its_names() -> None:
    known = set()
    for code, three, names in country_names():
        known.add(code)
        for name in (code, three, WORDS.places[code].name, *names):
            if code in NEED_PART:
                with pytest.raises(CellRefused, match="state or province is empty"):
                    RESIDENCE.of("", name, "")
            else:
                assert RESIDENCE.of("", name, "") == WORDS.place(code), name
    assert known == {code for code in WORDS.places if "-" not in code}


def test_every_part_is_known_by_its_code_and_its_name() -> None:
    for code, place in WORDS.places.items():
        if "-" in code:
            country, short = code.split("-", 1)
            assert (
                RESIDENCE.of("", country, short) == RESIDENCE.of("", country, place.name) == RESIDENCE.of(code, "", "") == code
            )


def test_what_is_remembered_is_bounded() -> None:
    residence = Residence(WORDS, None)
    for number in range(10_000):
        assert residence.of("", "DE", f"region {number}") == "DE"
    assert len(residence._known) <= 4_096
