"""The words breachkit knows: facts, starts, data categories, content elements, sectors and places, as read by content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Literal

from breachkit.domain.values import value
from breachkit.errors import UnknownName

ValueType = Literal["instant", "count", "yes_no", "choice", "set", "text", "duration", "place", "records", "email"]


@value
class FactSpec:
    """One fact key, or a pattern of keys such as `people.in.<place>`."""

    key: str
    group: str
    type: ValueType
    asks: str
    """The question put to a responder."""
    why: str
    """What hangs on the answer."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """Id to label, in order; empty unless the type is choice or set."""
    of: str | None = None
    """For a set: the list its members come from (data_category, role, sector, place)."""
    unit: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    """The values a closed placeholder such as <harm> may take, with their labels; empty where it is open."""
    unknown_is_answer: bool = False
    """The choice `unknown` says something of the world ("unknown people") and not that nobody knows."""
    prose: bool = False
    """Sentences people write, which stand in notices: a notice in another language needs them translated."""
    settles: int = 0
    """How much an answer usually settles: of questions that wait for as much, the higher is asked first."""


@value
class Category:
    """A kind of personal data."""

    id: str
    label: str
    group: str
    special: str | None = None
    """`art9` for GDPR Art. 9, `art10` for criminal data, None otherwise."""
    broader: tuple[str, ...] = ()
    """What every one of these is as well: an ssn is a national_id."""
    all_of: tuple[tuple[str, ...], ...] = ()
    """Groups; one of each group makes this category present."""
    any_of: tuple[str, ...] = ()
    aka: tuple[str, ...] = ()
    enisa: str | None = None
    dpv: str | None = None


@value
class Start:
    """A word a law uses for when its clock starts."""

    word: str
    fact: str | None
    """None where the start is another duty's filing."""
    falls_back: tuple[str, ...]
    """The earliest known of these stands in when the fact is not known; the clock is then provisional."""
    text: str


@value
class Element:
    """One idea a notice must or must not hold."""

    id: str
    label: str
    asks: str
    facts: tuple[str, ...] = ()
    where_possible: bool = False
    broader: tuple[str, ...] = ()
    """What it is a kind of, and therefore satisfies."""
    part_of: tuple[str, ...] = ()
    """What it belongs to without satisfying it alone."""
    form: bool = False
    """It is about layout or wording instead of content."""


@value
class Place:
    """A country (ISO 3166-1 alpha-2) or a part of one (ISO 3166-2)."""

    code: str
    name: str
    zone: str


@dataclass(frozen=True)
class Vocabulary:
    """All words together."""

    facts: Mapping[str, FactSpec] = field(default_factory=dict)
    starts: Mapping[str, Start] = field(default_factory=dict)
    categories: Mapping[str, Category] = field(default_factory=dict)
    elements: Mapping[str, Element] = field(default_factory=dict)
    sectors: Mapping[str, str] = field(default_factory=dict)
    sector_implies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """`EU` and `EEA`, each with its members."""
    not_codes: Mapping[str, str] = field(default_factory=dict)
    """Codes people write by mistake, such as UK, and the right one."""
    same_place: Mapping[str, str] = field(default_factory=dict)
    """Codes that ISO has twice: PR is US-PR."""
    part_of: Mapping[str, str] = field(default_factory=dict)
    """Places with a code of their own whose law is that of another one: RE lies in FR."""

    # -- fact keys ---------------------------------------------------------------------------------------------------

    @cached_property
    def _shapes(self) -> list[tuple[str, FactSpec]]:
        return [(key.split("<", 1)[0], spec) for key, spec in self.facts.items() if "<" in key]

    @cached_property
    def _matched(self) -> dict[str, FactSpec]:
        return {}

    def spec(self, key: str) -> FactSpec:
        """The specification of a key; UnknownName with the nearest right names when there is none."""
        if "<" not in key and (exact := self.facts.get(key) or self._matched.get(key)) is not None:
            return exact
        for begins, spec in self._shapes:
            if key.startswith(begins) and (match := _pattern(spec.key).fullmatch(key)) is not None:
                for kind, value in match.groupdict().items():
                    self._check_parameter(re.sub(r"\d+$", "", kind), value)
                    if spec.names and value not in spec.names:
                        raise UnknownName("fact", key, [re.sub(r"<\w+>", name, spec.key) for name in spec.names])
                self._matched[key] = spec
                return spec
        raise UnknownName("fact", key, self._key_suggestions(key))

    def _check_parameter(self, kind: str, value: str) -> None:
        if kind == "place":
            self.place(value)
        elif kind == "category":
            self.category(value)
        elif kind == "element" and value not in self.elements:
            raise UnknownName("content element", value, self.elements)
        elif kind == "fact":
            self.spec(value)

    def _key_suggestions(self, key: str) -> Iterator[str]:
        for known in self.facts:
            if "<" not in known:
                yield known
                continue
            # A pattern is suggested with what the person wrote in the place of its parameters.
            parts, shape = key.split("."), known.split(".")
            yield ".".join(parts[i] if part.startswith("<") and i < len(parts) else part for i, part in enumerate(shape))

    # -- places ------------------------------------------------------------------------------------------------------

    def place(self, code: str) -> str:
        """The code as breachkit writes it; UnknownName when it is no place (for `UK` the message says GB)."""
        if code in self.same_place:
            return self.same_place[code]
        if code in self.places or code in self.groups:
            return code
        if (right := self.not_codes.get(code)) is not None:
            raise UnknownName("place", code, [right], hint=f"(ISO 3166 writes {right}, {self.place_name(right)})")
        upper = code.upper()
        if upper in self.places or upper in self.groups:
            raise UnknownName("place", code, [upper])
        by_name = {place.name: place.code for place in self.places.values()}
        if (named := by_name.get(code)) is not None:
            raise UnknownName("place", code, [named], hint=f"(write {named} for {code})")
        raise UnknownName("place", code, [*self.groups, *self.places])

    def place_name(self, code: str) -> str:
        """The English name, or the code itself for a group."""
        found = self.places.get(code)
        return found.name if found else {"EU": "the European Union", "EEA": "the EEA"}.get(code, code)

    def within(self, inner: str, outer: str) -> bool:
        """Whether `inner` is `outer` or lies in it: US-FL in US, ES and ES-CT in EEA."""
        return inner == outer or outer in self.around(inner)

    def around(self, place: str) -> tuple[str, ...]:
        """The places and groups it lies in, innermost first: US for US-FL, and FR, EU, EEA for RE."""
        if (known := self._around.get(place)) is None:
            known = self._around[place] = self._containers(place)
        return known

    @cached_property
    def _around(self) -> dict[str, tuple[str, ...]]:
        return {}

    def _containers(self, place: str) -> tuple[str, ...]:
        if place in self.groups:
            own = set(self.groups[place])
            groups = [group for group, members in self.groups.items() if group != place and own <= set(members)]
            return tuple(sorted(groups, key=lambda group: len(self.groups[group])))
        chain, top = [], place
        while (outer := self.part_of.get(top) or (country_of(top) if "-" in top else None)) is not None:
            chain.append(outer)
            top = outer
        groups = [group for group, members in self.groups.items() if top in members]
        return (*chain, *sorted(groups, key=lambda group: len(self.groups[group])))

    # -- categories, sectors -------------------------------------------------------------------------------------------

    @cached_property
    def _category_names(self) -> Mapping[str, str]:
        names = {alias: category.id for category in self.categories.values() for alias in category.aka}
        return {**names, **{id: id for id in self.categories}}

    def category(self, name: str) -> str:
        """The id of a category by id or by another name it is known under."""
        try:
            return self._category_names[name]
        except KeyError:
            raise UnknownName("data category", name, self._category_names) from None

    @cached_property
    def _above(self) -> Mapping[str, frozenset[str]]:
        def climb(id: str) -> frozenset[str]:
            return frozenset([id]).union(*(climb(up) for up in self.categories[id].broader))

        return {id: climb(id) for id in self.categories}

    @cached_property
    def _below(self) -> Mapping[str, frozenset[str]]:
        return {id: frozenset(one for one, ups in self._above.items() if id in ups) for id in self.categories}

    def above(self, id: str) -> frozenset[str]:
        """The category itself and all it is a kind of."""
        return self._above[id]

    def below(self, id: str) -> frozenset[str]:
        """The category itself and all its kinds."""
        return self._below[id]

    @cached_property
    def _groups(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        return {id: tuple(group for up in self._above[id] for group in self.categories[up].all_of) for id in self.categories}

    def groups_of(self, id: str) -> tuple[tuple[str, ...], ...]:
        """What makes up a composite: one kind of each group is in it. Empty for a plain category."""
        return self._groups[id]

    def with_implied_sectors(self, sectors: Iterable[str]) -> frozenset[str]:
        """The sectors and what they imply."""
        found: set[str] = set()
        waiting = list(sectors)
        while waiting:
            sector = waiting.pop()
            if sector not in found:
                found.add(sector)
                waiting += self.sector_implies.get(sector, ())
        return frozenset(found)


def country_of(place: str) -> str:
    """`US` for `US-FL`; a country or group is itself."""
    return place.split("-", 1)[0]


_PARAMETERS = {
    "place": r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,3})?",
    "category": r"[a-z0-9_]+",
    "controller": r"[a-z0-9][a-z0-9_-]*",
    "duty": r"[a-z0-9][A-Za-z0-9._@-]*",
    "fact": r"[a-z][A-Za-z0-9._-]*",
    "language": r"[a-z]{2,3}",
}


@cache
def _pattern(key: str) -> re.Pattern[str]:
    counts: dict[str, int] = {}

    def group(match: re.Match[str]) -> str:
        name = match[1]
        counts[name] = counts.get(name, 0) + 1
        suffix = "" if counts[name] == 1 else str(counts[name])
        return f"(?P<{name}{suffix}>{_PARAMETERS.get(name, r'[a-z0-9_]+')})"

    return re.compile(re.sub(r"\\?<(\w+)\\?>", group, re.escape(key)))
