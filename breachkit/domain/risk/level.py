"""The level that GDPR Art. 33 and 34 turn on, as the facts suggest it, and what excuses telling people.

A risk is unlikely, there is a risk, or a high one. Neither the score nor this changes a duty; a recorded `risk.level` does.
"""

from __future__ import annotations

from breachkit.domain.factbook import FactBook
from breachkit.domain.law import Citation
from breachkit.domain.logic import Because, Verdict, all_of
from breachkit.domain.risk.disclosure import disclosure
from breachkit.domain.risk.loss import alteration, unavailability
from breachkit.domain.risk.signs import because, is_one_of, word
from breachkit.domain.risk.values import HIGH, RISK, UNLIKELY, Reach, worst
from breachkit.domain.values import value

HARMS = ("physical", "identity_theft", "financial", "discrimination", "reputational", "confidentiality", "other")


@value
class Excuse:
    """One line of GDPR Art. 34(3): it concerns telling people, never the risk itself or the report to the authority."""

    id: str
    title: str
    verdict: Verdict
    effect: str
    cite: Citation


def suggested(book: FactBook) -> Reach:
    """How grave the risk is, by the gravest of disclosure, loss and change, and by harm that somebody recorded as likely."""
    return worst([disclosure(book), unavailability(book), alteration(book), *_recorded_harm(book)])


def _recorded_harm(book: FactBook) -> list[Reach]:
    """Harm that a person judged likely counts whatever else is known. That all harm is unlikely is a decision, not a sum."""
    found = []
    for kind in HARMS:
        if word(book, key := f"harm.{kind}") == "likely":
            reason = because(book, key, "somebody judged this harm likely")
            found.append(Reach.of(HIGH if kind == "physical" else RISK, reason))
    return found or [Reach.of(UNLIKELY)]


def excuses(book: FactBook) -> tuple[Excuse, ...]:
    """The three exceptions of Art. 34(3), as the facts stand."""
    unreadable = all_of(
        (
            is_one_of(book, "data.encrypted", ("yes",), "the data was encrypted or otherwise unreadable"),
            is_one_of(book, "data.key_taken", ("no",), "its key is safe"),
            is_one_of(book, "data.protection", ("state_of_the_art",), "the protection meets the current standard"),
        )
    )
    removed = is_one_of(book, "risk.removed_by_measures", ("yes",), "later measures make sure the high risk will not come true")
    effort = is_one_of(
        book, "notice.disproportionate_effort", ("yes",), "telling each person would take an effort out of proportion"
    )
    spare = "people need not be told"
    public = "a public message that reaches people equally well takes the place of single letters"
    return (
        Excuse("a", "The data was unreadable for whoever has it", unreadable, spare, Citation("GDPR Art. 34(3)(a)")),
        Excuse("b", "Later measures removed the high risk", removed, spare, Citation("GDPR Art. 34(3)(b)")),
        Excuse("c", "Telling each person is out of proportion", effort, public, Citation("GDPR Art. 34(3)(c)")),
    )


def controller_reason(book: FactBook) -> Because | None:
    """What a processor must know: it tells its controller whatever the risk (GDPR Art. 33(2))."""
    if book.in_role("processor").holds:
        return Because(
            "a processor tells its controller whatever the risk; the controller judges it", "role", book.shown("role"), True
        )
    return None
