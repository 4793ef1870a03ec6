"""How the languages of the European Union name its acts and their parts, so that a notice cites them as its reader does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    # In the order of _WORDS below.
    "es": ("Reglamento Delegado", "Reglamento de Ejecución", "Reglamento", "Directiva", "(UE)", "/CE", "RGPD", "anexo",
           "sección", "arts.", "art.", "y", "a", "n.º"),
    "fr": ("règlement délégué", "règlement d’exécution", "règlement", "directive", "(UE)", "/CE", "RGPD", "annexe", "section",
           "art.", "art.", "et", "à", "nº"),
    "de": ("Delegierte Verordnung", "Durchführungsverordnung", "Verordnung", "Richtlinie", "(EU)", "/EG", "DSGVO", "Anhang",
           "Abschnitt", "Art.", "Art.", "und", "bis", "Nr."),
    "it": ("regolamento delegato", "regolamento di esecuzione", "regolamento", "direttiva", "(UE)", "/CE", "GDPR", "allegato",
           "sezione", "artt.", "art.", "e", "a", "n."),
    "nl": ("Gedelegeerde Verordening", "Uitvoeringsverordening", "Verordening", "Richtlijn", "(EU)", "/EG", "AVG", "bijlage",
           "deel", "art.", "art.", "en", "tot en met", "nr."),
    "pt": ("Regulamento Delegado", "Regulamento de Execução", "Regulamento", "Diretiva", "(UE)", "/CE", "RGPD", "anexo",
           "secção", "arts.", "art.", "e", "a", "n.º"),
    "pl": ("rozporządzenie delegowane", "rozporządzenie wykonawcze", "rozporządzenie", "dyrektywa", "(UE)", "/WE", "RODO",
           "załącznik", "sekcja", "art.", "art.", "i", "do", "nr"),
}  # fmt: skip

_WORDS: Final = (
    r"Delegated Regulation", r"Implementing Regulation", r"Regulation", r"Directive", r"\(EU\)", r"/EC\b", r"GDPR", r"Annex",
    r"section", r"Arts(?= )", r"Art\.", r"(?<= )and(?= )", r"(?<= )to(?= )", r"No(?= \d)",
)  # fmt: skip
_ANY: Final = re.compile("|".join(f"({word})" for word in _WORDS))


def cited_in(language: str, text: str) -> str:
    """A citation of an act of the Union in that language; as it stands where the language is none of these."""
    names = _NAMES.get(language)
    if names is None:
        return text
    return _ANY.sub(lambda match: names[next(at for at, held in enumerate(match.groups()) if held is not None)], text)
