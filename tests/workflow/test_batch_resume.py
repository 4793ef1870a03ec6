"""A batch that was stopped at any moment goes on, and in the end nothing is missing, doubled or different."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from breachkit.errors import ExitCode, Refused
from breachkit.workflow import batch_crew
from breachkit.workflow.workspace import Workspace
from tests.conftest import Clock
from tests.workflow.made_up_people import DUTIES, FACTS, letters, listed, make, manifest, person, summary, write_table

PEOPLE = 3_000


def all_bytes(out: Path) -> dict[str, bytes]:
    """Every file for people to read, by its path."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and not path.name.startswith(("batch.sqlite", "."))
    }


def command(folder: Path, out: Path, *more: str) -> list[str]:
    """The batch as a command of its own."""
    (folder / "facts.yaml").write_text(FACTS, encoding="utf-8")
    return [
        sys.executable, "-m", "breachkit", "notice", "batch", *DUTIES, "--facts", str(folder / "facts.yaml"),
        "--people", str(folder / "people.csv"), "--out", str(out), "--json", *more,
    ]  # fmt: skip


def people(number: int) -> list[dict[str, str]]:
    """People with some who are there twice and some who cannot be served."""
    rows = [person(n) for n in range(number)]
    for n in range(7, number, 50):
        rows[n] = {**rows[n - 6], "id": f"again{n}"}
    for n in range(9, number, 70):
        rows[n] = person(n, country="Narnia")
    return rows


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not known there")
@pytest.mark.parametrize("format", ["jsonl", "eml"])
def test_killed_at_random_moments_it_still_writes_everybody_once(tmp_path: Path, format: str) -> None:
    write_table(tmp_path / "people.csv", people(PEOPLE))
    whole = tmp_path / "whole"
    run = command(tmp_path, whole, "--format", format, "--workers", "2")
    subprocess.run(run, check=True, capture_output=True)
    stopped = tmp_path / "stopped"
    rng = random.Random()
    kills = 0
    for _ in range(3):
        running = subprocess.Popen(
            command(tmp_path, stopped, "--format", format, "--workers", "2"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + rng.uniform(0.5, 3.0)
        while running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        if running.poll() is None:
            kills += 1
            # Only the command, as an administrator might, or all its processes, as a power cut does.
            running.kill() if rng.random() < 0.5 else os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        if (stopped / "batch.sqlite").exists() and kills == 1:
            _keep_the_day(whole, stopped, tmp_path, format)
    subprocess.run(command(tmp_path, stopped, "--format", format, "--workers", "2"), check=True, capture_output=True)
    rows = sorted(int(row["row"]) for row in manifest(stopped))
    refused = [int(row["row"]) for row in listed(stopped, "refused.csv")]
    twice = [int(row["row"]) for row in listed(stopped, "duplicates.csv")]
    assert sorted([*rows, *refused, *twice]) == list(range(1, PEOPLE + 1))
    assert all_bytes(stopped) == all_bytes(whole)
    assert not list(stopped.rglob("*.part"))


def _keep_the_day(whole: Path, stopped: Path, folder: Path, format: str) -> None:
    """Midnight may lie between the two runs: the one that was never stopped is made again as of when the other was begun."""
    from breachkit.storage.batches import peek

    began = [peek(out, "began") for out in (whole, stopped)]
    if began[1] is not None and began[0][:10] != began[1][:10]:
        shutil.rmtree(whole)
        subprocess.run(command(folder, whole, "--format", format), check=True, capture_output=True)


@pytest.mark.parametrize("format", ["jsonl", "eml", "docx", "pdf-print"])
def test_two_processes_write_the_same_bytes_as_one(workspace: Workspace, tmp_path: Path, format: str) -> None:
    number = 90 if format in ("docx", "pdf-print") else 2_500
    table = write_table(tmp_path / "people.csv", people(number))
    for workers in (1, 2):
        make(workspace, table, tmp_path / f"by{workers}", format=format, workers=workers)
    assert all_bytes(tmp_path / "by1") == all_bytes(tmp_path / "by2")


class Stop(Exception):
    """A power cut, at a moment of the test's choosing."""


@pytest.mark.parametrize("format", ["jsonl", "eml"])
@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_stopped_between_two_steps_it_goes_on_with_the_next(
    workspace: Workspace, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str, after: int
) -> None:
    monkeypatch.setattr("breachkit.workflow.batch._CHUNK", {})
    monkeypatch.setattr("breachkit.workflow.batch._CHUNK_ELSE", 20)
    monkeypatch.setattr("breachkit.workflow.batch_ingest._ROWS", 30)
    table = write_table(tmp_path / "people.csv", people(100))
    make(workspace, table, tmp_path / "whole", format=format)
    written = []
    write = batch_crew.Writer.write

    def stopping(self: batch_crew.Writer, chunk: object) -> object:
        if len(written) == after:
            raise Stop
        done = write(self, chunk)  # type: ignore[arg-type]  # handed through as it came
        written.append(done.chunk)
        return done

    with monkeypatch.context() as patched:
        patched.setattr(batch_crew.Writer, "write", stopping)
        with pytest.raises(Stop):
            make(workspace, table, tmp_path / "out", format=format)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "letters").rglob("*") if path.is_file()}
    make(workspace, table, tmp_path / "out", format=format)
    assert all_bytes(tmp_path / "out") == all_bytes(tmp_path / "whole")
    assert all(path.stat().st_mtime_ns == then for path, then in before.items()), "nothing is written twice"


def test_reading_goes_on_where_it_was_stopped(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("breachkit.workflow.batch_ingest._ROWS", 10)
    table = write_table(tmp_path / "people.csv", people(95))
    make(workspace, table, tmp_path / "whole")
    starts = []
    for stop_after in (3, 2, 100):
        seen = 0

        def progress(phase: str, _done: int, _of: int, limit: int = stop_after) -> None:
            nonlocal seen
            if phase == "reading":
                seen += 1
                if seen == limit:
                    raise Stop

        try:
            _run(workspace, table, tmp_path / "out", progress)
        except Stop:
            starts.append(seen)
    assert starts == [3, 2]
    assert all_bytes(tmp_path / "out") == all_bytes(tmp_path / "whole")


def _run(workspace: Workspace, table: Path, out: Path, progress: object) -> None:
    from breachkit.workflow.batch import Order, run_batch
    from breachkit.workflow.subjects import answer, subject_of_file

    found = answer(subject_of_file(None, text=FACTS.encode()), workspace)
    run_batch(found, DUTIES, workspace, Order(table, out, format="jsonl", workers=1), progress)  # type: ignore[arg-type]  # a test's own


def test_something_else_in_the_same_folder_is_refused_with_what_differs(workspace: Workspace, tmp_path: Path) -> None:
    table = write_table(tmp_path / "people.csv", people(20))
    make(workspace, table, tmp_path / "out", format="text")
    other = write_table(tmp_path / "other.csv", people(21))
    before = all_bytes(tmp_path / "out")
    for says, ask in {
        "table": lambda: make(workspace, other, tmp_path / "out", format="text"),
        "format: text then, html now": lambda: make(workspace, table, tmp_path / "out", format="html"),
        "facts": lambda: make(workspace, table, tmp_path / "out", format="text", facts=FACTS.replace("closed", "shut")),
        "duties": lambda: make(workspace, table, tmp_path / "out", format="text", duties=["eu.gdpr.34"]),
        "limit": lambda: make(workspace, table, tmp_path / "out", format="text", limit=5),
        "fallback language": lambda: make(workspace, table, tmp_path / "out", format="text", fallback="en"),
    }.items():
        with pytest.raises(Refused, match=says) as refused:
            ask()
        assert refused.value.exit_code == ExitCode.REFUSED
    assert all_bytes(tmp_path / "out") == before


def test_a_template_that_changed_meanwhile_is_refused(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own" / "notices" / "eu.gdpr"
    own.mkdir(parents=True)
    (own / "34.md.j2").write_text("# One\n\nDear {{ person_name }},\n\n{{ organisation }}\n")
    workspace.own = tmp_path / "own"
    table = write_table(tmp_path / "people.csv", people(20))

    def stop(*_: object) -> None:
        raise Stop

    with monkeypatch.context() as patched:
        patched.setattr(batch_crew.Writer, "write", stop)
        with pytest.raises(Stop):
            make(workspace, table, tmp_path / "out")
    (own / "34.md.j2").write_text("# Another\n\nDear {{ person_name }},\n\n{{ organisation }}\n")
    with pytest.raises(Refused, match=r"eu\.gdpr\.34.*template or translation changed"):
        make(workspace, table, tmp_path / "out")


def test_a_finished_batch_says_again_what_it_said_and_writes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    table = write_table(tmp_path / "people.csv", people(20))
    said = make(workspace, table, tmp_path / "out")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "letters").rglob("*")}
    assert make(workspace, table, tmp_path / "out") == said == summary(tmp_path / "out")
    assert times == {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "letters").rglob("*")}
    assert not (tmp_path / "out" / ".parts").exists() or not any((tmp_path / "out" / ".parts").iterdir())


def test_half_written_files_of_a_stopped_run_are_swept(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = write_table(tmp_path / "people.csv", people(20))

    def stop(*_: object) -> None:
        raise Stop

    with monkeypatch.context() as patched:
        patched.setattr(batch_crew.Writer, "write", stop)
        with pytest.raises(Stop):
            make(workspace, table, tmp_path / "out", format="text")
    (tmp_path / "out" / "letters" / ".000001.99.part").mkdir()
    (tmp_path / "out" / "letters" / ".000001.99.part" / "x").write_text("half")
    (tmp_path / "out" / ".parts" / ".000001.csv.99.part").write_text("half")
    make(workspace, table, tmp_path / "out", format="text")
    assert not list((tmp_path / "out").rglob("*.part"))
    assert len(letters(tmp_path / "out")) == summary(tmp_path / "out")["letters"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measures resident memory as Linux counts it")
@pytest.mark.parametrize(("format", "few", "many"), [("jsonl", 300, 8_000), ("pdf-print", 600, 1_500)])
def test_memory_does_not_grow_with_the_number_of_people(tmp_path: Path, format: str, few: int, many: int) -> None:
    peaks = []
    for number in (few, many):
        write_table(tmp_path / "people.csv", map(person, range(number)))
        run = command(tmp_path, tmp_path / f"out{number}", "--format", format, "--workers", "1")
        measured = subprocess.run([sys.executable, "-c", _MEASURE, *run], check=True, capture_output=True, text=True)
        said = json.loads(measured.stdout.splitlines()[-1])
        peaks.append(said)
    assert peaks[1] < 300 * 1024
    assert peaks[1] - peaks[0] < 60 * 1024, "the database's own cache is bounded, and nothing else may grow"


_MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.parametrize("format", ["eml", "jsonl"])
def test_after_a_power_cut_what_is_not_on_disk_is_written_again(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    monkeypatch.setattr("breachkit.workflow.batch._CHUNK", {})
    monkeypatch.setattr("breachkit.workflow.batch._CHUNK_ELSE", 20)
    table = write_table(tmp_path / "people.csv", people(100))
    make(workspace, table, tmp_path / "whole", format=format)

    def stop(*_: object) -> None:
        raise Stop

    with monkeypatch.context() as patched:
        patched.setattr("breachkit.workflow.batch.finish", stop)
        with pytest.raises(Stop):
            make(workspace, table, tmp_path / "out", format=format)
    written = sorted(path for path in (tmp_path / "out" / "letters").rglob("*") if path.is_file())
    written[0].write_bytes(b"")
    written[1].unlink()
    kept = {path: path.stat().st_mtime_ns for path in written[-20:]} if format == "eml" else {}
    monkeypatch.setattr("breachkit.workflow.batch_recheck.system_start", lambda: "another start")
    make(workspace, table, tmp_path / "out", format=format)
    assert all_bytes(tmp_path / "out") == all_bytes(tmp_path / "whole")
    assert all(path.stat().st_mtime_ns == then for path, then in kept.items()), "what is whole is left alone"
