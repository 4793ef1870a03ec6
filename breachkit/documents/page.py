"""What every format shows around a notice's own text: banners before it, and after it what it was made from.

Also what they all say alike: the label of what is new, and where a link goes.
"""

from __future__ import annotations

import re

from breachkit.domain.looks import Look
from breachkit.domain.marks import EXERCISE, printed_name, word_of
from breachkit.domain.notices import Notice, Paper

DRAFT = "DRAFT - not approved, not to be sent"
INVENTED = "INVENTED INCIDENT - FOR EXERCISE OR EXAMPLE ONLY"


def banners(notice: Notice) -> tuple[str, ...]:
    """The lines a notice begins with until it is approved, and always when its incident is invented or an exercise."""
    draft = (DRAFT,) if notice.draft else ()
    said = (EXERCISE, *draft) if notice.exercise is not None else (*draft, *((INVENTED,) if notice.invented else ()))
    return tuple(notice.words.get(line, line) for line in said)


def last_line(notice: Notice) -> tuple[str, ...]:
    """The banner of an exercise once more, for the end of a document; nothing outside of one."""
    return banners(notice)[:1] if notice.exercise is not None else ()


def watermark(notice: Notice) -> str:
    """The word across every page of an exercise's document, in its language; empty outside of one."""
    return "".join(map(word_of, last_line(notice)))


def footer(notice: Notice) -> str:
    """One line by which the same text can be made again; of an exercise it names that first."""
    return " - ".join(filter(None, (exercise_named(notice), reference(notice))))


def exercise_named(notice: Notice) -> str:
    """`EXERCISE open-folder`, for the foot of each page; empty outside of an exercise."""
    return f"{watermark(notice)} {printed_name(notice.exercise)}".strip() if notice.exercise is not None else ""


def reference(notice: Notice) -> str:
    """By what the same text can be made again."""
    parts = (("facts", notice.facts_sha256), ("template", notice.template_sha256), ("law pack", notice.pack_sha256))
    references = ", ".join(f"{notice.words.get(name, name)} {sha256[:12]}" for name, sha256 in parts if sha256)
    line = "Document reference: {references}"
    return notice.words.get(line, line).format(references=references)


def new_label(notice: Notice) -> str:
    """What stands before a block that is new since the last filing, in the notice's language: `NEW`."""
    return notice.new_word.upper()


def shown_address(inner: str, href: str) -> str:
    """What a reader of paper needs beside a link's words: its address; empty when the words say it."""
    return "" if inner in (href, href.removeprefix("mailto:")) else href.removeprefix("mailto:")


def direction(language: str) -> str:
    """`rtl` for languages written from right to left, else `ltr`; `language` is BCP 47."""
    return "rtl" if language.split("-")[0] in ("ar", "fa", "he", "ur", "yi", "ps", "dv", "ckb") else "ltr"


_UNPRINTABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)


def printable(text: str) -> str:
    """The text without what no page can show and no XML may hold: control characters, forced directions, lone surrogates."""
    return _UNPRINTABLE.sub("", text)


def paper_of(notice: Notice, look: Look) -> Paper:
    """The paper a notice is laid out for: the organisation's, else the notice's own."""
    return look.paper or notice.paper
