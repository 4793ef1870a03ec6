"""Letters for many: everybody is served once, or listed with the reason."""

from __future__ import annotations

import hashlib
import json
import stat
import sys
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from breachkit.content.factsfile import load_facts_file
from breachkit.errors import Refused, UnknownName, UsageError
from breachkit.storage.journal import Journal
from breachkit.workflow import batch as batches
from breachkit.workflow.batch_results import record_counts
from breachkit.workflow.recording import open_incident
from breachkit.workflow.workspace import Workspace
from tests.workflow.made_up_people import FACTS, HEAD, letters, listed, make, manifest, person, summary, write_table

FORMATS = ("eml", "html", "text", "jsonl", "docx", "pdf", "pdf-print")


@pytest.mark.parametrize("format", FORMATS)
def test_everybody_gets_one_letter_with_the_hash_the_manifest_names(workspace: Workspace, tmp_path: Path, format: str) -> None:
    table = write_table(tmp_path / "people.csv", map(person, [0, 1, 2, 4, 5, 6, 7]))
    said = make(workspace, table, tmp_path / "out", format=format)
    rows = manifest(tmp_path / "out")
    assert sorted(int(row["row"]) for row in rows) == [1, 2, 3, 4, 5, 6, 7]
    assert said["letters"] == said["rows"] == 7
    for row, data in zip(rows, letters(tmp_path / "out").values(), strict=True):
        assert hashlib.sha256(data).hexdigest() == row["sha256"]
        assert not row["bytes"] or int(row["bytes"]) == len(data)
    assert {row["duty"]: row["place"] for row in rows} == {
        "eu.gdpr.34": "ES",
        "us.fl.individuals": "US-FL",
        "us.ca.individuals": "US-CA",
    }
    assert (
        json.loads((tmp_path / "out" / "manifest.jsonl").read_text().splitlines()[0])["format"] == "breachkit/batch-manifest@1"
    )
    assert len((tmp_path / "out" / "manifest.jsonl").read_text().splitlines()) == 8
    assert hashlib.sha256((tmp_path / "out" / "manifest.csv").read_bytes()).hexdigest() == said["hashes"]["manifest"]


@pytest.mark.parametrize("format", ["eml", "html", "text", "jsonl"])
def test_each_letter_names_its_person_and_nobody_else(workspace: Workspace, tmp_path: Path, format: str) -> None:
    table = write_table(tmp_path / "people.csv", [person(number, name=f"Person{number:03d}") for number in range(30)])
    make(workspace, table, tmp_path / "out", format=format)
    for row, data in letters(tmp_path / "out").items():
        if format == "eml":
            message = message_from_bytes(data, policy=policy.default)
            text = "".join(part.get_content() for part in message.walk() if not part.is_multipart()) + str(message["To"])
        else:
            text = data.decode()
        assert {f"Person{number:03d}" for number in range(30) if f"Person{number:03d}" in text} == {f"Person{row - 1:03d}"}


def test_a_print_file_has_each_person_on_the_pages_it_says(workspace: Workspace, tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf", reason="reads the pages again")
    table = write_table(tmp_path / "people.csv", [person(number, name=f"Person{number:03d}") for number in range(12)])
    make(workspace, table, tmp_path / "out", format="pdf-print")
    index = listed(tmp_path / "out", "print-index.csv")
    assert len(index) == 12
    for row in index:
        pages = pypdf.PdfReader(tmp_path / "out" / row["file"]).pages
        first, count = int(row["first_page"]) - 1, int(row["pages"])
        text = "".join(page.extract_text() for page in pages[first : first + count])
        assert {f"Person{n:03d}" for n in range(12) if f"Person{n:03d}" in text} == {f"Person{int(row['row']) - 1:03d}"}
    assert len({row["file"] for row in index}) == 3, "one file for each jurisdiction"


def test_who_cannot_be_printed_is_refused_by_name_and_the_others_are_printed(workspace: Workspace, tmp_path: Path) -> None:
    table = write_table(tmp_path / "people.csv", [person(0), person(3, name="\U00012000\U00012001"), person(6)])
    for format in ("pdf", "pdf-print"):
        said = make(workspace, table, tmp_path / format, format=format)
        assert (said["letters"], said["refused"]) == (2, {"glyphs": 1})
        assert [row["row"] for row in listed(tmp_path / format, "refused.csv")] == ["2"]
        assert said["by_place"] == {"ES": 2}


ROWS = st.builds(
    person,
    st.integers(0, 25),
    id=st.sampled_from(["", "1", "2", "=1+1", "7", "8", "a\tb"]),
    email=st.sampled_from(
        ["", "no mail", "a@example.com", "b@example.com", "x@y@z", "c@exämple.com", "d\r\nBcc: e@example.com"]
    ),
    country=st.sampled_from(["ES", "US", "Spain", "Narnia", "", "JP"]),
    language=st.sampled_from(["en", "fr", "", "tlh"]),
    street=st.sampled_from(["", "1 Example St", "=cmd()", "2 Example St"]),
    name=st.sampled_from(["Ana", "", "Zoë", "@x", "a" * 10_001, "Bo\x00"]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, max_size=30), format=st.sampled_from(["jsonl", "eml", "text"]), number=st.integers(0, 10**9))
def test_every_row_is_a_letter_a_refusal_or_a_duplicate(
    workspace: Workspace, tmp_path: Path, rows: list[dict[str, str]], format: str, number: int
) -> None:
    out = tmp_path / hashlib.sha256(repr((rows, format, number)).encode()).hexdigest()[:20]
    table = write_table(out.with_suffix(".csv"), rows)
    said = make(workspace, table, out, format=format, duties=["all"])
    served = {int(row["row"]) for row in manifest(out)}
    refused = {int(row["row"]) for row in listed(out, "refused.csv")}
    twice = {int(row["row"]) for row in listed(out, "duplicates.csv")}
    assert sorted([*served, *refused, *twice]) == list(range(1, len(rows) + 1))
    assert said["rows"] == len(rows) == said["letters"] + sum(said["refused"].values()) + said["duplicates"]
    assert (
        said["letters"] == sum(said["by_place"].values()) == sum(said["by_duty"].values()) == sum(said["by_language"].values())
    )
    load_facts_file(out / "counts.yaml")
    make(workspace, table, out, format=format, duties=["all"])  # done already: asked again, it says the same
    assert summary(out) == said


def test_of_two_rows_of_one_person_the_first_that_gets_a_letter_stands(workspace: Workspace, tmp_path: Path) -> None:
    rows = [
        person(0, language="tlh"),  # no letter in Klingon
        person(0, id="again"),
        person(0, id="third", email="P0@EXAMPLE.COM"),
        person(3),
        person(6, id="C3"),  # another person with that id
    ]
    said = make(workspace, write_table(tmp_path / "people.csv", rows), tmp_path / "out", format="eml")
    assert sorted(row["id"] for row in manifest(tmp_path / "out")) == ["C3", "again"]
    assert listed(tmp_path / "out", "duplicates.csv") == [{"row": "3", "id": "third", "duplicate_of": "2", "by": "email"}]
    assert said["refused"].get("duplicate_id") == 1
    assert said["duplicates"] == 1


def test_no_other_language_is_taken_in_silence(workspace: Workspace, tmp_path: Path) -> None:
    table = write_table(tmp_path / "people.csv", [person(1, language="fr"), person(4, language="")])
    strict = make(workspace, table, tmp_path / "strict")
    assert (strict["refused"], strict["language_assumed"]) == ({"no_language": 1}, 1)
    asked = make(workspace, table, tmp_path / "asked", fallback="en")
    assert (asked["refused"], asked["language_fallback"], asked["letters"]) == ({}, 1, 2)


def test_letters_list_a_persons_own_kinds_of_data(workspace: Workspace, tmp_path: Path) -> None:
    head = (*HEAD, "categories")
    people = [person(0), person(3, categories="phone"), person(6, categories="phone;email")]
    make(workspace, write_table(tmp_path / "people.csv", people, head), tmp_path / "out", format="text")
    found = {row: data.decode() for row, data in letters(tmp_path / "out").items()}
    assert "Telephone number" not in found[1]
    assert "Telephone number" in found[2]
    assert "Social Security" in found[1]
    assert "Social Security" not in found[2]


@pytest.mark.parametrize("format", FORMATS)
def test_drafts_and_invented_incidents_are_marked_everywhere(workspace: Workspace, tmp_path: Path, format: str) -> None:
    table = write_table(tmp_path / "people.csv", [person(0)])
    invented = FACTS.replace("  role:", "  incident.invented: yes\n  role:")
    said = make(workspace, table, tmp_path / "out", format=format, facts=invented)
    assert said["draft"] is True
    assert said["invented"] is True
    assert "INVENTED-DRAFT-" in manifest(tmp_path / "out")[0]["file"]
    data = letters(tmp_path / "out")[1]
    if format == "eml":
        message = message_from_bytes(data, policy=policy.default)
        assert message["Subject"].startswith("INVENTED - DRAFT - ")
        assert message["To"].addresses[0].addr_spec == "p0@example.com.invalid"
    elif format == "jsonl":
        assert json.loads(data)["email"] == "p0@example.com.invalid"
    if format in ("html", "text", "jsonl"):
        assert b"DRAFT" in data
        assert b"INVENTED" in data


def test_formula_like_cells_are_text_in_every_list(workspace: Workspace, tmp_path: Path) -> None:
    table = write_table(
        tmp_path / "people.csv", [person(0, id="-5"), person(3, id="@x", country="Narnia"), person(6, id="=1+1")]
    )
    make(workspace, table, tmp_path / "out")
    for name in ("manifest.csv", "refused.csv", "duplicates.csv"):
        for row in listed(tmp_path / "out", name):
            assert not any(value.startswith(("=", "+", "-", "@")) for value in row.values())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
@pytest.mark.parametrize("format", ["eml", "jsonl"])
def test_only_the_owner_can_read_what_is_written(workspace: Workspace, tmp_path: Path, format: str) -> None:
    make(workspace, write_table(tmp_path / "people.csv", map(person, range(5))), tmp_path / "out", format=format)
    for path in [tmp_path / "out", *(tmp_path / "out").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_an_id_is_never_a_path(workspace: Workspace, tmp_path: Path) -> None:
    table = write_table(tmp_path / "people.csv", [person(0, id="../../etc/x"), person(3, id="/abs"), person(6, id="a" * 900)])
    said = make(workspace, table, tmp_path / "out", format="text")
    inside = (tmp_path / "out").resolve()
    assert all((inside / row["file"]).resolve().is_relative_to(inside) for row in manifest(inside))
    assert said["letters"] == 3


def test_a_folder_with_other_files_or_behind_a_link_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    table = write_table(tmp_path / "people.csv", [person(0)])
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(Refused, match="other files"):
        make(workspace, table, tmp_path / "full")
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(Refused, match="symbolic link"):
        make(workspace, table, tmp_path / "link")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]
    assert list((tmp_path / "real").iterdir()) == []
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letters").symlink_to(tmp_path / "real")
    with pytest.raises(Refused, match="symbolic link"):
        make(workspace, table, tmp_path / "out")


def test_two_commands_do_not_write_one_batch_at_once(workspace: Workspace, tmp_path: Path) -> None:
    table = write_table(tmp_path / "people.csv", [person(0)])
    batches.batch_folder.prepare(tmp_path / "out")
    with batches.batch_folder.held(tmp_path / "out"), pytest.raises(Refused, match="another command"):
        make(workspace, table, tmp_path / "out")


@pytest.mark.parametrize(
    ("duties", "options", "error", "says"),
    [
        (["eu.gdpr.33"], {}, UsageError, "not to people"),
        (["all", "eu.gdpr.34"], {}, UsageError, "name it alone"),
        (["eu.gdpr.99"], {}, UnknownName, "unknown duty"),
        (["eu.gdpr.34"], {"format": "odt"}, UnknownName, "formats: eml"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_written(
    workspace: Workspace, tmp_path: Path, duties: list[str], options: dict[str, str], error: type[Exception], says: str
) -> None:
    table = write_table(tmp_path / "people.csv", [person(0)])
    with pytest.raises(error, match=says):
        make(workspace, table, tmp_path / "out", duties=duties, **options)
    assert not (tmp_path / "out").exists()


def test_the_counts_are_recorded_and_nobodys_data_reaches_the_journal(
    workspace: Workspace, journal: Journal, tmp_path: Path
) -> None:
    opened = open_incident(workspace, journal, title="A copied customer file", facts={"role": "controller"})
    table = write_table(tmp_path / "people.csv", [*map(person, range(9)), person(9, country="Narnia")])
    said = make(workspace, table, tmp_path / "out")
    record_counts(workspace, journal, opened.incident, said, "people.csv")
    kept = {entry.body["key"]: entry.body["value"] for entry in journal.entries(opened.incident) if "key" in entry.body}
    assert kept["people.in.ES"] == "3..4"
    assert kept["people.total"] == "9..10"
    held = "".join(json.dumps(dict(entry.body), ensure_ascii=False) for entry in journal.entries(opened.incident))
    for word in ("Muster", "O'Neil", "@example.com", "Example Street", "C1"):
        assert word not in held
    assert said["hashes"]["manifest"] in held


OWN = """{% form "plain_language" %}
# A word to {{ person_name | upper }}

Dear {{ person_name }}{% if person_name == "Ana" %}, dear friend{% endif %},

{{ organisation }}
"""


def test_a_template_that_does_more_than_print_a_name_is_filled_for_each_person(workspace: Workspace, tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "notices" / "eu.gdpr").mkdir(parents=True)
    (own / "notices" / "eu.gdpr" / "34.md.j2").write_text(OWN)
    workspace.own = own
    people = [person(0, name="Ana"), person(3, name="<b>Zoë</b>"), person(6, name="*x*")]
    for format in ("text", "eml", "html", "jsonl", "pdf-print", "docx"):
        said = make(workspace, write_table(tmp_path / "people.csv", people), tmp_path / format, format=format)
        assert said["letters"] == 3
        assert said["one_by_one"] == ["eu.gdpr.34"]
    found = {row: data.decode() for row, data in letters(tmp_path / "text").items()}
    assert "A word to ANA" in found[1]
    assert "Dear Ana, dear friend," in found[1]
    assert "A word to <B>ZOË</B>" in found[2]
    assert "Dear *x*," in found[3]
    assert "&lt;B&gt;" in letters(tmp_path / "html")[2].decode()
