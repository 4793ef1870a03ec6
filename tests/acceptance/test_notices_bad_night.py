"""What breaks at night: a folder nobody can write to, a process that fails, a logo or a Word file that only looks sound."""

from __future__ import annotations

import gc
import pickle
import struct
import zlib
from pathlib import Path
from zipfile import ZipFile

import pytest

from breachkit.content.looks import load_look
from breachkit.documents.docx import to_docx
from breachkit.documents.render import render
from breachkit.domain.looks import Look
from breachkit.errors import BadFile, BreachkitError, Fault, JournalConflict, NoticeIncomplete, Refused, UnknownName
from tests.cli.conftest import Run
from tests.documents.every_duty import notice_of
from tests.workflow.made_up_people import FACTS, person, write_table

LETTERHEAD = "format: breachkit/letterhead@1\norganisation: [Example Co]\nlogo: letterhead.png\nlogo_alt: A tick\n"


@pytest.mark.parametrize("command", ["render", "batch", "report", "worksheet"])
def test_a_place_that_cannot_be_written_to_is_one_message_and_no_traceback(run: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    (tmp_path / "file").write_text("in the way")
    facts, out = ("--facts", tmp_path / "facts.yaml"), ("--out", tmp_path / "file" / "below" / "it.md")
    words = {
        "render": ("notice", "render", "eu.gdpr.33"),
        "batch": ("notice", "batch", "all", "--people", write_table(tmp_path / "people.csv", [person(0)])),
        "report": ("report",),
        "worksheet": ("notice", "worksheet", "eu.gdpr.33"),
    }[command]
    said = run(*words, *facts, *out, code=4).err
    assert "Not a directory" in said or "File exists" in said
    assert "Traceback" not in said
    assert (tmp_path / "file").read_text() == "in the way"


@pytest.mark.parametrize(
    "error",
    [
        BadFile([Fault("a.md.j2", 3, "is wrong"), Fault("b.md.j2", None, "is too")]),
        UnknownName("duty", "eu.gdpr.3", ["eu.gdpr.33"]),
        JournalConflict("INC-1", 3, 5),
        NoticeIncomplete("eu.gdpr.33", ["nature"]),
        Refused("not this"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_comes_whole_out_of_a_process_that_writes_letters(error: BreachkitError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def png(width: int, height: int, packed: bytes) -> bytes:
    parts = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", packed), (b"IEND", b""))
    chunks = (struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


SOUND = zlib.compress(b"\0" * 110)


@pytest.mark.parametrize(
    ("picture", "says"),
    [
        (png(10, 10, b"no deflate at all"), "is damaged"),
        (png(10, 10, SOUND[:-6]), "is cut off"),
        (png(9_000, 9_000, SOUND), "is 9000 by 9000 pixels"),
    ],
    ids=["no deflate", "cut off", "a few bytes that are 81 million pixels"],
)
def test_a_logo_that_only_looks_sound_is_refused_before_a_page_is_set(tmp_path: Path, picture: bytes, says: str) -> None:
    (tmp_path / "letterhead.yaml").write_text(LETTERHEAD, encoding="utf-8")
    (tmp_path / "letterhead.png").write_bytes(picture)
    with pytest.raises(BadFile, match=says):
        load_look(tmp_path)


def test_a_sound_logo_is_taken(tmp_path: Path) -> None:
    (tmp_path / "letterhead.yaml").write_text(LETTERHEAD, encoding="utf-8")
    (tmp_path / "letterhead.png").write_bytes(png(10, 10, SOUND))
    assert load_look(tmp_path) is not None


@pytest.mark.parametrize(
    "body", [b"<a/>", b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>']
)
def test_a_word_file_without_a_body_is_refused_with_what_to_do(tmp_path: Path, body: bytes) -> None:
    notice = notice_of("eu.gdpr.33")
    whole, bare = tmp_path / "whole.docx", tmp_path / "bare.docx"
    whole.write_bytes(to_docx(notice))
    with ZipFile(whole) as old, ZipFile(bare, "w") as new:
        for name in old.namelist():
            new.writestr(name, body if name == "word/document.xml" else old.read(name))
    with pytest.raises(BadFile, match=r"base\.docx: cannot be used .* save it anew"):
        render(notice, "docx", Look(base_docx=bare.read_bytes()))


def test_documents_made_before_are_given_back(tmp_path: Path) -> None:
    notice = notice_of("us.fl.individuals")
    render(notice, "docx")
    gc.disable()  # as a command does, nearly: it collects late
    try:
        gc.collect()
        before = len(gc.get_objects())
        for _ in range(4):
            render(notice, "docx")
        kept = len(gc.get_objects()) - before
    finally:
        gc.enable()
    assert kept < 1_000, "one document is several thousand objects"


def test_a_countrys_count_that_its_states_make_is_no_contradiction(run: Run, tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(
        FACTS.replace("people.in.US-FL: 10..9000", "people.in.US-FL: 620..700").replace(
            "people.in.US-CA: 10..9000", "people.in.US-CA: 130"
        ),
        encoding="utf-8",
    )
    said = run("notice", "check", "us.ftc.safeguards", "--facts", tmp_path / "facts.yaml", "--json").json
    assert said["contradictions"] == []
    shown = run("notice", "render", "us.ftc.safeguards", "--facts", tmp_path / "facts.yaml").out
    assert "at least 750" in shown


def test_an_incident_before_its_first_entry_is_not_called_unknown(run: Run) -> None:
    run("incident", "open", "A copied file", "--aware", "2026-11-20T22:15+01:00")
    said = run("notice", "render", "eu.gdpr.33", "INC-1", "--as-of", "2020-01-01T00:00Z", code=2).err
    assert "nothing of INC-1 was recorded by 2020-01-01" in said
    assert "did you mean" not in said
