"""Whether a notice keeps the rules of form its duty asks for, judged on what stands in it and not only on its template's word.

Rules that Markdown cannot show - type size, a model form - need that word; where documents were made, their type sizes are
looked at too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Final

from breachkit.domain.findings import Finding
from breachkit.domain.notice_text import is_blank, plain
from breachkit.domain.notices import Notice
from breachkit.domain.reading import Reading
from breachkit.domain.values import value


@value
class Prescribed:
    """A title and headings that a law fixes, word for word and in this order."""

    title: str
    headings: tuple[str, ...]
    font_pt: int
    """The smallest type, in points."""
    source: str


PRESCRIBED: Final[Mapping[str, Prescribed]] = {
    "us.ca.individuals": Prescribed(
        "Notice of Data Breach",
        ("What Happened", "What Information Was Involved", "What We Are Doing", "What You Can Do", "For More Information"),
        10,
        "Cal. Civ. Code 1798.82(d)(1)",
    ),
}
"""By duty. The one place where these words stand for the check; the templates' own are held to them by a test."""

FONT_PT: Final = 10
"""The smallest type where a duty asks for one and nothing else is said of it."""


@value
class LayoutFault:
    """A rule of form that is not kept."""

    rule: str
    """A content element of form, such as `headings_exact`."""
    text: str


@value
class Heading:
    """A heading as it stands in the Markdown."""

    level: int
    text: str
    line: int


def headings(source: str) -> tuple[Heading, ...]:
    """The headings of a notice, those of fenced code left out."""
    found: list[Heading] = []
    fenced = False
    for number, line in enumerate(source.split("\n"), 1):
        if re.match(r" {0,3}(?:```|~~~)", line):
            fenced = not fenced
        elif not fenced and (match := re.match(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$", line)):
            found.append(Heading(len(match[1]), plain(match[2]), number))
    return tuple(found)


def layout_faults(
    notice: Notice,
    finding: Finding,
    *,
    read: Reading | None = None,
    type_sizes: Iterable[float] = (),
    left_in: Iterable[str] = (),
) -> Iterator[LayoutFault]:
    """Each rule of form of the duty's content that is broken.

    `read`: how hard it is to read; None where nobody measured. `type_sizes`: the sizes its documents set, in points.
    `left_in`: words about the nature of the breach or numbers of people, where the duty wants them left out.
    """
    asked = [rule for rule in dict.fromkeys(finding.content) if rule in RULES or rule in _ELSEWHERE]
    fixed = PRESCRIBED.get(finding.duty)
    found = headings(notice.source)
    for rule in asked:
        if rule in RULES:
            yield from (LayoutFault(rule, text) for text in RULES[rule](notice, found, fixed))
        elif rule == "font_min_pt":
            least = fixed.font_pt if fixed else FONT_PT
            if small := sorted(size for size in {*type_sizes} if size < least):
                yield LayoutFault(rule, f"a document sets type of {small[0]:g} points; the law wants no less than {least}")
        elif rule == "plain_language" and read is not None and read.too_hard:
            grade, limit = f"{read.grade:.1f}", f"{read.limit:g}"
            yield LayoutFault(
                rule, f"it reads at school grade {grade} ({read.method}); the limit for letters to people is {limit}"
            )
        elif rule == "omit_nature_and_count":
            yield from (
                LayoutFault(rule, f"it says '{words}', which the law wants left out") for words in dict.fromkeys(left_in)
            )


_ELSEWHERE: Final = ("font_min_pt", "plain_language", "omit_nature_and_count")

Judge = Callable[[Notice, tuple[Heading, ...], Prescribed | None], Iterator[str]]


def _title(notice: Notice, found: tuple[Heading, ...], fixed: Prescribed | None) -> Iterator[str]:
    if fixed is None:
        return
    titles = [heading for heading in found if heading.level == 1]
    if not titles or not _same(titles[0].text, fixed.title, notice.language):
        said = f"'{titles[0].text}'" if titles else "none"
        yield f"the title is {said}; {fixed.source} fixes '{fixed.title}'"


def _headings(notice: Notice, found: tuple[Heading, ...], fixed: Prescribed | None) -> Iterator[str]:
    if fixed is None:
        return
    said = [heading.text for heading in found if heading.level > 1]
    places = [next((at for at, text in enumerate(said) if _same(text, one, notice.language)), None) for one in fixed.headings]
    for one, place in zip(fixed.headings, places, strict=True):
        if place is None:
            near = next((text for text in said if text.casefold() == one.casefold()), None)
            instead = f"; '{near}' is not the same" if near else ""
            yield f"there is no heading '{one}'{instead}; {fixed.source} fixes it"
    there = [place for place in places if place is not None]
    if there != sorted(there):
        yield f"the headings do not stand in the order of {fixed.source}: {', '.join(fixed.headings)}"
    for one in fixed.headings:
        if sum(_same(text, one, notice.language) for text in said) > 1:
            yield f"the heading '{one}' stands more than once"


def _same(text: str, fixed: str, language: str) -> bool:
    """In English the very words; in a letter in another language they stand beside their translation."""
    if language.split("-")[0] == "en":
        return text == fixed
    return re.search(rf"(?<!\w){re.escape(fixed)}(?!\w)", text) is not None


def _conspicuous(notice: Notice, found: tuple[Heading, ...], fixed: Prescribed | None) -> Iterator[str]:
    yield from _title_first(notice, found)
    if not any(heading.level == 2 for heading in found):
        yield "it has no headings below its title"
    for one in (fixed.title, *fixed.headings) if fixed else ():
        as_text = re.search(rf"^(?:\*\*|__)?{re.escape(one)}(?:\*\*|__)?:?\s*$", notice.source, re.MULTILINE)
        if as_text and not any(_same(heading.text, one, notice.language) for heading in found):
            yield f"'{one}' is set as ordinary text, not as a heading"


def _clear(notice: Notice, found: tuple[Heading, ...], _: Prescribed | None) -> Iterator[str]:
    yield from _title_first(notice, found)
    text = plain(notice.source)
    if len(text.split()) > 150 and not any(heading.level > 1 for heading in found):
        yield "it is long and has no headings below its title"
    for paragraph in re.split(r"\n\s*\n", text):
        words = re.findall(r"[^\W\d_]{2,}", paragraph)
        if len(words) >= 15 and sum(word.isupper() for word in words) > len(words) * 0.7:
            yield f"a whole paragraph is set in capitals: '{' '.join(paragraph.split())[:40]}...'"
        if len(words) > 170:
            yield f"a paragraph of {len(words)} words hides what it says: '{' '.join(paragraph.split())[:40]}...'"
    for heading, after in zip_longest(found, found[1:]):
        body = "\n".join(notice.source.split("\n")[heading.line : after.line - 1 if after else None])
        if is_blank(plain(body)) and (after is None or after.level <= heading.level):
            yield f"nothing stands under the heading '{heading.text}'"


def _title_first(notice: Notice, found: tuple[Heading, ...]) -> Iterator[str]:
    first = next((number for number, line in enumerate(notice.source.split("\n"), 1) if line.strip()), 0)
    if not found or found[0].level != 1 or found[0].line != first:
        yield "it does not begin with its title"
    elif sum(heading.level == 1 for heading in found) > 1:
        yield "it has more than one title"


def _model(notice: Notice, found: tuple[Heading, ...], fixed: Prescribed | None) -> Iterator[str]:
    if fixed is not None:
        yield from _title(notice, found, fixed)
        yield from _headings(notice, found, fixed)
        others = [
            h.text for h in found if h.level == 2 and not any(_same(h.text, one, notice.language) for one in fixed.headings)
        ]
        yield from (f"the model form has no heading '{text}'" for text in others)
    elif "model_form" not in notice.forms:
        yield "its template does not say that it follows the model form"


RULES: Final[Mapping[str, Judge]] = {
    "title_exact": _title,
    "headings_exact": _headings,
    "title_and_headings_conspicuous": _conspicuous,
    "clear_and_conspicuous": _clear,
    "model_form": _model,
}
"""The rules of form that Markdown shows, each with what finds it broken. `font_min_pt`, `plain_language` and
`omit_nature_and_count` are judged on what else is known."""

SHOWN: Final = frozenset({"title_exact", "headings_exact", "title_and_headings_conspicuous"})
"""Rules that need no word of the template where the law fixes title and headings: the Markdown shows all of it."""
