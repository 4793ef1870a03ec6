"""Whether the notices of one incident agree: the same number, day or list of data may not be told differently to two readers.

Each content element is compared where two notices speak of the same people: a client's notice tells only of its share, and a
number of residents only of its place. Days are the same where the element's own facts give both, on whatever clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import Finding
from breachkit.domain.notice_text import plain
from breachkit.domain.notice_words import local_day
from breachkit.domain.notices import Notice
from breachkit.domain.said_values import GAP, NUMBER, days_said
from breachkit.domain.values import value

Checked = tuple[Finding, Notice]


@value
class Inconsistent:
    """One thing that notices of the same incident tell differently."""

    element: str
    """A content element; for the people of a place, its id and the place: `crossborder_people: Spain`."""
    said: tuple[tuple[str, str], ...]
    """The finding's id and what its notice says, for each notice that speaks of it."""

    @property
    def text(self) -> str:
        """The whole in one sentence."""
        first, *rest = (f"{id} says {shown}" for id, shown in self.said)
        return f"{self.element}: {', but '.join([first, *rest[:1]])}{''.join(f', and {one}' for one in rest[1:])}"


_COUNTS: Final = ("count_people", "count_records")
_BY_PLACE: Final = ("count_residents",)
_DAYS: Final = (
    "date_of_breach", "exposure_period", "date_discovered", "date_aware", "date_determined", "notice_timing",
)  # fmt: skip
_DATA: Final = "data_types"


def inconsistencies(checked: Iterable[Checked], book: FactBook) -> tuple[Inconsistent, ...]:
    """What these notices of one incident tell differently, by element; none for one notice alone."""
    groups: dict[tuple[str | None, str], list[Checked]] = {}
    for finding, notice in checked:
        groups.setdefault((finding.controller, ""), []).append((finding, notice))
    found: list[Inconsistent] = []
    for (client, _), members in groups.items():
        mine = book.for_controller(client) if client and book.whose is None else book
        for element in _COUNTS:
            found += _differing(element, members, lambda text, notice: _numbers(text, notice.language))
        for element in _BY_PLACE:
            by_place: dict[str, list[Checked]] = {}
            for finding, notice in members:
                by_place.setdefault(_place_of(finding), []).append((finding, notice))
            for some in by_place.values():
                found += _differing(element, some, lambda text, notice: _numbers(text, notice.language))
        found += _by_named_place(members)
        for element in _DAYS:
            explained = _days_of(element, members, mine)
            found += _differing(element, members, lambda text, notice, known=explained: _days(text, notice.language, known))
        found += _data(members, mine)
    return tuple(found)


def _place_of(finding: Finding) -> str:
    parts = finding.regime.split(".")
    return (
        f"US-{parts[1].upper()}"
        if parts[0] == "us" and len(parts) > 1 and len(parts[1]) == 2
        else finding.recipient.place or ""
    )


def _differing(element: str, members: list[Checked], read: Callable[..., Mapping[object, str]]) -> Iterator[Inconsistent]:
    """One result where the values said are not all the same. A notice that does not say it, or says it is open, is left out."""
    said: list[tuple[str, frozenset[object], str]] = []
    for finding, notice in members:
        if element in notice.elements and element not in notice.open and (values := read(notice.elements[element], notice)):
            said.append((finding.id, frozenset(values), ", ".join(dict.fromkeys(values.values()))))
    if len({values for _, values, _ in said}) > 1:
        yield Inconsistent(element, tuple((id, shown) for id, _, shown in said))


_FIGURE: Final = re.compile(rf"(?<![\w.,:])({NUMBER})(?![\w%]|[.,]\d)")


def _numbers(text: str, language: str) -> dict[object, str]:
    text = plain(text)
    for day in days_said(text, language):
        text = text.replace(day.written, "")
    return {int(re.sub(r"\D", "", match[1])): " ".join(match[1].split()) for match in _FIGURE.finditer(text)}


def _days(text: str, language: str, explained: frozenset[date]) -> dict[object, str]:
    """The days said; those the element's own facts give are one and the same, whichever of them is named."""
    found: dict[object, str] = {}
    for day in days_said(plain(text), language):
        key: object = "as recorded" if explained & {*day.days} else day.days
        found[key] = f"{found[key]}, {day.written}" if key in found and day.written not in found[key] else day.written
    return found


def _days_of(element: str, members: list[Checked], book: FactBook) -> frozenset[date]:
    zones = {"UTC", *(finding.due.zone or "UTC" for finding, _ in members)}
    days: set[date] = set()
    keys = book.words.elements[element].facts if element in book.words.elements else ()
    for key in (*keys, *(("contained_at",) if element in ("date_of_breach", "exposure_period") else ())):
        if (instant := book.instant(key)) is not None:
            days |= {instant.day} if instant.day else {local_day(instant.at, zone) for zone in {*zones, instant.zone or "UTC"}}
    return frozenset(days)


_PLACE: Final = re.compile(
    rf"([^\W\d_][\w .'\u2019()-]{{1,40}}?){GAP}?: *((?:[^\W\d]+\.? +){{0,3}}?{NUMBER}(?: +[^\W\d]+ +{NUMBER})?)"
)


def _by_named_place(members: list[Checked]) -> Iterator[Inconsistent]:
    """Numbers beside the names of places (`Spain: 2600`), compared among notices of one language."""
    seen: dict[tuple[str, str], list[tuple[str, frozenset[object], str]]] = {}
    for finding, notice in members:
        if "crossborder_people" not in notice.elements or "crossborder_people" in notice.open:
            continue
        for match in _PLACE.finditer(plain(notice.elements["crossborder_people"])):
            name = re.sub(r"^(?:and|y|e|et|und|en|i|oraz) ", "", match[1].strip())
            values = frozenset(_numbers(match[2], notice.language))
            seen.setdefault((notice.language, name), []).append((finding.id, values, " ".join(match[2].split())))
    for (_, name), said in seen.items():
        if len({values for _, values, _ in said}) > 1:
            yield Inconsistent(f"crossborder_people: {name}", tuple((id, shown) for id, _, shown in said))


def _data(members: list[Checked], book: FactBook) -> Iterator[Inconsistent]:
    """Kinds of data named in one notice and not in another of the same language."""
    by_language: dict[str, list[Checked]] = {}
    for finding, notice in members:
        if _DATA in notice.elements and _DATA not in notice.open:
            by_language.setdefault(notice.language, []).append((finding, notice))
    for some in by_language.values():
        items: dict[str, str] = {}
        for _, notice in some:
            for item in _items(notice.elements[_DATA]):
                items.setdefault(item.casefold(), item)
        items |= {label.casefold(): label for id in book.categories or () if (label := book.words.categories[id].label)}
        named = [(f.id, frozenset(i for i in items if _names(i, n.elements[_DATA]))) for f, n in some]
        every = frozenset().union(*(has for _, has in named))
        short = [(id, has) for id, has in named if has != every]
        if short and len({has for _, has in named}) > 1:
            fullest = max(named, key=lambda one: len(one[1]))
            shown = [(fullest[0], ", ".join(sorted(items[one] for one in fullest[1])))]
            shown += [(id, f"nothing of {', '.join(sorted(items[one] for one in every - has))}") for id, has in short]
            yield Inconsistent(_DATA, tuple(dict(shown).items()))


def _items(text: str) -> Iterator[str]:
    """The entries of a list of data; of one set in a sentence none, since labels hold commas themselves."""
    for match in re.finditer(r"^[ \t]*[-+*] +(.+)$", text, re.MULTILINE):
        if entry := plain(match[1]).strip():
            yield entry


def _names(item: str, text: str) -> bool:
    words = " ".join(plain(text).split()).casefold()
    return re.search(rf"(?<!\w){re.escape(item)}(?!\w)", words) is not None
