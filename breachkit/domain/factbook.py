"""What is known of one incident at one moment, and what a law may ask of it: how many, where, which data, which role.

Every answer is sound: what is true or false here stays so under every way the unknown facts may turn out. Counts are intervals,
lists are open until someone closes them, a broad category leaves a narrower one not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from breachkit.domain.facts import Count, Fact, Instant, say_value
from breachkit.domain.logic import Because, Verdict, all_of, any_of, negate
from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import ImpossibleFacts

_IN = "people.in."


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
        return tuple(item for item in fact.value if isinstance(item, str))

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
    def listed(self) -> Mapping[str, Count]:
        """Places with a known count of people, as recorded."""
        found: dict[str, Count] = {}
        for key in self.facts:
            place = key.removeprefix(_IN)
            if key.startswith(_IN) and "." not in place and (count := self.count(key)) is not None:
                found[self.words.place(place)] = count
        return found

    @cached_property
    def named(self) -> Mapping[str, Count]:
        """Places with a count of people, also where the answer was that it is not known: those are not elsewhere either."""
        answers = {
            self.words.place(place): fact.value
            for key, fact in self.facts.items()
            if key.startswith(_IN) and "." not in (place := key.removeprefix(_IN)) and isinstance(fact.value, Count)
        }
        return {place: self.listed.get(place, count) for place, count in answers.items()}

    @cached_property
    def elsewhere(self) -> Count:
        """People in places not listed; open when nobody closed the list."""
        return self.count("people.elsewhere") or Count(0, None)

    def check_sums(self) -> None:
        """ImpossibleFacts when the counts cannot all be true."""
        total = self.count("people.total")
        top_low = sum(self.named[place].low for place in self._outermost(self.named)) + self.elsewhere.low
        if total is not None and total.high is not None and total.high < top_low:
            raise ImpossibleFacts(
                f"people.total is {total}, but the places listed hold at least {top_low}; correct one of them"
            )
        top_high = self._sum_high(self.named[place] for place in self._outermost(self.named))
        if total is not None and top_high is not None and self.elsewhere.high is not None:
            most = top_high + self.elsewhere.high
            if total.low > most:
                raise ImpossibleFacts(
                    f"people.total is {total}, but the places listed and people.elsewhere hold at most {most}; "
                    "correct one of them"
                )
        for place, count in self.named.items():
            parts = self._outermost(p for p in self.named if p != place and self.words.within(p, place))
            low = sum(self.named[part].low for part in parts)
            if count.high is not None and low > count.high:
                raise ImpossibleFacts(
                    f"people.in.{place} is {count}, but its parts {', '.join(parts)} hold at least {low}; correct one of them"
                )

    def residents(self, place: str) -> Count:
        """How many affected people live there: the interval that all counts together leave."""
        low, high = self._residents(self.words.place(place))
        if self.whole is not None:
            high = _least(high, self.whole.residents(place).high)
        return Count(low, high, str(low) if low == high else f"{low}..{'' if high is None else high}")

    @cached_property
    def total(self) -> Count:
        """How many people are affected in all."""
        said = self.count("people.total") or Count(0, None)
        top = self._outermost(self.named)
        low = max(said.low, sum(self.named[place].low for place in top) + self.elsewhere.low)
        listed_high = self._sum_high(self.named[place] for place in top)
        derived = None if listed_high is None or self.elsewhere.high is None else listed_high + self.elsewhere.high
        high = _least(said.high, derived)
        written = said.written if (said.low, said.high) == (low, high) else ""
        return Count(low, high, written or (str(low) if low == high else f"{low}..{'' if high is None else high}"))

    def _residents(self, place: str) -> tuple[int, int | None]:
        named, within = self.named, self.words.within
        inside = self._outermost(p for p in named if p != place and within(p, place))
        around = [p for p in named if p != place and within(place, p)]
        apart = self._outermost(p for p in named if not within(p, place) and not within(place, p))
        low = sum(named[p].low for p in inside)
        own = named.get(place)
        if own is not None:
            low, high = max(low, own.low), own.high
        elif around:
            high = None
        else:
            most_inside = self._sum_high(named[p] for p in inside)
            high = None if most_inside is None or self.elsewhere.high is None else most_inside + self.elsewhere.high
        for outer in around:
            siblings = sum(named[p].low for p in self._outermost(p for p in apart if within(p, outer)))
            if (bound := named[outer].high) is not None:
                high = _least(high, max(0, bound - siblings))
        said = self.count("people.total")
        if said is not None and said.high is not None:
            elsewhere_low = self.elsewhere.low if own is not None or around else 0
            high = _least(high, max(0, said.high - sum(named[p].low for p in apart) - elsewhere_low))
        return low, high

    def _outermost(self, places: Iterable[str]) -> list[str]:
        kept = list(places)
        return [p for p in kept if not any(q != p and self.words.within(p, q) for q in kept)]

    @staticmethod
    def _sum_high(counts: Iterable[Count]) -> int | None:
        highs = [count.high for count in counts]
        return None if None in highs else sum(high for high in highs if high is not None)

    def resident_needs(self, place: str) -> frozenset[str]:
        """Which facts would say how many live there."""
        if self.whose is not None:
            return frozenset([self.asks_for(f"{_IN}{place}")])
        if any(self.words.within(place, p) or self.words.within(p, place) for p in self.named):
            exact = [f"{_IN}{p}" for p in self.named if self.words.within(p, place)]
            return frozenset(exact or [f"{_IN}{place}"])
        if self.count("people.elsewhere") is not None:
            return frozenset([f"{_IN}{place}"])
        return frozenset(["people.elsewhere"])

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

    # -- which data, and how protected ---------------------------------------------------------------------------------------

    @cached_property
    def categories(self) -> tuple[str, ...] | None:
        """Category ids recorded; None when none were."""
        return self.strings("data.categories")

    @cached_property
    def categories_closed(self) -> bool:
        """Whether someone said that the list is complete."""
        fact = self.get("data.categories_complete")
        return fact is not None and fact.value in (True, "yes")

    def protected(self, category: str | None) -> Verdict:
        """Whether data of that category (None: any not listed) is encrypted and its key safe.

        What is said of a category speaks of the data listed under that id, and goes before what is said of all data.
        """
        encrypted_key = self._own_or_general("data.encrypted", category)
        taken_key = self._own_or_general("data.key_taken", category)
        encrypted, taken = self._yes_no(encrypted_key), self._yes_no(taken_key)
        if encrypted == "no":
            return Verdict.of(False, "the data was encrypted", fact=encrypted_key, value="no")
        if taken == "yes":
            return Verdict.of(False, "the key was taken with the data", fact=taken_key, value="yes")
        if encrypted == "yes" and taken == "no":
            return Verdict(
                True,
                (
                    Because("the data was encrypted", encrypted_key, "yes", True),
                    Because("its key is safe", taken_key, "no", True),
                ),
            )
        if encrypted == "yes":
            return Verdict.of(None, "the data was encrypted and its key is safe", fact=taken_key, value=taken)
        finer = f"data.encrypted.{category}" if encrypted == "partly" and category else encrypted_key
        return Verdict.of(None, "the data was encrypted and its key is safe", fact=finer, value=encrypted)

    def _own_or_general(self, key: str, category: str | None) -> str:
        own = f"{key}.{category}"
        return own if category is not None and own in self.facts else key

    def _yes_no(self, key: str) -> str | None:
        fact = self.get(key)
        if fact is None:
            return None
        return {True: "yes", False: "no"}.get(fact.value, str(fact.value)) if isinstance(fact.value, bool) else str(fact.value)

    def holds_data(self, category: str, *, unprotected: bool) -> Verdict:
        """Whether that category was affected; with `unprotected`, whether in a form that can be read."""
        if (known := self.answered.get((category, unprotected))) is not None:
            return known
        found = self.whole.holds_data(category, unprotected=unprotected) if self.whole is not None else None
        if found is None or found.holds is not False:
            found = self._holds(category, unprotected, frozenset())
        self.answered[category, unprotected] = found
        return found

    def _holds(self, category: str, unprotected: bool, seen: frozenset[str]) -> Verdict:
        words = self.words
        label = words.categories[category].label
        if self.categories is None:
            return Verdict.of(None, f"{label} was affected", fact=self.asks_for("data.categories"))
        answers: list[Verdict] = []
        for listed in self.categories:
            found = Because(f"{words.categories[listed].label} was affected", "data.categories", listed, True)
            if listed in words.below(category):
                answers.append(self._if_readable(Verdict(True, (found,)), listed, unprotected))
            elif listed in words.above(category):
                maybe = Verdict.of(
                    None,
                    f"{label} may be among {words.categories[listed].label}",
                    fact="data.categories",
                    value=listed,
                )
                answers.append(self._if_readable(maybe, listed, unprotected))
            else:
                answers += [self._if_readable(part, listed, unprotected) for part in self._as_part(category, listed)]
        shape = words.categories[category]
        if shape.all_of and category not in seen:
            inner = seen | {category}
            answers.append(all_of(any_of(self._holds(one, unprotected, inner) for one in group) for group in shape.all_of))
        if shape.any_of and category not in seen:
            answers += [self._holds(one, unprotected, seen | {category}) for one in shape.any_of]
        if not self.categories_closed:
            # A share's list cannot be closed by itself: closing the whole one rules the rest out.
            unlisted = Verdict.of(None, f"{label} was affected", fact="data.categories_complete")
            answers.append(self._if_readable(unlisted, None, unprotected))
        decided = any_of(answers) if answers else Verdict(False)
        if decided.holds is False and not decided.because:
            return Verdict.of(False, f"{label} was affected", fact="data.categories", value=self.shown("data.categories"))
        return decided

    def _as_part(self, category: str, listed: str) -> Iterator[Verdict]:
        """A composite named outright holds its parts: for certain where no other kind could stand in their place."""
        words = self.words
        for group in words.groups_of(listed):
            fitting = [one in words.below(category) for one in group]
            if any(fitting):
                text = f"{words.categories[category].label} is part of {words.categories[listed].label}"
                yield Verdict.of(True if all(fitting) else None, text, fact="data.categories", value=listed)

    def _if_readable(self, held: Verdict, category: str | None, unprotected: bool) -> Verdict:
        return all_of([held, negate(self.protected(category))]) if unprotected else held

    # -- where the organisation is ------------------------------------------------------------------------------------------

    def established_in(self, place: str) -> Verdict:
        """Whether the organisation has an establishment there (`place` may be a group such as EEA)."""
        name = self.words.place_name(place)
        main = self.text("organisation.main_establishment")
        others = self.strings("organisation.established_in")
        here = [p for p in ([main] if main else []) + list(others or ()) if self.words.within(p, place)]
        if here:
            fact = "organisation.main_establishment" if here[0] == main else "organisation.established_in"
            return Verdict.of(True, f"is established in {name}", fact=fact, value=here[0])
        if others is not None and (main is not None or not others):
            value = ", ".join(dict.fromkeys([*([main] if main else []), *others])) or "none"
            return Verdict.of(False, f"is established in {name}", fact="organisation.established_in", value=value)
        needs = ["organisation.established_in"] if main else ["organisation.main_establishment", "organisation.established_in"]
        return Verdict.of(None, f"is established in {name}", fact=needs[0], value=main, needs=needs)

    def addresses(self, place: str) -> Verdict:
        """Whether the organisation offers its services to people all over that place.

        Serving a part of it leaves open whether the affected people are served; that nobody there is, no list says for sure.
        """
        name = self.words.place_name(place)
        serves = self.strings("organisation.serves")
        here = [p for p in serves or () if self.words.within(place, p)]
        if here:
            return Verdict.of(True, f"offers its services in {name}", fact="organisation.serves", value=here[0])
        value = None if serves is None else ", ".join(serves) or "none"
        return Verdict.of(None, f"offers its services in {name}", fact="organisation.serves", value=value)

    def in_sector(self, sector: str) -> Verdict:
        """Whether the organisation belongs to that sector."""
        label = self.words.sectors.get(sector, sector)
        sectors = self.strings("organisation.sectors")
        if sectors is None:
            return Verdict.of(None, f"is: {label}", fact="organisation.sectors")
        held = sector in self.words.with_implied_sectors(sectors)
        text = f"is: {label}"
        return Verdict.of(held, text, fact="organisation.sectors", value=", ".join(sectors) or "none")


def affects_somebody(book: FactBook, place: str | None = None) -> Verdict:
    """Whether at least one affected person lives there (None: anywhere)."""
    count = book.total if place is None else book.residents(place)
    where = "" if place is None else f" in {book.words.place_name(place)}"
    fact = book.asks_for("people.total" if place is None else f"people.in.{place}")
    needs = [fact] if place is None else book.resident_needs(place)
    if count.low > 0:
        return Verdict.of(True, f"people{where} are affected", fact=fact, value=str(count))
    if count.high == 0:
        return Verdict.of(False, f"people{where} are affected", fact=fact, value="0")
    return Verdict.of(None, f"people{where} are affected", fact=fact, value=_shown_range(count), needs=needs)


def _shown_range(count: Count) -> str | None:
    return None if count.low == 0 and count.high is None else str(count)


def _least(first: int | None, second: int | None) -> int | None:
    known = [number for number in (first, second) if number is not None]
    return min(known) if known else None
