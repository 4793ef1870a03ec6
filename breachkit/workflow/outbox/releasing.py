"""Whether a dispatch may leave, and letting it go: approved as it stands, by as many people as the organisation asks, at a time
when no law holds it back. What stands in the way is said all at once; a person then types how many messages leave.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from breachkit.domain.approvals import Approval, approvers, say_standing
from breachkit.domain.findings import Finding
from breachkit.domain.journal import Draft
from breachkit.domain.transports import TransportKind, permit
from breachkit.errors import BreachkitError, JournalConflict, Refused, UsageError
from breachkit.storage.journal import Journal
from breachkit.storage.vault import Dispatch, Vault
from breachkit.workflow.approval import standing_of
from breachkit.workflow.notice_tracks import off_the_record, with_tracks
from breachkit.workflow.notices import draft_notice
from breachkit.workflow.outbox.belonging import foreign, moved
from breachkit.workflow.outbox.remembered import behind
from breachkit.workflow.subjects import Answer
from breachkit.workflow.workspace import Workspace

_EMAIL: Final = re.compile(r"\be-?mail|\belectronic", re.IGNORECASE)
LOOK: Final = "LOOK TWICE: "
"""How a remark begins that nobody should read over."""
_TRIES: Final = 5


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
        _check(answer, journal, vault, space, one, waiting, kind)
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
    """Let them go, and keep in the journal who approved what. Refused for what may not leave, and for another count.

    Of what was released before, more than is queued may be typed, up to all of it: another sender may be at it.
    """
    if not checks:
        raise UsageError("nothing is queued; `breachkit send queue` puts letters into the outbox")
    if against := [f"{one.dispatch.id}: {why}" for one in checks for why in one.against]:
        raise Refused("; ".join(against))
    total = sum(one.waiting for one in checks)
    let_go = sum(sum(vault.counts([one.dispatch]).values()) for one in checks)
    again = all(one.dispatch.state == "released" for one in checks)
    if typed is None or not (typed == total or (again and total <= typed <= let_go)):
        said = "no number was typed (--count where nobody can type)" if typed is None else f"{typed:,} was typed"
        queued = "1 message is queued" if total == 1 else f"{total:,} messages are queued"
        raise Refused(f"{queued} and {said}; nothing was sent. Look again, then type the number")
    out = []
    out_folder = str(folder.resolve()) if folder is not None else None
    for one in checks:
        if one.dispatch.state == "released":
            out.append(_also_into(vault, one.dispatch, out_folder))
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
    """Write an entry that rests on no other: after whatever is newest, also when others write meanwhile."""
    at = space.writing_time()
    for left in range(_TRIES, 0, -1):
        try:
            journal.append(incident, [draft], expected=journal.head(incident)[0], actor=space.who, recorded_at=at)
            return
        except JournalConflict:
            if left == 1:
                raise


def _also_into(vault: Vault, one: Dispatch, folder: str | None) -> Dispatch:
    """Released before; where its letters go into another folder now, both stay known, so that a purge names both."""
    if folder is None or one.body.get("out") == folder:
        return one
    earlier = [*one.body.get("out_before", ()), one.body["out"]]
    return vault.change_dispatch(one, "released", out=folder, out_before=earlier)


def _check(
    answer: Answer, journal: Journal, vault: Vault, space: Workspace, one: Dispatch, waiting: int, kind: TransportKind
) -> Check:
    against, remarks = [], []
    subject = answer.subject
    doubts = (behind(subject.entries, vault, one), foreign(subject.entries, [one]), moved(vault))
    against += [why for why in doubts if why is not None]
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
        approved, why, said = _approved(answer, journal, space, one, finding)
        against += why
        against += _too_early(finding, space)
        remarks += said
        remarks += _off_record(answer, space, one, finding)
        remarks += _owed(finding) + _by_email(finding)
    if one.body.get("without_letter"):
        rows = one.body["without_letter"]
        what = "1 row of the table has" if rows == 1 else f"{rows:,} rows of the table have"
        remarks.append(f"{what} no letter (refused.csv in the batch's folder says why): tell them another way")
    if one.body.get("opted_out"):
        remarks.append(f"{one.body['opted_out']:,} opted out of mail and get it all the same: {one.body['opt_out_ground']}")
    return Check(one, waiting, approved, tuple(against), tuple(remarks))


def _approved(
    answer: Answer, journal: Journal, space: Workspace, one: Dispatch, finding: Finding
) -> tuple[tuple[str, ...], list[str], list[str]]:
    """Who approved it, what is missing of that, and what to know of it. A name without languages stands for all of them."""
    needed = answer.subject.organisation.approvals_needed if answer.subject.organisation else 1
    roles = journal.roles(one.incident)
    languages: dict[str, list[str]] = {}
    remarks: list[str] = []
    for language in one.body["languages"]:
        standing = standing_of(answer, finding, space, draft_notice, language)
        if not isinstance(standing, Approval):
            said = say_standing(standing) if standing is not None else "nobody approved it"
            how = f"breachkit notice approve {finding.id} {one.incident} --lang {language}"
            return (), [f"{finding.id} in '{language}': {said}: {how}"], []
        if standing.snapshot != one.body["snapshots"][language]:
            return (
                (),
                [
                    f"{finding.id} in '{language}': it was approved again since it was queued, on other facts or in "
                    "other words; make the batch again, queue it with --again, and take this out: "
                    f"breachkit send withdraw {one.incident} --dispatch {one.id}"
                ],
                [],
            )
        by = approvers(answer.subject.entries, standing, profile=_profile(answer), roles=roles)
        for name in by:
            languages.setdefault(name.by, []).append(language)
            if name.incomplete:
                remarks.append(f"in '{language}' {name.by} approved it although its check is not complete: {name.incomplete}")
        if len(by) < needed:
            who = ", ".join(name.by for name in by)
            role = ", each under a database role of their own," if roles else ""
            return (
                (),
                [
                    f"{finding.id} in '{language}': {needed} people must approve it{role} and {len(by)} did ({who}); "
                    f'another one says: breachkit notice approve {finding.id} {one.incident} --lang {language} --by "..."'
                ],
                [],
            )
    every = len(one.body["languages"])
    names = [name if len(in_) == every else f"{name} ({', '.join(in_)})" for name, in_ in sorted(languages.items())]
    return tuple(names), [], remarks


def _owed(finding: Finding) -> list[str]:
    """Whether it is owed at all: that does not stop it, a person may know better."""
    if finding.status in ("owed", "done"):
        return []
    if finding.presumed:
        return ["the law presumes the duty: it counts as owed until shown otherwise"]
    status = {"undetermined": "not known yet", "not_owed": "no"}.get(finding.status, finding.status.replace("_", " "))
    return [f"whether it is owed on these facts: {status}; that does not stop it from being sent"]


def _by_email(finding: Finding) -> list[str]:
    """What the law's own notes say of e-mail: whether it is a way of telling, breachkit does not judge."""
    return [f"{LOOK}the law's notes on the way of telling: {note}" for note in finding.notes if _EMAIL.search(note)]


def _off_record(answer: Answer, space: Workspace, one: Dispatch, finding: Finding) -> list[str]:
    """What it tells from entries that are for counsel, or were told in confidence: only a person can judge that."""
    if not off_the_record(answer):
        return []
    said = []
    for language in one.body["languages"]:
        [made] = with_tracks([draft_notice(answer, finding, space, language=language)], answer, space)
        said += [
            f"{LOOK}in '{language}' it tells {told.fact}, entry {told.entry} of the {told.track.replace('_', '-')} track; "
            "what was said for counsel or in confidence would leave the house. May it be told?"
            for told in made.check.off_record
        ]
    return said


def _too_early(finding: Finding, space: Workspace) -> list[str]:
    """A law that holds the notice back, or a request of law enforcement that counts."""
    held, wait = finding.due.held, finding.due.not_before
    if held is not None and held.counts and (held.until is None or held.until > space.now):
        until = "no end is recorded" if held.until is None else f"until {held.until:%Y-%m-%d %H:%M} UTC"
        return [f"{finding.id} is held back by {held.agency or 'law enforcement'}, {until}: {held.text}"]
    if wait is None or (wait.at is not None and not wait.projected and wait.at <= space.now):
        return []
    when = "it is not known until when" if wait.at is None else f"not before {wait.at:%Y-%m-%d %H:%M} UTC"
    if wait.holds is None:
        return [
            f"{finding.id} may have to wait for {wait.duty}, {when}: {wait.because}. Whether that rule applies is not known "
            "yet; `breachkit ask` says what to settle first"
        ]
    return [f"{finding.id} must wait for {wait.duty}, {when}: {wait.because}"]


def _profile(answer: Answer) -> dict[str, Any]:
    organisation = answer.subject.organisation
    return {key: fact.raw for key, fact in organisation.facts.items()} if organisation else {}
