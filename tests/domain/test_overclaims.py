"""Statements that go further than the facts are found in eight languages, and only where the facts do not carry them."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from breachkit.content.templates import fill
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.claims import CLAIMS
from breachkit.domain.doubts import DISOWNED, DOUBT
from breachkit.domain.factbook import FactBook
from breachkit.domain.notice_context import notice_context
from breachkit.domain.notices import Notice
from breachkit.domain.overclaims import RULES, overclaims

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the made-up incident is kept beside the documents' tests
from documents.made_up import CLIENTS, FACTS, MORE, NOW, book, finding

LANGUAGES = ("en", "es", "fr", "de", "it", "nl", "pt", "pl")


def claims(text: str, language: str = "en", *, estimated: tuple[str, ...] = (), **changes: Any) -> list[str]:
    facts = book({**FACTS, **MORE, **CLIENTS}, **changes)
    facts = FactBook(
        {key: replace(fact, certainty="estimated") if key in estimated else fact for key, fact in facts.facts.items()},
        facts.words,
    )
    return [one.claim for one in overclaims(Notice("eu.gdpr.34", "t", language, text, {}), facts)]


SAID: dict[str, dict[str, str]] = {
    "nothing_taken": {
        "en": "No personal data was taken.", "es": "No se ha robado ningún dato, ni se han copiado datos.",
        "fr": "Aucune donnée n'a été volée.", "de": "Es sind keine Daten abgeflossen.",
        "it": "Nessun dato è stato rubato.", "nl": "Er zijn geen gegevens gestolen.",
        "pt": "Nenhuns dados foram roubados.", "pl": "Żadne dane nie zostały skradzione.",
    },
    "not_seen": {
        "en": "Your data was not accessed.", "es": "Nadie ha accedido a sus datos.",
        "fr": "Vos données n'ont pas été consultées.", "de": "Ihre Daten wurden nicht eingesehen.",
        "it": "I Suoi dati non sono stati consultati.", "nl": "Uw gegevens zijn niet ingezien.",
        "pt": "Os seus dados não foram consultados.", "pl": "Państwa dane nie zostały ujawnione.",
    },
    "no_misuse": {
        "en": "We have no evidence of misuse.", "es": "No hay pruebas de uso indebido.",
        "fr": "Nous n'avons aucune preuve d'utilisation abusive.", "de": "Es gibt keine Hinweise auf Missbrauch.",
        "it": "Non vi sono prove di uso improprio.", "nl": "Er zijn geen aanwijzingen van misbruik.",
        "pt": "Não há indícios de uso indevido.", "pl": "Nie ma dowodów nadużycia.",
    },
    "safe": {
        "en": "Your data is safe.", "es": "Sus datos están a salvo.", "fr": "Vos données sont en sécurité.",
        "de": "Ihre Daten sind sicher.", "it": "I Suoi dati sono al sicuro.", "nl": "Uw gegevens zijn veilig.",
        "pt": "Os seus dados estão seguros.", "pl": "Państwa dane są bezpieczne.",
    },
    "all_told": {
        "en": "All affected people have been told.", "es": "Todas las personas afectadas han sido informadas.",
        "fr": "Toutes les personnes concernées ont été informées.", "de": "Alle Betroffenen wurden informiert.",
        "it": "Tutti gli interessati sono stati informati.", "nl": "Alle betrokkenen zijn geïnformeerd.",
        "pt": "Todas as pessoas foram informadas.", "pl": "Wszystkie osoby zostały poinformowane.",
    },
    "encrypted": {
        "en": "The data was encrypted.", "es": "Los datos estaban cifrados.", "fr": "Les données étaient chiffrées.",
        "de": "Die Daten waren verschlüsselt.", "it": "I dati erano cifrati.", "nl": "De gegevens waren versleuteld.",
        "pt": "Os dados estavam cifrados.", "pl": "Dane były zaszyfrowane.",
    },
    "never_again": {
        "en": "This will never happen again.", "es": "No volverá a ocurrir.", "fr": "Cela ne se reproduira plus.",
        "de": "Das wird nie wieder vorkommen.", "it": "Non succederà mai più.", "nl": "Dit zal nooit meer gebeuren.",
        "pt": "Não voltará a acontecer.", "pl": "To się nigdy nie powtórzy.",
    },
}  # fmt: skip
"""Each claim as letters make it."""

CARRIED: dict[str, dict[str, Any]] = {
    "nothing_taken": {"breach__exfiltration": "excluded"},
    "not_seen": {"breach__accessed": "no"},
    "no_misuse": {"breach__used": "no"},
    "safe": {"data__encrypted": "yes", "data__key_taken": "no"},
    "all_told": {"people__total": "4100", "people__notified": "4100"},
    "encrypted": {"data__encrypted": "yes"},
}
"""The facts that carry it."""

CASES = [(claim, language) for claim, by in SAID.items() for language in by]


@pytest.mark.parametrize(("claim", "language"), CASES)
def test_a_claim_the_facts_do_not_carry_is_found(claim: str, language: str) -> None:
    assert claims(SAID[claim][language], language, people__notified=None) == [claim]


@pytest.mark.parametrize(("claim", "language"), [(claim, language) for claim, language in CASES if claim in CARRIED])
def test_the_same_words_stand_where_a_confirmed_fact_carries_them(claim: str, language: str) -> None:
    assert claims(SAID[claim][language], language, **CARRIED[claim]) == []


@pytest.mark.parametrize("claim", sorted(CARRIED))
def test_an_estimate_carries_nothing_that_is_said_outright(claim: str) -> None:
    keys = tuple(key.replace("__", ".") for key in CARRIED[claim])
    assert claims(SAID[claim]["en"], estimated=keys, **CARRIED[claim]) == [claim]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We think it unlikely that data left our systems, but we cannot rule it out.", "en"),
        ("Data taken: unlikely: data probably did not leave our systems", "en"),
        ("We do not know yet whether data left our systems.", "en"),
        ("We cannot say that your data is safe.", "en"),
        ("If your data was not accessed, we will tell you.", "en"),
        ("The data was neither encrypted nor otherwise unreadable.", "en"),
        ("Exports will be encrypted.", "en"),
        ("All affected people will be told.", "en"),
        ("We take your privacy seriously.", "en"),
        ("We want to keep it from happening again.", "en"),
        ("Use a safe password, and keep your account secure.", "en"),
        ("No podemos descartar que no se hayan copiado datos; creemos que sus datos están a salvo.", "es"),
        ("Nous ne pouvons pas dire que vos données sont en sécurité.", "fr"),
        ("Wahrscheinlich sind keine Daten abgeflossen.", "de"),
        ("Non possiamo dire che nessun dato è stato rubato.", "it"),
        ("Waarschijnlijk zijn er geen gegevens gestolen.", "nl"),
        ("Não podemos excluir nada; pensamos que os seus dados estão seguros.", "pt"),
        ("Prawdopodobnie żadne dane nie zostały skradzione.", "pl"),
    ],
)
def test_what_is_doubted_or_planned_claims_nothing(text: str, language: str) -> None:
    assert claims(text, language) == []


def test_a_doubt_about_something_else_saves_no_claim() -> None:
    assert claims("No data was taken, but call us if you see anything strange.") == ["nothing_taken"]
    assert claims("No data was taken on 5 May 2026.") == ["nothing_taken"]
    assert claims("On 5 May 2026 no data was taken.") == ["nothing_taken"]


def test_a_claim_is_found_across_the_lines_of_a_paragraph_and_told_by_its_line() -> None:
    facts = book({**FACTS})
    source = "# Letter\n\nYour data is\nperfectly safe.\n\n- There is no risk to you.\n"
    notice = Notice("eu.gdpr.34", "t", "en", source, {})
    assert [(one.claim, one.line, one.text) for one in overclaims(notice, facts)] == [
        ("safe", 3, "data is perfectly safe"),
        ("safe", 6, "no risk to you"),
    ]


def test_no_sign_that_data_was_taken_needs_that_it_is_unlikely() -> None:
    text = "We found no indication that data was copied."
    assert claims(text) == ["no_sign_taken"]
    for level in ("unlikely", "excluded"):
        assert claims(text, breach__exfiltration=level) == []


def test_full_containment_needs_a_time_at_which_it_was_contained() -> None:
    assert claims("The incident is fully contained.") == []
    assert claims("The incident is fully contained.", contained_at=None) == ["wholly_contained"]


def test_data_that_ransomware_encrypted_is_no_claim_of_protection() -> None:
    assert claims("The data was encrypted by an attacker.") == []
    assert claims("The files and the data were encrypted.", breach__cause="ransomware") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("About 4100 people were affected.", False),
        ("4100 people were affected.", True),
        ("Exactly 4100 people were affected.", True),
        ("People affected: 4100", True),
        ("People affected: about 4100", False),
        ("2600 customers live in Spain.", False),
        ("Only 2600 customers live in Spain.", False),
        ("Between 400 and 900 residents of Florida are affected.", False),
        ("900 people in Florida are affected.", False),
        ("Only 400 residents of Florida are affected.", True),
    ],
)
def test_a_number_is_written_as_surely_as_it_is_known(text: str, found: bool) -> None:
    assert claims(text) == (["exact_number"] if found else [])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("4.100 personas se vieron afectadas.", "es"),
        ("4\u202f100 personnes sont concernées.", "fr"),
        ("Genau 4.100 Personen sind betroffen.", "de"),
        ("Sono interessate 4.100 persone.", "it"),
        ("Precies 4.100 personen zijn getroffen.", "nl"),
        ("Foram afetadas 4100 pessoas.", "pt"),
        ("Dotyczy to dokładnie 4\u00a0100 osób.", "pl"),
    ],
)
def test_a_number_said_as_exact_is_found_in_each_language(text: str, language: str) -> None:
    assert claims(text, language) == ["exact_number"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Unas 4.100 personas se vieron afectadas, entre 400 y 900 residentes.", "es"),
        ("Environ 4\u202f100 personnes, entre 400 et 900 résidents.", "fr"),
        ("Etwa 4.100 Personen, zwischen 400 und 900 Einwohner.", "de"),
        ("Circa 4.100 persone, tra 400 e 900 residenti.", "it"),
        ("Ongeveer 4.100 personen, tussen 400 en 900 inwoners.", "nl"),
        ("Cerca de 4100 pessoas, entre 400 e 900 residentes.", "pt"),
        ("Około 4\u00a0100 osób, między 400 a 900 mieszkańców.", "pl"),
    ],
)
def test_a_number_left_open_is_no_claim_in_any_language(text: str, language: str) -> None:
    assert claims(text, language) == []


def test_an_estimated_number_may_stand_in_a_form_but_not_as_certain_in_a_sentence() -> None:
    estimated = ("people.in.ES",)
    assert claims("2600 customers live in Spain.", estimated=estimated) == ["exact_number"]
    assert claims("Number of people affected in Spain: 2600", estimated=estimated) == []


def test_every_claim_has_a_rule_and_words_in_every_language() -> None:
    assert [claim for claim, _, _ in RULES] == list(CLAIMS)
    assert {tuple(by) for by in CLAIMS.values()} == {LANGUAGES}
    assert tuple(DOUBT) == LANGUAGES == tuple(DISOWNED)


# -- the shipped letters -------------------------------------------------------------------------------------------------

DUTIES = {
    "eu.gdpr.33": {}, "eu.gdpr.34": {"kind": "individuals"}, "us.ca.individuals": {"kind": "individuals"},
    "us.fl.dla": {}, "us.ma.individuals": {"kind": "individuals"}, "uk.pecr.5a": {}, "us.fl.cra": {"kind": "cra"},
    "eu.gdpr.34.public": {"regime": "eu.gdpr", "kind": "public"},
}  # fmt: skip
WORDS = load_vocabulary()
CHOSEN = [
    spec for key, spec in WORDS.facts.items()
    if spec.type in ("choice", "yes_no") and "<" not in key and spec.group in ("breach", "data", "risk", "hold", "people")
]  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """Changes to the made-up facts: any answer to any question about what happened and how many there are, or none."""
    changes: dict[str, Any] = {}
    for spec in draw(st.lists(st.sampled_from(CHOSEN), max_size=12, unique_by=lambda spec: spec.key)):
        answers = list(spec.choices) if spec.type == "choice" else ["yes", "no"]
        changes[spec.key] = draw(st.sampled_from([*answers, None]))
    low = draw(st.integers(3500, 6000))
    changes["people.total"] = draw(st.sampled_from([f"~{low}", str(low), f"{low}..{low + 500}", f"{low}+", None]))
    changes["people.notified"] = draw(st.sampled_from([None, "0", "12"]))
    return changes


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.sampled_from(sorted(DUTIES)), st.booleans())
def test_no_shipped_letter_goes_further_than_the_facts(changes: dict[str, Any], duty: str, estimated: bool) -> None:
    facts = book({**FACTS, **MORE, **CLIENTS, **changes} if changes else {**FACTS, **MORE})
    if estimated:
        facts = FactBook({k: replace(fact, certainty="estimated") for k, fact in facts.facts.items()}, facts.words)
    asked = finding(duty, **DUTIES[duty])
    notice = fill(notice_context(facts, asked, organisation_name="Example Co", now=NOW, draft=True))
    assert list(overclaims(notice, facts)) == []
