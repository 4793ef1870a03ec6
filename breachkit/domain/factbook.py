"""What is known of one incident at one moment, and what a law may ask of it: how many, where, in which role and sector.

Every answer is sound: what is true or false here stays so under every way the unknown facts may turn out. The arithmetic of
people is in people.py, what a list of data says of one category in affected_data.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from breachkit.domain.facts import Count, Fact, Instant, say_value
from breachkit.domain.logic import Verdict
from breachkit.domain.people import People
from breachkit.domain.vocabulary import Vocabulary


@dataclass(frozen=True)
class FactBook:
    """The facts of one incident, by key. `whose` is the controller whose share of the facts this is, or None for all."""

    facts: Mapping[str, Fact]
    words: Vocabulary
    whose: str | None = None
    whole: FactBook | None = None
    """All facts, beside a controller's share: no share holds more people or other data than the whole."""

    @cached_property
    def answered(self) -> dict[object, Verdict]:
        """What was worked out on these facts already, by the question."""
        return {}

    @cached_property
    def judged(self) -> dict[int, tuple[object, Verdict]]:
        """What was answered on these facts already, by the identity of the condition asked, with that condition."""
        return {}

    @cached_property
    def remembered(self) -> dict[object, object]:
        """What else was worked out on these facts already, by the question."""
        return {}

    def get(self, key: str) -> Fact | None:
        """The fact, or None when it is not known - also when someone answered that it is not known."""
        fact = self.facts.get(key)
        return fact if fact is not None and fact.known else None

    def text(self, key: str) -> str | None:
        """A text, e-mail or choice value; None when not known."""
        fact = self.get(key)
        return fact.value if fact is not None and isinstance(fact.value, str) else None

    def strings(self, key: str) -> tuple[str, ...] | None:
        """A list value; None when not known."""
        fact = self.get(key)
        if fact is None or not isinstance(fact.value, tuple):
            return None
        if (known := self._lists.get(key)) is None:
            known = self._lists[key] = tuple(item for item in fact.value if isinstance(item, str))
        return known

    @cached_property
    def _lists(self) -> dict[str, tuple[str, ...]]:
        return {}

    def instant(self, key: str) -> Instant | None:
        """A time; None when not known."""
        fact = self.get(key)
        return fact.value if fact is not None and isinstance(fact.value, Instant) else None

    def count(self, key: str) -> Count | None:
        """A count; None when not known."""
        fact = self.get(key)
        return fact.value if fact is not None and isinstance(fact.value, Count) else None

    def shown(self, key: str) -> str | None:
        """The value in words; None when not known."""
        fact = self.get(key)
        return None if fact is None else say_value(fact.value)

    def asked(self, key: str) -> bool:
        """Whether someone already answered that this is not known."""
        fact = self.facts.get(key)
        return fact is not None and not fact.known

    # -- controllers (for a processor) --------------------------------------------------------------------------------

    @cached_property
    def controllers(self) -> tuple[str, ...]:
        """Ids of the controllers recorded, in the order recorded."""
        names = (key.split(".")[1] for key in self.facts if key.startswith("controllers."))
        return tuple(dict.fromkeys(names))

    def for_controller(self, controller: str) -> FactBook:
        """The same facts with the people and data of that controller alone; what it did not say is not known."""
        if (known := self._shares.get(controller)) is None:
            known = self._shares[controller] = self._share_of(controller)
        return known

    @cached_property
    def _shares(self) -> dict[str, FactBook]:
        return {}

    def _share_of(self, controller: str) -> FactBook:
        prefix = f"controllers.{controller}."
        shared = {
            key: fact
            for key, fact in self.facts.items()
            if not key.startswith(("controllers.", "people.", "data.categories", "records."))
        }
        own = {key.removeprefix(prefix): replace(fact, key=key) for key, fact in self.facts.items() if key.startswith(prefix)}
        return FactBook({**shared, **own}, self.words, controller, self)

    def asks_for(self, key: str) -> str:
        """The key a person records to answer this; a controller's people and data have keys of their own."""
        own = self.whose is not None and key.startswith(("people.", "data.categories"))
        return f"controllers.{self.whose}.{key}" if own else key

    # -- how many, where ------------------------------------------------------------------------------------------------

    @cached_property
    def _people(self) -> People:
        return People(self.facts, self.words, self.whole._people if self.whole is not None else None)

    @property
    def listed(self) -> Mapping[str, Count]:
        """Places with a known count of people, as recorded."""
        return self._people.listed

    @property
    def named(self) -> Mapping[str, Count]:
        """Places with a count of people, also where the answer was that it is not known."""
        return self._people.named

    def listed_in(self, place: str) -> Sequence[str]:
        """The places with a known count that are this place or lie in it."""
        return [one for one in self._people.inside(place) if one in self.listed]

    @property
    def elsewhere(self) -> Count:
        """People in places not listed; open when nobody closed the list."""
        return self._people.elsewhere

    @property
    def total(self) -> Count:
        """How many people are affected in all."""
        return self._people.total

    def residents(self, place: str) -> Count:
        """How many affected people live there: the interval that all counts together leave."""
        return self._people.residents(place)

    def resident_needs(self, place: str) -> frozenset[str]:
        """Which facts would say how many live there."""
        if self.whole is not None and self.whole._people.inside(place):
            # People are known to live there: the client is asked for its own among them.
            return frozenset([self.asks_for(f"people.in.{place}")])
        return frozenset(self.asks_for(key) for key in self._people.needs(place))

    def check_sums(self) -> None:
        """ImpossibleFacts when the counts cannot all be true."""
        self._people.check_sums()

    # -- in which role ----------------------------------------------------------------------------------------------------

    def in_role(self, role: str) -> Verdict:
        """Whether the organisation acts in that role in this breach."""
        by_category = [key for key in self.facts if key.startswith("role.for.") and role in (self.strings(key) or ())]
        roles = self.strings("role")
        said = self.shown("role")
        label = role.replace("_", " ")
        if (roles is not None and role in roles) or by_category:
            return Verdict.of(True, f"acts as {label}", fact=by_category[0] if by_category else "role", value=said or role)
        if roles is not None:
            return Verdict.of(False, f"acts as {label}", fact="role", value=said)
        profile = self.strings("organisation.roles")
        if profile is not None and role not in profile:
            return Verdict.of(False, f"acts as {label}, by its profile", fact="organisation.roles", value=", ".join(profile))
        if profile == (role,):
            return Verdict.of(True, f"is only ever {label}, by its profile", fact="organisation.roles", value=role)
        return Verdict.of(None, f"acts as {label} in this breach", fact="role")

    # -- which data --------------------------------------------------------------------------------------------------------

    @cached_property
    def categories(self) -> tuple[str, ...] | None:
        """Category ids recorded; None when none were."""
        return self.strings("data.categories")

    @cached_property
    def categories_closed(self) -> bool:
        """Whether someone said that the list is complete."""
        fact = self.get("data.categories_complete")
        return fact is not None and fact.value in (True, "yes")

    # -- where the organisation is ------------------------------------------------------------------------------------------

    def points_to(self, place: str) -> bool:
        """Whether anything known points to that place: affected people, a home, or people served there or in a part of it."""
        return not place or any(self.words.within(known, place) for known in self._pointed_to)

    @cached_property
    def _pointed_to(self) -> frozenset[str]:
        main = self.text("organisation.main_establishment")
        homes = self.strings("organisation.established_in") or ()
        with_people = (place for place, count in self.named.items() if count.high != 0)
        return frozenset((*((main,) if main else ()), *homes, *self._served, *with_people))

    def established_in(self, place: str) -> Verdict:
        """Whether the organisation has an establishment there (`place` may be a group such as EEA)."""
        name = self.words.place_name(place)
        main = self.text("organisation.main_establishment")
        others = self.strings("organisation.established_in")
        here = [p for p in ((main,) if main else ()) + (others or ()) if self.words.within(p, place)]
        if here:
            fact = "organisation.main_establishment" if here[0] == main else "organisation.established_in"
            return Verdict.of(True, f"is established in {name}", fact=fact, value=here[0])
        if others is not None and (main is not None or not others):
            value = ", ".join(dict.fromkeys([*([main] if main else []), *others])) or "none"
            return Verdict.of(False, f"is established in {name}", fact="organisation.established_in", value=value)
        needs = [] if others is not None else ["organisation.established_in"]
        needs += [] if main is not None else ["organisation.main_establishment"]
        return Verdict.of(None, f"is established in {name}", fact=needs[0], value=main, needs=needs)

    def addresses(self, place: str) -> Verdict:
        """Whether the organisation offers its services to people all over that place.

        Serving a part of it leaves open whether the affected people are served; that nobody there is, no list says for sure.
        """
        name = self.words.place_name(place)
        for outer in (place, *self.words.around(place)):
            said = self.get(key := f"organisation.targets.{outer}")
            # Of a wider place, only that it is addressed says something of its parts.
            if said is not None and (said.value is True or outer == place):
                value = self.shown(key)
                return Verdict.of(said.value is True, f"offers its services in {name}", fact=key, value=value)
        serves = self.strings("organisation.serves")
        for outer in (place, *self.words.around(place)) if serves else ():
            if outer in self._served:
                return Verdict.of(True, f"offers its services in {name}", fact="organisation.serves", value=outer)
        if serves is None:
            return Verdict.of(None, f"offers its services in {name}", fact="organisation.serves")
        key, value = f"organisation.targets.{place}", ", ".join(serves) or "none"
        return Verdict.of(None, f"offers its services in {name}", fact=key, value=f"serves {value}")

    @cached_property
    def _served(self) -> frozenset[str]:
        return frozenset(self.strings("organisation.serves") or ())

    def addressed(self, place: str) -> bool | None:
        """The bare answer of `addresses`."""
        for outer in (place, *self.words.around(place)) if self._targets_said else ():
            said = self.get(f"organisation.targets.{outer}")
            if said is not None and (said.value is True or outer == place):
                return said.value is True
        return True if place in self._served or not self._served.isdisjoint(self.words.around(place)) else None

    @cached_property
    def _targets_said(self) -> bool:
        return any(key.startswith("organisation.targets.") for key in self.facts)

    def at_home_in(self, place: str) -> bool | None:
        """The bare answer of `established_in`."""
        if place in self._homes:
            return True
        main, others = self.text("organisation.main_establishment"), self.strings("organisation.established_in")
        return False if others is not None and (main is not None or not others) else None

    @cached_property
    def _homes(self) -> frozenset[str]:
        main = self.text("organisation.main_establishment")
        homes = (*((main,) if main else ()), *(self.strings("organisation.established_in") or ()))
        return frozenset(outer for home in homes for outer in (home, *self.words.around(home)))

    @cached_property
    def sectors(self) -> frozenset[str] | None:
        """The sectors it belongs to, with what they imply; None when not known."""
        said = self.strings("organisation.sectors")
        return None if said is None else self.words.with_implied_sectors(said)

    def in_sector(self, sector: str) -> Verdict:
        """Whether the organisation belongs to that sector."""
        label = self.words.sectors.get(sector, sector)
        sectors = self.strings("organisation.sectors")
        if sectors is None:
            return Verdict.of(None, f"is: {label}", fact="organisation.sectors")
        held = self.sectors is not None and sector in self.sectors
        text = f"is: {label}"
        return Verdict.of(held, text, fact="organisation.sectors", value=", ".join(sectors) or "none")


def affects_somebody(book: FactBook, place: str | None = None) -> Verdict:
    """Whether at least one affected person lives there (None: anywhere)."""
    count = book.total if place is None else book.residents(place)
    where = "" if place is None else f" in {book.words.place_name(place)}"
    fact = book.asks_for("people.total" if place is None else f"people.in.{place}")
    if count.low > 0:
        return Verdict.of(True, f"people{where} are affected", fact=fact, value=str(count))
    if count.high == 0:
        return Verdict.of(False, f"people{where} are affected", fact=fact, value="0")
    needs = [fact] if place is None else book.resident_needs(place)
    return Verdict.of(None, f"people{where} are affected", fact=fact, value=_shown_range(count), needs=needs)


def _shown_range(count: Count) -> str | None:
    return None if count.low == 0 and count.high is None else str(count)
