"""Postal lines as each country writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.house import person

HEADER = "name;street;street 2;house number;city;state;postcode;country"


@pytest.mark.parametrize(
    ("cells", "lines"),
    [
        (
            "12 Main Street;Apt 4;;Springfield;Illinois;62701;US",
            ("12 Main Street", "Apt 4", "Springfield, IL 62701", "United States"),
        ),
        ("Main Street;;12;Boston;MA;2101;USA", ("12 Main Street", "Boston, MA 02101", "United States")),
        ("1 Sparks Street;;;Ottawa;ON;K1A 0B1;Canada", ("1 Sparks Street", "Ottawa ON K1A 0B1", "Canada")),
        ("1 George Street;;;Sydney;NSW;2000;AU", ("1 George Street", "Sydney NSW 2000", "Australia")),
        ("High Street;;1;Leeds;;LS1 1AA;UK", ("1 High Street", "Leeds", "LS1 1AA", "United Kingdom")),
        ("Am Ring;;3a;Bonn;;53111;Deutschland", ("Am Ring 3a", "53111 Bonn", "Deutschland")),
        ("12 rue du Lac;;;Lyon;;69001;FR", ("12 rue du Lac", "69001 Lyon", "France")),
        ("Calle Mayor;;5;Getafe;Madrid;28901;España", ("Calle Mayor 5", "28901 Getafe", "Madrid", "España")),
        ("Calle Mayor;;5;Madrid;Madrid;28001;ES", ("Calle Mayor 5", "28001 Madrid", "Spain")),
        ("Via Roma;;1;Cagliari;CA;09121;IT", ("Via Roma 1", "09121 Cagliari CA", "Italy")),
        ("Keizersgracht;;1;Amsterdam;;1015 CJ;NL", ("Keizersgracht 1", "1015 CJ Amsterdam", "Netherlands")),
        ("ul. Długa;;1;Kraków;;31-146;Polska", ("ul. Długa 1", "31-146 Kraków", "Polska")),
        ("Rua Augusta, 1;;;São Paulo;SP;01304-000;BR", ("Rua Augusta, 1", "São Paulo - SP", "01304-000", "Brazil")),
        ("Weg;;1;Hof;Bayern;95028;Deutschland", ("Weg 1", "95028 Hof", "Deutschland")),
        ("High Street;;1;Leeds;;LS1 1AA;England", ("1 High Street", "Leeds", "LS1 1AA", "United Kingdom")),
        ("1 Calle Sol;;;San Juan;;00901;Puerto Rico", ("1 Calle Sol", "San Juan, PR 00901", "United States")),
    ],
)
def test_an_address_is_written_as_in_its_country(tmp_path: Path, cells: str, lines: tuple[str, ...]) -> None:
    assert person(tmp_path, f"{HEADER}\nAna;{cells}\n").address == lines


def test_a_country_that_stands_in_the_address_is_not_said_twice(tmp_path: Path) -> None:
    table = 'name,address,country\nAna,"Weg 1\n53111 Bonn\nGermany",Germany\n'
    assert person(tmp_path, table).address == ("Weg 1", "53111 Bonn", "Germany")


@pytest.mark.parametrize("cells", [";;;Bonn;;53111;DE", "Weg 1;;;;;;DE", "n/a;;;Bonn;;53111;DE", "?;;;-;;;DE"])
def test_an_address_that_reaches_nobody_is_none(tmp_path: Path, cells: str) -> None:
    found = person(tmp_path, f"{HEADER};email\nAna;{cells};a@example.invalid\n")
    assert found.address == ()
