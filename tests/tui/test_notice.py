"""A notice on the screen: its faults, who approved it, the languages it can be written in, and its files."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from breachkit.domain.approvals import Approval, approvals
from breachkit.domain.consistency import Inconsistent
from breachkit.domain.contradictions import Gap
from breachkit.domain.layout import LayoutFault
from breachkit.domain.leaks import Leak
from breachkit.domain.notice_check import FAULTS, NoticeCheck, OffRecord
from breachkit.domain.overclaims import Overclaim
from breachkit.domain.reading import Reading
from breachkit.tui.app import BreachkitApp
from breachkit.tui.check_words import fault_lines
from breachkit.tui.screens.approve import ApproveScreen
from breachkit.tui.screens.incident import IncidentScreen
from breachkit.tui.screens.preview import PreviewScreen
from breachkit.tui.widgets.answers import Paragraph
from breachkit.workflow.drafts import drafted
from breachkit.workflow.recording import note, record_facts
from breachkit.workflow.workspace import Workspace
from tests.tui.house import looked_up, press, seen, settle, told, with_sample, workspace, write

REPORT = "eu.gdpr.33@es-aepd"
NOT_COMPLETE = "us.fl.dla"

OWN = """{% trans %}# A report{% endtrans %}

{% element "count_people" %}{% trans %}About 9,999 people are affected.{% endtrans %}{% endelement %}

{% trans %}No personal data was taken. The file is on [insert server].{% endtrans %}

{% trans %}Ask for the account BE68 5390 0754 7034.{% endtrans %}
"""
"""A template of somebody's own with every kind of fault that a template can bring in."""


async def notice(pilot: Pilot[Any], duty: str = REPORT) -> None:
    """Open a duty's notice."""
    await settle(pilot)
    assert isinstance(pilot.app.screen, IncidentScreen)
    pilot.app.screen.open_duty(duty)
    await settle(pilot)
    await press(pilot, "p")
    assert isinstance(pilot.app.screen, PreviewScreen)


def own_report(tmp_path: Path, text: str) -> Path:
    """An own folder with that template for the report."""
    path = tmp_path / "own" / "notices" / "eu.gdpr" / "33.md.j2"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return tmp_path / "own"


def in_two_more_languages(tmp_path: Path) -> Path:
    """An own folder with a report that is translated, but for what people wrote themselves."""
    own = own_report(tmp_path, "{% trans %}# A report: {{ title }}{% endtrans %}\n")
    (own / "languages").mkdir()
    for language, words in {"es": "# Un informe: %(title)s", "fr": "# Un rapport : %(title)s"}.items():
        sentence = f'msgid "# A report: %(title)s"\nmsgstr "{words}"\n'
        held = f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n{sentence}'
        (own / "languages" / f"{language}.po").write_text(held, encoding="utf-8")
    return own


def approved(space: Workspace) -> list[Approval]:
    return list(approvals(looked_up(space).subject.entries))


# -- approval ----------------------------------------------------------------------------------------------------------


async def test_an_approved_notice_looks_approved_and_is_written_without_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot)
        assert "DRAFT - not approved, not to be sent" in seen(app)
        await press(pilot, "a")
        assert app.screen.query_one("#approve-by", Input).value == "anna"
        assert "Its check is complete" in seen(app)
        await write(pilot, "read aloud")
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, PreviewScreen)
        assert f"APPROVED: {REPORT} (en)" in seen(app)
        assert "Approved by anna on Sat 21 Nov 2026 03:10 UTC" in seen(app)
        assert "DRAFT" not in app.screen.drawn
        assert [(one.duty, one.by, one.note, one.incomplete) for one in approved(space)] == [(REPORT, "anna", "read aloud", "")]
        await press(pilot, "w")
        name = app.screen.query_one(Paragraph).text
        assert "DRAFT" not in name
        await press(pilot, "enter")
        assert "DRAFT" not in (tmp_path / name).read_text()


async def test_another_name_can_stand_under_it_but_never_none(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot)
        await press(pilot, "a")
        field = app.screen.query_one("#approve-by", Input)
        field.value = " "
        await press(pilot, "ctrl+s")
        assert "Write who approves it" in seen(app)
        field.value = "Ana Example"
        await press(pilot, "ctrl+s")
        assert [one.by for one in approved(space)] == ["Ana Example"]


async def test_approving_what_is_not_complete_asks_for_the_reason_and_takes_no_empty_one(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot, NOT_COMPLETE)
        assert "NOT COMPLETE" in seen(app)
        assert "MISSING: Free services offered" in seen(app)
        await press(pilot, "a")
        assert "ITS CHECK IS NOT COMPLETE" in seen(app)
        assert app.screen.query_one("#approve-reason", Input).has_focus
        await press(pilot, "ctrl+s")
        assert "NOT APPROVED" in seen(app)
        assert not approved(space)
        await write(pilot, "due today")
        await press(pilot, "ctrl+s")
        assert [one.incomplete for one in approved(space)] == ["due today"]
        assert "though not complete (due today)" in seen(app)
        await press(pilot, "c")
        assert "MISSING free_services" in seen(app)


async def test_a_changed_fact_withdraws_it_and_the_screen_says_which(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot)
        await press(pilot, "a", "ctrl+s")
        other = workspace(tmp_path, actor="ben")
        with other.journal() as journal:
            record_facts(other, journal, "INC-1", {"people.total": "4300"}, reason="the export says so")
        app.screen.journal_changed()  # type: ignore[attr-defined]  # what the watch calls
        await settle(pilot)
        assert "NO LONGER APPROVED: approved by anna" in seen(app)
        assert "people.total changed from ~4100 to 4300" in seen(app)
        assert f"DRAFT of {REPORT}" in seen(app)
        assert "DRAFT - not approved" in app.screen.drawn  # type: ignore[attr-defined]  # the preview's


async def test_words_that_changed_meanwhile_are_not_approved_unread(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot)
        await press(pilot, "a")
        await write(pilot, "read")
        other = workspace(tmp_path, actor="ben")
        with other.journal() as journal:
            record_facts(other, journal, "INC-1", {"people.total": "4300"}, reason="the export says so")
        await press(pilot, "ctrl+s")
        assert "NOT APPROVED" in seen(app)
        assert "reads otherwise now" in seen(app)
        assert app.screen.query_one("#approve-note", Input).value == "read"
        await press(pilot, "ctrl+s")
        assert not approved(space)


async def test_a_note_written_meanwhile_only_delays_the_approval(tmp_path: Path) -> None:
    space = with_sample(tmp_path)
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot)
        await press(pilot, "a")
        other = workspace(tmp_path, actor="ben")
        with other.journal() as journal:
            note(other, journal, "INC-1", "called the insurer")
        await press(pilot, "ctrl+s")
        assert "somebody else recorded 1 entry" in seen(app)
        assert isinstance(app.screen, ApproveScreen)
        await press(pilot, "ctrl+s")
        assert len(approved(space)) == 1


# -- faults ------------------------------------------------------------------------------------------------------------


def test_every_kind_of_fault_has_its_word() -> None:
    reading = Reading(12.0, 300, limit=9.0)
    check = NoticeCheck(
        duty="eu.gdpr.34",
        present=(),
        missing=("nature", "headings_exact"),
        open=(),
        empty=(),
        html_only=(),
        forbidden_present=("count_people",),
        contradictions=("it says Spain, but the facts say France", "'[city]' looks like a gap that was left to fill"),
        reading=reading,
        layout=(LayoutFault("headings_exact", "the heading 'What Happened' is missing"),),
        placeholders=(Gap("[city]", 4),),
        personal_data=(Leak("iban", 7, "BE68...34"),),
        overclaims=(Overclaim("nothing_taken", "no data was taken", 9, "breach.exfiltration: no"),),
        inconsistent=(Inconsistent("count_people", (("a", "4"), ("b", "5"))),),
        off_record=(OffRecord("breach.root_cause", 7, "privileged"),),
    )
    assert all(check.faults()[what] for what in FAULTS)
    words = [line.partition(":")[0].partition(",")[0] for line in fault_lines(check, _words())]
    assert words == [
        "MISSING", "FORBIDDEN", "GAP", "CONTRADICTS", "DATA", "OVERCLAIM", "LAYOUT", "DIFFERS", "TRACK", "HARD TO READ",
    ]  # fmt: skip
    assert not fault_lines(
        replace(check, missing=(), forbidden_present=(), contradictions=(), reading=Reading(5, 300, limit=9.0), layout=(),
                placeholders=(), personal_data=(), overclaims=(), inconsistent=(), off_record=()),
        _words(),
    )  # fmt: skip


def _words() -> Any:
    from breachkit.content.vocabulary import load_vocabulary

    return load_vocabulary()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_faults_of_a_template_of_ones_own_are_told_and_all_of_them_are_one_key_away(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    space = replace(with_sample(tmp_path), own=own_report(tmp_path, OWN))
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=size) as pilot:
        await notice(pilot)
        made = drafted(looked_up(space), REPORT, space)
        assert made.check.placeholders
        assert made.check.overclaims
        assert made.check.personal_data
        assert "NOT COMPLETE" in seen(app)
        assert "MISSING: Nature" in seen(app)
        if size[1] > 24:
            for word in ("GAP, line", "DATA, line", "OVERCLAIM, line", "DIFFERS: count_people"):
                assert word in seen(app), word
        else:
            assert "more: c shows the whole check" in seen(app)
        await press(pilot, "c")
        if size[1] == 24:
            await press(pilot, "end")
        assert "DIFFERS" in seen(app)
        assert "other notices of this incident" in seen(app)


# -- languages ---------------------------------------------------------------------------------------------------------


async def test_a_language_that_lacks_words_says_what_to_record_and_the_screen_stays(tmp_path: Path) -> None:
    space = replace(with_sample(tmp_path), own=in_two_more_languages(tmp_path))
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot)
        assert "Its reader takes es: l asks for it in es" in seen(app)
        before = app.screen.drawn  # type: ignore[attr-defined]  # the preview's
        await press(pilot, "l")
        assert "Not written in es, so it stays in en" in told(app)
        assert "record translated.es.incident.title" in told(app)
        assert f"DRAFT of {REPORT} (en)" in seen(app)
        assert app.screen.drawn == before  # type: ignore[attr-defined]  # likewise
        await press(pilot, "l")
        assert "Not written in fr" in told(app)


async def test_a_translated_notice_is_approved_in_its_language_and_the_next_language_follows(tmp_path: Path) -> None:
    space = replace(with_sample(tmp_path), own=in_two_more_languages(tmp_path))
    with space.journal() as journal:
        record_facts(space, journal, "INC-1", {"translated.es.incident.title": "Conversaciones a la vista"})
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot)
        await press(pilot, "l")
        assert f"DRAFT of {REPORT} (es)" in seen(app)
        assert "Un informe: Conversaciones a la vista" in seen(app)
        assert "Its reader takes" not in seen(app)
        await press(pilot, "a")
        await write(pilot, "due today")
        await press(pilot, "ctrl+s")
        assert f"APPROVED: {REPORT} (es)" in seen(app)
        assert [one.language for one in approved(space)] == ["es"]
        await press(pilot, "l")
        assert f"DRAFT of {REPORT} (en)" in seen(app)
        await press(pilot, "l")
        assert "Not written in fr, so it stays in en" in told(app)


async def test_a_notice_in_one_language_alone_says_so(tmp_path: Path) -> None:
    space = replace(with_sample(tmp_path), own=own_report(tmp_path, "# A report\n\nNobody translated this.\n"))
    app = BreachkitApp(space, "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot)
        assert "it cannot be written in any of them: have it translated" in seen(app)
        await press(pilot, "l")
        assert "There is no other language" in told(app)


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".pdf", ".docx", ".html", ".txt", ".md"])
async def test_the_ending_chooses_the_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    monkeypatch.chdir(tmp_path)
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot)
        await press(pilot, "w")
        app.screen.query_one(Paragraph).text = f"report{ending}"
        await press(pilot, "enter")
        path = tmp_path / f"report{ending}"
        if ending == ".pdf":
            assert path.read_bytes().startswith(b"%PDF-")
        elif ending == ".docx":
            assert "word/document.xml" in zipfile.ZipFile(path).namelist()
        else:
            assert path.read_text().startswith("<!") == (ending == ".html")
            assert "DRAFT" in path.read_text()


async def test_another_ending_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = BreachkitApp(with_sample(tmp_path), "INC-1")
    async with app.run_test(size=(80, 24)) as pilot:
        await notice(pilot)
        await press(pilot, "w")
        app.screen.query_one(Paragraph).text = "report.odt"
        await press(pilot, "enter")
        assert "report.odt: end the name in .pdf, .docx, .html, .txt or .md." in told(app)
        assert not (tmp_path / "report.odt").exists()
