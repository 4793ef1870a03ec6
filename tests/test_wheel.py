"""The wheel carries everything that an installed breachkit reads."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from breachkit import __version__
from breachkit.content.laws import load_laws, shipped_laws

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built once from this checkout."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", str(ROOT), "--no-deps", "--no-build-isolation", "--quiet"]
    options = ["--wheel-dir", str(out), "--disable-pip-version-check"]
    built = subprocess.run([*command, *options], capture_output=True, text=True, timeout=120, check=False, cwd=out)
    assert built.returncode == 0, built.stderr
    [path] = out.glob("*.whl")
    return zipfile.ZipFile(path)


def below(folder: str, *endings: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.name.endswith(endings) and "__pycache__" not in path.parts
    }


def test_the_wheel_carries_every_module_law_and_word(wheel: zipfile.ZipFile) -> None:
    shipped = below("breachkit", ".py", ".yaml", ".json", ".typed", ".tcss")
    assert {"breachkit/py.typed", "breachkit/laws/eu/gdpr.yaml", "breachkit/vocabulary/facts.yaml"} <= shipped
    assert any(name.startswith("breachkit/storage/migrations/versions/") for name in shipped)
    assert shipped - set(wheel.namelist()) == set()


@pytest.mark.parametrize("folder", ["templates", "playbooks"])
def test_templates_and_playbooks_travel_inside_the_package(wheel: zipfile.ZipFile, folder: str) -> None:
    here = {f"breachkit/_shipped/{name}" for name in below(folder, ".j2", ".yaml", ".md")}
    assert here
    assert here - set(wheel.namelist()) == set()


def test_the_wheel_carries_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"breachkit", f"breachkit-{__version__}.dist-info"}
    assert not [name for name in wheel.namelist() if name.endswith((".db", ".pyc", ".part")) or "/tests/" in name]


def test_the_wheel_names_its_command_its_licence_and_its_version(wheel: zipfile.ZipFile) -> None:
    info = f"breachkit-{__version__}.dist-info"
    assert "breachkit = breachkit.__main__:main" in wheel.read(f"{info}/entry_points.txt").decode()
    said = Parser().parsestr(wheel.read(f"{info}/METADATA").decode())
    assert (said["Name"], said["Version"], said["License-Expression"]) == ("breachkit", __version__, "Apache-2.0")
    assert f"{info}/licenses/LICENSE" in wheel.namelist()


def test_an_unpacked_wheel_runs_from_anywhere(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "installed")
    done = subprocess.run(
        [sys.executable, "-c", "from breachkit.__main__ import main; main()", "demo", "example-co", "--print"],
        env={"HOME": str(tmp_path), "PYTHONPATH": str(tmp_path / "installed"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "eu.gdpr.33@es-aepd" in done.stdout
    assert "Report of a personal data breach" in done.stdout


def test_the_wheel_carries_the_laws_as_they_are_read_fastest(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """No cache is written for them: what the build made fits the files beside it."""
    wheel.extractall(tmp_path / "installed")
    code = (
        "from breachkit.content.laws import load_laws, shipped_laws; "
        "from breachkit.content.vocabulary import load_vocabulary; "
        "load_vocabulary(); print(shipped_laws().sha256, len(load_laws()))"
    )
    cache = tmp_path / "cache"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(tmp_path / "installed"), "PYTHONDONTWRITEBYTECODE": "1", "BREACHKIT_CACHE": str(cache)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [shipped_laws().sha256, str(len(load_laws()))]
    assert not cache.exists()
