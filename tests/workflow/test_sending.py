"""Which transport an incident's messages get: what it is decides, whatever the environment says."""

from __future__ import annotations

import inspect
from email import message_from_bytes
from pathlib import Path

import pytest

import breachkit
from breachkit.content.factsfile import load_facts_file
from breachkit.content.mail_settings import MailSettings, Sender
from breachkit.content.organisations import sample_path
from breachkit.delivery.folder import FolderTransport
from breachkit.domain.journal import Draft
from breachkit.domain.mail_servers import Server
from breachkit.errors import Refused, UnknownName
from breachkit.storage.journal import Journal
from breachkit.workflow.recording import open_incident, record_facts
from breachkit.workflow.sending import reminder_mailer, transport_for
from breachkit.workflow.subjects import Subject, subject_of_file, subject_of_incident
from breachkit.workflow.workspace import Workspace
from tests.delivery.sink import needs_sink, running_sink
from tests.workflow import exercising

SETTINGS = {
    "BREACHKIT_SMTP_URL": "smtps://mail.example.com", "SMTP_HOST": "mail.example.com", "SMTP_URL": "smtp://mail.example.com",
    "BREACHKIT_TRANSPORT": "smtp", "BREACHKIT_EXERCISE": "no", "BREACHKIT_SEND": "yes",
}  # fmt: skip


@pytest.fixture(autouse=True)
def a_mail_server_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, said in SETTINGS.items():
        monkeypatch.setenv(name, said)


def opened(workspace: Workspace, journal: Journal, **facts: str) -> Subject:
    known = {f"incident.{key}": raw for key, raw in facts.items()}
    id = open_incident(workspace, journal, title="A lost key", facts=known).incident
    return subject_of_incident(journal, id, workspace)


def test_an_exercise_gets_the_folder_and_nothing_else(workspace: Workspace, journal: Journal, tmp_path: Path) -> None:
    subject = exercising.opened(workspace, journal)
    assert isinstance(transport_for(subject, "folder", tmp_path / "mail"), FolderTransport)
    with pytest.raises(Refused, match="this is the exercise 'open-folder': nothing of it happened"):
        transport_for(subject, "smtp", tmp_path / "mail")
    assert not (tmp_path / "mail").exists()


def test_an_invented_incident_gets_the_folder_and_nothing_else(workspace: Workspace, journal: Journal, tmp_path: Path) -> None:
    for subject in (opened(workspace, journal, invented="yes"), subject_of_file(sample_path("example-co"))):
        assert transport_for(subject, "folder", tmp_path).kind == "folder"
        with pytest.raises(Refused, match="this incident is invented"):
            transport_for(subject, "smtp", tmp_path)


SERVER = Server("main", "mail.example.com", 465, "tls")
MAIL = MailSettings(Sender("Example Co", "privacy@example.com"), (SERVER,))


def test_a_real_incident_goes_by_mail_once_a_server_is_set(workspace: Workspace, journal: Journal, tmp_path: Path) -> None:
    subject = opened(workspace, journal)
    assert transport_for(subject, "folder", tmp_path).kind == "folder"
    with pytest.raises(Refused, match=r"^no mail server is set; write mail.yaml .*INC-1's notices to a folder"):
        transport_for(subject, "smtp", tmp_path)
    assert transport_for(subject, "smtp", tmp_path, MAIL).kind == "smtp"


def test_settings_open_no_way_out_of_what_never_happened(workspace: Workspace, journal: Journal, tmp_path: Path) -> None:
    for subject in (subject_of_file(sample_path("example-co")), opened(workspace, journal, invented="yes")):
        with pytest.raises(Refused, match="this incident is invented"):
            transport_for(subject, "smtp", tmp_path, MAIL)


def test_settings_open_no_way_out_of_an_exercise(workspace: Workspace, journal: Journal, tmp_path: Path) -> None:
    subject = exercising.opened(workspace, journal)
    with pytest.raises(Refused, match="this is the exercise 'open-folder': nothing of it happened"):
        transport_for(subject, "smtp", tmp_path, MAIL)


def test_facts_do_not_open_the_way_out_of_an_exercise(workspace: Workspace, journal: Journal, tmp_path: Path) -> None:
    subject = exercising.opened(workspace, journal)
    with pytest.raises(Refused, match="never turns into a real incident"):
        record_facts(workspace, journal, subject.name, {"incident.invented": "no"})
    forced = Draft("fact.corrected", {"key": "incident.invented", "value": False})
    journal.append(subject.name, [forced], expected=len(subject.entries), actor="eve", recorded_at=workspace.writing_time())
    again = subject_of_incident(journal, subject.name, workspace)
    with pytest.raises(Refused, match="this is the exercise"):
        transport_for(again, "smtp", tmp_path)


@needs_sink
def test_reminders_go_to_each_of_the_staff_in_a_message_of_their_own(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reminder_mailer(workspace, ("ana@example.com",)) is None
    with running_sink(keep=True) as sink:
        settings = tmp_path / "mail.yaml"
        settings.write_text(
            "format: breachkit/mail@1\nsender: {name: Example Co, email: desk@example.com}\n"
            f"servers:\n  - {{name: main, host: 127.0.0.1, port: {sink.port}, tls: none}}\n"
        )
        monkeypatch.setenv("BREACHKIT_MAIL", str(settings))
        mail = reminder_mailer(workspace, ("ana@example.com", "ben@example.com"))
        assert mail is not None
        assert mail("Due in 6 hours: eu.gdpr.33", "The report to the AEPD is due at 22:15.\n").startswith("250 ")
        taken = [message_from_bytes(raw) for raw in sink.messages()]
    assert sorted(str(one["To"]) for one in taken) == ["ana@example.com", "ben@example.com"]
    assert {str(one["Subject"]) for one in taken} == {"Due in 6 hours: eu.gdpr.33"}


@pytest.mark.parametrize("wanted", ["SMTP", "smtps", "sendmail", "", " smtp"])
def test_a_transport_there_is_not_is_refused(workspace: Workspace, journal: Journal, tmp_path: Path, wanted: str) -> None:
    with pytest.raises(UnknownName, match="transports: folder, smtp"):
        transport_for(opened(workspace, journal), wanted, tmp_path)


@pytest.mark.parametrize(("name", "home"), [("FolderTransport", "delivery/folder.py"), ("SmtpTransport", "delivery/smtp.py")])
def test_no_other_module_makes_a_transport(name: str, home: str) -> None:
    root = Path(inspect.getfile(breachkit)).parent
    naming = [path.relative_to(root).as_posix() for path in root.rglob("*.py") if name in path.read_text("utf-8")]
    assert sorted(naming) == [home, "workflow/sending.py"]


def test_samples_of_organisations_can_never_be_mailed() -> None:
    assert load_facts_file(sample_path("example-co")).facts["incident.invented"].value is True
