"""A notice: Markdown that knows which of its words say which content element.

facts -> NoticeContext -> Notice -> NoticeCheck.

Filling a template is content's work, turning a notice into a document that of documents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from breachkit.domain.notice_context import NoticeContext
from breachkit.domain.notice_text import is_blank, tidy, title_of, unescaped_inside
from breachkit.domain.notice_words import PAGE_WORDS

FORMATS: Final = ("md", "text", "html", "docx", "pdf")
"""The formats documents can make."""

Paper = Literal["a4", "us-letter"]

_MARK = re.compile("\x02([-+=()])([a-z0-9_]*)\x03")


def mark(kind: str, id: str = "") -> str:
    """A marker in a filled template.

    `+id` and `-id` stand around an element, `(` and `)` around "not known yet", `=id` for a form kept.

    Markers are control characters, which `clean` takes out of every fact, so that no fact can forge one.
    """
    return f"\x02{kind}{id}\x03"


@dataclass(frozen=True)
class Notice:
    """One notice as Markdown, with each content element's text."""

    duty: str
    title: str
    language: str
    source: str
    """Markdown without markers, banners and footer."""
    elements: Mapping[str, str]
    """Marked elements and their text, in the order they first stand in it."""
    open: frozenset[str] = frozenset()
    """Marked elements that only say that they are not known yet."""
    forms: frozenset[str] = frozenset()
    """Rules about layout or wording that the template declares it keeps."""
    draft: bool = True
    invented: bool = False
    facts_sha256: str = ""
    template_sha256: str = ""
    pack_sha256: str = ""
    written_on: date | None = None
    new_word: str = "New"
    """What stands, in its language, at a block that is new since the last filing."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What stands around the text - banners, footer - in its language; what is not in it stands in English."""
    paper: Paper = "a4"
    """The paper it is printed on where the organisation's letterhead names none."""
    exercise: str | None = None
    """The exercise it is part of, by name; None outside of one. Approved or not, it stays on every page."""


def notice_from(marked: str, context: NoticeContext, template_sha256: str, language: str = "en") -> Notice:
    """The notice a filled template holds, its markers resolved."""
    marked = unescaped_inside(marked)
    source: list[str] = []
    whole: dict[str, list[str]] = {}
    said: dict[str, list[str]] = {}
    forms: set[str] = set()
    inside: list[str] = []
    waiting = 0
    at = 0
    for match in [*_MARK.finditer(marked), None]:
        text = marked[at : match.start() if match else len(marked)]
        at = match.end() if match else len(marked)
        source.append(text)
        for id in dict.fromkeys(inside):
            whole[id].append(text)
            said[id].append("" if waiting else text)
        if match is None:
            break
        kind, id = match[1], match[2]
        if kind == "+":
            inside.append(id)
            whole.setdefault(id, []).append("\n" if whole.get(id) else "")
            said.setdefault(id, [])
        elif kind == "-":
            inside.remove(id)
        elif kind == "=":
            forms.add(id)
        else:
            waiting += 1 if kind == "(" else -1
    text = tidy("".join(source))
    elements = {id: tidy("".join(parts)).strip() for id, parts in whole.items()}
    return Notice(
        duty=context.duty,
        title=title_of(text) or str(context.values.get("duty_title", context.duty)),
        language=language,
        source=text,
        elements=elements,
        open=frozenset(id for id in elements if is_blank("".join(said[id])) and not is_blank(elements[id])),
        forms=frozenset(forms),
        draft=context.draft,
        invented=context.invented,
        facts_sha256=context.facts_sha256,
        template_sha256=template_sha256,
        pack_sha256=context.pack_sha256,
        written_on=context.written_on,
        new_word=context.wording.phrase("NEW"),
        words={english: context.wording.phrase(english) for english in PAGE_WORDS},
        exercise=context.exercise,
    )
