"""Translations: one gettext catalogue for each language, `templates/languages/<language>.po`, a user's own laid over it.

A sentence that changed in English is another message, so its old translation never stands in for it; one marked fuzzy does
not count either. English is the language templates are written in and needs no catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from breachkit.content.shipped import shipped
from breachkit.errors import BadFile, Fault, UsageError

SOURCE_LANGUAGE: Final = "en"
LANGUAGES: Final = ("en", "es", "fr", "de", "it", "nl", "pt", "pl")
"""Languages notices are written in."""

NAMES_OF_LANGUAGES: Final[Mapping[str, str]] = {
    "en": "English", "es": "Spanish", "fr": "French", "de": "German",
    "it": "Italian", "nl": "Dutch", "pt": "Portuguese", "pl": "Polish",
}  # fmt: skip

Message = tuple[str, str]
"""A context - empty for a sentence of a template - and the English."""


class TranslationMissing(UsageError):
    """Words are missing in a language, or are older than the English; nothing stands in for them."""


def catalogue_folders(own: Path | None) -> tuple[Path, ...]:
    """Where catalogues lie, the shipped ones first."""
    return (shipped("templates") / "languages", *([own / "languages"] if own is not None else []))


def catalogue(language: str, own: Path | None = None) -> Mapping[Message, str]:
    """Every translated message of a language; empty for English. BadFile when a file cannot be read."""
    if language == SOURCE_LANGUAGE:
        return {}
    found: dict[Message, str] = {}
    for folder in catalogue_folders(own):
        path = folder / f"{language}.po"
        if path.is_file():
            found |= _read(path, path.stat().st_mtime_ns)
    return found


@cache
def _read(path: Path, _stamp: int) -> Mapping[Message, str]:
    from babel.messages.pofile import PoFileError, read_po

    try:
        with path.open("rb") as file:
            held = read_po(file, charset="utf-8", abort_invalid=True)
    except (PoFileError, ValueError) as problem:
        raise BadFile([Fault(str(path), None, f"is no gettext catalogue: {problem}")]) from problem
    return {
        (str(message.context or ""), str(message.id)): str(message.string)
        for message in held
        if message.id and message.string and not message.fuzzy
    }


def translated(language: str, message: Message, words: Mapping[Message, str]) -> str:
    """The message in that language. TranslationMissing names it and what to do."""
    if language == SOURCE_LANGUAGE:
        return message[1]
    if (text := words.get(message)) is not None:
        return text
    raise missing(language, [message])


def missing(language: str, messages: list[Message], spoken: Iterable[str] = ()) -> TranslationMissing:
    """The error for messages that have no translation; `spoken` are the languages that have them all."""
    name = NAMES_OF_LANGUAGES.get(language, language)
    shown = "; ".join(f"'{_short(text)}'" for _, text in messages[:3])
    others = f"; it can be written in {', '.join(spoken)}" if spoken else ""
    more = f" and {len(messages) - 3} more" if len(messages) > 3 else ""
    return TranslationMissing(
        f"there is no {name} yet for {shown}{more}: the translation is missing or older than the English. "
        f"Add it to languages/{language}.po, or ask for the notice in another language{others}"
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 70 else f"{line[:67]}..."
