"""What a command does not need it does not import: at three in the morning on an old laptop, seconds count."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from breachkit.storage.journal import Journal

HEAVY = ("rich", "pydantic", "sqlalchemy", "sqlmodel", "alembic", "jinja2", "textual", "asyncio", "duckdb", "aiosmtplib")
ASK = """
import json, sys
sys.argv = ["breachkit", *json.loads(sys.argv[1])]
from breachkit.__main__ import main
try:
    main()
except SystemExit as stopped:
    assert not stopped.code, stopped.code
print("\\n" + json.dumps(sorted(sys.modules)))
"""


def imported(*words: str, home: Path) -> set[str]:
    """The modules loaded at the end of a real run."""
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(words)],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("words", [("--help",), ("--version",)], ids=" ".join)
def test_help_and_version_load_neither_yaml_nor_a_database(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert imported(*words, home=tmp_path) & {*HEAVY, "yaml", "sqlite3", "markdown_it"} == set()


def test_reading_an_incident_loads_no_migration_and_no_screen(tmp_path: Path, blank_journal: bytes) -> None:
    database = tmp_path / "breachkit.db"
    database.touch(mode=0o600)
    database.write_bytes(blank_journal)
    Journal.open(database).close()
    imported("incident", "open", "x", "--database", str(database), home=tmp_path)
    for words in (("duties", "INC-1"), ("journal", "show", "INC-1"), ("fact", "list", "INC-1")):
        assert imported(*words, "--database", str(database), home=tmp_path) & set(HEAVY) == set()


def test_judging_a_facts_file_loads_no_database_at_all(tmp_path: Path, sample: Path) -> None:
    loaded = imported("duties", "--facts", str(sample), home=tmp_path)
    assert loaded & {*HEAVY, "sqlite3", "markdown_it"} == set()


def test_a_notice_loads_its_templates_and_still_no_database(tmp_path: Path, sample: Path) -> None:
    loaded = imported("notice", "render", "eu.gdpr.33", "--facts", str(sample), home=tmp_path)
    assert loaded & {"sqlalchemy", "sqlmodel", "alembic", "textual", "pydantic", "duckdb", "aiosmtplib"} == set()
