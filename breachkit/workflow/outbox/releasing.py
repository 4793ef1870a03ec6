"""Whether a dispatch may leave, and letting it go: approved as it stands, by as many people as the organisation asks, at a time
when no law holds it back. What stands in the way is said all at once; a person then types how many messages leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from breachkit.domain.approvals import Approval, approvers, say_standing
from breachkit.domain.findings import Finding
from breachkit.domain.journal import Draft
from breachkit.domain.transports import TransportKind, permit
from breachkit.errors import BreachkitError, Refused, UsageError
from breachkit.storage.journal import Journal
from breachkit.storage.vault import Dispatch, Vault
from breachkit.workflow.approval import standing_of
from breachkit.workflow.notices import draft_notice
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace


@dataclass(frozen=True)
class Check:
    """One dispatch before it leaves."""

    dispatch: Dispatch
    waiting: int
    """Messages that are queued."""
    approved_by: tuple[str, ...]
    against: tuple[str, ...]
    """What stands in the way; empty when it may leave."""
    remarks: tuple[str, ...]
    """What to know of it."""


def check(
    answer: Answer, journal: Journal, vault: Vault, space: Workspace, dispatches: Sequence[Dispatch], kind: TransportKind
) -> list[Check]:
    """Look at each dispatch that has something queued."""
    return [
        _check(answer, journal, space, one, waiting, kind)
        for one in dispatches
        if one.state != "purged" and (waiting := vault.counts([one])["queued"])
    ]


def release(
    space: Workspace,
    journal: Journal,
    vault: Vault,
    checks: Sequence[Check],
    kind: TransportKind,
    typed: int | None,
    folder: Path | None = None,
) -> list[Dispatch]:
    """Let them go, and keep in the journal who approved what. Refused for what may not leave, and for another count."""
    if not checks:
        raise UsageError("nothing is queued; `breachkit send queue` puts letters into the outbox")
    if against := [f"{one.dispatch.id}: {why}" for one in checks for why in one.against]:
        raise Refused("; ".join(against))
    total = sum(one.waiting for one in checks)
    if typed != total:
        said = "no count was typed" if typed is None else f"{typed:,} was typed"
        raise Refused(f"{total:,} messages are queued and {said}; nothing was sent. Look again, then type the number")
    out = []
    out_folder = str(folder.resolve()) if folder is not None else None
    for one in checks:
        if one.dispatch.state == "released":
            out.append(one.dispatch)
            continue
        body = {
            "dispatch": one.dispatch.id,
            "duty": one.dispatch.finding,
            "envelopes": one.waiting,
            "channel": "folder" if kind == "folder" else "mail",
            "snapshot": one.dispatch.body["snapshots"],
            "approved_by": list(one.approved_by),
            "ground": one.dispatch.body["ground"],
            "manifest": one.dispatch.body.get("manifest"),
            "count_typed": typed,
            "opted_out": one.dispatch.body.get("opted_out", 0),
        }
        if body["opted_out"]:
            body["opt_out_ground"] = one.dispatch.body["opt_out_ground"]
        append(space, journal, one.dispatch.incident, Draft("dispatch.released", body))
        at = space.writing_time().isoformat(timespec="milliseconds")
        out.append(
            vault.change_dispatch(one.dispatch, "released", released_at=at, released_by=space.who, channel=kind, out=out_folder)
        )
    return out


def append(space: Workspace, journal: Journal, incident: str, draft: Draft) -> None:
    """Write an entry that rests on no other: after whatever is newest."""
    at = space.writing_time()
    journal.append(incident, [draft], expected=journal.head(incident)[0], actor=space.who, recorded_at=at)


def _check(answer: Answer, journal: Journal, space: Workspace, one: Dispatch, waiting: int, kind: TransportKind) -> Check:
    against, remarks = [], []
    subject = answer.subject
    try:
        permit(kind, invented=subject.invented, exercise=subject.exercise)
    except BreachkitError as problem:
        against.append(str(problem))
    if (earlier := one.body.get("channel")) is not None and earlier != kind:
        against.append(f"it was released by {earlier}; the rest of it goes the same way")
    finding = answer.assessment.find(one.finding)
    approved: tuple[str, ...] = ()
    if finding is None:
        against.append(f"there is no duty {one.finding} on these facts any more")
    else:
        approved, why = _approved(answer, journal, space, one, finding)
        against += why
        against += _too_early(finding, space)
        if finding.status not in ("owed", "done"):
            remarks.append(f"the duty is {finding.status.replace('_', ' ')} on these facts; it is sent all the same")
    if one.body.get("without_letter"):
        remarks.append(f"{one.body['without_letter']:,} rows of the table have no letter (refused.csv says why)")
    if one.body.get("opted_out"):
        remarks.append(f"{one.body['opted_out']:,} opted out of mail and get it all the same: {one.body['opt_out_ground']}")
    return Check(one, waiting, approved, tuple(against), tuple(remarks))


def _approved(
    answer: Answer, journal: Journal, space: Workspace, one: Dispatch, finding: Finding
) -> tuple[tuple[str, ...], list[str]]:
    """Who approved it in every language, and what is missing of that."""
    needed = answer.subject.organisation.approvals_needed if answer.subject.organisation else 1
    roles = journal.roles(one.incident)
    everybody: list[set[str]] = []
    for language in one.body["languages"]:
        standing = standing_of(answer, finding, space, draft_notice, language)
        if not isinstance(standing, Approval):
            said = say_standing(standing) if standing is not None else "nobody approved it"
            return (), [f"{finding.id} in '{language}': {said}"]
        if standing.snapshot != one.body["snapshots"][language]:
            return (), [
                f"{finding.id} in '{language}': other words were approved since it was queued; "
                f"make the batch again and queue it with --again, then `breachkit send replace` what waits here"
            ]
        by = approvers(answer.subject.entries, standing, profile=_profile(answer))
        everybody.append({name.by for name in by})
        signed = len(by) if not roles else len({roles.get(name.seq) for name in by})
        if signed < needed:
            who = ", ".join(name.by for name in by)
            role = " under a database role of their own" if roles and signed < len(by) else ""
            return (), [
                f"{finding.id} in '{language}': {needed} people must approve it{role} and {signed} did ({who}); "
                f'another one says: breachkit notice approve {finding.id} {one.incident} --lang {language} --by "..."'
            ]
    return tuple(sorted(set.intersection(*everybody))) if everybody else (), []


def _too_early(finding: Finding, space: Workspace) -> list[str]:
    """A law that holds the notice back, or a request of law enforcement that counts."""
    held, wait = finding.due.held, finding.due.not_before
    if held is not None and held.counts and (held.until is None or held.until > space.now):
        until = "no end is recorded" if held.until is None else f"until {held.until:%Y-%m-%d %H:%M} UTC"
        return [f"{finding.id} is held back by {held.agency or 'law enforcement'}, {until}: {held.text}"]
    if wait is None or (wait.at is not None and not wait.projected and wait.at <= space.now):
        return []
    when = "it is not known until when" if wait.at is None else f"not before {wait.at:%Y-%m-%d %H:%M} UTC"
    return [f"{finding.id} must wait for {wait.duty}, {when}: {wait.because}"]


def _profile(answer: Answer) -> dict[str, Any]:
    organisation = answer.subject.organisation
    return {key: fact.raw for key, fact in organisation.facts.items()} if organisation else {}
