"""Finds the template of a duty - in the user's own folder, then among the shipped - and fills it with one notice's values.

What may stand in a template is in `template_language`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from jinja2 import TemplateError

from breachkit.content.template_examination import examine
from breachkit.content.template_language import SUFFIX, environment_for, refuse, template_roots, values_for
from breachkit.domain.notice_context import NoticeContext
from breachkit.domain.notices import FORMATS, Notice, notice_from
from breachkit.errors import UsageError

FAMILIES: tuple[tuple[str, str], ...] = (
    ("us.??.owner", "notices/us/owner"),
    ("us.??.cra", "notices/us/cra"),
    ("promise.*", "notices/promise/promise"),
    ("contract.*", "notices/contract/contract"),
)
"""Duties that share a template unless they have their own; the first pattern that fits is taken. `us.??` is any state."""

_DUTY = re.compile(r"[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9][A-Za-z0-9_-]*)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")


@dataclass(frozen=True, slots=True)
class TemplateEntry:
    """A template and the duties it serves."""

    duty: str
    """A duty's id, or a pattern such as `us.*.owner` for all that share it."""
    template: str
    """Its path below `templates/`, with `<language>` in the place of the language."""
    languages: tuple[str, ...]
    formats: tuple[str, ...] = FORMATS
    own: bool = False
    """It lies in the user's own folder."""


def list_templates(own: Path | None = None) -> tuple[TemplateEntry, ...]:
    """All notices there are templates for, the user's own before the shipped ones they stand in for."""
    found: dict[str, TemplateEntry] = {}
    for root in template_roots(own):
        languages: dict[str, list[str]] = {}
        for path in sorted((root / "notices").rglob(f"*{SUFFIX}")):
            stem, language = path.relative_to(root).as_posix().removesuffix(SUFFIX).rsplit(".", 1)
            languages.setdefault(stem, []).append(language)
        for stem, spoken in languages.items():
            before = found.get(stem)
            both = sorted({*spoken, *(before.languages if before else ())})
            is_own = root == own or (before is not None and before.own)
            found[stem] = TemplateEntry(_pattern(stem), f"{stem}.<language>{SUFFIX}", tuple(both), own=is_own)
    return tuple(sorted(found.values(), key=lambda entry: entry.duty))


def _pattern(stem: str) -> str:
    shared = [pattern for pattern, where in FAMILIES if where == stem]
    return shared[0].replace("??", "*") if shared else ".".join(stem.split("/")[1:])


def find_template(duty: str, language: str = "en", own: Path | None = None) -> str:
    """The template's path below `templates/`. UsageError names the languages there are; nothing stands in unasked."""
    if not _DUTY.fullmatch(duty):
        raise UsageError(f"'{duty}' is not a duty's id; `breachkit notice list` shows those with a notice")
    if not _LANGUAGE.fullmatch(language):
        raise UsageError(f"'{language}' is not a language; write en, es or pt-BR")
    for stem in _stems(duty):
        if not (spoken := sorted(_languages(stem, own))):
            continue
        if language not in spoken:
            raise UsageError(
                f"there is no notice for {duty} in '{language}'; there is one in {', '.join(spoken)}. "
                f"Put your own under {stem}.{language}{SUFFIX} in your template folder"
            )
        return f"{stem}.{language}{SUFFIX}"
    stem = next(_stems(duty), f"notices/{duty}")
    raise UsageError(
        f"there is no notice for {duty} yet; `breachkit notice list` shows what there is, "
        f"`breachkit law show {duty}` what this one must say. "
        f"Put your own under {stem}.{language}{SUFFIX} in your template folder"
    )


def has_template(duty: str, language: str = "en", own: Path | None = None) -> bool:
    """Whether there is a notice for that duty in that language."""
    return any(language in spoken for stem in _stems(duty) if (spoken := _languages(stem, own)))


def _stems(duty: str) -> Iterator[str]:
    """Where its template may lie: the longest regime first, then the family."""
    parts = duty.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        yield f"notices/{'.'.join(parts[:cut])}/{'.'.join(parts[cut:])}"
    yield from (where for pattern, where in FAMILIES if fnmatchcase(duty, pattern))


def _languages(stem: str, own: Path | None) -> set[str]:
    name = stem.rsplit("/", 1)[1]
    found = set()
    for root in template_roots(own):
        for path in (root / stem).parent.glob(f"*{SUFFIX}"):
            language = path.name.removesuffix(SUFFIX).removeprefix(f"{name}.")
            if path.name.startswith(f"{name}.") and _LANGUAGE.fullmatch(language):
                found.add(language)
    return found


def fill(context: NoticeContext, language: str = "en", own: Path | None = None) -> Notice:
    """The notice for this context. BadFile names the template's file and line when it cannot be filled."""
    name = find_template(context.duty, language, own)
    template_sha256 = examine(name, own).sha256
    try:
        marked = environment_for(own).get_template(name).render(values_for(context))
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as problem:
        refuse(name, problem)
    return notice_from(marked, context, template_sha256, language)


def marked_elements(name: str, own: Path | None = None) -> frozenset[str]:
    """The content elements a template can say, with what it includes; rules of form it keeps are among them."""
    return examine(name, own).elements
