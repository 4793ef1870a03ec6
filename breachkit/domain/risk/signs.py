"""What the facts say that several parts of a risk assessment ask about: who the people are, what the data gives away, how long.

Each answer is three-valued. What lowers a risk counts only once it is recorded: the burden is theirs (GDPR Art. 5(2)).
"""

from __future__ import annotations

from breachkit.domain.affected_data import protected
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Fact
from breachkit.domain.logic import Because, Verdict, all_of, any_of, negate
from breachkit.domain.periods import BusinessDays, Days, Hours, Months

VULNERABLE = ("children", "elderly", "vulnerable")


def said(fact: Fact | None) -> str | None:
    """A yes/no or choice value as its word; None when not known."""
    if fact is None:
        return None
    return ("yes" if fact.value else "no") if isinstance(fact.value, bool) else str(fact.value)


def word(book: FactBook, key: str) -> str | None:
    """The word recorded under that key; None when not known."""
    return said(book.get(key))


def because(book: FactBook, key: str, text: str, holds: bool | None = True) -> Because:
    """A reason resting on that fact."""
    return Because(text, key, book.shown(key), holds)


def is_one_of(book: FactBook, key: str, values: tuple[str, ...], text: str) -> Verdict:
    """Whether the fact has one of these values."""
    value = word(book, key)
    return Verdict.of(None if value is None else value in values, text, fact=key, value=book.shown(key))


def kind_of_person(book: FactBook, kinds: tuple[str, ...], text: str) -> Verdict:
    """Whether people of one of these kinds are among those affected."""
    known = book.strings("people.kinds")
    held = None if known is None else any(kind in known for kind in kinds)
    return Verdict.of(held, text, fact="people.kinds", value=None if known is None else ", ".join(known) or "none")


def vulnerable_people(book: FactBook) -> Verdict:
    """Whether children or others who need protection are affected (EDPB 9/2022 IV.B: special characteristics)."""
    if "child" in (book.categories or ()):
        return Verdict.of(True, "children are affected", fact="data.categories", value="child")
    return kind_of_person(book, VULNERABLE, "children or other vulnerable people are affected")


def hidden_people(book: FactBook) -> Verdict:
    """Whether anybody's safety depends on not being found."""
    return kind_of_person(book, ("at_risk",), "people are affected whose safety depends on not being found")


def patients(book: FactBook) -> Verdict:
    """Whether the data is about people in care: then a name alone tells of health, and lives can hang on the data."""
    return kind_of_person(book, ("patients",), "patients are affected")


def reveals_sensitive(book: FactBook) -> Verdict:
    """Whether someone can work out sensitive things that the data does not say outright.

    A list of data that somebody closed has such data on it: data that gives away a special category is itself of that
    category (CJEU, C-184/20), so a closed list leaves nothing more to be revealed.
    """
    return any_of([_reveals(book, sensitive=True), patients(book)])


def reveals_standing(book: FactBook) -> Verdict:
    """Whether someone can work out habits, means or social standing."""
    return _reveals(book, sensitive=False)


def _reveals(book: FactBook, *, sensitive: bool) -> Verdict:
    text = "the data lets someone work out " + ("sensitive things" if sensitive else "habits or means")
    listed = book.strings("data.reveals")
    if listed is None:
        closed = False if book.categories_closed else None
        return Verdict.of(closed, text, fact="data.reveals" if closed is None else "data.categories_complete")
    held = [one for one in listed if is_sensitive(book, one) == sensitive and book.words.categories[one].enisa != "simple"]
    return Verdict.of(bool(held), text, fact="data.reveals", value=", ".join(listed) or "nothing")


def is_sensitive(book: FactBook, category: str) -> bool:
    """A special category of data (GDPR Art. 9) or data on offences (Art. 10)."""
    found = book.words.categories[category]
    return found.special is not None or found.enisa == "sensitive"


def opens_something(book: FactBook, category: str) -> bool:
    """Whether it is a login, key or other secret, which has no class of its own."""
    found = book.words.categories[category]
    return found.group == "access" and found.enisa is None


def nobody_can_read(book: FactBook, category: str | None = None) -> Verdict:
    """Whether that data (None: all of it) is unreadable for whoever has it: by the current standard, with the key safe."""
    strong = is_one_of(book, "data.protection", ("state_of_the_art",), "the protection meets the current standard")
    return all_of([protected(book, category), strong])


def all_unreadable(book: FactBook) -> Verdict:
    """The same of all data: by the general answer, or by one for each kind on a closed list."""
    general = nobody_can_read(book)
    if general.holds or not book.categories:
        return general
    own = all_of(nobody_can_read(book, one) for one in book.categories)
    if own.holds is not True:
        return own if own.holds is False else general
    return own if book.categories_closed else all_of([own, Verdict.of(None, "no other data", fact="data.categories_complete")])


def safely_hashed(book: FactBook, category: str) -> Verdict:
    """Whether a hashed password cannot be turned back: a strong method, and the salt or key not lost."""
    if category != "password_hash":
        return Verdict(False)
    strong = is_one_of(book, "data.protection", ("state_of_the_art",), "the hashing meets the current standard")
    own = "data.key_taken.password_hash"
    key = own if own in book.facts else "data.key_taken"
    return all_of([strong, negate(is_one_of(book, key, ("yes",), "the salt or key was taken too"))])


def worthless(book: FactBook) -> Verdict:
    """Whether the data was public before, or is certainly of no use; counts once recorded."""
    public = word(book, "data.already_public") == "yes"
    invalid = word(book, "data.validity") == "invalid"
    if public:
        return Verdict.of(True, "all of it was lawfully public before", fact="data.already_public", value="yes")
    return Verdict.of(invalid, "the data is certainly no longer valid", fact="data.validity", value=book.shown("data.validity"))


def hours(book: FactBook, key: str) -> int | None:
    """A recorded duration in hours: a business day counts as a day, a month as a twelfth of a year."""
    fact = book.get(key)
    match fact.value if fact is not None else None:
        case Hours(number):
            return number
        case Days(number) | BusinessDays(number):
            return 24 * number
        case Months(number):
            return 730 * number
        case _:
            return None
