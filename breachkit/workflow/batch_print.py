"""Print files: many letters in one PDF, for a printer, with the pages of each person's letter in the manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from breachkit.documents.pdf import PdfForm, PrintFile
from breachkit.documents.typesetting import CannotShow
from breachkit.storage.batches import Chunk, Kept
from breachkit.workflow.batch_files import Lines, part_file
from breachkit.workflow.batch_letters import Form
from breachkit.workflow.batch_write import Written, marks, refusal, values_of

if TYPE_CHECKING:
    from breachkit.workflow.batch_write import Writer


def write_print(writer: Writer, chunk: Chunk, form: Form) -> Written:
    """Write a chunk as one print file; the hash in the manifest is that of the file. Who cannot be printed is refused."""
    people = list(writer.people(chunk))
    notice = form.notice if form.bare or people[0].own is None else form.of(people[0].own)
    made, kept, refused = _printed(PdfForm(notice, writer.job.look), people)
    lines = Lines(form.finding, chunk.place, form.language, writer.job.format)
    name = f"letters/{marks(form.notice)}{chunk.place}.{form.language}.{chunk.id:06d}.pdf"
    if made is not None:
        with part_file(writer.job.folder / name) as file:
            file.write(made.data)
        digest = hashlib.sha256(made.data).hexdigest()
        for person, (page, pages) in zip(kept, made.pages, strict=True):
            lines.add(person, name, page=page, pages=pages, size="", sha256=digest)
    return writer.done(chunk, lines, name, refused)


def _printed(form: PdfForm, people: Sequence[Kept]) -> tuple[PrintFile | None, list[Kept], list[tuple[int, str, str, str]]]:
    """The print file, who is in it, and who could not be."""
    kept = list(people)
    refused: list[tuple[int, str, str, str]] = []
    while kept:
        try:
            return form.print_file([values_of(person) for person in kept]), kept, refused
        except CannotShow as problem:
            bad = set(problem.people) or set(range(len(kept)))  # nobody's own data: the letter itself cannot be set
            refused += [refusal(kept[number], problem) for number in sorted(bad)]
            kept = [person for number, person in enumerate(kept) if number not in bad]
    return None, [], refused
