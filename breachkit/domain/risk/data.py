"""How much the kind of data can hurt: the data-processing context (DPC) of the ENISA method, 1 to 4.

Each kind of data on the list is scored in its class, then moved up or down for what is known of it; the highest counts.
"""

from __future__ import annotations

from decimal import Decimal

from breachkit.domain.factbook import FactBook
from breachkit.domain.logic import Because, Verdict, all_of, any_of
from breachkit.domain.risk.signs import (
    because,
    hidden_people,
    hours,
    is_one_of,
    opens_something,
    reveals_sensitive,
    reveals_standing,
    safely_hashed,
    vulnerable_people,
    word,
    worthless,
)
from breachkit.domain.risk.values import Factor, Span, method, unique
from breachkit.domain.values import value

BASE = {"simple": 1, "behavioural": 2, "financial": 3, "sensitive": 4}
BY_DETAIL = {
    "simple": {"none": 1, "general": 1, "partial": 1, "full": 2},
    "behavioural": {"none": 1, "general": 1, "partial": 2, "full": 3},
    "financial": {"none": 1, "general": 2, "partial": 3, "full": 4},
    "sensitive": {"none": 1, "general": 2, "partial": 3, "full": 4},
}
"""Table 1 of the method: how the score moves with what the data tells about each person."""
REVEALING = {"simple": 3, "behavioural": 4, "financial": 4, "sensitive": 4}
"""With assumptions about sensitive things. The method has no such row for financial data; its top row is taken."""

DAY, MONTH, YEAR = 24, 31 * 24, 365 * 24
_BY_PERIOD: dict[str, tuple[tuple[int, int, int], ...]] = {
    "behavioural": ((MONTH, 2, 2), (YEAR - 1, 2, 3)),
    "financial": ((DAY, 2, 2), (28 * 24 - 1, 2, 3), (MONTH, 3, 3), (YEAR - 1, 3, 4)),
}
"""Up to so many hours: from, to. The method's examples are a day, a week, a month and a year; between them it says nothing."""
_LONG = {"behavioural": 3, "financial": 4}

FRAUD_READY = (
    ("payment_card_with_code",),
    ("payment_card", "payment_card_code"),
    ("financial_account_with_code",),
    ("financial_account", "financial_account_password"),
)
_MONEY_ACCESS = ("payment_card", "payment_card_with_code", "financial_account", "financial_account_with_code")
CITE = method("annex 1 (data processing context)")


@value
class Scored:
    """One kind of data with its score."""

    label: str
    span: Span
    row: str
    because: tuple[Because, ...] = ()
    needs: tuple[str, ...] = ()


def data_context(book: FactBook) -> Factor:
    """DPC: every kind of data scored, the highest taken; an open list may still hold the gravest kind."""
    if not book.categories:
        text = "no kinds of data are named yet"
        key = "data.categories" if book.categories is None else "data.categories_complete"
        open_list = Because(text, key, None, None)
        if book.categories is None or not book.categories_closed:
            return Factor("dpc", Span(Decimal(1), Decimal(4)), text, CITE, (open_list,), (key,))
        return Factor("dpc", Span.at(1), "no kinds of data on a closed list", CITE, (open_list,))
    scored = [_score(book, category) for category in book.categories]
    low = max(one.span.low for one in scored)
    high = max(one.span.high for one in scored)
    needs = unique(key for one in scored if one.span.high > low for key in one.needs)
    reasons = _grouped(scored)
    if not book.categories_closed and low < 4:
        high = Decimal(4)
        needs = ("data.categories_complete", *needs)
        reasons += (Because("other kinds of data may be affected too", "data.categories_complete", None, None),)
    top = max(scored, key=lambda one: (one.span.low, one.span.high))
    return Factor("dpc", Span(low, high), f"{top.label}: {top.row}", CITE, reasons, needs).settled()


def _grouped(scored: list[Scored]) -> tuple[Because, ...]:
    rows: dict[tuple[str, Span, tuple[Because, ...]], list[str]] = {}
    for one in scored:
        rows.setdefault((one.row, one.span, one.because), []).append(one.label)
    found: list[Because] = []
    for (row, span, reasons), labels in rows.items():
        found.append(Because(f"{', '.join(labels)}: {row}, so {span}", "data.categories", None, True))
        found += reasons
    return unique(found)


def _score(book: FactBook, category: str) -> Scored:
    found = book.words.categories[category]
    if opens_something(book, category):
        return _login(book, category)
    if fraud_ready(book, category) and not worthless(book).holds:
        return Scored(found.label, Span.at(4), "financial data, enough to commit fraud")
    return _in_class(book, found.label, found.enisa or "simple")


def fraud_ready(book: FactBook, category: str) -> bool:
    """Whether it is, with what else is listed, enough to take money."""
    listed = book.categories or ()
    return any(category in kinds and all(one in listed for one in kinds) for kinds in FRAUD_READY)


def _login(book: FactBook, category: str) -> Scored:
    """Logins have no class of their own: they take the class of what they open."""
    label = book.words.categories[category].label
    if (hashed := safely_hashed(book, category)).holds:
        return Scored(label, Span.at(1), "hashed so that it opens nothing", hashed.because)
    opened = book.strings("data.credentials_open")
    key = "data.credentials_open"
    if opened is None:
        open_reason = Because(f"it is known what is opened by: {label}", key, None, None)
        row, needs = "takes the class of what it opens, not known yet", unique((*sorted(hashed.needs), key))
        return Scored(label, Span(Decimal(1), Decimal(4)), row, (open_reason,), needs)
    found = _opening(book, label, opened)
    if hashed.holds is None and found.span.high > 1:
        needs = unique((*sorted(hashed.needs), *found.needs))
        return Scored(label, Span(Decimal(1), found.span.high), found.row, (*hashed.because, *found.because), needs)
    return found


def _opening(book: FactBook, label: str, opened: tuple[str, ...]) -> Scored:
    key = "data.credentials_open"
    reason = because(book, key, "it is known what the logins open")
    if any(one in _MONEY_ACCESS for one in opened) and not worthless(book).holds:
        return Scored(label, Span.at(4), "opens accounts that hold money, enough to commit fraud", (reason,))
    inner = [_in_class(book, label, book.words.categories[one].enisa or "simple") for one in opened]
    if not inner:
        return Scored(label, Span.at(1), "opens nothing of weight", (reason,))
    low, high = max(one.span.low for one in inner), max(one.span.high for one in inner)
    top = max(inner, key=lambda one: (one.span.low, one.span.high))
    needs = unique(need for one in inner if one.span.high > low for need in one.needs)
    return Scored(label, Span(low, high), f"takes the class of what it opens: {top.row}", (reason, *top.because), needs)


def _in_class(book: FactBook, label: str, kind: str) -> Scored:
    gone = worthless(book)
    if gone.holds:
        return Scored(label, Span.at(1), f"{kind} data of no use to anyone", gone.because)
    span, row, reasons, needs = _measured(book, kind)
    for verdict, at_least, text in _raises(book, kind):
        if verdict.holds and span.low < at_least:
            span = Span(Decimal(at_least), max(span.high, Decimal(at_least)))
            row, reasons = f"{row}; {text}: {at_least}", (*reasons, *verdict.because)
        elif verdict.holds is None and span.high < at_least:
            span = Span(span.low, Decimal(at_least))
            reasons, needs = (*reasons, *verdict.because), (*needs, *sorted(verdict.needs))
    return Scored(label, span, row, unique(reasons), unique(needs) if span.exact is None else ())


def _measured(book: FactBook, kind: str) -> tuple[Span, str, tuple[Because, ...], tuple[str, ...]]:
    """The class and how much the data tells: by data.detail, or else by how long a period it covers."""
    base, rows = f"{kind} data, base {BASE[kind]}", BY_DETAIL[kind]
    detail, period = word(book, "data.detail"), _by_period(book, kind)
    if detail is None and period is not None:
        needs = () if period.exact is not None else ("data.detail",)
        return (
            period,
            f"{base}, {period} for the period it covers",
            (because(book, "data.period", "it covers a period"),),
            needs,
        )
    if detail is None:
        span = Span(Decimal(min(rows.values())), Decimal(max(rows.values())))
        return span, base, (Because("it is known how much it tells", "data.detail", None, None),), ("data.detail",)
    span = Span.at(rows[detail])
    reason = because(book, "data.detail", "it is known how much it tells")
    if detail in ("partial", "full") and period is not None and period.low > span.low:
        return period, f"{base}, {period} for the period it covers", (because(book, "data.period", "it covers a period"),), ()
    return span, f"{base}, {span} for what it tells", (reason,), ()


def _by_period(book: FactBook, kind: str) -> Span | None:
    covered = hours(book, "data.period")
    if covered is None or kind not in _BY_PERIOD:
        return None
    for most, low, high in _BY_PERIOD[kind]:
        if covered <= most:
            return Span(Decimal(low), Decimal(high))
    return Span.at(_LONG[kind])


def _raises(book: FactBook, kind: str) -> tuple[tuple[Verdict, int, str], ...]:
    """What may move the score up, with the least score it then has."""
    harm = is_one_of(book, "harm.physical", ("possible", "likely"), "harm to body or safety is possible")
    endangered = any_of([hidden_people(book), all_of([vulnerable_people(book), harm])])
    standing = (reveals_standing(book), 2, "tells of habits or means") if kind == "simple" else None
    return (
        *((standing,) if standing else ()),
        (reveals_sensitive(book), REVEALING[kind], "lets someone assume sensitive things"),
        (endangered, 4, "critical for the safety or condition of these people"),
    )
