"""Writes one chunk of a batch: a folder of letters or one file of many, whole or not at all, and the manifest's lines for it.

A chunk is written beside its place and moved there when it is complete. Written again, it has the same bytes. A folder of
letters does not wait for the disk file by file: after a power cut `batch_recheck` looks at what is really there. Runs in the
process of the command or in ones of its own; it only reads the batch's database.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from breachkit.documents.merge import Said, Spliced, compile_letter, compile_record
from breachkit.documents.merge_mail import Sender, compile_mail, message_id, recipient, subject
from breachkit.domain import marks as never_happened
from breachkit.domain.batches import ONE_FILE_EACH
from breachkit.domain.looks import Look
from breachkit.domain.notices import Notice
from breachkit.errors import BadValue
from breachkit.storage.batches import BatchFile, Chunk, Kept
from breachkit.workflow.batch_files import Lines, part_file, write_bytes
from breachkit.workflow.batch_letters import Form

ENDINGS: Final[Mapping[str, str]] = {"eml": "eml", "pdf": "pdf", "html": "html", "text": "txt", "docx": "docx"}
_FORMS_KEPT = 4

Made = tuple[Kept, bytes]


@dataclass(frozen=True)
class Job:
    """What every chunk of a batch has in common."""

    folder: Path
    database: Path
    format: str
    incident: str
    sender: Sender | None = None
    """Only for mail."""
    look: Look | None = None
    hashes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """One chunk on disk."""

    chunk: int
    letters: int
    file: str
    refused: tuple[tuple[int, str, str, str], ...] = ()
    """People whose letter could not be made after all: row, id, code, detail."""
    manifest_sha256: str = ""

    def noted(self) -> dict[str, Any]:
        """As the batch's database keeps it."""
        return {"letters": self.letters, "file": self.file, "refused": len(self.refused), "manifest": self.manifest_sha256}


class Writer:
    """Writes chunks one after the other, keeping the last few letters it compiled."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._batch = BatchFile.reading(job.database)
        self._forms: dict[int, Form] = {}
        self._makers: dict[int, Callable[[Kept], bytes]] = {}

    def close(self) -> None:
        """Let go of the database."""
        self._batch.close()

    def write(self, chunk: Chunk) -> Written:
        """Write a chunk to its place."""
        form = self._form(chunk.form)
        if self.job.format == "pdf-print":
            from breachkit.workflow.batch_print import write_print

            return write_print(self, chunk, form)
        letters = self._letters(chunk, form)
        if self.job.format in ONE_FILE_EACH:
            return self._one_file_each(chunk, form, letters)
        return self._one_file(chunk, form, letters)

    def people(self, chunk: Chunk) -> Iterator[Kept]:
        """The people of a chunk."""
        return self._batch.people_of(chunk)

    def _letters(self, chunk: Chunk, form: Form) -> Iterator[Made | tuple[Kept, BadValue]]:
        make = self._maker(chunk.form, form)
        for person in self.people(chunk):
            try:
                yield person, make(person)
            except BadValue as problem:
                yield person, problem

    def _one_file_each(self, chunk: Chunk, form: Form, letters: Iterator[Made | tuple[Kept, BadValue]]) -> Written:
        name = f"letters/{chunk.id:06d}"
        place, beside = self.job.folder / name, self.job.folder / f"letters/.{chunk.id:06d}.{os.getpid()}.part"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700)
        lines = Lines(form.finding, chunk.place, form.language, self.job.format)
        before, ending = marks(form.notice), ENDINGS[self.job.format]
        refused = []
        for person, made in letters:
            if isinstance(made, BadValue):
                refused.append(refusal(person, made))
                continue
            file = f"{before}{person.row:07d}.{ending}"
            write_bytes(beside / file, made)
            lines.add(person, f"{name}/{file}", size=len(made), sha256=hashlib.sha256(made).hexdigest())
        if place.exists():  # moved there, and the process was stopped before it was noted
            shutil.rmtree(place)
        beside.rename(place)
        return self.done(chunk, lines, name, refused)

    def _one_file(self, chunk: Chunk, form: Form, letters: Iterator[Made | tuple[Kept, BadValue]]) -> Written:
        name = f"letters/{marks(form.notice)}{chunk.id:06d}.{chunk.place}.{form.language}.{self.job.format}"
        lines = Lines(form.finding, chunk.place, form.language, self.job.format)
        refused, offset = [], 0
        with part_file(self.job.folder / name) as file:
            for person, made in letters:
                if isinstance(made, BadValue):
                    refused.append(refusal(person, made))
                    continue
                file.write(made)
                lines.add(person, name, offset=offset, size=len(made), sha256=hashlib.sha256(made).hexdigest())
                offset += len(made)
        return self.done(chunk, lines, name, refused)

    def done(self, chunk: Chunk, lines: Lines, name: str, refused: list[tuple[int, str, str, str]]) -> Written:
        """Put the manifest's lines of the chunk beside the letters, to be joined when all are written."""
        made = lines.csv.getvalue().encode()
        for ending, text in (("csv", made), ("jsonl", "".join(lines.json).encode())):
            with part_file(self.job.folder / f".parts/{chunk.id:06d}.{ending}", sync=False) as file:
                file.write(text)
        return Written(chunk.id, lines.count, name, tuple(refused), hashlib.sha256(made).hexdigest())

    def _form(self, id: int) -> Form:
        if (known := self._forms.get(id)) is None:
            if len(self._forms) >= _FORMS_KEPT:
                oldest = next(iter(self._forms))
                self._forms.pop(oldest)
                self._makers.pop(oldest, None)
            known = self._forms[id] = Form.from_json(self._batch.form_body(id))
        return known

    def _maker(self, id: int, form: Form) -> Callable[[Kept], bytes]:
        if (known := self._makers.get(id)) is None:
            known = self._makers[id] = maker(self.job, form)
        return known


def maker(job: Job, form: Form) -> Callable[[Kept], bytes]:
    """What makes one person's letter: by merging, or where that cannot be, by rendering each one."""
    if form.bare:
        return _merging(job, form, form.notice)

    def each(person: Kept) -> bytes:
        assert person.own is not None
        return _merging(job, form, form.of(person.own))(person)

    return each


def _merging(job: Job, form: Form, notice: Notice) -> Callable[[Kept], bytes]:
    match job.format:
        case "docx":
            from breachkit.documents.docx import DocxForm

            docx = DocxForm(notice, job.look)
            return lambda person: docx.letter(values_of(person))
        case "pdf":
            from breachkit.documents.pdf import PdfForm

            pdf = PdfForm(notice, job.look)
            return lambda person: pdf.letter(values_of(person))
        case "eml":
            return _mailing(job, form, notice)
        case "jsonl":
            about = {
                "duty": form.finding,
                "language": form.language,
                "subject": subject(notice),
                **_status(notice),
                **job.hashes,
            }
            return _joining(compile_record(notice, about))
        case _:
            return _joining(compile_letter(notice, job.format))


def _joining(spliced: Spliced) -> Callable[[Kept], bytes]:
    join = spliced.join
    return lambda person: join(values_of(person))


def _mailing(job: Job, form: Form, notice: Notice) -> Callable[[Kept], bytes]:
    sender = job.sender
    assert sender is not None
    about = {"Duty": form.finding, "Notice": form.sha256, "Status": ", ".join(_status(notice, words=True)) or "approved"}
    join = compile_mail(notice, sender, about).join

    def mail(person: Kept) -> bytes:
        to = recipient(person.name, person.email)
        number = message_id(sender, job.incident, form.duty, person.id, form.sha256)
        return join({**values_of(person), "to": to, "message_id": number})

    return mail


def values_of(person: Kept) -> dict[str, Said]:
    """A person's data under the names of the fields."""
    return {
        "name": person.name,
        "address": block_of(person.name, person.address),
        "id": person.id,
        "record": (str(person.row), person.id, person.name, person.email, *person.address),
    }


def block_of(name: str, address: tuple[str, ...]) -> tuple[str, ...]:
    """What stands in the window of the envelope: the name above the postal lines; () without these."""
    return (name, *address) if name and address else address


def _status(notice: Notice, *, words: bool = False) -> Any:
    if words:
        never = never_happened.word(notice.invented, notice.exercise)
        return [word for word, holds in (("DRAFT", notice.draft), (never, never)) if holds]
    exercise = {"exercise": True} if notice.exercise is not None else {}
    return {"draft": notice.draft, "invented": notice.invented, **exercise}


def marks(notice: Notice) -> str:
    """What stands before the name of a file of a notice that is not approved, or of which nothing happened."""
    return f"{never_happened.before_name(notice.invented, notice.exercise)}{'DRAFT-' if notice.draft else ''}"


def refusal(person: Kept, problem: BadValue) -> tuple[int, str, str, str]:
    """A person whose letter could not be made, as a refused row."""
    return person.row, person.id, "glyphs", " ".join(str(problem).split())[:300]
