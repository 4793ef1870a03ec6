"""Another user of the machine: links, permissions and planted files where breachkit keeps and writes its own.

What the journal's own file, a batch and the folder for messages refuse is tried in `tests/storage/test_opening.py`,
`tests/workflow/test_batch.py` and `tests/delivery/test_folder.py`; here is the rest.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from breachkit.content import laws, shipped
from breachkit.workflow import files
from tests.cli.conftest import Run
from tests.security.conftest import Facts
from tests.workflow.made_up_people import person, write_table

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
SIDES = ("-wal", "-shm", "-journal")


@pytest.fixture
def open_umask() -> Iterator[None]:
    """The most careless umask there is."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_whatever_is_written_is_for_its_owner_alone_whatever_the_umask(
    run: Run, facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, path = tmp_path / "new", facts()
    place.mkdir(mode=0o700)
    monkeypatch.setenv("BREACHKIT_DATABASE", str(place / "data" / "deep" / "breachkit.db"))
    monkeypatch.setenv("BREACHKIT_EXERCISES", str(place / "drills" / "deep"))
    monkeypatch.setenv("BREACHKIT_CACHE", str(place / "cache"))
    laws._own_packs.cache_clear()
    people = write_table(tmp_path / "people.csv", [person(0), person(3)])
    run("incident", "open", "--facts", path)
    run("notice", "render", "eu.gdpr.33", "INC-1", "--out", place / "a" / "b" / "notice.md")
    run("notice", "render", "eu.gdpr.33", "INC-1", "--out", place / "a" / "b" / "notice.pdf", "--format", "pdf")
    run("notice", "worksheet", "eu.gdpr.33", "INC-1", "--out", place / "c" / "d" / "sheet.md")
    run("clock", "INC-1", "--ics", place / "e" / "f" / "clock.ics")
    run("report", "INC-1", "--out", place / "g" / "h" / "report.md")
    run("exercise", "export", "open-folder", "--out", place / "i" / "j" / "events.csv")
    run("exercise", "run", "open-folder", "--script", "perfect")
    for format in ("eml", "jsonl"):
        out = place / "k" / "l" / format
        run("notice", "batch", "eu.gdpr.34", "INC-1", "--people", people, "--out", out, "--format", format)
    found = list(place.rglob("*"))
    assert len(found) > 25
    open_ones = {
        str(one.relative_to(place)): oct(stat.S_IMODE(one.stat().st_mode)) for one in found if one.stat().st_mode & 0o077
    }
    assert open_ones == {}


@pytest.mark.parametrize("side", SIDES)
def test_no_link_beside_the_database_is_written_through(run: Run, incident: str, tmp_path: Path, side: str) -> None:
    database = tmp_path / "run" / "breachkit.db"
    target = tmp_path / "target"
    target.write_text("mine", encoding="utf-8")
    beside = database.with_name(database.name + side)
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    for words in (("fact", "set", incident, "role=controller"), ("duties", incident)):
        assert "is a symbolic link" in run(*words, code=4).err
    assert target.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_no_pipe_folder_or_device_is_taken_for_a_database(run: Run, tmp_path: Path, kind: str) -> None:
    place = tmp_path / "place"
    {"pipe": lambda: os.mkfifo(place), "folder": place.mkdir, "device": lambda: place.symlink_to("/dev/zero")}[kind]()
    said = run("incident", "list", "--database", place, code=4 if kind == "device" else 2).err
    assert "is not a file" in said or "is a symbolic link" in said


def test_no_document_is_written_through_a_link_or_over_a_file_that_appears_meanwhile(
    run: Run, facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, link, path = tmp_path / "target", tmp_path / "out.ics", facts()
    for there in (True, False):
        if there:
            target.write_text("mine", encoding="utf-8")
        else:
            target.unlink()
        link.unlink(missing_ok=True)
        link.symlink_to(target)
        for more in ((), ("--force",)):
            assert "symbolic link" in run("clock", "--facts", path, "--ics", link, *more, code=4).err
        assert target.exists() is there
    link.unlink()
    wait = os.fsync

    def meanwhile(descriptor: int) -> None:
        wait(descriptor)
        link.write_text("somebody else's", encoding="utf-8")

    monkeypatch.setattr(os, "fsync", meanwhile)
    assert "is there already" in run("clock", "--facts", path, "--ics", link, code=4).err
    assert link.read_text(encoding="utf-8") == "somebody else's"
    assert [one.name for one in tmp_path.iterdir() if one.name.endswith(".part")] == []


def test_the_name_of_a_file_that_is_being_written_cannot_be_known_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    wait = os.fsync

    def look(descriptor: int) -> None:
        wait(descriptor)
        seen.extend(path.name for path in tmp_path.glob(".*"))

    monkeypatch.setattr(os, "fsync", look)
    for number in range(3):
        files.write_new(tmp_path / f"{number}.md", "x")
    assert len({name.split(".", 3)[-1] for name in seen}) == 3
    assert not any(str(os.getpid()) in name for name in seen)


def law_cache(folder: Path) -> Path:
    """The file that the parsed laws are kept in."""
    shipped.compiled_bytes(laws.law_files(laws.LAWS)[:1], cache_name="laws", base=laws.LAWS, make=lambda _: "true")
    return folder / "laws.json"


def read_again() -> bytes:
    """What the cache holds, or what is made when it is not believed."""
    return shipped.compiled_bytes(laws.law_files(laws.LAWS)[:1], cache_name="laws", base=laws.LAWS, make=lambda _: "true")


def test_laws_are_read_from_no_cache_that_somebody_else_can_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BREACHKIT_CACHE", str(tmp_path / "cache"))
    kept = law_cache(tmp_path / "cache")
    key = kept.read_bytes().partition(b"\n")[0]
    kept.write_bytes(key + b"\nfalse")
    assert read_again() == b"false", "one's own cache is read"
    kept.chmod(0o666)
    assert read_again() == b"true"
    kept.write_bytes(key + b"\nfalse")
    (tmp_path / "planted.json").write_bytes(key + b"\nfalse")
    kept.unlink()
    kept.symlink_to(tmp_path / "planted.json")
    assert read_again() == b"true"
    kept.unlink()
    kept.write_bytes(key + b"\nfalse")
    kept.chmod(0o600)
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    assert read_again() == b"true", "a file of somebody else"


def test_a_folder_of_somebody_else_gets_no_letters(
    run: Run, facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir(mode=0o700)
    table, me = write_table(tmp_path / "people.csv", [person(0)]), os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    words = ("notice", "batch", "eu.gdpr.34", "--facts", facts(), "--people", table, "--out", tmp_path / "out")
    assert "belongs to somebody else" in run(*words, code=4).err
    assert list((tmp_path / "out").iterdir()) == []


def test_what_is_planted_in_a_batch_is_replaced_and_never_followed(run: Run, facts: Facts, tmp_path: Path) -> None:
    target, out, path = tmp_path / "target", tmp_path / "out", facts()
    target.write_text("mine", encoding="utf-8")
    table = write_table(tmp_path / "people.csv", [person(0)])
    words = ("notice", "batch", "eu.gdpr.34", "--facts", path, "--people", table, "--out", out, "--format", "jsonl")
    run(*words)
    for name in ("manifest.csv", "summary.json", ".writing", ".lock"):
        before = (out / name).read_bytes() if (out / name).exists() else b""
        (out / name).unlink(missing_ok=True)
        (out / name).symlink_to(target)
        ran = run(*words, code=4 if name.startswith(".") else 0)
        assert target.read_text(encoding="utf-8") == "mine", ran.err
        (out / name).unlink()
        (out / name).write_bytes(before)


def test_a_database_that_others_could_read_is_taken_back_and_told(run: Run, incident: str, tmp_path: Path) -> None:
    database = tmp_path / "run" / "breachkit.db"
    database.chmod(0o666)
    assert "could be read by others" in run("fact", "set", incident, "role=controller").err
    assert stat.S_IMODE(database.stat().st_mode) == 0o600


def test_a_folder_that_others_can_write_is_told_since_they_could_swap_files(run: Run, incident: str, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.chmod(0o777)
    assert "can be written by others" in run("fact", "set", incident, "role=controller").err
    folder.chmod(0o1777)  # sticky: nobody else's files can be swapped there
    assert "can be written by others" not in run("fact", "list", incident).err
