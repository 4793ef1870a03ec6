"""The commands on a team's PostgreSQL database, chosen by `--database` or BREACHKIT_DATABASE like any other."""

from __future__ import annotations

import json

import pytest

from tests.storage.servers import MEMBER, OWNER, PASSWORD, Server

from .conftest import Run


def test_an_incident_is_kept_by_two_people_on_one_server(
    run: Run, team_database: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = team_database.partition("@/")[2].partition("?")[0]
    monkeypatch.setenv("BREACHKIT_DATABASE", server.url_over_tcp(name))
    run("incident", "open", "Drawer left open", "--organisation", "example-co")
    here = ("--database", team_database)
    run("fact", "set", "INC-1", "people.total=600", "aware_at=2026-11-20T22:15:00Z", "role=controller", *here)
    assert "Drawer left open" in run("incident", "list").out
    assert json.loads(run("duties", "INC-1", "--json").out)["duties"]
    shown = run("journal", "show", "INC-1", "--json").json["entries"]
    assert len(shown) == 5
    kept = run("journal", "verify", "--json").json
    assert kept["ok"] is True
    assert kept["heads"]["INC-1"]["entry"] == len(shown)
    exported = run("journal", "export", "INC-1").out
    assert len(exported.splitlines()) == len(shown)
    assert run("journal", "show", "INC-1", "--as-of", "2020-01-01T00:00Z", "--json", code=2).out == ""
    roles = server.sql("SELECT DISTINCT written_by FROM breachkit.entry ORDER BY 1", database=name)
    assert roles == [(MEMBER,), (OWNER,)]


def test_no_command_repeats_a_password_and_an_exercise_stays_in_a_file(run: Run, server: Server) -> None:
    url = server.url_over_tcp("no-such-database")
    for words in (("incident", "list"), ("journal", "verify"), ("incident", "open", "x")):
        ran = run(*words, "--database", url, code=4)
        assert "no-such-database" in ran.err
        assert PASSWORD not in ran.err + ran.out
    ran = run("exercise", "run", "open-folder", "--script", "perfect", "--database", url, code=2)
    assert "an exercise is played in a file of its own" in " ".join(ran.err.split())
    assert PASSWORD not in ran.err + ran.out


def test_starting_a_journal_on_a_server_makes_both_schemas(run: Run, server: Server) -> None:
    name = server.new_database("blank")
    url = server.url(name)
    try:
        assert "there is no journal" in run("journal", "verify", "--database", url, code=2).err
        assert name in run("init", "--database", url).err
        assert run("journal", "verify", "--database", url).out == "every chain holds\n"
        schemas = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'breachkit%' ORDER BY 1"
        assert server.sql(schemas, database=name) == [("breachkit",), ("breachkit_vault",)]
    finally:
        server.drop(name)
