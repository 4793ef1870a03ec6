"""Words by which a sentence doubts what it says, in eight languages: what it holds is then no claim.

A `\\w` in the midst of a word is a letter whose accent people leave out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DOUBT: Final[Mapping[str, str]] = {
    "en": (
        r"\b(?:probably|likely|unlikely|cannot (?:yet )?(?:rule out|say|exclude|confirm|tell|be sure)|do(?:es)? "
        r"not (?:yet )?know|not (?:yet )?known|may|might|could|if|whether|believe|think|assume|seems?|appears?"
        r"|who says?|that says?|claims?|neither|unless|until|in case)\b"
    ),
    "es": (
        r"\b(?:probable\w*|improbable|no podemos (?:descartar|decir|confirmar|excluir)|no sabemos|no se sabe"
        r"|puede\w*|podr\w+|si|creemos|pensamos|parece\w*|hasta que|ni)\b"
    ),
    "fr": (
        r"\b(?:probable\w*|improbable|peu probable|ne pouvons (?:pas )?(?:exclure|dire|confirmer)|ne savons pas"
        r"|peut|peuvent|pourrai\w*|si|croyons|pensons|semble\w*|jusqu['’]|ni)\b|\bs['’]il"
    ),
    "de": (
        r"\b(?:wahrscheinlich\w*|vermutlich|unwahrscheinlich\w*|nicht (?:ausschlie\w+|sagen|best\wtigen)|wissen "
        r"(?:noch )?nicht|unbekannt|k\wnnte\w*|kann|wenn|falls|ob|glauben|denken|scheint?|weder|bis)\b"
    ),
    "it": (
        r"\b(?:probabil\w+|improbabil\w+|non possiamo (?:escludere|dire|confermare)|non sappiamo|pu\w|possono"
        r"|potrebbe\w*|se|crediamo|pensiamo|sembra\w*|finch\w|n\w)\b"
    ),
    "nl": (
        r"\b(?:waarschijnlijk\w*|onwaarschijnlijk\w*|niet (?:uitsluiten|zeggen|bevestigen)|weten (?:nog )?niet"
        r"|onbekend|kunnen|kan|als|of|geloven|denken|lijkt|noch|totdat)\b"
    ),
    "pt": (
        r"\b(?:prov[a\u00e1]ve\w+|improv[a\u00e1]ve\w+|n\wo podemos (?:excluir|dizer|confirmar|descartar)|n\wo "
        r"sabemos|pode\w*|poderia\w*|se (?:os?|as?|alg\w+)|acreditamos|pensamos|parece\w*|at\w que|nem)\b"
    ),
    "pl": (
        r"\b(?:prawdopodobn\w+|ma\wo prawdopodobne|nieprawdopodobne|nie mo\wemy (?:wykluczy\w|powiedzie\w"
        r"|potwierdzi\w)|nie wiemy|nie wiadomo|mo\we|mog\w\w?|mog\wy|je\wli|je\weli|czy|s\wdzimy|uwa\wamy|wydaje "
        r"si\w|ani|dop\wki)\b"
    ),
}
"""Words that open what their sentence says."""

DISOWNED: Final[Mapping[str, str]] = {
    "en": r"cannot (?:yet )?(?:rule|say|exclude|confirm|be sure)|do not (?:yet )?know|as far as we|to our knowledge",
    "es": r"no podemos|no sabemos|que sepamos|por lo que sabemos",
    "fr": r"ne pouvons|ne savons|\w notre connaissance",
    "de": r"nicht (?:ausschlie\w+|sagen)|wissen (?:noch )?nicht|soweit (?:wir|bekannt)|nach unserem",
    "it": r"non possiamo|non sappiamo|per quanto",
    "nl": r"niet uitsluiten|weten (?:nog )?niet|voor zover",
    "pt": r"n\wo podemos|n\wo sabemos|tanto quanto|que saibamos",
    "pl": r"nie mo\wemy|nie wiemy|o ile (?:wiemy|nam)|wed\wug naszej",
}
"""Words that take a claim back wherever they stand in its sentence."""
