"""Names that try to be paths: in profiles, laws, scenarios, templates, on the command line, and inside archives."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.packs import florida
from tests.security.conftest import Facts, quoted
from tests.workflow.made_up_people import FACTS

SMALL = Path(__file__).parents[1] / "exercises" / "small.yaml"


def files(folder: Path) -> set[Path]:
    """Every file below a folder."""
    return {path for path in folder.rglob("*") if path.is_file() or path.is_symlink()}


@pytest.mark.parametrize("kind", ["promises", "contracts"])
@pytest.mark.parametrize("name", ["../../gone", "/tmp/gone"])
def test_no_promise_names_a_file_outside_the_folder_it_is_written_to(run: Run, tmp_path: Path, kind: str, name: str) -> None:
    promise = f"{{id: {quoted(name)}, to: individuals, within: 72 hours, from: aware_at, with: {quoted(name)}}}"
    text = FACTS.replace(
        "organisation: example-co",
        f"organisation: {{id: mine, name: Mine, roles: [controller], serves: [ES], established_in: [ES], {kind}: [{promise}]}}",
    )
    (tmp_path / "facts.yaml").write_text(text, encoding="utf-8")
    out = tmp_path / "a" / "b" / "out"
    out.mkdir(parents=True)
    before = files(tmp_path)
    ran = run(
        "notice", "render", f"{kind.removesuffix('s')}.mine.{name}", "--facts", tmp_path / "facts.yaml", "--out", out, code=2
    )
    assert "Traceback" not in ran.err
    assert files(tmp_path) == before


COMMANDS = {
    "a language": ("notice", "render", "eu.gdpr.33", "--facts", "FACTS", "--lang", "NAME"),
    "a duty": ("notice", "render", "NAME", "--facts", "FACTS", "--out", "OUT"),
    "a duty with a regime": ("notice", "render", "eu.gdpr.NAME", "--facts", "FACTS", "--out", "OUT"),
    "a worksheet": ("notice", "worksheet", "NAME", "--facts", "FACTS", "--out", "OUT/x"),
    "an organisation": ("demo", "NAME", "--print"),
    "a profile": ("org", "show", "NAME"),
    "a scenario": ("exercise", "show", "NAME"),
    "an exercise": ("exercise", "debrief", "NAME", "--out", "OUT"),
    "a team": ("exercise", "run", "open-folder", "--script", "NAME"),
    "a playbook": ("playbook", "show", "NAME"),
    "a law": ("law", "show", "NAME"),
    "an incident": ("report", "NAME", "--out", "OUT"),
    "an incident's journal": ("journal", "show", "NAME"),
    "a law pack": ("duties", "--facts", "FACTS", "--law-pack", "NAME"),
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS.keys())
def test_no_name_on_the_command_line_is_a_path_where_a_name_is_meant(
    run: Run, facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    own, out = tmp_path / "a" / "own", tmp_path / "a" / "out"
    for folder in (
        own / "languages",
        own / "tabletop" / "scripts",
        own / "playbooks",
        own / "worksheets",
        own / "notices",
        out,
    ):
        folder.mkdir(parents=True)
    monkeypatch.setenv("BREACHKIT_HOME", str(own))
    for ending in ("yaml", "po", "md.j2", "incident.yaml", "db"):
        for place in (own, own.parent, own / "notices"):
            (place / f"gone.{ending}").write_text("SECRET: [", encoding="utf-8")
    path = facts()
    before = files(tmp_path)
    for name in ("../gone", "x/../../gone"):
        fitted = {"FACTS": path, "OUT": out, "OUT/x": out / "x"}
        ran = run(*(fitted.get(word, word.replace("NAME", name)) for word in words), code=2)
        assert "SECRET" not in ran.out + ran.err
        assert "Traceback" not in ran.err
    assert {path for path in files(tmp_path) if path.parent != tmp_path / "run"} == {
        path for path in before if path.parent != tmp_path / "run"
    }


@pytest.mark.parametrize("id", ["us.fl/../../gone", "us.fl.../gone", "../gone", "us.fl.a\\b", "us.fl.a b", "us.fl.\u202ea"])
def test_no_law_names_a_duty_like_a_path(run: Run, tmp_path: Path, id: str) -> None:
    pack = florida(tmp_path / "pack", ("  - id: us.fl.dla\n", f"  - id: {quoted(id)}\n"))
    assert "must begin with its regime's id" in run("law", "check", pack, code=3).err


@pytest.mark.parametrize("id", ["../../gone", "/tmp/gone", "a.b", "a/b", "..", "a\0"])
def test_no_scenario_or_playbook_is_named_like_a_path(run: Run, tmp_path: Path, id: str) -> None:
    for what, text in (
        ("exercise", SMALL.read_text(encoding="utf-8").replace("id: small\n", f"id: {quoted(id)}\n")),
        ("playbook", f"format: breachkit/playbook@1\nid: {quoted(id)}\ntitle: Mine\n"),
    ):
        (tmp_path / f"{what}.yaml").write_text(text, encoding="utf-8")
        assert "id" in run(what, "check", tmp_path / f"{what}.yaml", code=3).err
    exercises = tmp_path / "exercises"
    run("exercise", "run", tmp_path / "exercise.yaml", "--script", "perfect", code=3)
    assert not exercises.exists()


def twice(archive: zipfile.ZipFile) -> None:
    archive.writestr("word/document.xml", b"<x/>")
    archive.writestr("word/document.xml", b"<y/>")


def upwards(archive: zipfile.ZipFile) -> None:
    archive.writestr("word/../../../gone.xml", b"<x/>")


def absolute(archive: zipfile.ZipFile) -> None:
    archive.writestr("/tmp/gone.xml", b"<x/>")


def nested_bomb(archive: zipfile.ZipFile) -> None:
    archive.writestr("word/media/a.png", b"\0" * 41_000_000)


@pytest.mark.filterwarnings("ignore:Duplicate name")  # which is the attack
@pytest.mark.parametrize(
    ("fill", "says"),
    [(twice, "forged name"), (upwards, "forged name"), (absolute, "forged name"), (nested_bomb, "unpacks to more than 40 MB")],
)
def test_no_word_file_of_ones_own_unpacks_out_of_its_place_or_beyond_measure(
    run: Run, facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fill: object, says: str
) -> None:
    assert callable(fill)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        fill(archive)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "base.docx").write_bytes(held.getvalue())
    monkeypatch.setenv("BREACHKIT_HOME", str(tmp_path / "own"))
    words = ("notice", "render", "eu.gdpr.33", "--facts", facts(), "--format", "docx", "--out", tmp_path / "x.docx")
    assert says in run(*words, code=3).err
    assert not (tmp_path / "x.docx").exists()


def test_a_size_that_an_archive_lies_about_is_not_believed(
    run: Run, facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/a.png", b"\0" * 41_000_000)
    said = (41_000_000).to_bytes(4, "little")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "base.docx").write_bytes(held.getvalue().replace(said, (9).to_bytes(4, "little")))
    monkeypatch.setenv("BREACHKIT_HOME", str(tmp_path / "own"))
    words = ("notice", "render", "eu.gdpr.33", "--facts", facts(), "--format", "docx", "--out", tmp_path / "x.docx")
    assert "base.docx" in run(*words, code=3).err
