"""Finds the template of a duty - in the user's own folder, then among the shipped - and fills it with one notice's values.

What may stand in a template is in `template_language`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from jinja2 import TemplateError

from breachkit.content.catalogues import LANGUAGES, SOURCE_LANGUAGE, Message, TranslationMissing, catalogue, missing
from breachkit.content.families import families
from breachkit.content.laws import load_laws
from breachkit.content.shipped import shipped
from breachkit.content.template_budget import budget
from breachkit.content.template_examination import examine
from breachkit.content.template_folders import SUFFIX, template_roots
from breachkit.content.template_language import environment_for, refuse, values_for
from breachkit.domain.notice_context import FORMS, NoticeContext
from breachkit.domain.notice_names import Untranslated
from breachkit.domain.notices import FORMATS, Notice, notice_from
from breachkit.errors import UsageError

_DUTY = re.compile(r"[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9][A-Za-z0-9_-]*)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")


@dataclass(frozen=True, slots=True)
class TemplateEntry:
    """A duty, the template that serves it, and the languages it can be written in."""

    duty: str
    """A duty's id, or a pattern such as `promise.*` for what every organisation has its own of."""
    template: str
    """Its path below `templates/`."""
    languages: tuple[str, ...]
    forms: tuple[str, ...] = ()
    """Notices beside it: `withdrawal` means there is one for `<duty>.withdrawal` too."""
    formats: tuple[str, ...] = FORMATS
    own: bool = False
    """It lies in the user's own folder."""


def list_templates(duties: Iterable[tuple[str, str]], own: Path | None = None) -> tuple[TemplateEntry, ...]:
    """What there is for each of these duties (id and kind of recipient); a duty without a template is left out."""
    found = []
    for duty, kind in duties:
        if (entry := _entry(duty, kind, own)) is not None:
            forms = tuple(form for form in FORMS if _stems(f"{duty}.{form}", kind, own))
            found.append(replace(entry, forms=forms))
    return tuple(found)


def _entry(duty: str, kind: str | None, own: Path | None) -> TemplateEntry | None:
    stems = _stems(duty, kind, own)
    if not stems:
        return None
    whole = next((stem for stem in stems if _file(f"{stem}{SUFFIX}", own)), None)
    name = f"{whole}{SUFFIX}" if whole is not None else f"{stems[0]}.<language>{SUFFIX}"
    spoken = languages_of(duty, kind, own)
    ends = ("", *(f".{language}" for language in spoken))
    mine = own is not None and any(own.joinpath(f"{stem}{end}{SUFFIX}").is_file() for stem in stems for end in ends)
    return TemplateEntry(duty, name, spoken, own=mine)


def find_template(duty: str, language: str = SOURCE_LANGUAGE, own: Path | None = None, *, kind: str | None = None) -> str:
    """The template's path below `templates/`. UsageError names the languages there are; nothing stands in unasked.

    `kind` is the recipient's; None: the law file says. A file named with the language comes before the one for all languages.
    """
    if not _DUTY.fullmatch(duty):
        raise UsageError(f"'{duty}' is not a duty's id; `breachkit notice list` shows those with a notice")
    if not _LANGUAGE.fullmatch(language):
        raise UsageError(f"'{language}' is not a language; write en, es or pt-BR")
    stems = _stems(duty, kind or _kind_of(duty), own)
    for stem in stems:
        for name in (f"{stem}.{language}{SUFFIX}", f"{stem}{SUFFIX}"):
            if _file(name, own):
                return name
    if not stems:
        raise UsageError(
            f"there is no notice for {duty}; `breachkit notice list` shows what there is, "
            f"`breachkit law show {duty}` what this one must say. "
            f"Put your own under {next(_own_stems(duty))}{SUFFIX} in your template folder"
        )
    raise UsageError(
        f"there is no notice for {duty} in '{language}'; there is one in {', '.join(languages_of(duty, kind, own))}. "
        f"Put your own under {stems[0]}.{language}{SUFFIX} in your template folder"
    )


def has_template(duty: str, language: str = SOURCE_LANGUAGE, own: Path | None = None, *, kind: str | None = None) -> bool:
    """Whether there is a notice for that duty in that language."""
    return language in languages_of(duty, kind, own)


def languages_of(duty: str, kind: str | None = None, own: Path | None = None) -> tuple[str, ...]:
    """The languages in which every sentence of its notice is there."""
    spoken: set[str] = set()
    for stem in _stems(duty, kind or _kind_of(duty), own):
        spoken |= _named_languages(stem, own)
        if _file(f"{stem}{SUFFIX}", own):
            spoken |= {language for language in LANGUAGES if is_whole(f"{stem}{SUFFIX}", language, own)}
            break
    return tuple(sorted(spoken, key=lambda one: (LANGUAGES.index(one) if one in LANGUAGES else len(LANGUAGES), one)))


def is_whole(name: str, language: str, own: Path | None = None) -> bool:
    """Whether a template can be written in that language without a gap."""
    return language == SOURCE_LANGUAGE or not (examine(name, own).bare or untranslated(name, language, own))


def untranslated(name: str, language: str, own: Path | None = None) -> list[Message]:
    """The sentences of a template that this language does not have, as they stand now."""
    if language == SOURCE_LANGUAGE:
        return []
    words = catalogue(language, own)
    return sorted(examine(name, own).messages - words.keys())


def _stems(duty: str, kind: str | None, own: Path | None) -> list[str]:
    """Where its template lies: its own file, the longest regime first, then the families that fit, in order."""
    form = duty.rsplit(".", 1)[-1]
    # A form is served by a rule for it alone: a letter's template makes no withdrawal.
    ending = f".{form}" if form in FORMS and duty not in kinds_of_duties() else ""
    rules = [rule for rule in families(own) if rule.duties.endswith(ending) and rule.fits(duty, kind)]
    named = (*_own_stems(duty), *(f"notices/{rule.template}" for rule in rules))
    return [stem for stem in named if _file(f"{stem}{SUFFIX}", own) or _named_languages(stem, own)]


def _own_stems(duty: str) -> Iterator[str]:
    parts = duty.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        yield f"notices/{'.'.join(parts[:cut])}/{'.'.join(parts[cut:])}"


def _named_languages(stem: str, own: Path | None) -> set[str]:
    """The languages that files of that stem are named with."""
    folder, name = stem.rsplit("/", 1)
    return {
        language
        for root in template_roots(own)
        for file in (_shipped_files(folder) if root != own else _files_in(root / folder))
        if file.endswith(SUFFIX)
        and file.startswith(f"{name}.")
        and len(file) > len(name) + len(SUFFIX)
        and _LANGUAGE.fullmatch(language := file[len(name) + 1 : -len(SUFFIX)])
    }


@cache
def _shipped_files(folder: str) -> tuple[str, ...]:
    return _files_in(shipped("templates") / folder)


def _files_in(folder: Path) -> tuple[str, ...]:
    return tuple(path.name for path in folder.iterdir()) if folder.is_dir() else ()


def _file(name: str, own: Path | None) -> bool:
    return any((root / name).is_file() for root in template_roots(own))


def _kind_of(duty: str) -> str | None:
    """The kind of recipient of a duty of the shipped laws; None for one of no shipped law, such as a promise."""
    kinds = kinds_of_duties()
    return kinds.get(duty) or kinds.get(duty.rsplit(".", 1)[0])


@cache
def kinds_of_duties() -> Mapping[str, str]:
    """Every duty of the shipped laws with the kind of its recipient."""
    return {duty.id: duty.versions[-1].recipient.kind for regime in load_laws() for duty in regime.duties}


def fill(context: NoticeContext, language: str = SOURCE_LANGUAGE, own: Path | None = None) -> Notice:
    """The notice for this context.

    BadFile names the template's file and line when it cannot be filled, TranslationMissing what the language lacks.
    """
    kind = context.values.get("recipient_kind")
    name = find_template(context.duty, language, own, kind=kind if isinstance(kind, str) else None)
    examined = examine(name, own)
    if language != SOURCE_LANGUAGE and not name.endswith(f".{language}{SUFFIX}"):
        if lacking := untranslated(name, language, own):
            raise missing(language, lacking, languages_of(context.duty, str(context.values.get("recipient_kind") or ""), own))
        if examined.bare:
            raise TranslationMissing(f"{examined.bare[0]}: these words stand in no `trans`, so there is nothing to translate")
    try:
        with nullcontext() if own is None else budget():
            marked = environment_for(own, language).get_template(name).render(values_for(context))
    except TranslationMissing as problem:
        raise _with_the_others(problem, context) from None
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError) as problem:
        refuse(name, problem)
    return notice_from(marked, context, examined.sha256, language)


def _with_the_others(problem: TranslationMissing, context: NoticeContext) -> TranslationMissing:
    """The error, and what else this notice may ask for, so that nobody is stopped sentence by sentence."""
    held = [one for value in context.values.values() for one in (value if isinstance(value, tuple) else (value,))]
    facts = {str(one) for one in held if isinstance(one, Untranslated) and one.startswith("'")}  # not labels it may never print
    others = sorted(facts - {str(problem)})
    return TranslationMissing(f"{problem}. It may need these too: {'; '.join(others)}") if others else problem


def marked_elements(name: str, own: Path | None = None) -> frozenset[str]:
    """The content elements a template can say, with what it includes; rules of form it keeps are among them."""
    return examine(name, own).elements
