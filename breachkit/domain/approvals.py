"""Who approved which words of a notice, and whether that still stands. An approval names a snapshot by its hash.

An approval ends when a fact it stood on changes. A fact that is changed back does not bring it to life again: somebody looks at
the notice once more and approves it anew. Filings and decisions are acts, not what is told, and do not count among the facts.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import read_instant
from breachkit.domain.journal import Entry
from breachkit.domain.notice_fields import NEW
from breachkit.domain.notices import Notice
from breachkit.domain.periods import show
from breachkit.domain.values import value

KIND: Final = "notice.approved"
_ACTS = ("filed.", "decided.")
_OF_CLIENTS = ("people.", "data.categories", "records.")
"""Keys that a client's share of the facts does not take over from those of all clients."""


@value
class Approval:
    """One approval as recorded."""

    duty: str
    """The notice's id: the finding's, with its recipient and, where there is one, the form of the notice."""
    language: str
    snapshot: str
    """SHA-256 (hex) of what was approved; see `snapshot_hash`."""
    facts: str
    """SHA-256 (hex) of the facts it stood on; see `told_hash`."""
    template: str
    law_pack: str
    at: datetime
    """UTC, to the second: the moment the notice is made for, whose day is the day in the letter."""
    by: str
    """Who approved it: said, not proven."""
    note: str
    incomplete: str
    """Why it was approved although its check was not complete; empty when it was."""
    seq: int
    """The number of its entry."""


@value
class Change:
    """Something an approval stood on that is different now."""

    what: str
    """A fact's key, or `law pack`, `template`, `text`."""
    before: str
    after: str
    at: datetime | None = None
    """UTC; None where no entry tells it."""
    by: str | None = None

    def __str__(self) -> str:
        when = f" on {show(self.at, 'UTC')}" if self.at else ""
        who = f" by {self.by}" if self.by else ""
        return f"{self.what} changed from {self.before} to {self.after}{when}{who}"


@value
class Withdrawn:
    """An approval that no longer stands, and why."""

    approval: Approval
    changes: tuple[Change, ...]


Standing: TypeAlias = Approval | Withdrawn | None
"""None: nobody approved it."""


def told(book: FactBook) -> dict[str, list[Any]]:
    """What a notice may rest on: every fact as written with its certainty, acts left out."""
    return {key: [fact.raw, fact.certainty] for key, fact in book.facts.items() if not key.startswith(_ACTS)}


def told_hash(book: FactBook) -> str:
    """The SHA-256 (hex) of those facts."""
    return _sha256(told(book))


def snapshot_hash(notice: Notice, book: FactBook) -> str:
    """The SHA-256 (hex) of what an approval is given to: words, language, template, laws, and the facts behind them.

    `book` is that of the notice: for a client's notice, the client's share. Marks of what is new are about an earlier notice
    and left out.
    """
    return _sha256(
        {
            "source": notice.source.replace(NEW, ""),
            "language": notice.language,
            "template": notice.template_sha256,
            "law_pack": notice.pack_sha256,
            "facts": told_hash(book),
        }
    )


def approvals(entries: Iterable[Entry]) -> Iterator[Approval]:
    """Every approval, oldest first."""
    for entry in entries:
        if entry.kind == KIND:
            body = {name: str(held) for name, held in entry.body.items() if held is not None}
            yield Approval(
                body["duty"],
                body["language"],
                body["snapshot"],
                body["facts"],
                body["template"],
                body["law_pack"],
                read_instant(body["at"]).at,
                body.get("by", entry.actor),
                body.get("note", ""),
                body.get("incomplete", ""),
                entry.seq,
            )


def last_approvals(entries: Iterable[Entry]) -> dict[tuple[str, str], Approval]:
    """The newest approval of each duty and language: an older one is history."""
    return {(one.duty, one.language): one for one in approvals(entries)}


def approvers(
    entries: Iterable[Entry],
    approval: Approval,
    *,
    profile: Mapping[str, Any] | None = None,
    roles: Mapping[int, str] | None = None,
) -> tuple[Approval, ...]:
    """Everybody who approved the very same snapshot, unless a later fact ended it: one approval for each person, oldest first.

    `roles` are the database roles under which entries were written, by their numbers: then each is of another role too, and as
    many as can be are named. None or empty where no role is known.
    """
    held = tuple(entries)
    same = [
        one
        for one in approvals(held)
        if (one.duty, one.language, one.snapshot) == (approval.duty, approval.language, approval.snapshot)
        and not changes_since(held, one, profile=profile)
    ]
    people: dict[str, list[Approval]] = {}
    for one in same:
        people.setdefault(_person(one.by), []).append(one)
    if not roles:
        return tuple(own[0] for own in people.values())
    by_role: dict[str, Approval] = {}
    for own in people.values():
        _sign(own, by_role, people, roles, set())
    return tuple(sorted(by_role.values(), key=lambda one: one.seq))


def _sign(
    own: list[Approval],
    by_role: dict[str, Approval],
    people: Mapping[str, list[Approval]],
    roles: Mapping[int, str],
    tried: set[str],
) -> bool:
    """Give a person a role nobody else has, moving others to another role of theirs where that helps (an augmenting path)."""
    for one in own:
        role = roles.get(one.seq, "")
        if role in tried:
            continue
        tried.add(role)
        holder = by_role.get(role)
        if holder is None or _sign(people[_person(holder.by)], by_role, people, roles, tried):
            by_role[role] = one
            return True
    return False


def same_person(one: str, other: str) -> bool:
    """Whether two names are of one person, as far as names tell."""
    return _person(one) == _person(other)


def _person(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def changes_since(
    entries: Iterable[Entry], approval: Approval, *, controller: str | None = None, profile: Mapping[str, Any] | None = None
) -> tuple[Change, ...]:
    """Every fact of the notice that was recorded with another value or certainty after its approval, oldest change first.

    `controller` is the client whose notice it is; other clients' facts are none of its own. `profile` holds the values that
    the organisation's profile gave.
    """
    known: dict[str, tuple[Any, str]] = {key: (raw, "confirmed") for key, raw in (profile or {}).items()}
    found: dict[str, Change] = {}
    for entry in entries:
        if entry.kind not in ("fact.recorded", "fact.corrected"):
            continue
        key = str(entry.body["key"])
        said = (entry.body["value"], str(entry.body.get("certainty") or "confirmed"))
        if entry.seq <= approval.seq:
            known[key] = said
        elif _is_of(key, controller) and said != known.get(key):
            found[key] = Change(key, _say(known.get(key)), _say(said), entry.recorded_at, entry.actor)
    return tuple(found.values())


def standing(
    entries: Iterable[Entry],
    duty: str,
    language: str,
    *,
    controller: str | None = None,
    profile: Mapping[str, Any] | None = None,
) -> Standing:
    """Whether the newest approval of a notice still stands, as far as the entries alone tell.

    What they cannot tell is whether the template and the laws are still the same: for that the notice is made again.
    """
    held = tuple(entries)
    approval = last_approvals(held).get((duty, language))
    if approval is None:
        return None
    changes = changes_since(held, approval, controller=controller, profile=profile)
    return Withdrawn(approval, changes) if changes else approval


def say_standing(standing: Standing) -> str:
    """One line for wherever the notice is shown; empty when nobody approved it."""
    if standing is None:
        return ""
    approval = standing.approval if isinstance(standing, Withdrawn) else standing
    lacking = f", though not complete ({approval.incomplete})" if approval.incomplete else ""
    line = f"approved by {approval.by} on {show(approval.at, 'UTC')}{lacking}"
    if isinstance(standing, Withdrawn):
        why = f": {'; '.join(map(str, standing.changes))}" if standing.changes else ""
        return f"{line}; withdrawn{why}; approve again"
    return line


def _is_of(key: str, controller: str | None) -> bool:
    if key.startswith(_ACTS):
        return False
    if controller is None:
        return True
    if key.startswith("controllers."):
        return key.startswith(f"controllers.{controller}.")
    return not key.startswith(_OF_CLIENTS)


def _say(said: tuple[Any, str] | None) -> str:
    if said is None:
        return "not known"
    raw, certainty = said
    words = ", ".join(map(str, raw)) or "none" if isinstance(raw, list) else "not known" if raw is None else str(raw)
    return f"{words} (estimated)" if certainty == "estimated" else words


def _sha256(held: Any) -> str:
    return hashlib.sha256(json.dumps(held, sort_keys=True, ensure_ascii=True, default=str).encode()).hexdigest()
