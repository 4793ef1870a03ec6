"""Which data was affected, and whether it can be read: categories inside one another, lists still open, what was encrypted.

A broad category leaves a narrower one not known, and so does a list that nobody closed.
"""

from __future__ import annotations

from collections.abc import Iterator

from breachkit.domain.factbook import FactBook
from breachkit.domain.logic import Because, Verdict, all_of, any_of, negate
from breachkit.domain.vocabulary import Vocabulary


def holds_data(book: FactBook, category: str, *, unprotected: bool) -> Verdict:
    """Whether that category was affected; with `unprotected`, whether in a form that can be read."""
    if (known := book.answered.get((category, unprotected))) is not None:
        return known
    found = holds_data(book.whole, category, unprotected=unprotected) if book.whole is not None else None
    if found is None or found.holds is not False:
        found = _holds(book, category, unprotected, frozenset())
    book.answered[category, unprotected] = found
    return found


def protected(book: FactBook, category: str | None) -> Verdict:
    """Whether data of that category (None: any not listed) is encrypted and its key safe.

    What is said of a category speaks of the data listed under that id, and goes before what is said of all data.
    """
    encrypted_key = _own_or_general(book, "data.encrypted", category)
    taken_key = _own_or_general(book, "data.key_taken", category)
    encrypted, taken = _yes_no(book, encrypted_key), _yes_no(book, taken_key)
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


def _holds(book: FactBook, category: str, unprotected: bool, seen: frozenset[str]) -> Verdict:
    words = book.words
    label = words.categories[category].label
    if book.categories is None:
        return Verdict.of(None, f"{label} was affected", fact=book.asks_for("data.categories"))
    answers: list[Verdict] = []
    for listed in book.categories:
        found = Because(f"{words.categories[listed].label} was affected", "data.categories", listed, True)
        if listed in words.below(category):
            answers.append(_if_readable(book, Verdict(True, (found,)), listed, unprotected))
        elif listed in words.above(category):
            maybe = Verdict.of(
                None,
                f"{label} may be among {words.categories[listed].label}",
                fact="data.categories",
                value=listed,
            )
            answers.append(_if_readable(book, maybe, listed, unprotected))
        else:
            answers += [_if_readable(book, part, listed, unprotected) for part in _as_part(words, category, listed)]
    shape = words.categories[category]
    if shape.all_of and category not in seen:
        inner = seen | {category}
        answers.append(all_of(any_of(_holds(book, one, unprotected, inner) for one in group) for group in shape.all_of))
    if shape.any_of and category not in seen:
        answers += [_holds(book, one, unprotected, seen | {category}) for one in shape.any_of]
    if not book.categories_closed:
        # A share's list cannot be closed by itself: closing the whole one rules the rest out.
        unlisted = Verdict.of(None, f"{label} was affected", fact="data.categories_complete")
        answers.append(_if_readable(book, unlisted, None, unprotected))
    decided = any_of(answers) if answers else Verdict(False)
    if decided.holds is False and not decided.because:
        return Verdict.of(False, f"{label} was affected", fact="data.categories", value=book.shown("data.categories"))
    return decided


def _as_part(words: Vocabulary, category: str, listed: str) -> Iterator[Verdict]:
    """A composite named outright holds its parts: for certain where no other kind could stand in their place."""
    for group in words.groups_of(listed):
        fitting = [one in words.below(category) for one in group]
        if any(fitting):
            text = f"{words.categories[category].label} is part of {words.categories[listed].label}"
            yield Verdict.of(True if all(fitting) else None, text, fact="data.categories", value=listed)


def _if_readable(book: FactBook, held: Verdict, category: str | None, unprotected: bool) -> Verdict:
    return all_of([held, negate(protected(book, category))]) if unprotected else held


def _own_or_general(book: FactBook, key: str, category: str | None) -> str:
    own = f"{key}.{category}"
    return own if category is not None and own in book.facts else key


def _yes_no(book: FactBook, key: str) -> str | None:
    fact = book.get(key)
    if fact is None:
        return None
    return {True: "yes", False: "no"}.get(fact.value, str(fact.value)) if isinstance(fact.value, bool) else str(fact.value)
