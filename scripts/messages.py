"""Keeps the catalogues of translations in step with the English: `python scripts/messages.py` after a template changed.

Writes `templates/languages/messages.pot` and lays it under each `<language>.po`: a new sentence is added without a translation,
one that is gone is dropped, and nothing is guessed - a changed sentence is a new one. `es pl` does these catalogues alone,
and `--check` writes nothing and exits 1 when
something would change or a catalogue lacks a sentence its language needs.

Sentences that only templates for the United States use are needed in Spanish alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from breachkit.content.catalogues import LANGUAGES, Message
from breachkit.content.laws import load_laws
from breachkit.content.template_examination import messages_in
from breachkit.content.template_folders import SUFFIX
from breachkit.content.template_language import environment_for
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.notice_sources import addressee
from breachkit.domain.notice_words import PHRASES

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
FOLDER = TEMPLATES / "languages"
AMERICAN = re.compile(r"^(?:notices/us[./]|shared/us-)")


def of_templates() -> Iterator[tuple[Message, str]]:
    """Each sentence, and the file and line it stands in."""
    environment = environment_for(None)
    for path in sorted(TEMPLATES.rglob(f"*{SUFFIX}")):
        name = path.relative_to(TEMPLATES).as_posix()
        for message in messages_in(environment.parse(path.read_text(encoding="utf-8"), name, name)):
            yield message, name


def of_the_vocabulary() -> Iterator[tuple[Message, str]]:
    """Labels that stand in notices."""
    words = load_vocabulary()
    for phrase in PHRASES:
        yield ("wording", phrase), "breachkit/domain/notice_words.py"
    for category in words.categories.values():
        yield ("data category", category.label), "breachkit/vocabulary/data_categories.yaml"
    for element in words.elements.values():
        if not element.form:
            yield ("element", element.label), "breachkit/vocabulary/elements.yaml"
    for label in words.spec("people.kinds").choices.values():
        yield ("people", label), "breachkit/vocabulary/facts.yaml"
    for group in words.groups:
        yield ("place", words.place_name(group)), "breachkit/vocabulary/places.yaml"
    for code, place in words.places.items():
        if code.startswith("US-"):
            yield ("place", place.name), "notices/us."
    for regime in load_laws():
        for version in (version for duty in regime.duties for version in duty.versions):
            to = version.recipient
            if to.name and not to.authorities and to.kind not in ("individuals", "public", "media"):
                where = "notices/us." if regime.id.startswith("us.") else f"breachkit/laws/{regime.id}"
                yield ("recipient", addressee(to.name)), where
    harms = words.facts.get("harm.<harm>")
    for name in harms.names if harms else ():
        yield ("harm", name.replace("_", " ").capitalize()), "breachkit/vocabulary/facts.yaml"
    for label in words.spec("harm.financial").choices.values():
        yield ("likelihood", label), "breachkit/vocabulary/facts.yaml"


def template_catalogue() -> Catalog:
    """Every message there is."""
    found: dict[Message, set[str]] = {}
    for message, where in (*of_templates(), *of_the_vocabulary()):
        found.setdefault(message, set()).add(where)
    catalog = Catalog(project="breachkit", charset="utf-8")
    for (context, text), places in sorted(found.items()):
        flags = ("python-format",) if "%(" in text else ()
        only = {"us-only"} if all(AMERICAN.match(place) for place in places) else set()
        where = [(place, None) for place in sorted(places)[:3]]
        # Babel's types ask for a line in each location; it writes the file alone where there is none.
        catalog.add(text, context=context or None, locations=where, flags={*flags, *only})  # type: ignore[arg-type]  # as said above
    return catalog


def needed(catalog: Catalog, language: str) -> Iterator[Message]:
    """The messages a language must have."""
    for message in catalog:
        if message.id and (language == "es" or "us-only" not in message.flags):
            yield str(message.context or ""), str(message.id)


def brought_up_to_date(language: str, catalog: Catalog) -> Catalog:
    """The language's catalogue with every message it needs, in the order of the English, and no other."""
    path = FOLDER / f"{language}.po"
    before = read_po(BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(locale=language)
    after = Catalog(locale=language, project="breachkit", charset="utf-8", fuzzy=False)
    for message in catalog:
        key = (str(message.context or ""), str(message.id))
        if not message.id or key not in set(needed(catalog, language)):
            continue
        old = before.get(message.id, message.context)
        kept = old.string if old is not None and not old.fuzzy else ""
        flags = set(message.flags) - {"us-only"}
        after.add(message.id, kept, context=message.context, locations=message.locations, flags=flags)
    return after


def as_bytes(catalog: Catalog) -> bytes:
    """A catalogue as it is kept: no dates, no line numbers, so that only words change it."""
    held = BytesIO()
    write_po(held, catalog, width=120, sort_output=False, include_lineno=False, omit_header=False)
    lines = held.getvalue().decode().split("\n")
    dropped = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team", "Generated-By", "Report-Msgid-Bugs")
    return "\n".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in dropped))).encode()


def main() -> int:
    """Write the catalogues, or with --check only say what is wrong."""
    check = "--check" in sys.argv[1:]
    catalog = template_catalogue()
    wrong = []
    files = {FOLDER / "messages.pot": as_bytes(catalog)}
    FOLDER.mkdir(exist_ok=True)
    named = [word for word in sys.argv[1:] if not word.startswith("-")]
    for language in named or LANGUAGES[1:]:
        held = brought_up_to_date(language, catalog)
        files[FOLDER / f"{language}.po"] = as_bytes(held)
        lacking = [str(message.id) for message in held if message.id and not message.string]
        if lacking:
            wrong.append(f"{language}: {len(lacking)} of {len(held)} sentences are not translated, such as '{lacking[0][:60]}'")
    for path, content in files.items():
        if not path.exists() or path.read_bytes() != content:
            if check:
                wrong.append(f"{path.name} does not fit the templates; run python scripts/messages.py")
            else:
                path.write_bytes(content)
    sys.stdout.write(("\n".join(wrong) or f"{len(catalog)} messages, {len(LANGUAGES) - 1} catalogues whole") + "\n")
    return 1 if check and wrong else 0


if __name__ == "__main__":
    sys.exit(main())
