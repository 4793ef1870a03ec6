"""Letters for many: a table of affected people in, each one's letter out, with proof of who got which.

Two phases, and both go on where they were stopped: rows are read into the batch's own database, then chunks of letters are
written and noted. The same table, facts, templates and options give the same bytes; other ones are refused in the same folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from breachkit.content.vocabulary import load_vocabulary
from breachkit.documents.merge_mail import HeaderRefused, Sender, mailbox
from breachkit.domain.batches import FORMATS, REFUSALS, Assignment, Letter, NoLetter, letters_of
from breachkit.domain.findings import Finding
from breachkit.domain.looks import Look
from breachkit.domain.notice_context import facts_hash
from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import Refused, UnknownName, UsageError
from breachkit.intake.people import REFUSALS as READING_REFUSALS
from breachkit.intake.tables import PeopleTable
from breachkit.storage.batches import BatchFile, peek
from breachkit.workflow import batch_folder
from breachkit.workflow.batch_crew import write_chunks
from breachkit.workflow.batch_ingest import Reading
from breachkit.workflow.batch_letters import Drafting, Form, notice_as_json
from breachkit.workflow.batch_recheck import recheck
from breachkit.workflow.batch_results import finish
from breachkit.workflow.batch_write import Job, Written
from breachkit.workflow.notices import findings_for, language_of, look_of
from breachkit.workflow.subjects import Answer, laws_for
from breachkit.workflow.workspace import Workspace

Progress = Callable[[str, int, int], None]
"""Told what is being done (`reading` in bytes, `writing` in letters), how much of it is done, and of how much."""

_CHUNK: Final[Mapping[str, int]] = {"jsonl": 10_000, "pdf-print": 200, "pdf": 250, "docx": 500}
_CHUNK_ELSE: Final = 1_000
"""Letters in one file, or in one folder of files."""
_SMALL: Final = 2_000
"""So many letters are written before other processes would have started."""

ALL: Final = "all"
_BEGAN: Final = "began"


@dataclass(frozen=True)
class Order:
    """What a person asked for."""

    people: Path
    out: Path
    format: str = "eml"
    workers: int | None = None
    """None: as many as there are processors, four at most, and one for a small batch."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Field to header, where the table's own headers say too little."""
    default_place: str | None = None
    language: str | None = None
    """Of people whose row names none; None: the one the incident's own sentences are written in."""
    fallback: str | None = None
    """The language for people in whose own the letter does not exist; None: they are refused."""
    limit: int | None = None


def began_at(out: Path) -> datetime | None:
    """When the batch in a folder was begun, None for none: it goes on as of then, so that its letters keep their date."""
    kept = peek(out, _BEGAN) if out.is_dir() else None
    return None if kept is None else datetime.fromisoformat(kept)


def run_batch(answer: Answer, duties: Sequence[str], space: Workspace, order: Order, progress: Progress) -> dict[str, Any]:
    """Make the letters, or go on making them. What `--json` prints, when every row is served, refused or a duplicate."""
    try:
        return _run(answer, duties, space, order, progress)
    except OSError as problem:  # a full disk, a folder nobody may write to
        raise Refused(
            f"{problem.filename or order.out}: {problem.strerror or problem}. What is written stays: "
            "put that right and give the same command again to go on"
        ) from problem


def _run(answer: Answer, duties: Sequence[str], space: Workspace, order: Order, progress: Progress) -> dict[str, Any]:
    if order.format not in FORMATS:
        raise UnknownName("format", order.format, FORMATS, hint=f"(formats: {', '.join(FORMATS)})")
    letters = _letters(answer, duties, space)
    words = load_vocabulary()
    language = order.language or language_of(answer)
    look = look_of(space)
    sender = sender_for(answer, answer.finding(letters[0].finding)) if order.format == "eml" else None
    with ExitStack() as open_:
        table = open_.enter_context(open_table(order, words, answer))
        facts, laws = facts_hash(answer.subject.book), answer.assessment.pack_sha256
        hashes = {"table": table.sha256, "facts": facts, "law_pack": laws}
        batch_folder.prepare(order.out)
        open_.enter_context(batch_folder.held(order.out))
        batch = open_.enter_context(BatchFile.open(order.out, _settings(order, letters, hashes, look)))
        batch_folder.sweep(order.out)
        with batch.transaction():
            if batch.get(_BEGAN) is None:
                batch.put(began=answer.assessment.now.isoformat())
        if (done := batch.get("summary")) is not None:
            return dict(done)
        drafting = Drafting(answer, space)
        _refuse_changed(batch, drafting, letters)
        reading = Reading(
            batch,
            drafting,
            Assignment(letters, words),
            words,
            order.format,
            language,
            order.fallback,
            answer.subject.invented,
            order.limit,
            answer.subject.exercise is not None,
        )
        reading.run(table, lambda _rows: progress("reading", table.position, table.total_bytes))
        if not batch.get("planned", False):
            with batch.transaction():
                sizes = {id: _print_size(body) for id, body in batch.forms()} if order.format == "pdf-print" else {}
                batch.plan(sizes, _CHUNK.get(order.format, _CHUNK_ELSE))
                batch.put(planned=True)
        job = Job(
            order.out,
            batch.path,
            order.format,
            answer.subject.incident.id if answer.subject.incident else hashes["facts"],
            sender,
            look,
            {"facts_sha256": hashes["facts"]} if order.format == "jsonl" else {},
        )
        recheck(batch, order.out)
        _write(batch, job, order, progress)
        return finish(batch, order.out, order.format, hashes, words)


def _write(batch: BatchFile, job: Job, order: Order, progress: Progress) -> None:
    left = [chunk for chunk, _ in batch.chunks(written=False)]
    done, total = batch.letters_written(), batch.letters_written() + sum(chunk.letters for chunk in left)
    workers = order.workers or (_processors() if total > _SMALL else 1)
    progress("writing", done, total)
    letters = {chunk.id: chunk.letters for chunk in left}
    for written in write_chunks(job, left, min(workers, max(1, len(left)))):
        _note(batch, written)
        done += letters[written.chunk]
        progress("writing", done, total)


def _note(batch: BatchFile, written: Written) -> None:
    with batch.transaction():
        batch.add(people=(), refused=written.refused, duplicates=(), keys=())
        batch.chunk_written(written.chunk, written.noted())


def open_table(order: Order, words: Vocabulary, answer: Answer) -> PeopleTable:
    """The table, opened; its addresses as they are written in the country the letters come from."""
    home = answer.subject.book.text("organisation.main_establishment")
    columns = order.columns or None
    return PeopleTable(order.people, words, columns=columns, default_place=order.default_place, home=home)


def refusal_words(code: str) -> str:
    """A reason for which a row is refused, in a sentence."""
    found = REFUSALS.get(code) or READING_REFUSALS.get(code) or code
    return found.rstrip(".")


def _letters(answer: Answer, duties: Sequence[str], space: Workspace) -> list[Letter]:
    """The letters the named duties stand for. UsageError for one that is not owed to people, and when there is none."""
    places = {regime.id: regime.place for regime in laws_for(answer.subject.organisation, space).pack.regimes}
    if list(duties) == [ALL]:
        order = {"general": 0, "sector": 1}
        kinds = {regime.id: regime.kind for regime in laws_for(answer.subject.organisation, space).pack.regimes}
        running = [finding for finding in answer.assessment.findings if finding.running]
        found = sorted(running, key=lambda one: order.get(kinds.get(one.regime, ""), 2))
        letters, _ = letters_of(found, places)
        if not letters:
            raise UsageError("no duty towards people is running on these facts; `breachkit duties` shows which are")
        return letters
    if ALL in duties:
        raise UsageError("`all` stands for every duty towards people that is running; name it alone")
    named: dict[str, Finding] = {one.id: one for duty in duties for one in findings_for(answer, duty)}
    letters, others = letters_of(named.values(), places)
    if others:
        raise UsageError(f"{others[0].id} is owed to {others[0].recipient.name or others[0].recipient.kind}, not to people; "
                         "a batch writes letters to people")  # fmt: skip
    return letters


def sender_for(answer: Answer, finding: Finding) -> Sender:
    """Who the mail is from. UsageError when no contact address is known."""
    from breachkit.domain.notice_gathering import Gathering
    from breachkit.domain.notice_words import ENGLISH

    said = Gathering(answer.subject.book, finding, ENGLISH, answer.assessment.now).addressing()
    email = said.get("contact_email")
    if not isinstance(email, str) or not email:
        raise UsageError("mail needs an address it is from: record contact.email, or choose another --format")
    sender = Sender(answer.subject.organisation_name, email)
    try:
        mailbox(sender.name, sender.email, first=6)
    except HeaderRefused as problem:
        raise UsageError(f"the organisation's name and contact.email cannot stand in a mail header: {problem}") from problem
    return sender


def _settings(order: Order, letters: Sequence[Letter], hashes: Mapping[str, str], look: Look | None) -> dict[str, str]:
    """What must be the same for a batch to be gone on with, in words for the one who reads what differs."""
    said = {
        "batch": "1",
        "table": hashes["table"],
        "columns": ", ".join(f"{field}={header}" for field, header in sorted(order.columns.items())),
        "duties": ", ".join(letter.finding for letter in letters),
        "format": order.format,
        "facts": hashes["facts"],
        "law pack": hashes["law_pack"],
        "default place": order.default_place or "",
        "language": order.language or "",
        "fallback language": order.fallback or "",
        "limit": "" if order.limit is None else str(order.limit),
        "letterhead": "" if look is None else hashlib.sha256(repr(_spread(look)).encode()).hexdigest(),
    }
    return {key: value for key, value in said.items() if value}


def _spread(look: Look) -> list[object]:
    logo = look.logo
    return [
        look.organisation, look.colour, look.font, look.paper, look.base_docx, look.font_folders,
        None if logo is None else (logo.kind, logo.data, logo.alt, logo.width, logo.height),
    ]  # fmt: skip


def _refuse_changed(batch: BatchFile, drafting: Drafting, letters: Sequence[Letter]) -> None:
    """Refused when a letter of the batch would say something else now: a template or a translation changed since."""
    by_finding = {letter.finding: letter for letter in letters}
    for _, body in batch.forms():
        before = Form.from_json(body)
        now = drafting.form(by_finding[before.finding], before.language, before.categories, before.fields)
        if isinstance(now, NoLetter) or notice_as_json(now.notice) != notice_as_json(before.notice):
            raise Refused(
                f"the letter for {before.finding} in '{before.language}' is not what it was when this batch was begun: "
                "its template or translation changed, or it was approved or withdrawn since. "
                "Put it back to go on, or begin again in another folder"
            )


def _print_size(body: Mapping[str, Any]) -> int:
    """How many letters go into one print file: fewer of a long letter, for memory; one where each is filled by itself."""
    return max(20, min(_CHUNK["pdf-print"], 800_000 // max(1, len(body["notice"]["source"])))) if body["bare"] else 1


def _processors() -> int:
    import os

    return max(1, min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))
