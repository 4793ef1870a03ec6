"""The grade of a letter by its language's formula: easy texts pass, hard ones do not, and no connection is ever tried."""

from __future__ import annotations

import socket
from importlib.util import find_spec
from typing import Any

import pytest

from breachkit.documents import plain_language
from breachkit.documents.plain_language import LIMITS, MEASURES, OFFLINE_ENGLISH, grade, textstat_release
from breachkit.domain.reading import LIMIT, reading

EASY = {
    "en": "We keep a folder with old talks. Anyone with its address could read it. A user told us in the evening. "
    "We closed it within the hour. Be careful with calls that speak of an old talk with us. If you are not sure, "
    "ask us first.",
    "es": "Una carpeta con charlas estaba abierta. Todos los que tenían la dirección podían leerla. Un usuario nos "
    "avisó por la noche. La cerramos en una hora. Tenga cuidado con las llamadas. Si tiene dudas, pregunte antes.",
    "fr": "Un dossier avec des messages était ouvert. Qui avait son adresse pouvait le lire. Un client nous a "
    "avertis le soir. Nous l'avons fermé dans l'heure. Faites attention aux appels. Si vous avez un doute, "
    "demandez-nous d'abord.",
    "de": "Ein Ordner mit Gesprächen war offen. Wer die Adresse hatte, konnte ihn lesen. Ein Kunde hat es uns am "
    "Abend gesagt. Wir haben ihn gleich zu gemacht. Seien Sie vorsichtig bei Anrufen. Wenn Sie nicht sicher sind, "
    "fragen Sie uns zuerst.",
    "it": "Una cartella con messaggi era aperta. Chi aveva l'indirizzo poteva leggerla. Un cliente ci ha avvisati la sera. "
    "L'abbiamo chiusa in un'ora. Faccia attenzione alle chiamate. Se ha un dubbio, ci chieda prima.",
    "nl": "Een map met gesprekken stond open. Wie het adres had, kon haar lezen. Een klant zei het ons in de avond. "
    "Wij hebben de map binnen een uur gesloten. Let op bij oproepen. Als u het niet zeker weet, vraag het ons dan eerst.",
    "pt": "Uma pasta com conversas estava aberta. Quem tinha o endereço podia ler tudo. Um cliente avisou-nos à "
    "noite. Fechámos a pasta numa hora. Tenha cuidado com as chamadas. Se tiver dúvidas, pergunte-nos antes.",
    "pl": "Folder z rozmowami był otwarty. Kto miał adres, mógł go czytać. Klient powiedział nam o tym wieczorem. "
    "Zamknęliśmy go w godzinę. Prosimy uważać na telefony. Jeśli ma Pan pytania, prosimy pisać do nas.",
}
HARD = {
    "en": "Notwithstanding the organisational countermeasures previously implemented, unauthorised disclosure of "
    "confidential communications necessitated comprehensive reconsideration of applicable authentication "
    "infrastructure, whereupon investigative determinations subsequently established the unavailability of "
    "contemporaneous evidentiary documentation.",
    "es": "No obstante las contramedidas organizativas anteriormente implementadas, la divulgación no autorizada de "
    "comunicaciones confidenciales hizo imprescindible la reconsideración integral de la infraestructura de "
    "autenticación correspondiente, circunstancia que determinó posteriormente la indisponibilidad de la "
    "documentación probatoria contemporánea.",
    "fr": "Nonobstant les contre-mesures organisationnelles antérieurement implémentées, la divulgation non autorisée de "
    "communications confidentielles a nécessité la reconsidération intégrale de l'infrastructure d'authentification "
    "correspondante, circonstance déterminant ultérieurement l'indisponibilité de la documentation probatoire.",
    "de": "Ungeachtet der zuvor implementierten organisatorischen Gegenmaßnahmen erforderte die unberechtigte Offenlegung "
    "vertraulicher Kommunikationsinhalte eine umfassende Neubewertung der zugrundeliegenden Authentifizierungsinfrastruktur, "
    "wobei nachfolgende Untersuchungsergebnisse die Nichtverfügbarkeit zeitgenössischer Dokumentationsunterlagen "
    "feststellten.",
    "it": "Nonostante le contromisure organizzative precedentemente implementate, la divulgazione non autorizzata "
    "di comunicazioni confidenziali ha determinato l'indispensabile riconsiderazione complessiva "
    "dell'infrastruttura di autenticazione, circostanza che successivamente determinava l'indisponibilità della "
    "documentazione probatoria contemporanea.",
    "nl": "Niettegenstaande de voorheen geïmplementeerde organisatorische tegenmaatregelen noodzaakte de ongeautoriseerde "
    "openbaarmaking van vertrouwelijke communicatiegegevens een allesomvattende heroverweging van de onderliggende "
    "authenticatie-infrastructuur, waarbij onderzoeksbevindingen de onbeschikbaarheid van documentatie vaststelden.",
    "pt": "Não obstante as contramedidas organizacionais anteriormente implementadas, a divulgação não autorizada "
    "de comunicações confidenciais determinou a indispensável reconsideração integral da infraestrutura de "
    "autenticação correspondente, circunstância que posteriormente determinou a indisponibilidade da documentação "
    "probatória contemporânea.",
    "pl": "Niezależnie od uprzednio zaimplementowanych organizacyjnych środków zapobiegawczych nieautoryzowane ujawnienie "
    "poufnych komunikatów spowodowało konieczność wszechstronnego przeanalizowania infrastruktury uwierzytelniania, "
    "przy czym późniejsze ustalenia postępowania wyjaśniającego potwierdziły niedostępność dokumentacji dowodowej.",
}

needs_textstat = pytest.mark.skipif(find_spec("textstat") is None, reason="textstat is not installed; English alone is graded")


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever makes a socket or asks for a host fails."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "__init__", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@needs_textstat
@pytest.mark.parametrize("language", EASY)
def test_an_easy_letter_keeps_within_its_limit_and_a_hard_one_does_not(language: str, no_network: None) -> None:
    easy, hard = grade(EASY[language], language), grade(f"{HARD[language]} {HARD[language]}", language)
    assert not easy.too_hard, easy
    assert hard.too_hard, hard
    assert easy.limit == LIMITS.get(language, LIMIT)
    assert hard.method.startswith(MEASURES[language].name) or language == "en"


def test_english_is_graded_without_a_word_list_from_the_network(no_network: None) -> None:
    found = grade(EASY["en"])
    release = textstat_release()
    offline = release is not None and release <= OFFLINE_ENGLISH
    assert ("textstat" in found.method) is offline
    assert abs(found.grade - reading(EASY["en"]).grade) < 1.5


@pytest.mark.parametrize("release", [None, (0, 7, 9), (0, 7, 13), (1, 0)])
def test_without_textstat_or_with_one_that_fetches_words_english_is_counted_by_vowels(
    release: tuple[int, ...] | None, monkeypatch: pytest.MonkeyPatch, no_network: None
) -> None:
    monkeypatch.setattr(plain_language, "textstat_release", lambda: release)
    text = f"{HARD['en']} {HARD['en']}"
    found = grade(text)
    assert (found.grade, found.method) == (reading(text).grade, reading(text).method)
    assert found.too_hard


def test_without_textstat_another_language_is_not_judged_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_language, "textstat_release", lambda: None)
    found = grade(HARD["es"], "es")
    assert (found.limit, found.too_hard) == (None, False)
    assert "not judged" in found.method


def test_a_language_without_a_formula_is_not_judged() -> None:
    assert grade(HARD["es"], "eo").limit is None


@needs_textstat
def test_a_region_is_graded_as_its_language() -> None:
    assert grade(EASY["pt"], "pt-BR") == grade(EASY["pt"], "pt")


@needs_textstat
def test_a_form_for_an_authority_has_no_limit() -> None:
    found = grade(HARD["es"], "es", for_people=False)
    assert (found.limit, found.too_hard) == (None, False)


@needs_textstat
@pytest.mark.parametrize("language", EASY)
@pytest.mark.parametrize("text", ["", "\n", "# One two\n", "- one\n- two\n", "123 456\n"])
def test_a_text_without_sentences_has_no_grade(language: str, text: str) -> None:
    assert not grade(text, language).too_hard


@needs_textstat
def test_entries_of_a_list_are_no_sentences() -> None:
    listed = f"{EASY['es']}\n\n- Nombre\n- Teléfono\n- Correo\n"
    assert grade(listed, "es").score == grade(EASY["es"], "es").score


@needs_textstat
def test_the_bands_of_a_scale_become_the_grades_their_authors_gave() -> None:
    for name, score, expected in (("es", 60.0, 9), ("es", 95.0, 4.5), ("it", 60.0, 8), ("pt", 50.0, 8), ("nl", -5.0, 18)):
        points = MEASURES[name].points
        assert points is not None
        assert plain_language._between(score, points) == expected
