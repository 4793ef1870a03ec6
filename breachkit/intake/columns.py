"""Which column of a table is what: headers in the eight notice languages, or as the responder says with `--column`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from breachkit.errors import BadFile, Fault, UnknownName, UsageError
from breachkit.intake.cells import shown
from breachkit.intake.languages import plain

MAX_COLUMNS: Final = 2_000
_SHOWN_HEADERS = 30

# Headers without case, accents, spaces and punctuation. English first, then es fr de it nl pt pl where the word differs.
_WORDS: Final[Mapping[str, str]] = {
    "id": """id customerid customerno customernumber userid accountid memberid clientid patientid personid employeeid
        studentid subscriberid contactid recordid guestid uuid reference ref idcliente numerocliente codigocliente
        idutilisateur numeroclient identifiant kundennummer kundennr kundenid benutzerid idutente codicecliente
        klantnummer klantid gebruikersid numerodecliente idklienta numerklienta identyfikator""",
    "name": """name fullname customername personname displayname nombrecompleto nombre nomcomplet nom vollstandigername
        namevollstandig nomecompleto nome nominativo volledigenaam naam imieinazwisko nazwiskoiimie""",
    "first_name": """firstname forename givenname givennames fname first nombredepila primernombre prenom vorname rufname
        primonome voornaam roepnaam primeironome imie imiona""",
    "middle_name": """middlename middlenames middleinitial mi segundonombre deuxiemeprenom zweitervorname secondonome
        tussenvoegsel nomedomeio drugieimie""",
    "last_name": """lastname surname familyname lname last apellido apellidos nomdefamille nachname familienname zuname
        cognome achternaam familienaam apelido apelidos sobrenome nazwisko""",
    "email": """email emailaddress mail mailaddress primaryemail contactemail correo correoelectronico email1 courriel
        adresseemail adressemail adresseelectronique emailadresse mailadresse postaelettronica indirizzoemail
        emailadres correioeletronico enderecodeemail adresemail""",
    "phone": """phone phonenumber telephone telephonenumber tel phone1 primaryphone homephone telefono numerodetelefono
        telefon telefonnummer festnetz telefoon telefoonnummer telefone numertelefonu""",
    "mobile": """mobile mobilephone mobilenumber mobileno cell cellphone cellular movil telefonomovil celular portable
        telephoneportable handy handynummer mobiltelefon mobil mobilnummer cellulare mobiel mobielnummer gsm
        telemovel telefonkomorkowy komorka""",
    "address": """address address1 addressline1 addressline streetaddress street street1 postaladdress mailingaddress
        homeaddress direccion direccion1 domicilio calle adresse adresse1 adressepostale rue strasse anschrift
        postanschrift indirizzo indirizzo1 via adres adres1 straat straatnaam endereco endereco1 morada rua ulica""",
    "address2": """address2 addressline2 street2 unit apartment apt suite direccion2 adresse2 complementadresse
        complementdadresse adresszusatz adressezusatz indirizzo2 adres2 endereco2 complemento""",
    "address3": """address3 addressline3 street3 direccion3 adresse3 indirizzo3 adres3 endereco3""",
    "house_number": """housenumber houseno streetnumber numero hausnummer hausnr nummer huisnummer numerocivico civico
        numerodaporta nrdomu numerdomu""",
    "postcode": """postcode postalcode zip zipcode zippostalcode postzip codigopostal cp codepostal postleitzahl plz cap
        codiceavviamentopostale codpostal cep kodpocztowy""",
    "city": """city town locality suburb citytown ciudad localidad poblacion municipio ville commune localite stadt ort
        wohnort gemeinde citta comune localita plaats woonplaats stad cidade localidade miasto miejscowosc""",
    "state": """state stateprovince provincestate stateregion province region stateorprovince stateofresidence usstate
        statecode estado provincia comunidad comunidadautonoma departement bundesland kanton regione provincie
        regiao distrito wojewodztwo""",
    "country": """country countryname countrycode countryofresidence nation pais paisderesidencia pays paysderesidence land
        landname wohnsitzland staat paese nazione kraj panstwo countryregion iso2 isocountry""",
    "place": """place placecode placeofresidence residence residency jurisdiction residencia lugarderesidencia
        lieuderesidence wohnsitz residenza verblijfplaats miejscezamieszkania""",
    "language": """language languagecode preferredlanguage lang locale idioma lengua langue sprache korrespondenzsprache
        lingua taal voorkeurstaal jezyk""",
    "categories": """categories datacategories datacategory data datatypes datatype exposeddata affecteddata categorias datos
        categoriasdedatos donnees categoriesdedonnees datenkategorien daten betroffenedaten dati categoriedidati
        gegevens categorieen dados dane kategoriedanych""",
}
FIELDS: Final = tuple(_WORDS)
"""What a column can be, and the names `--column` takes."""
_BY_HEADER: Final = {
    word: (field, rank) for field, words in _WORDS.items() for rank, word in reversed(list(enumerate(words.split())))
}
# Of several such columns the one whose name is listed first is taken; for all others two columns are a question.
_FIRST_WINS = frozenset({"id", "phone", "mobile", "language", "house_number"})


@dataclass(frozen=True, slots=True)
class Columns:
    """What was understood of a header."""

    headers: tuple[str, ...]
    fields: Mapping[str, int]
    """Field to the column's index."""

    @property
    def understood(self) -> dict[str, str]:
        """Header to field, in the table's order."""
        return {self.headers[index]: field for field, index in sorted(self.fields.items(), key=lambda item: item[1])}

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headers that are not used."""
        used = set(self.fields.values())
        return tuple(header for index, header in enumerate(self.headers) if index not in used)


def recognised(headers: Sequence[str], named: Mapping[str, str] | None = None) -> int:
    """How many headers are known or named, by which the separator of a text table is chosen."""
    mine = {plain(header) for header in (named or {}).values()}
    return sum(plain(header) in _BY_HEADER or plain(header) in mine for header in headers)


def understand(file: str, headers: Sequence[str], named: Mapping[str, str], *, default_place: bool) -> Columns:
    """Which column is what. `named` maps a field to its header, or to "" to leave it unread.

    UsageError or UnknownName for a wrong `named`; BadFile when the table is ambiguous or lacks a way to a residence or to the
    person, listing what was understood and how to say more.
    """
    # Headers are repeated to a responder: nothing in them may reach the terminal but text.
    headers = ["".join(sign if sign.isprintable() else "?" for sign in header).strip() for header in headers]
    if len(headers) > MAX_COLUMNS:
        raise BadFile(
            [
                Fault(
                    file,
                    1,
                    f"the header has {len(headers):,} cells, more than {MAX_COLUMNS:,}; is this a table of people?",
                )
            ]
        )
    chosen = _named(file, headers, named)
    fields = {field: index for field, index in chosen.items() if index is not None}
    taken = set(fields.values())
    candidates: dict[str, list[tuple[int, int]]] = {}
    for index, header in enumerate(headers):
        known = _BY_HEADER.get(plain(header))
        if known is not None and index not in taken and known[0] not in chosen:
            candidates.setdefault(known[0], []).append((known[1], index))
    twice = {}
    for field, found in candidates.items():
        found.sort()
        if len(found) > 1 and (field not in _FIRST_WINS or found[0][0] == found[1][0]):
            twice[field] = [headers[index] for _, index in found]
        fields[field] = found[0][1]
    columns = Columns(tuple(headers), fields)
    if twice:
        what = "; ".join(f"{field} may be {' or '.join(map(_quoted, ones))}" for field, ones in twice.items())
        first = next(iter(twice))
        raise BadFile([Fault(file, 1, f"the columns are ambiguous: {what}. {_remedy(columns, first, twice[first][0])}")])
    _check_enough(file, columns, default_place)
    return columns


def _named(file: str, headers: Sequence[str], named: Mapping[str, str]) -> dict[str, int | None]:
    chosen: dict[str, int | None] = {}
    for field, header in named.items():
        if field not in FIELDS:
            raise UnknownName("field", field, FIELDS, hint=f"(fields: {', '.join(FIELDS)})")
        if not header:
            chosen[field] = None
            continue
        same = [index for index, one in enumerate(headers) if one == header.strip()]
        same = same or [index for index, one in enumerate(headers) if plain(one) == plain(header) != ""]
        if len(same) != 1:
            what = "has no column" if not same else f"has {len(same)} columns"
            raise UsageError(f"{file} {what} '{shown(header)}' for '{field}'; its headers are: {_listed(headers)}")
        if same[0] in chosen.values():
            raise UsageError(f"the column '{shown(header)}' of {file} is named for two fields")
        chosen[field] = same[0]
    return chosen


def _check_enough(file: str, columns: Columns, default_place: bool) -> None:
    has = columns.fields.keys()
    lacks = []
    if not has & {"place", "country"} and not default_place:
        more = " (a state says nothing without its country)" if "state" in has else ""
        lacks.append(
            (f"no column says where people live{more}", "country", "or --default-place US when all live in one country")
        )
    if not has & {"name", "first_name", "last_name", "email", "address"}:
        lacks.append(("no column says who they are or how to reach them (name, address or email)", "email", ""))
    elif not has & {"email", "address"}:
        lacks.append(("no column has an e-mail address or a postal address", "email", ""))
    if lacks:
        text = "; ".join(what for what, _, _ in lacks)
        more = ", ".join(other for _, _, other in lacks if other)
        raise BadFile([Fault(file, 1, f"{text}. {_remedy(columns, lacks[0][1], 'HEADER')}{' ' + more if more else ''}")])


def _remedy(columns: Columns, field: str, header: str) -> str:
    understood = ", ".join(f"{_quoted(one)} as {what}" for one, what in columns.understood.items()) or "nothing"
    return (
        f"Headers: {_listed(columns.headers)}. Understood: {understood}. Say which is which: --column {field}={shown(header)}"
    )


def _listed(headers: Sequence[str]) -> str:
    more = f" and {len(headers) - _SHOWN_HEADERS} more" if len(headers) > _SHOWN_HEADERS else ""
    return ", ".join(map(_quoted, headers[:_SHOWN_HEADERS])) + more


def _quoted(header: str) -> str:
    return f"'{shown(header)}'"
