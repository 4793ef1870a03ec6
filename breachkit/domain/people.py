"""How many people are affected, and where they live: counts of places inside one another, made into one interval a place.

Every interval holds the true number under every way the unknown counts may turn out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from breachkit.domain.facts import Count, Fact
from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import ImpossibleFacts

_IN = "people.in."


@dataclass(frozen=True, eq=False)
class People:
    """The counts of people among the facts of one incident, or of a controller's share of it."""

    facts: Mapping[str, Fact]
    words: Vocabulary
    whole: People | None = None
    """Everybody, beside a controller's share: no share holds more people than the whole."""

    @cached_property
    def listed(self) -> Mapping[str, Count]:
        """Places with a known count of people, as recorded."""
        return {place: count for place, count, known in self._answers if known}

    @cached_property
    def named(self) -> Mapping[str, Count]:
        """Places with a count of people, also where the answer was that it is not known: those are not elsewhere either."""
        listed = self.listed
        return {place: listed.get(place, count) for place, count, _ in self._answers}

    @cached_property
    def elsewhere(self) -> Count:
        """People in places not listed; open when nobody closed the list."""
        return self._said("people.elsewhere") or Count(0, None)

    @cached_property
    def total(self) -> Count:
        """How many people are affected in all."""
        said = self._said("people.total") or Count(0, None)
        top = self._children.get(None, [])
        low = max(said.low, sum(self.named[place].low for place in top) + self.elsewhere.low)
        high = _least(said.high, self._most(top))
        same = (said.low, said.high) == (low, high)
        return Count(low, high, said.written) if same and said.written else _interval(low, high)

    def residents(self, place: str) -> Count:
        """How many affected people live there: the interval that all counts together leave."""
        if (known := self._counted.get(place)) is None:
            low, high = self._residents(self.words.place(place))
            if self.whole is not None:
                high = _least(high, self.whole.residents(place).high)
            known = self._counted[place] = _interval(low, high)
        return known

    @cached_property
    def _counted(self) -> dict[str, Count]:
        return {}

    def check_sums(self) -> None:
        """ImpossibleFacts when the counts cannot all be true."""
        total, top = self._said("people.total"), self._children.get(None, [])
        top_low = sum(self.named[place].low for place in top) + self.elsewhere.low
        if total is not None and total.high is not None and total.high < top_low:
            raise ImpossibleFacts(
                f"people.total is {total}, but the places listed hold at least {top_low}; correct one of them"
            )
        most = self._most(top)
        if total is not None and most is not None and total.low > most:
            raise ImpossibleFacts(
                f"people.total is {total}, but the places listed and people.elsewhere hold at most {most}; correct one of them"
            )
        for place, count in self.named.items():
            parts = self._children.get(place, [])
            low = sum(self.named[part].low for part in parts)
            if count.high is not None and low > count.high:
                raise ImpossibleFacts(
                    f"people.in.{place} is {count}, but its parts {', '.join(parts)} hold at least {low}; correct one of them"
                )

    def needs(self, place: str) -> frozenset[str]:
        """Which facts would say how many live there."""
        exact = [f"{_IN}{p}" for p in self.inside(place)]
        if exact or self._around(place):
            return frozenset(exact or [self._asked_in_parts(place)])
        return frozenset(["people.elsewhere" if self._said("people.elsewhere") is None else f"{_IN}{place}"])

    def _asked_in_parts(self, place: str) -> str:
        """The question that settles a place inside one with a count: a country's parts are asked for together."""
        country = place.partition("-")[0]
        return f"{_IN}{country}-<part>" if country != place and country in self.named else f"{_IN}{place}"

    @cached_property
    def _answers(self) -> list[tuple[str, Count, bool]]:
        """Each place somebody answered for, with the count and whether it is known."""
        found = []
        for key, fact in self.facts.items():
            if key.startswith(_IN) and isinstance(fact.value, Count) and "." not in (place := key.removeprefix(_IN)):
                found.append((self.words.place(place), fact.value, fact.known))
        return found

    def inside(self, place: str) -> Sequence[str]:
        """Every place with a count that is this place or lies in it."""
        if (known := self._inside.get(place)) is None:
            around = self.words.around
            known = self._inside[place] = [one for one in self.named if one == place or place in around(one)]
        return known

    def _said(self, key: str) -> Count | None:
        fact = self.facts.get(key)
        return fact.value if fact is not None and fact.known and isinstance(fact.value, Count) else None

    def _residents(self, place: str) -> tuple[int, int | None]:
        named, around = self.named, self._around(place)
        inside = self._children.get(place, [])
        low = sum(named[p].low for p in inside)
        own = named.get(place)
        if own is not None:
            low, high = max(low, own.low), own.high
        else:
            high = None if around else self._most(inside)
        said = self._said_total
        if not around and said is None:
            return low, high
        # What is known of people beside this place, first within the nearest place around it, then further out.
        part = own.low if own is not None else sum(named[p].low for p in inside)
        beside = 0
        for outer in around:
            beside += self._low_of_children(outer) - part
            if (bound := named[outer].high) is not None:
                high = _least(high, max(0, bound - beside))
            part = named[outer].low
        beside += self._low_of_children(None) - part
        if said is not None and said.high is not None:
            elsewhere_low = self.elsewhere.low if own is not None or around else 0
            high = _least(high, max(0, said.high - beside - elsewhere_low))
        return low, high

    @cached_property
    def _said_total(self) -> Count | None:
        return self._said("people.total")

    def _around(self, place: str) -> list[str]:
        """The places with a count that it lies in, innermost first."""
        return [outer for outer in self.words.around(place) if outer in self.named]

    @cached_property
    def _inside(self) -> dict[str, list[str]]:
        return {}

    @cached_property
    def _children(self) -> Mapping[str | None, list[str]]:
        """The outermost places with a count inside each place or group; under None those inside no other with a count."""
        found: dict[str | None, list[str]] = {}
        for place in self.named:
            for outer in self.words.around(place):
                found.setdefault(outer, []).append(place)
                if outer in self.named:
                    break
            else:
                found.setdefault(None, []).append(place)
        return found

    def _low_of_children(self, outer: str | None) -> int:
        if (known := self._lows.get(outer)) is None:
            known = self._lows[outer] = sum(self.named[place].low for place in self._children.get(outer, []))
        return known

    @cached_property
    def _lows(self) -> dict[str | None, int]:
        return {}

    def _most(self, places: Iterable[str]) -> int | None:
        """The most that these places and those not listed can hold together; None without a limit."""
        highs = [self.elsewhere.high, *(self.named[place].high for place in places)]
        return None if None in highs else sum(high for high in highs if high is not None)


def _interval(low: int, high: int | None) -> Count:
    return Count(low, high, str(low) if low == high else f"{low}..{'' if high is None else high}")


def _least(first: int | None, second: int | None) -> int | None:
    known = [number for number in (first, second) if number is not None]
    return min(known) if known else None
