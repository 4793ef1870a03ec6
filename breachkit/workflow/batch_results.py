"""What a finished batch says of itself: the manifest, who was refused and who was there twice, the counts, and a summary."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from breachkit.domain import marks
from breachkit.domain.batches import ONE_FILE_EACH, Tally, count, people_facts
from breachkit.domain.journal import Draft
from breachkit.domain.spreadsheet import guarded
from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import BreachkitError, ExitCode
from breachkit.storage.batches import BatchFile
from breachkit.storage.journal import Journal
from breachkit.workflow.batch_files import MANIFEST, part_file
from breachkit.workflow.batch_letters import Form
from breachkit.workflow.recording import Recorded, record_facts
from breachkit.workflow.workspace import Workspace

FORMAT: Final = "breachkit/batch@1"


class BatchBroken(BreachkitError):
    """What lies in a batch's folder is not what was noted when it was written; somebody changed it."""

    exit_code = ExitCode.REFUSED


def finish(batch: BatchFile, folder: Path, format: str, hashes: Mapping[str, str], words: Vocabulary) -> dict[str, Any]:
    """Join the manifest, write the lists beside it and note that the batch is done. The summary, as `--json` prints it."""
    forms = [Form.from_json(body) for _, body in batch.forms()]
    tally = _tally(batch)
    if not tally.adds_up:
        raise BatchBroken(
            f"{folder}: {tally.rows} rows are not {tally.letters} letters, {tally.refused_rows} refused rows "
            f"and {tally.duplicates} duplicates; begin again in another folder"
        )
    manifest = _join(batch, folder, forms, hashes)
    if format == "pdf-print":
        _print_index(folder)
    _write_rows(folder / "refused.csv", ("row", "id", "code", "detail"), batch.refused())
    _write_rows(folder / "duplicates.csv", ("row", "id", "duplicate_of", "by"), batch.duplicates())
    _write_counts(folder, tally, words, hashes["table"], _exercise(forms))
    summary = _summary(batch, tally, forms, format, {**hashes, "manifest": manifest})
    if hasattr(os, "sync"):
        os.sync()  # every letter on disk before the batch is called done
    with part_file(folder / "summary.json") as file:
        file.write((json.dumps(summary, indent=2, ensure_ascii=False) + "\n").encode())
    with batch.transaction():
        batch.put(summary=summary)
    shutil.rmtree(folder / ".parts", ignore_errors=True)
    return summary


def record_counts(space: Workspace, journal: Journal, incident: str, summary: Mapping[str, Any], name: str) -> Recorded:
    """Record the counts by place as facts, and in the timeline that letters were made: numbers and hashes, nobody's data."""
    done = record_facts(space, journal, incident, dict(summary["facts"]), source=f"{name}, read by notice batch")
    body = {key: summary[key] for key in ("rows", "letters", "refused", "duplicates", "by_duty", "by_language")}
    said = f"Letters drafted in a batch: {json.dumps(body, sort_keys=True)}; manifest {summary['hashes']['manifest']}"
    journal.append(
        incident,
        [Draft("note.added", {"text": said})],
        expected=journal.head(incident)[0],
        actor=space.who,
        recorded_at=space.writing_time(),
    )
    return done


def _tally(batch: BatchFile) -> Tally:
    """The counts of reading, with what the chunks say of the letters themselves."""
    tally = Tally(**batch.get("tally", {}))
    forms = {id: (body["finding"], body["language"]) for id, body in batch.forms()}
    for chunk, noted in batch.chunks(written=True):
        finding, language = forms[chunk.form]
        tally.letters += noted["letters"]
        for into, key in ((tally.by_place, chunk.place), (tally.by_duty, finding), (tally.by_language, language)):
            count(into, key, noted["letters"])
    tally.refused = {}
    for _, _, code, _ in batch.refused():
        count(tally.refused, code)
    return tally


def _join(batch: BatchFile, folder: Path, forms: Sequence[Form], hashes: Mapping[str, str]) -> str:
    """Both manifests, each chunk's lines once; the SHA-256 of the CSV."""
    head = {
        "format": "breachkit/batch-manifest@1",
        "table_sha256": hashes["table"],
        "facts_sha256": hashes["facts"],
        "law_pack_sha256": hashes["law_pack"],
        **({"exercise": name} if (name := _exercise(forms)) is not None else {}),
        "notices": [
            {
                "duty": form.finding,
                "language": form.language,
                "categories": list(form.categories),
                "fields": list(form.fields),
                "template_sha256": form.notice.template_sha256,
                "notice_sha256": form.sha256,
            }
            for form in forms
        ],
    }
    digest = hashlib.sha256()
    with part_file(folder / "manifest.csv") as rows, part_file(folder / "manifest.jsonl") as lines:
        first = (",".join(MANIFEST) + "\n").encode()
        digest.update(first)
        rows.write(first)
        lines.write((json.dumps(head, ensure_ascii=False) + "\n").encode())
        for chunk, noted in batch.chunks(written=True):
            part = folder / ".parts" / f"{chunk.id:06d}.csv"
            content = part.read_bytes() if part.exists() else b""
            if hashlib.sha256(content).hexdigest() != noted["manifest"]:
                raise BatchBroken(f"{part} is not what was written; begin again in another folder")
            digest.update(content)
            rows.write(content)
            lines.write(part.with_suffix(".jsonl").read_bytes())
    return digest.hexdigest()


def _print_index(folder: Path) -> None:
    """Where each person's pages are, for the printer."""

    def rows() -> Iterator[tuple[object, ...]]:
        with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["row"], row["id"], row["file"], row["page"], row["pages"]

    _write_rows(folder / "print-index.csv", ("row", "id", "file", "first_page", "pages"), rows())


def _write_rows(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A CSV file a spreadsheet can open without running anything."""
    import io

    with part_file(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        made = csv.writer(text, lineterminator="\n")
        made.writerow(head)
        made.writerows([_safe(value) for value in row] for row in rows)
        text.detach()


def _safe(value: object) -> object:
    return guarded(value) if isinstance(value, str) else value


def _write_counts(folder: Path, tally: Tally, words: Vocabulary, table: str, exercise: str | None) -> None:
    """A facts file that `breachkit fact import` reads."""
    lines = [
        *([f"# {marks.EXERCISE}"] if exercise is not None else []),
        f"# Counted by breachkit notice batch from {tally.rows} rows, without {tally.duplicates} duplicates.",
        f"# SHA-256 of the table: {table}",
    ]
    if tally.unplaced:
        lines.append(f"# {tally.unplaced} rows have no known place; each count says how many more it may be with them.")
    lines += ["format: breachkit/facts@1", "facts:"]
    lines += [f"  {key}: {value}" for key, value in people_facts(tally, words).items()]
    with part_file(folder / "counts.yaml") as file:
        file.write(("\n".join(lines) + "\n").encode())


def _exercise(forms: Sequence[Form]) -> str | None:
    """The exercise the letters belong to, by name; None outside of one. They are of one incident."""
    return next((form.notice.exercise for form in forms if form.notice.exercise is not None), None)


def _summary(batch: BatchFile, tally: Tally, forms: Sequence[Form], format: str, hashes: Mapping[str, str]) -> dict[str, Any]:
    from breachkit.content.vocabulary import load_vocabulary

    chunks = sum(1 for _ in batch.chunks(written=True))
    return {
        "format": FORMAT,
        "rows": tally.rows,
        "letters": tally.letters,
        "refused": dict(sorted(tally.refused.items())),
        "duplicates": tally.duplicates,
        "by_place": dict(sorted(tally.by_place.items())),
        "by_duty": dict(sorted(tally.by_duty.items())),
        "by_language": dict(sorted(tally.by_language.items())),
        "language_assumed": tally.language_assumed,
        "language_fallback": tally.language_fallback,
        "also_owed": dict(sorted(tally.also.items())),
        "mended": tally.mended,
        "files": tally.letters if format in ONE_FILE_EACH else chunks,
        "letters_as": format,
        "draft": any(form.notice.draft for form in forms),
        "drafts": sorted({form.finding for form in forms if form.notice.draft}),
        **marks.in_json(any(form.notice.invented for form in forms), _exercise(forms)),
        "lacks": {form.finding: list(form.lacks) for form in forms if form.lacks},
        "one_by_one": sorted({form.finding for form in forms if not form.bare}),
        "facts": people_facts(tally, load_vocabulary()),
        "hashes": dict(hashes),
    }
