"""Putting approved letters into envelopes: a finished batch, or one notice for one address. Nothing is sent by it.

A person gets one envelope of a notice, however often it is queued. Opt-outs stop marketing, not a notice that a law demands;
who opted out is counted and the ground kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from breachkit.documents.merge_mail import HeaderRefused, Sender, compile_mail, mail_address, recipient
from breachkit.domain.approvals import Approval
from breachkit.domain.batches import Letter, NoLetter, letters_of
from breachkit.domain.findings import Finding
from breachkit.errors import Refused, UsageError
from breachkit.intake.opt_outs import OptOuts
from breachkit.storage.batches import NAME, BatchFile
from breachkit.storage.vault import Addressed, Dispatch, Vault
from breachkit.workflow.approval import standing_of
from breachkit.workflow.batch_letters import Drafting, Form, notice_as_json
from breachkit.workflow.notices import draft_notice, findings_for
from breachkit.workflow.outbox.belonging import (
    begins,
    foreign,
    mark_queued,
    queued_elsewhere,
    stays_here,
    still_waiting,
)
from breachkit.workflow.outbox.letters import from_of, letters_of_batch, manifest_of
from breachkit.workflow.outbox.remembered import for_good, gone, highest
from breachkit.workflow.subjects import Answer, laws_for
from breachkit.workflow.workspace import Workspace

_HOLDER: Final = f"<{'0' * 32}@breachkit.invalid>"


@dataclass(frozen=True)
class Order:
    """What a person wants to put into the outbox."""

    opt_outs: OptOuts | None = None
    """Who opted out of mail; None when nobody said."""
    opt_out_ground: str = ""
    """Why a letter that no law demands goes to them all the same."""
    again: str = ""
    """Why a notice that was queued before begins anew, to everybody; empty: nobody gets it twice."""


@dataclass(frozen=True)
class Queued:
    """What was put in."""

    dispatch: Dispatch
    added: int
    there: int
    """People who had an envelope of this notice already; nothing was put in for them."""
    opted_out: int


def queue_batch(
    answer: Answer, vault: Vault, space: Workspace, folder: Path, duties: Sequence[str], order: Order
) -> list[Queued]:
    """Put a finished batch's letters into envelopes, a dispatch for each duty among `duties` (empty: all in it).

    Refused for a batch that is not finished, not of mail, not of this incident's approved notices as they stand now, or whose
    files are not what they were. All of it is put in, or nothing.
    """
    path = folder / NAME
    if not path.is_file() or path.is_symlink():
        raise UsageError(f"{folder} holds no batch; `breachkit notice batch ... --format eml --out {folder}` makes one")
    batch = BatchFile.reading(path)
    try:
        summary = batch.get("summary")
        if summary is None:
            raise Refused(f"the batch in {folder} is not finished; give the same `notice batch` command again, then queue it")
        if not summary["letters"]:
            raise Refused(f"the batch in {folder} holds no letter; refused.csv in it says why each row was refused")
        if summary["letters_as"] != "eml":
            raise Refused(f"the batch in {folder} holds {summary['letters_as']}; mail is sent from one of --format eml")
        if summary["invented"] != answer.subject.invented or ("exercise" in summary) != (answer.subject.exercise is not None):
            raise Refused(f"the batch in {folder} and {answer.subject.name} do not agree on whether any of it happened")
        forms = {id: Form.from_json(body) for id, body in batch.forms()}
        wanted = _wanted(answer, forms, duties)
        _refuse_unapproved(answer, space, [form for form in forms.values() if form.finding in wanted])
        return _put_batch(answer, vault, space, folder, batch, forms, wanted, order)
    finally:
        batch.close()


def queue_one(
    answer: Answer, vault: Vault, space: Workspace, finding: Finding, address: str, name: str, sender: Sender, order: Order
) -> Queued:
    """Put one approved notice for one address into an envelope. Refused while it is a draft; BadValue-like for the address."""
    made = draft_notice(answer, finding, space)
    if made.notice.draft:
        raise Refused(_unapproved(answer, finding.id, made.notice.language))
    if "," in address or ";" in address or address.count("@") > 1:
        raise UsageError("--to names one address; a message goes to one person")
    try:
        email = mail_address(address, invented=answer.subject.invented)
        about = {"Duty": finding.id, "Notice": _sha256(made.notice.source.encode()), "Status": "approved"}
        message = compile_mail(made.notice, sender, about).join({"to": recipient(name, email), "message_id": _HOLDER})
    except HeaderRefused as problem:
        raise UsageError(f"--to or --name: {problem}") from problem
    letter = Addressed("", name, email, "", False, message, _HOLDER.encode())
    with vault.writing():
        body = _body(answer, space, finding.id, order, vault, sender.email) | {
            "languages": [made.notice.language],
            "snapshots": _snapshots(answer, space, finding, [made.notice.language]),
            "statute": _is_statute(finding.duty),
            "recipient_kind": finding.recipient.kind,
        }
        one = _begin(answer, vault, finding.id, body)
        added, there = vault.put(one, [letter], domain=_domain(sender.email), at=_at(space), actor=space.who)
        if not added:
            raise Refused(f"{finding.id} was queued for that address already; --again REASON begins it anew")
    return Queued(one, added, there, 0)


def _wanted(answer: Answer, forms: Mapping[int, Form], duties: Sequence[str]) -> tuple[str, ...]:
    there = tuple(dict.fromkeys(form.finding for form in forms.values()))
    if not duties:
        return there
    named = [finding.id for duty in duties for finding in findings_for(answer, duty)]
    if missing := [one for one in named if one not in there]:
        raise UsageError(f"the batch holds no letters of {', '.join(missing)}; it holds {', '.join(there)}")
    return tuple(dict.fromkeys(named))


def _refuse_unapproved(answer: Answer, space: Workspace, forms: Sequence[Form]) -> None:
    """Refused unless every letter is the approved one, and would be the same if it were made now."""
    places = {regime.id: regime.place for regime in laws_for(answer.subject.organisation, space).pack.regimes}
    letters, _ = letters_of([answer.finding(form.finding) for form in forms], places)
    by_finding: dict[str, Letter] = {letter.finding: letter for letter in letters}
    drafting = Drafting(answer, space)
    for form in forms:
        if form.notice.draft:
            raise Refused(_unapproved(answer, form.finding, form.language) + ". Then make the batch again in another folder")
        now = drafting.form(by_finding[form.finding], form.language, form.categories, form.fields)
        if isinstance(now, NoLetter) or _words(now) != _words(form):
            raise Refused(
                f"the letter for {form.finding} in '{form.language}' is no longer the one that was approved: a fact, its "
                "template or its approval changed since. Approve it again, and make the batch again in another folder"
            )


def _words(form: Form) -> dict[str, Any]:
    """All that a letter is, but not the hash of every fact: filings are among those, and an approval outlives them."""
    return {**notice_as_json(form.notice), "facts_sha256": None}


def _put_batch(
    answer: Answer, vault: Vault, space: Workspace, folder: Path, batch: BatchFile, forms: Mapping[int, Form],
    wanted: Sequence[str], order: Order,
) -> list[Queued]:  # fmt: skip
    done = []
    held = vault.dispatches(answer.subject.name)
    rows = manifest_of(folder, batch.get("summary")["hashes"]["manifest"])
    with vault.writing():
        for finding in wanted:
            statute = _is_statute(answer.finding(finding).duty)
            if order.opt_outs is not None and not statute and not order.opt_out_ground:
                raise Refused(
                    f"{finding} rests on a promise or a contract, not on a law, so an opt-out may stop it; "
                    'say why it goes to them all the same: --opt-out-ground "our contract with them promises it"'
                )
            if order.opt_out_ground:
                for_good(order.opt_out_ground, "--opt-out-ground", "")
            mail_from = from_of(folder, rows, finding)
            languages = sorted({form.language for form in forms.values() if form.finding == finding})
            body = _body(answer, space, finding, order, vault, mail_from) | {
                "statute": statute,
                "recipient_kind": "individuals",
                "manifest": batch.get("summary")["hashes"]["manifest"],
                "folder": str(folder.resolve()),
                "languages": languages,
                "snapshots": _snapshots(answer, space, answer.finding(finding), languages),
                "notices": sorted({form.sha256 for form in forms.values() if form.finding == finding}),
                "without_letter": sum(batch.get("summary")["refused"].values()),
                "opt_out_ground": order.opt_out_ground or _opt_out_ground(answer, finding),
            }
            if not order.again and (why := queued_elsewhere(folder, answer.subject.entries, held)) is not None:
                raise Refused(why)
            vault.database.run("SAVEPOINT one_dispatch")
            one = _begin(answer, vault, finding, body)
            letters = letters_of_batch(folder, batch, rows, forms, finding, order.opt_outs, invented=answer.subject.invented)
            seen = [0]
            added, there = vault.put(one, _counting(letters, seen), domain=_domain(mail_from), at=_at(space), actor=space.who)
            if added:
                mark_queued(folder, answer.subject.entries, one)
                one = vault.change_dispatch(one, "queued", opted_out=seen[0])
            else:  # no dispatch without envelopes: everybody is in an earlier one
                vault.database.run("ROLLBACK TO SAVEPOINT one_dispatch")
                one = [held for held in vault.dispatches(one.incident) if held.finding == finding][-1] if there else one
            done.append(Queued(one, added, there, seen[0]))
        if not any(queued.added for queued in done):
            raise Refused("everybody in this batch has an envelope of it already; --again REASON begins the notice anew")
    return done


def _counting(letters: Iterator[Addressed], opted_out: list[int]) -> Iterator[Addressed]:
    for letter in letters:
        opted_out[0] += letter.opted_out
        yield letter


def _body(answer: Answer, space: Workspace, finding: str, order: Order, vault: Vault, mail_from: str) -> dict[str, Any]:
    if (why := foreign(answer.subject.entries, vault.dispatches(answer.subject.name))) is not None:
        raise Refused(why)
    rounds = vault.rounds(answer.subject.name, finding)
    said = f"; again: {for_good(order.again, '--again', 'the first one named the wrong day')}" if order.again else ""
    if not order.again:
        _refuse_forgotten(answer, vault, finding, rounds)
    elif (waiting := still_waiting(vault, answer.subject.name, finding)) is not None:
        raise Refused(
            f"letters of {finding} still wait in {waiting}, and beside them people would get both; take those out first: "
            f"breachkit send withdraw {answer.subject.name} --dispatch {waiting}"
        )
    return {
        "begins": begins(answer.subject.entries),
        "round": rounds + 1 if order.again and rounds else max(rounds, 1),
        "queued_at": _at(space),
        "queued_by": space.who,
        "ground": _ground(answer, finding) + said,
        "from": mail_from,
    }


def _begin(answer: Answer, vault: Vault, finding: str, body: Mapping[str, Any]) -> Dispatch:
    """A dispatch with a number that the journal does not know, whatever became of earlier vaults."""
    if vault.counts(vault.dispatches())["queued"] == 0:
        stays_here(vault)
    return vault.new_dispatch(answer.subject.name, finding, body, above=highest(answer.subject.entries))


def _refuse_forgotten(answer: Answer, vault: Vault, finding: str, rounds: int) -> None:
    """Refused where it cannot be told any more who has the notice already: it would go to them twice."""
    held = vault.dispatches(answer.subject.name)
    for lost in gone(answer.subject.entries, held):
        if lost.duty == finding:
            raise Refused(
                f"the vault is gone: {lost}, and nobody can tell to whom. Put its backup back (breachkit restore), "
                "or begin the notice anew for everybody, also for those who have it: --again REASON"
            )
    if any(one.state == "purged" and one.finding == finding and one.body.get("round", 1) == rounds for one in held):
        raise Refused(
            f"who got {finding} was erased, so nobody can be told apart from them; "
            "to begin the notice anew for everybody, also for those who have it: --again REASON"
        )


def _snapshots(answer: Answer, space: Workspace, finding: Finding, languages: Sequence[str]) -> dict[str, str]:
    """What was approved in each language, by its hash: what is released must still be that."""
    found = {}
    for language in languages:
        standing = standing_of(answer, finding, space, draft_notice, language)
        if not isinstance(standing, Approval):
            raise Refused(_unapproved(answer, finding.id, language))
        found[language] = standing.snapshot
    return found


def _ground(answer: Answer, finding: str) -> str:
    """What makes it a notice that goes out: its law, or the promise or contract."""
    found = answer.finding(finding)
    cites = [cite.text for cite in found.cite]
    return f"{finding}: {'; '.join(cites[:2])}" if cites else finding


def _opt_out_ground(answer: Answer, finding: str) -> str:
    return f"told because of {_ground(answer, finding)}; an opt-out from marketing was not taken as one from this"


def _is_statute(duty: str) -> bool:
    return not duty.startswith(("promise.", "contract."))


def _unapproved(answer: Answer, finding: str, language: str) -> str:
    return (
        f"{finding} in '{language}' is a draft: nothing leaves before a person approved it. Approve it: "
        f"breachkit notice approve {finding} {answer.subject.name} --lang {language}"
    )


def _domain(email: str) -> str:
    return email.rpartition("@")[2]


def _at(space: Workspace) -> str:
    return space.writing_time().isoformat(timespec="milliseconds")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
