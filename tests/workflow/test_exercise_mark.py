"""An incident of an exercise is marked for ever, and so is everything that is made from it, whoever approved it."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from breachkit.content.organisations import load_organisation
from breachkit.domain.incident import fold
from breachkit.domain.journal import Draft
from breachkit.domain.marks import EXERCISE
from breachkit.errors import BadValue, Refused
from breachkit.storage.journal import Journal
from breachkit.workflow import contract, phases, recording, worksheets
from breachkit.workflow.batch import Order, run_batch
from breachkit.workflow.batch_letters import notice_as_json, notice_from_json
from breachkit.workflow.calendar import calendar_text
from breachkit.workflow.notices import draft_notice
from breachkit.workflow.register import Register, all_subjects, as_json, register, render_register
from breachkit.workflow.report import make_report, render_report
from breachkit.workflow.report_json import report_json
from breachkit.workflow.risk import risk, risk_of
from breachkit.workflow.subjects import Answer, Subject, answer, read_fact, subject_of_entries, subject_of_incident
from breachkit.workflow.timeline import lines
from breachkit.workflow.tracks import on_record
from breachkit.workflow.workspace import Workspace
from tests.strategies import sealed
from tests.workflow import approving, exercising
from tests.workflow.made_up_people import letters, manifest, person, write_table

FOOT = "EXERCISE open-folder"
COMPANY = load_organisation("example-co")
NO = Draft("fact.corrected", {"key": "incident.invented", "value": False})


@pytest.fixture
def subject(workspace: Workspace, journal: Journal) -> Subject:
    """An incident with all its report asks for, in an exercise."""
    return exercising.opened(workspace, journal, approving.FACTS)


@pytest.fixture
def found(workspace: Workspace, subject: Subject) -> Answer:
    return answer(subject, workspace)


@pytest.fixture
def real(workspace: Workspace, journal: Journal) -> Answer:
    """The same incident in earnest."""
    return approving.judged(workspace, journal, approving.opened(workspace, journal))


def text_of(document: str | bytes) -> str:
    """The words of a document; of a PDF those of all pages."""
    if isinstance(document, str):
        return document
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)


# -- the mark ------------------------------------------------------------------------------------------------------------


def test_an_incident_of_an_exercise_names_it_in_its_first_entry(subject: Subject) -> None:
    assert subject.entries[0].kind == "incident.opened"
    assert subject.entries[0].body["exercise"] == "open-folder"
    assert subject.exercise == "open-folder"
    assert subject.invented
    assert subject.book.facts["incident.invented"].value is True
    assert next(lines(subject.entries)).text.endswith(", EXERCISE open-folder")


def test_an_exercise_that_says_it_is_real_is_refused_and_nothing_is_written(workspace: Workspace, journal: Journal) -> None:
    exercising.begin(workspace, journal)
    for no in ("no", False, {"value": "no", "source": "chat"}):
        with pytest.raises(Refused, match="the exercise 'open-folder' is no real incident"):
            recording.open_incident(
                workspace, journal, title="x", organisation=COMPANY, facts={"incident.invented": no}, exercise="open-folder"
            )
    assert journal.incidents() == []


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x00"])
def test_an_exercise_without_a_name_is_refused(workspace: Workspace, journal: Journal, name: str) -> None:
    with pytest.raises(BadValue, match="an exercise needs a name of one line"):
        recording.open_incident(workspace, journal, title="x", exercise=name)


@pytest.mark.parametrize("no", ["no", False, {"value": "no"}, {"value": "no", "source": "the lead", "certainty": "estimated"}])
def test_no_fact_takes_the_mark_off(workspace: Workspace, journal: Journal, subject: Subject, no: Any) -> None:
    with pytest.raises(Refused, match="belongs to the exercise 'open-folder' and never turns into a real incident"):
        recording.record_facts(workspace, journal, subject.name, {"incident.invented": no})
    assert recording.record_facts(workspace, journal, subject.name, {"incident.invented": "yes"}).incident == subject.name


def test_a_fact_written_past_the_refusal_does_not_take_it_off(workspace: Workspace, journal: Journal, subject: Subject) -> None:
    expected, at = journal.head(subject.name)[0], workspace.writing_time()
    journal.append(subject.name, [NO], expected=expected, actor="eve", recorded_at=at)
    again = subject_of_incident(journal, subject.name, workspace)
    assert again.invented
    assert again.book.facts["incident.invented"].value is True
    assert "EXERCISE" in draft_notice(answer(again, workspace), _report(answer(again, workspace)), workspace).text("md")


@pytest.mark.parametrize("written", ["open-folder", " open-folder ", 7, True, "", ["a"], {}])
def test_whatever_the_first_entry_says_of_an_exercise_marks_it(written: Any) -> None:
    title = Draft("fact.recorded", {"key": "incident.title", "value": "x"})
    entries = sealed([Draft("incident.opened", {"organisation": None, "exercise": written}), title, NO])
    incident = fold("INC-1", entries, read_fact)
    assert incident.exercise
    assert incident.invented
    made = subject_of_entries("INC-1", entries)
    assert made.invented
    assert made.book.facts["incident.invented"].value is True
    assert made.book.facts["incident.invented"].recorded_at == entries[0].recorded_at


def test_opening_it_again_does_not_take_it_off() -> None:
    opening = Draft("incident.opened", {"organisation": None})
    entries = sealed([Draft("incident.opened", {"organisation": None, "exercise": "a"}), opening])
    assert fold("INC-1", entries, read_fact).exercise == "a"


def test_an_incident_without_the_mark_is_none_of_an_exercise() -> None:
    for body in ({"organisation": None}, {"organisation": None, "exercise": None}):
        made = subject_of_entries("INC-1", sealed([Draft("incident.opened", body)]))
        assert made.exercise is None
        assert not made.invented
        assert "incident.invented" not in made.book.facts


def test_the_mark_is_on_every_cut_of_the_journal(workspace: Workspace, subject: Subject) -> None:
    for last in range(1, len(subject.entries) + 1):
        cut = subject_of_entries(subject.name, subject.entries[:last])
        assert (cut.exercise, cut.invented, cut.book.facts["incident.invented"].value) == ("open-folder", True, True)
    whole = subject_of_entries(subject.name, (*subject.entries, _privileged(subject, 1)))
    kept = on_record(whole).subject
    assert kept.exercise == "open-folder"
    assert answer(kept, workspace).subject.invented


def _privileged(subject: Subject, seq: int) -> Any:
    last = subject.entries[-1]
    body = {"seq": seq, "track": "privileged"}
    return replace(last, seq=last.seq + 1, kind="track.changed", body=body)


def test_it_is_not_supposed_away(workspace: Workspace, subject: Subject) -> None:
    with pytest.raises(Refused, match=r"INC-1 is invented, and that is never supposed otherwise"):
        answer(subject, workspace, what_if={"incident.invented": "no"})
    assert answer(subject, workspace, what_if={"incident.invented": "yes", "risk.level": "high"}).subject.invented


# -- notices -------------------------------------------------------------------------------------------------------------


def _report(found: Answer) -> Any:
    return found.finding(approving.REPORT)


@pytest.mark.parametrize("format", ["md", "text", "html", "docx", "pdf"])
def test_a_notice_of_it_says_so_and_its_file_name_too(workspace: Workspace, found: Answer, format: str) -> None:
    made = draft_notice(found, _report(found), workspace)
    assert made.file_name(format).startswith("EXERCISE-DRAFT-eu.gdpr.33")
    document = made.document(format)
    if format == "docx":
        assert isinstance(document, bytes)
        assert Document(io.BytesIO(document)).sections[0].header.paragraphs[0].text == EXERCISE
    else:
        assert EXERCISE in text_of(document)
        assert FOOT in text_of(document)


def test_an_approved_notice_keeps_the_mark(workspace: Workspace, journal: Journal, subject: Subject) -> None:
    approving.approve(workspace, journal, subject.name)
    found = approving.judged(workspace, journal, subject.name)
    made = draft_notice(found, _report(found), workspace)
    assert not made.notice.draft
    assert made.file_name("pdf").startswith("EXERCISE-eu.gdpr.33")
    assert made.text("md").startswith(f"**{EXERCISE}**\n")
    assert made.text("text").endswith(f"\n{EXERCISE}\n")
    for page in PdfReader(io.BytesIO(made.document("pdf"))).pages:  # type: ignore[arg-type]
        assert EXERCISE in page.extract_text()
    recording.file_duty(workspace, journal, subject.name, approving.REPORT, reference="EX-1")
    again = approving.judged(workspace, journal, subject.name)
    assert draft_notice(again, _report(again), workspace).notice.exercise == "open-folder"


def test_a_later_report_and_every_form_of_notice_carry_it(workspace: Workspace, found: Answer) -> None:
    for form in ("final", "register", "withdrawal"):
        assert draft_notice(found, _report(found), workspace, form=form).text("md").startswith(f"**{EXERCISE}**")


def test_what_changed_between_two_notices_says_so(workspace: Workspace, journal: Journal, subject: Subject) -> None:
    recording.file_duty(workspace, journal, subject.name, approving.REPORT, reference="EX-1")
    approving.record(workspace, journal, subject.name, {"consequences": "None are known."})
    compared = phases.compare(approving.judged(workspace, journal, subject.name), approving.REPORT, workspace, draft_notice)
    page = compared.page()
    assert page.count(EXERCISE) == 2
    assert 'aria-hidden="true"' in page


def test_a_template_and_a_look_of_ones_own_do_not_take_it_off(workspace: Workspace, found: Answer, tmp_path: Path) -> None:
    place = tmp_path / "notices" / "eu.gdpr"
    place.mkdir(parents=True)
    (place / "33.md.j2").write_text("# {% trans %}All is well{% endtrans %}\n", encoding="utf-8")
    (tmp_path / "letterhead.yaml").write_text("format: breachkit/letterhead@1\norganisation: [Example Co]\n", encoding="utf-8")
    made = draft_notice(found, _report(found), replace(workspace, own=tmp_path))
    assert "All is well" in made.notice.source
    for format in ("md", "text", "html"):
        assert made.text(format).count(EXERCISE) >= 2


# -- letters to many -----------------------------------------------------------------------------------------------------

LETTERS = ("eu.gdpr.34",)


def batch(workspace: Workspace, found: Answer, out: Path, format: str) -> dict[str, Any]:
    table = write_table(
        out.parent / "people.csv", [person(number, language=("en", "de")[number % 2]) for number in (0, 3, 6, 9)]
    )
    order = Order(table, out, format, workers=1)
    return run_batch(found, LETTERS, workspace, order, lambda *_: None)


@pytest.mark.parametrize("format", ["eml", "pdf", "pdf-print", "html", "text", "jsonl", "docx"])
def test_letters_to_many_of_it_say_so(workspace: Workspace, subject: Subject, tmp_path: Path, format: str) -> None:
    found = _high(subject, workspace)
    said = batch(workspace, found, tmp_path / "out", format)
    assert said["exercise"] == "open-folder"
    assert said["invented"] is True
    assert said["letters"] == 4
    rows = manifest(tmp_path / "out")
    assert all(row["file"].rpartition("/")[2].startswith("EXERCISE-DRAFT-") for row in rows)
    for row, data in zip(rows, letters(tmp_path / "out").values(), strict=True):
        _says_so(data, format, {"en": EXERCISE, "de": "ÜBUNG - EXERCISE - ÜBUNG: nichts davon ist geschehen"}[row["language"]])
    head = json.loads((tmp_path / "out" / "manifest.jsonl").read_text("utf-8").splitlines()[0])
    assert head["exercise"] == "open-folder"
    assert (tmp_path / "out" / "counts.yaml").read_text("utf-8").startswith(f"# {EXERCISE}\n")


def _high(subject: Subject, workspace: Workspace) -> Answer:
    return answer(subject, workspace, what_if={"risk.level": "high", "incident.language": "en", **_german(subject)})


def _german(subject: Subject) -> dict[str, object]:
    texts = ("incident.summary", "risk.reason", "consequences", "measures.before", "measures.taken", "measures.planned",
             "measures.advice", "contact.name")  # fmt: skip
    return {f"translated.de.{key}": subject.book.text(key) for key in texts if subject.book.text(key)}


def _says_so(data: bytes, format: str, line: str) -> None:
    match format:
        case "eml":
            message = message_from_bytes(data, policy=policy.default)
            assert message["Subject"].startswith("EXERCISE - DRAFT - ")
            assert message["X-Breachkit-Exercise"] == "yes"
            assert "EXERCISE" in message["X-Breachkit-Status"]
            assert message["To"].endswith(".invalid>")
            assert message["From"].endswith(".invalid>")
            for part in message.walk():
                if not part.is_multipart():
                    assert part.get_content().count(line) >= 2
        case "jsonl":
            record = json.loads(data)
            assert record["exercise"] is True
            assert record["invented"] is True
            assert record["subject"].startswith("EXERCISE - ")
            assert record["email"].endswith(".invalid")
            assert record["text"].startswith(f"{line}\n")
            assert record["text"].endswith(f"\n{line}\n")
        case "pdf" | "pdf-print":
            for page in PdfReader(io.BytesIO(data)).pages:
                assert line in page.extract_text()
        case "docx":
            document = Document(io.BytesIO(data))
            assert document.sections[0].header.paragraphs[0].text == line
            assert "ExerciseMark1" in document.sections[0].header._element.xml
        case _:
            text = data.decode()
            assert text.count(line) >= 2


def test_a_letter_is_kept_with_its_mark_and_any_other_is_kept_as_before(
    workspace: Workspace, found: Answer, tmp_path: Path
) -> None:
    notice = draft_notice(found, _report(found), workspace, language="en").notice
    kept = notice_from_json(json.loads(json.dumps(notice_as_json(notice))))
    assert kept.exercise == "open-folder"
    assert kept.words == notice.words
    assert notice_as_json(kept) == notice_as_json(notice)
    assert {"exercise", "words"}.isdisjoint(notice_as_json(replace(notice, exercise=None)))


# -- worksheets, report, register, calendar, JSON ------------------------------------------------------------------------


@pytest.mark.parametrize("duty", [approving.REPORT, "eu.gdpr.34"])
def test_a_worksheet_of_it_says_so_in_every_format(workspace: Workspace, found: Answer, duty: str) -> None:
    filled = worksheets.fill_worksheet(found, found.finding(duty), workspace)
    for format in ("text", "md", "html"):
        made = worksheets.written(filled, format).strip()
        assert made.count(EXERCISE) >= 2
        if format != "html":
            assert EXERCISE in made.split("\n")[0]
            assert EXERCISE in made.split("\n")[-1]
    assert json.loads(worksheets.written(filled, "json"))["exercise"] == "open-folder"
    rows = list(csv.DictReader(io.StringIO(worksheets.written(filled, "csv"))))
    assert {row["invented"] for row in rows} == {EXERCISE}


def test_the_report_on_it_says_so_in_every_format(workspace: Workspace, subject: Subject) -> None:
    document = make_report(subject, workspace)
    made = str(render_report(document, "md", workspace)).strip().split("\n")
    assert made[0] == made[-1] == f"**{EXERCISE}**"
    page = str(render_report(document, "html", workspace))
    assert page.count(f'<p class="banner">{EXERCISE}</p>') == 2
    assert "position:fixed" in page
    assert not re.search(r'<rect width="1000" height="\d+" fill="#ffffff"/>', page), "the drawing covers the word"
    reader = PdfReader(io.BytesIO(bytes(render_report(document, "pdf", workspace))))  # type: ignore[arg-type]
    assert len(reader.pages) > 1
    for one in reader.pages:
        text = one.extract_text()
        assert EXERCISE in text
        assert FOOT in text
        assert re.search(r"^EXERCISE$", text, re.M), "across the page"
    assert report_json(subject, workspace)["incident"]["exercise"] == "open-folder"


def test_the_register_of_exercises_says_so_in_every_format(workspace: Workspace, journal: Journal, subject: Subject) -> None:
    held = register(all_subjects(journal, workspace), workspace, invented=True)
    rows = list(csv.DictReader(io.StringIO(str(render_register(held, "csv", workspace)))))
    assert [row["invented"] for row in rows] == [EXERCISE]
    made = str(render_register(held, "md", workspace)).strip().split("\n")
    assert made[0] == made[-1] == f"**{EXERCISE}**"
    assert str(render_register(held, "html", workspace)).count(EXERCISE) >= 3
    for one in PdfReader(io.BytesIO(bytes(render_register(held, "pdf", workspace)))).pages:  # type: ignore[arg-type]
        assert EXERCISE in one.extract_text()
    assert as_json(held)["incidents"][0]["exercise"] == "open-folder"
    assert register([subject], workspace).left_out_ids == (subject.name,)


def test_a_register_with_other_incidents_marks_the_exercise_alone(workspace: Workspace, subject: Subject) -> None:
    opening, *rest = subject.entries
    bare = replace(opening, body={"organisation": opening.body["organisation"]})
    earnest = subject_of_entries("INC-2", [bare, *(one for one in rest if one.body.get("key") != "incident.invented")])
    made = render_register(register([earnest, subject], workspace, invented=True), "md", workspace)
    assert isinstance(made, str)
    assert made.startswith("# Register")
    assert "**HOLDS EXERCISES, each marked: nothing of those happened**" in made
    first, second = made.split("## INC-")[1:]
    assert EXERCISE not in first
    assert EXERCISE in second


def test_the_calendar_of_it_says_so(found: Answer) -> None:
    text = calendar_text(found).replace("\r\n ", "")
    summaries = [line for line in text.split("\r\n") if line.startswith("SUMMARY:")]
    assert summaries
    assert all(line.startswith("SUMMARY:EXERCISE - Deadline: ") for line in summaries)
    described = [line for line in text.split("\r\n") if line.startswith("DESCRIPTION:")]
    assert all(line.startswith("DESCRIPTION:EXERCISE - ") for line in described)
    assert text.count(EXERCISE) == len(summaries)


def test_json_for_programs_names_the_exercise(found: Answer) -> None:
    held = risk(*risk_of(found.subject))["incident"]
    assert contract.duties(found)["incident"] == held
    assert held == {
        "id": "INC-1", "title": "Open folder", "invented": True, "exercise": "open-folder",
    }  # fmt: skip


# -- and nothing of it elsewhere -----------------------------------------------------------------------------------------


def test_what_is_no_exercise_has_none_of_it(workspace: Workspace, real: Answer, tmp_path: Path) -> None:
    finding = _report(real)
    made = draft_notice(real, finding, workspace)
    filled = worksheets.fill_worksheet(real, finding, workspace)
    report = make_report(real.subject, workspace)
    held = Register(workspace.now, (), (), "")
    said = [made.text(format) for format in ("md", "text", "html")] + [text_of(made.document("pdf")), made.file_name("pdf")]
    said += [worksheets.written(filled, format) for format in worksheets.FORMATS]
    said += [text_of(render_report(report, format, workspace)) for format in ("md", "html", "pdf")]
    said += [text_of(render_register(held, format, workspace)) for format in ("csv", "md", "html", "pdf")]
    said += [calendar_text(real), json.dumps(contract.duties(real)), json.dumps(report_json(real.subject, workspace))]
    for text in said:
        assert "EXERCISE" not in text
        assert '"exercise"' not in text
        assert "position:fixed" not in text
