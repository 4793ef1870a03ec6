"""The outbox in words: what a dispatch's counts mean, what is to be done about them, and a mark for every status.

A mark and a word carry each meaning; the colour beside them only repeats it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from rich.text import Text

from breachkit.domain.envelope import STATUSES, Status, said
from breachkit.domain.periods import show
from breachkit.storage.vault_pages import Happened, Line
from breachkit.tui.shown import BAD, FAINT, GOOD, STRONG, WARN, lines, one_line, plain
from breachkit.workflow.outbox.looking import Row
from breachkit.workflow.outbox.releasing import Check

EMPTY: Final = (
    "The outbox is empty. To put letters in:\n"
    "1  approve the notice (Enter on a duty, p, a)\n"
    "2  in a shell: breachkit notice batch DUTY {incident} --people people.csv --format eml --out letters\n"
    "3  q here, and the name of that folder"
)
MARK: Final[Mapping[Status, str]] = {
    "queued": ". queued",
    "sending": "> sending",
    "sent": "+ sent",
    "refused": "x REFUSED",
    "in_doubt": "? IN DOUBT",
    "bounced": "x BOUNCED",
    "replaced": "= replaced",
    "withdrawn": "- withdrawn",
}
STYLE: Final[Mapping[Status, str]] = {
    "queued": "",
    "sending": STRONG,
    "sent": GOOD,
    "refused": WARN,
    "in_doubt": BAD,
    "bounced": WARN,
    "replaced": GOOD,
    "withdrawn": "",
}
_BY: Final = {
    "restore": "a restored back-up",
    "sender": "the sender",
    "reply": "a kept reply",
    "bounce": "a report",
    "person": "a person",
}
COMPLETE: Final = "+ all taken by a server, or replaced; read or not. If that is everybody, record the filing (f)"
_SLOW: Final = timedelta(seconds=5)


def letters(number: int) -> str:
    """`1 letter`, `1,200 letters`."""
    return f"{number:,} letter{'' if number == 1 else 's'}"


def counted(counts: Mapping[Status, int]) -> str:
    """`2 sent, 1 in doubt`: only what there is."""
    return ", ".join(f"{counts[one]:,} {said(one)}" for one in STATUSES if counts[one]) or letters(0)


def state(row: Row) -> tuple[str, str]:
    """What to call a dispatch, and in which style: the most urgent thing about it."""
    counts = row.counts
    if row.dispatch.state == "purged":
        return "erased", FAINT
    if counts["sending"]:
        return "> SENDING", STRONG
    if counts["in_doubt"]:
        return "? DOUBT", BAD
    if row.owed:
        return "x OWED", WARN
    if row.dispatch.state == "queued":
        return ". queued", ""
    if counts["queued"]:
        return ". unfinished", WARN
    return "+ done", GOOD


def summary(rows: list[Row]) -> Text:
    """All dispatches on one line."""
    counts = {status: sum(row.counts[status] for row in rows) for status in STATUSES}
    owed = sum(row.owed for row in rows)
    found = plain(counted(counts))
    if counts["in_doubt"]:
        found += plain(f"   ? {counts['in_doubt']:,} IN DOUBT", BAD)
    if owed:
        found += plain(f"   x {owed:,} OWED ANOTHER WAY", WARN)
    return found


def about(row: Row, title: str) -> Text:
    """A dispatch in full: what it is, how it stands, and what a person does next."""
    one, body = row.dispatch, row.dispatch.body
    told = [one_line(f"{one.id}  {one.finding}  {title}", STRONG), plain(f"{_history(row)}\n{counted(row.counts)}")]
    if row.counts["in_doubt"]:
        words = "may have arrived. d says what is known; l reads the server's log"
        told.append(plain(f"? {row.counts['in_doubt']:,} IN DOUBT: {words}", BAD))
    if row.owed:
        words = "NOT REACHED by mail. Tell them another way, then r; t tries again"
        told.append(plain(f"x {row.owed:,} {words}", WARN))
    if row.counts["queued"] and not row.counts["sending"]:
        told.append(plain(f". {row.counts['queued']:,} wait: s shows what would leave, and sends"))
    if row.complete:
        told.append(plain(COMPLETE, GOOD))
    if body.get("without_letter"):
        told.append(plain(f"{body['without_letter']:,} rows of the table have no letter (refused.csv says why)", WARN))
    return lines(*told)


def _history(row: Row) -> str:
    body = row.dispatch.body
    if row.dispatch.state == "purged":
        return "who it was for is erased"
    if not body.get("released_at"):
        return f"queued {when(body.get('queued_at'))} by {body.get('queued_by', '?')}, not released"
    way = f"into {body.get('out')}" if body.get("channel") == "folder" else "by mail"
    return f"released {when(body['released_at'])} by {body.get('released_by', '?')}, {way}"


def when(at: str | None) -> str:
    """A kept moment (RFC 3339) as people read it; empty for none."""
    return show(datetime.fromisoformat(at).replace(microsecond=0), "UTC") if at else ""


def when_short(at: str) -> str:
    """The same for a narrow column."""
    moment = datetime.fromisoformat(at)
    return f"{moment.day} {moment:%b %H:%M}"


def last_words(line: Line) -> str:
    """The last thing that happened to an envelope, in a few words."""
    code = f"{line.code} " if line.code is not None else ""
    by = f" ({line.server})" if line.server else ""
    return f"{code}{line.reply}{by}".strip() or {"queued": "put in", "sending": "on its way"}.get(line.status, "")


def about_envelope(line: Line) -> Text:
    """An envelope in full."""
    tries = f"{line.attempts} attempt{'' if line.attempts == 1 else 's'}"
    later = f", not again before {when(line.not_before)}" if line.not_before else ""
    head = f"{MARK[line.status]} by {line.channel}, {tries}, last {when(line.at)}{later}"
    who = one_line(f"   {addressee(line)}") if line.email else plain("")
    return lines(one_line(line.id, STRONG) + who, plain(head, STYLE[line.status]), plain(last_words(line)))


def addressee(line: Line) -> str:
    """Who it is for, while that is kept and was asked for."""
    return f"{line.name or ''} <{line.email}>".strip() if line.email else "erased"


def story(happened: list[Happened]) -> str:
    """All that happened to an envelope, oldest first."""
    told = []
    for one in happened:
        code = f" {one.code}" if one.code is not None else ""
        reply = f": {one.reply}" if one.reply else ""
        where = f" [{one.server}]" if one.server else ""
        told.append(f"{when(one.at)}  {said(one.to)}, by {_BY[one.by]} ({one.actor}){code}{reply}{where}")
    return "\n\n".join(told)


def check_lines(seen: list[Check], titles: Mapping[str, str]) -> Text:
    """What would leave, approved by whom, and what stands in the way."""
    told: list[Text] = []
    for one in seen:
        by = ", ".join(one.approved_by) or "NOBODY"
        told.append(one_line(f"{one.dispatch.id}  {letters(one.waiting)}  {titles.get(one.dispatch.finding, '')}", STRONG))
        told.append(plain(f"    {one.dispatch.finding}, approved by {by}", FAINT if one.approved_by else BAD))
        told += [plain(f"    NOT YET: {why}", BAD) for why in one.against]
        told += [plain(f"    {remark}", WARN) for remark in one.remarks]
    return lines(*told)


def bar(done: int, total: int, width: int) -> str:
    """`[#####.....]`."""
    full = min(width, width * done // total) if total else width
    return f"[{'#' * full}{'.' * (width - full)}]"


def time_to_go(elapsed: timedelta, done: int, total: int) -> str:
    """`about 12 min to go`; empty while it is too early to tell."""
    if elapsed < _SLOW or not done or done >= total:
        return ""
    minutes = elapsed.total_seconds() / done * (total - done) / 60
    return "less than a minute to go" if minutes < 1 else f"about {minutes:,.0f} min to go"
