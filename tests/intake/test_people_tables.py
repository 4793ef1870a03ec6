"""Tables of affected people as they come: separators, encodings, headers of eight languages, and where to go on reading."""

from __future__ import annotations

import hashlib
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachkit.errors import BadFile, UnknownName, UsageError
from breachkit.intake import PeopleTable, Person, Refusal
from tests.intake.house import HEADER, WORDS, codes, opened, person, read, written

ONE = "7,Ana Example,ana@example.invalid,12 Main Street,Springfield,62701,IL,US"
TWO = f"{HEADER}\n{ONE}\n8,Jörg Muster,joerg@example.invalid,Weg 3,Bonn,53111,,DE\n"


def test_a_plain_table_gives_its_people(tmp_path: Path) -> None:
    assert person(tmp_path, f"{HEADER}\n{ONE}\n") == Person(
        row=1,
        id="7",
        name="Ana Example",
        email="ana@example.invalid",
        phone="",
        address=("12 Main Street", "Springfield, IL 62701", "United States"),
        place="US-IL",
        language="",
        categories=(),
        notes=(),
    )


def test_the_sender_s_own_country_is_left_off_the_address(tmp_path: Path) -> None:
    found = read(tmp_path, TWO, home="DE")
    assert [one.address[-1] for one in found if isinstance(one, Person)] == ["United States", "53111 Bonn"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_found(tmp_path: Path, separator: str, end: str) -> None:
    found = read(tmp_path, TWO.replace(",", separator).replace("\n", end))
    assert found == read(tmp_path, TWO)
    assert codes(found) == ["ok", "ok"]


def test_a_first_line_may_name_the_separator(tmp_path: Path) -> None:
    assert read(tmp_path, "sep=;\r\n" + TWO.replace(",", ";")) == read(tmp_path, TWO)


@pytest.mark.parametrize(
    ("encoding", "mark", "found_as"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("cp1252", b"", "cp1252"),
    ],
)
def test_encodings_are_found(tmp_path: Path, encoding: str, mark: bytes, found_as: str) -> None:
    path = written(tmp_path, mark + TWO.encode(encoding))
    with PeopleTable(path, WORDS) as table:
        assert table.encoding == found_as
        assert [one.name for one in table.read() if isinstance(one, Person)] == ["Ana Example", "Jörg Muster"]
        assert list(table.read(1)) == list(table.read())[1:]


def test_an_encoding_can_be_named(tmp_path: Path) -> None:
    table = f"{HEADER}\n1,Żaneta Łukasik,z@example.invalid,,,,,PL\n"
    assert person(tmp_path, table.encode("cp1250"), encoding="cp1250").name == "Żaneta Łukasik"
    with pytest.raises(UsageError, match="not an encoding"):
        opened(tmp_path, table, encoding="klingon")
    assert person(tmp_path, b"\xfe\xff" + table.encode("utf-16-be"), encoding="utf-16").name == "Żaneta Łukasik"


@pytest.mark.parametrize(
    ("headers", "cells", "expected"),
    [
        ("First Name,Last Name,E-mail,Country", "Ana,Example,ana@example.invalid,US-CA", "Ana Example"),
        ("Nombre;Apellidos;Correo electrónico;País", "Ana;García Pérez;ana@example.invalid;España", "Ana García Pérez"),
        ("Nom;Prénom;Courriel;Pays", "Exemple;Anaïs;ana@example.invalid;France", "Anaïs Exemple"),
        ("Name;Vorname;E-Mail-Adresse;Land", "Muster;Jörg;j@example.invalid;Deutschland", "Jörg Muster"),
        ("Nome;Cognome;Indirizzo e-mail;Paese", "Ana;Esempio;ana@example.invalid;Italia", "Ana Esempio"),
        ("Voornaam;Tussenvoegsel;Achternaam;E-mailadres;Land", "Ana;van;Dam;ana@example.invalid;Nederland", "Ana van Dam"),
        ("Nome;Apelido;Correio eletrónico;País", "Ana;Exemplo;ana@example.invalid;Portugal", "Ana Exemplo"),
        ("Imię;Nazwisko;Adres e-mail;Kraj", "Ana;Przykład;ana@example.invalid;Polska", "Ana Przykład"),
        ("full_name,email,residence", '"EXAMPLE, ANA",ana@example.invalid,DE', "EXAMPLE, ANA"),
        ("name,first name,email,place", "Ana Example,Ana,ana@example.invalid,DE", "Ana Example"),
    ],
)
def test_headers_are_understood_in_eight_languages(tmp_path: Path, headers: str, cells: str, expected: str) -> None:
    assert person(tmp_path, f"{headers}\n{cells}\n").name == expected


def test_a_whole_german_table_is_understood(tmp_path: Path) -> None:
    header = "Kundennummer;Nachname;Vorname;Straße;Hausnummer;PLZ;Ort;Bundesland;Land;Handynummer;Sprache"
    found = person(tmp_path, f"{header}\nK-1;Muster;Jörg;Am Ring;3a;1067;Dresden;Sachsen;DE;0151 23456789;Deutsch\n")
    assert found.address == ("Am Ring 3a", "01067 Dresden", "Germany")
    assert (found.id, found.place, found.phone, found.language) == ("K-1", "DE-SN", "+4915123456789", "de")
    assert found.notes == ("post code: leading zeros put back",)


def test_headers_that_are_not_used_are_named(tmp_path: Path) -> None:
    with opened(tmp_path, "email,country,favourite colour\na@example.invalid,DE,=blue\n") as table:
        assert table.columns == {"email": "email", "country": "country"}
        assert table.ignored == ("favourite colour",)
        assert codes(table.read()) == ["ok"]


def test_a_responder_can_say_which_column_is_which(tmp_path: Path) -> None:
    table = "a,b,c\nAna,ana@example.invalid,DE\n"
    assert person(tmp_path, table, columns={"name": "a", "email": "B", "country": "c"}).email == "ana@example.invalid"
    with pytest.raises(UnknownName, match="did you mean 'email'"):
        opened(tmp_path, table, columns={"emial": "b"})
    with pytest.raises(UsageError, match="no column 'd' for 'email'; its headers are: 'a', 'b', 'c'"):
        opened(tmp_path, table, columns={"email": "d"})
    with pytest.raises(UsageError, match="named for two fields"):
        opened(tmp_path, table, columns={"email": "b", "name": "b"})


def test_a_column_can_be_left_unread(tmp_path: Path) -> None:
    table = "email,country,data\na@example.invalid,DE,gold customer\n"
    assert codes(read(tmp_path, table)) == ["category_unknown"]
    assert codes(read(tmp_path, table, columns={"categories": ""})) == ["ok"]


def test_defaults_stand_in_for_empty_cells_only(tmp_path: Path) -> None:
    table = "email,country,language\na@example.invalid,,\nb@example.invalid,FR,fr-FR\n"
    found = [one for one in read(tmp_path, table, default_place="DE", default_language="German") if isinstance(one, Person)]
    assert [(one.place, one.language) for one in found] == [("DE", "de"), ("FR", "fr")]
    assert person(tmp_path, "email\na@example.invalid\n", default_place="ES").place == "ES"
    with pytest.raises(UsageError, match="EU"):
        opened(tmp_path, table, default_place="EU")
    with pytest.raises(UnknownName):
        opened(tmp_path, table, default_place="Atlantis")
    with pytest.raises(UsageError, match="not a language"):
        opened(tmp_path, table, default_language="the usual")


def test_kinds_of_data_become_ids_of_the_vocabulary(tmp_path: Path) -> None:
    table = "email,country,categories\na@example.invalid,DE,Email_Address; ssn|name email\n"
    assert person(tmp_path, table).categories == ("email", "ssn", "full_name")


@pytest.mark.parametrize(
    ("written_as", "tag"),
    [("es", "es"), ("ES-mx", "es"), ("de_DE.UTF-8", "de"), ("fra", "fr"), ("Polnisch", "pl"), ("español", "es"), ("ja", "ja")],
)
def test_languages_become_a_primary_tag(tmp_path: Path, written_as: str, tag: str) -> None:
    assert person(tmp_path, f"email,country,language\na@example.invalid,DE,{written_as}\n").language == tag


def test_names_keep_their_script_and_lose_only_what_is_invisible(tmp_path: Path) -> None:
    given_as = unicodedata.normalize("NFD", "Zoë") + " \u202eevil\u202c  O’Brien"
    found = person(tmp_path, f"name,email,country\n{given_as},a@example.invalid,DE\n")
    assert found.name == "Zoë evil O’Brien"
    assert found.notes == ("name: invisible characters removed", "name: whitespace")
    persian = "نرگس\u200cجان"
    assert person(tmp_path, f"name,email,country\n{persian},a@example.invalid,DE\n").name == persian


def test_a_broken_e_mail_address_beside_a_postal_one_is_dropped_with_a_note(tmp_path: Path) -> None:
    found = person(tmp_path, f"{HEADER}\n1,Ana,ana at example,Calle 1,Madrid,28001,,ES\n")
    assert (found.email, found.address) == ("", ("Calle 1", "28001 Madrid", "Spain"))
    assert found.notes == ("email dropped: not an address",)


def test_an_e_mail_address_copied_with_invisible_characters_is_mended(tmp_path: Path) -> None:
    found = person(tmp_path, "email,country,language\n\u200bana@example.invalid\xa0,DE,n/a\n")
    assert (found.email, found.language) == ("ana@example.invalid", "")
    assert found.notes == ("email: invisible characters removed",)


@pytest.mark.parametrize("name", ["Ana", "Ana  E"])
@pytest.mark.parametrize("phone", ["call me", "n/a", '"+1 202\n555-0100"', "9" * 20_000, "\x00"])
def test_a_telephone_number_that_is_none_is_dropped_whatever_is_in_it(tmp_path: Path, name: str, phone: str) -> None:
    found = person(tmp_path, f"name,email,country,phone\n{name},a@example.invalid,DE,{phone}\n")
    assert found.phone == ""
    assert ("phone dropped: not a number" in found.notes) is (phone != "n/a")


def test_a_header_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    with opened(tmp_path, "email,country,\x1b[2Jboo\na@example.invalid,DE,\n") as table:
        assert table.ignored == ("?[2Jboo",)


def test_an_address_of_several_lines_in_one_cell_keeps_its_lines(tmp_path: Path) -> None:
    found = person(tmp_path, 'name,address,country\nAna,"Flat 2\n1 High Street\nLeeds\nLS1 1AA",UK\n')
    assert found.address == ("Flat 2", "1 High Street", "Leeds", "LS1 1AA", "United Kingdom")


def test_where_the_id_is_missing_the_row_is_the_id(tmp_path: Path) -> None:
    assert person(tmp_path, "email,country\na@example.invalid,DE\n").id == "row-1"
    assert person(tmp_path, "id,email,country\n ,a@example.invalid,DE\n").id == "row-1"


def test_reading_goes_on_where_it_was_left_and_says_how_far_it_is(tmp_path: Path) -> None:
    lines = [HEADER, *(ONE.replace("7,", f"{row},") if row % 3 else '"x\ny",,' for row in range(1, 6000))]
    content = "\n".join(lines)
    with opened(tmp_path, content) as table:
        everything = list(table.read())
        assert table.position == table.total_bytes == len(content.encode())
        assert [one.row for one in everything] == list(range(1, len(everything) + 1))
        for start in (1, 2, 3, 4_999, len(everything), len(everything) + 5):
            assert list(table.read(start)) == everything[start:]
        places = [table.position for _ in table.read()]
        assert places == sorted(places)
        assert table.sha256 == hashlib.sha256(content.encode()).hexdigest()


CELLS = st.text(alphabet=st.characters(categories=("L", "N", "P", "S", "Zs", "Cc", "Cf", "Co")), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS, CELLS, CELLS), max_size=8))
def test_whatever_stands_in_the_cells_each_record_gives_one_result(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    content = "\n".join(["id,name,email,address,city,state,country", *quoted])
    found = read(tmp_path_factory.getbasetemp(), content)
    assert [one.row for one in found] == list(range(1, len(rows) + 1))
    for one in found:
        if isinstance(one, Refusal):
            assert one.detail.isprintable()
        else:
            for text in (one.id, one.name, one.email, one.phone, *one.address):
                assert not any(sign in text for sign in "\r\n\t\x00\x0b\x85\u2028\u202e\ue000\ue001")
                assert unicodedata.is_normalized("NFC", text)


PLAIN = st.text(alphabet="abcXYZéłß 'ñ-", min_size=1, max_size=10).map(lambda text: f"N{text}".strip())


@given(st.lists(st.tuples(st.integers(0, 10**6), PLAIN, PLAIN), min_size=1, max_size=8))
def test_plain_cells_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str, str]]) -> None:
    lines = [f"{id};{name};{city} 5;{city};DE" for id, name, city in rows]
    found = read(tmp_path_factory.getbasetemp(), "\n".join(["id;name;street;city;country", *lines]))
    squeezed = [
        (str(id), *(" ".join(unicodedata.normalize("NFC", one).split()) for one in (name, city))) for id, name, city in rows
    ]
    assert [(one.id, one.name, one.address[1]) for one in found if isinstance(one, Person)] == squeezed


def test_a_parquet_file_is_read_like_a_text_table(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="Parquet is an extra")
    from pyarrow import parquet

    header = HEADER.split(",")
    rows = [line.split(",") for line in TWO.splitlines()[1:]] * 50
    columns = {name: [row[at] or None for row in rows] for at, name in enumerate(header)}
    columns["categories"] = [["email", "ssn"]] * len(rows)  # type: ignore[assignment]  # a column of lists
    columns["id"] = list(range(len(rows)))  # type: ignore[arg-type]  # a column of numbers
    parquet.write_table(pyarrow.table(columns), tmp_path / "people.parquet", row_group_size=30)
    with PeopleTable(tmp_path / "people.parquet", WORDS) as table:
        everything = list(table.read())
        assert [one.id for one in everything] == [str(row) for row in range(100)]
        assert everything[1] == Person(
            2, "1", "Jörg Muster", "joerg@example.invalid", "", ("Weg 3", "53111 Bonn", "Germany"), "DE", "", ("email", "ssn")
        )
        for start in (1, 29, 30, 31, 99, 100, 101):
            assert list(table.read(start)) == everything[start:]
        assert table.position == table.total_bytes
    with pytest.raises(BadFile, match="damaged"):
        opened(tmp_path, (tmp_path / "people.parquet").read_bytes()[:500], "cut.parquet")


def test_without_pyarrow_parquet_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r'pip install "breachkit\[scan\]"'):
        opened(tmp_path, b"PAR1....PAR1", "people.parquet")
