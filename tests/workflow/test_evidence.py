"""Evidence archives of real journals: what is in them, what is withheld, and what they do not let pass."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from breachkit.domain.evidence import Audience, receipts_hash
from breachkit.domain.journal import Draft
from breachkit.errors import JournalDamaged, Refused, UsageError
from breachkit.evidence_verifier import verify_evidence
from breachkit.storage.attachments import add
from breachkit.storage.journal import Journal
from breachkit.storage.signing import Signer, open_signer
from breachkit.workflow import drafts, evidence, recording, tracks
from breachkit.workflow.evidence_parts import held_beside, key_place, signer_for
from breachkit.workflow.workspace import Workspace
from tests.conftest import Clock

from . import approving, exercising

LETTER = b"a photograph" * 1000
SHA = hashlib.sha256(LETTER).hexdigest()
SECRET = "counsel says the lock was never turned"
THEIRS = "a neighbour saw two men"
RECEIPTS = [{"envelope": "0" * 32, "dispatch": "d1", "duty": "eu.gdpr.34", "status": "sent", "events": []}]


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return open_signer(tmp_path / "keys" / "evidence.key")


@pytest.fixture
def plain(workspace: Workspace, journal: Journal) -> str:
    """An incident of which little is known: quick to judge."""
    facts = {"aware_at": "2026-11-20T22:15:00+01:00[Europe/Brussels]", "people.elsewhere": "0", "people.in.ES": "600"}
    return recording.open_incident(workspace, journal, title="Stolen laptop", facts=facts).incident


@pytest.fixture
def incident(workspace: Workspace, journal: Journal) -> str:
    """Approved, filed, and with an entry on every track."""
    id = approving.opened(workspace, journal)
    approving.approval.approve(workspace, journal, id, approving.REPORT, drafts.make)
    recording.file_duty(workspace, journal, id, approving.REPORT, reference="REF-118")
    beside(journal, workspace, id, Draft("note.added", {"text": SECRET}, "privileged"))
    beside(journal, workspace, id, Draft("note.added", {"text": THEIRS}, "third_party"))
    return id


def beside(journal: Journal, workspace: Workspace, id: str, draft: Draft) -> None:
    journal.append(id, [draft], expected=journal.head(id)[0], actor="ana", recorded_at=workspace.writing_time())


def made(workspace: Workspace, journal: Journal, id: str, out: Path, signer: Signer, **more: Any) -> evidence.Exported:
    more.setdefault("audience", "counsel")
    return evidence.export(workspace, journal, id, out, signer=signer, force=True, **more)


def members(path: Path) -> dict[str, bytes]:
    with path.open("rb") as file:
        return {name: b"".join(pieces) for name, _, pieces in verify_evidence.members(file)}


def attachment(journal: Journal, workspace: Workspace, id: str, **more: Any) -> None:
    body = {"sha256": SHA, "size": len(LETTER), "media": "image/png", "label": "car"}
    beside(journal, workspace, id, Draft("attachment.added", body, **more))


def pieces(raw: bytes = LETTER) -> Iterator[bytes]:
    yield from (raw[at : at + 1000] for at in range(0, len(raw), 1000))


def test_an_archive_holds_everything_and_says_so_in_the_journal(
    workspace: Workspace, journal: Journal, incident: str, tmp_path: Path, signer: Signer
) -> None:
    attachment(journal, workspace, incident)
    body = {"dispatch": "d1", "counts": {"sent": 1}, "receipts": receipts_hash(RECEIPTS), "servers": []}
    beside(journal, workspace, incident, Draft("delivery.recorded", body))
    before = journal.entries(incident)
    done = made(
        workspace, journal, incident, tmp_path / "a.tar", signer, receipts=RECEIPTS, attachments=[({"sha256": SHA}, pieces())]
    )
    assert done.problem == ""
    held = members(done.path)
    assert [name.partition("/")[0] for name in dict.fromkeys(name.partition("/")[0] for name in held)] == [
        "README.txt", "entries.jsonl", "heads.json", "notices", "filings.json", "receipts.jsonl", "attachments",
        "attachments.json", "laws", "report.md", "report.json", "verify_evidence.py", "manifest.json", "signature.json",
    ]  # fmt: skip
    assert [json.loads(row)["hash"] for row in held["entries.jsonl"].splitlines()] == [entry.hash for entry in before]
    assert held[f"attachments/{SHA}"] == LETTER
    assert json.loads(held["filings.json"])["filings"][0]["body"]["reference"] == "REF-118"
    assert SECRET in held["report.md"].decode()
    assert held["verify_evidence.py"] == Path(verify_evidence.__file__).read_bytes()
    assert {hashlib.sha256(raw).hexdigest() for name, raw in held.items() if name.startswith("laws/")} <= set(
        journal.law_packs()
    )
    newest = journal.entries(incident)[-1]
    assert newest == done.entry
    assert newest.kind == "evidence.exported"
    assert newest.body == {
        "sha256": hashlib.sha256(done.path.read_bytes()).hexdigest(),
        "signer": hashlib.sha256(signer.public_key).hexdigest(),
        "redacted": [],
        "timestamped": False,
    }
    assert "1 receipts; of 1 dispatches the journal holds the same hash" in done.told


def test_the_approved_notice_is_the_one_that_was_approved(
    workspace: Workspace, journal: Journal, incident: str, tmp_path: Path, signer: Signer, clock: Clock
) -> None:
    clock.forward(days=3)
    recording.record_facts(workspace, journal, incident, {"people.total": "4444", "people.in.ES": "4444"})
    done = made(workspace, journal, incident, tmp_path / "a.tar", signer)
    [row] = done.manifest["notices"]
    assert (row["state"], row["why"]) == ("as approved", None)
    text = members(done.path)[next(name for name in row["files"] if name.endswith(".md"))].decode()
    assert "600" in text
    assert "4444" not in text
    assert "DRAFT" not in text


def test_a_notice_that_comes_out_otherwise_is_left_out_and_said(
    workspace: Workspace, journal: Journal, incident: str, tmp_path: Path, signer: Signer
) -> None:
    own = tmp_path / "own"
    (own / "notices" / "eu.gdpr").mkdir(parents=True)
    (own / "notices" / "eu.gdpr" / "33.md.j2").write_text("# Other words\n")
    done = made(replace(workspace, own=own), journal, incident, tmp_path / "a.tar", signer)
    [row] = done.manifest["notices"]
    assert (row["state"], row["files"]) == ("not the same any more", [])
    assert row["why"]
    assert done.problem == ""


@pytest.mark.parametrize(
    ("audience", "secret", "theirs", "counts"),
    [
        ("counsel", True, True, {"privileged": 0, "repeats": 0, "third_party": 0}),
        ("authority", False, True, {"privileged": 1, "repeats": 0, "third_party": 0}),
        ("third-party", False, False, {"privileged": 1, "repeats": 0, "third_party": 1}),
    ],
)
def test_what_is_withheld_is_nowhere_in_the_archive_and_the_chain_still_holds(
    workspace: Workspace,
    journal: Journal,
    incident: str,
    tmp_path: Path,
    signer: Signer,
    audience: Audience,
    secret: bool,
    theirs: bool,
    counts: dict[str, int],
) -> None:
    done = made(workspace, journal, incident, tmp_path / "a.tar", signer, audience=audience)
    raw = done.path.read_bytes()
    assert (SECRET.encode() in raw, THEIRS.encode() in raw) == (secret, theirs)
    assert done.manifest["withheld"] == counts
    assert done.problem == ""
    assert done.manifest["head"]["entry"] == len(journal.entries(incident)) - 1
    assert done.entry is not None
    assert done.entry.body["redacted"] == [why for why, count in counts.items() if count]


def test_a_withheld_fact_is_not_told_by_a_decision_a_notice_or_a_move(
    workspace: Workspace, journal: Journal, tmp_path: Path, signer: Signer
) -> None:
    id = approving.opened(workspace, journal, risk__reason=SECRET)
    seq = next(entry.seq for entry in journal.entries(id) if entry.body.get("key") == "risk.reason")
    approving.approval.approve(workspace, journal, id, approving.REPORT, drafts.make)
    recording.decide(workspace, journal, id, approving.REPORT, "notify", "as the law says")
    rests = {"duty": approving.REPORT, "choice": "notify", "ground": "g", "rests_on": {"risk.reason": SECRET}}
    at = workspace.writing_time().isoformat(timespec="seconds")
    beside(journal, workspace, id, Draft("decision.recorded", {**rests, "at": at}))
    tracks.move_entry(workspace, journal, id, seq, "privileged", reason=f"it says: {SECRET}")
    attachment(journal, workspace, id, track="privileged")
    given = [({"sha256": SHA}, pieces())]
    done = made(workspace, journal, id, tmp_path / "a.tar", signer, audience="authority", attachments=given)
    raw = done.path.read_bytes()
    assert SECRET.encode() not in raw
    assert LETTER not in raw
    assert done.manifest["withheld"] == {"privileged": 3, "repeats": 1, "third_party": 0}
    [row] = done.manifest["notices"]
    assert (row["state"], row["files"]) == ("withheld", [])
    assert done.problem == ""
    whole = made(workspace, journal, id, tmp_path / "b.tar", signer, attachments=[({"sha256": SHA}, pieces())])
    assert SECRET.encode() in whole.path.read_bytes()
    assert whole.manifest["notices"][0]["state"] == "as approved"


def test_the_same_journal_moment_and_key_give_the_same_bytes(
    workspace: Workspace, journal: Journal, incident: str, tmp_path: Path, signer: Signer
) -> None:
    then = replace(workspace, as_of=workspace.writing_time())
    one = made(then, journal, incident, tmp_path / "a.tar", signer)
    two = made(then, journal, incident, tmp_path / "b.tar", signer)
    assert one.path.read_bytes() == two.path.read_bytes()
    assert one.entry is None


def test_a_look_at_the_past_records_nothing_and_ends_where_the_past_did(
    workspace: Workspace, journal: Journal, plain: str, tmp_path: Path, signer: Signer, clock: Clock
) -> None:
    then, count = clock.moment, len(journal.entries(plain))
    clock.forward(hours=1)
    recording.note(workspace, journal, plain, "written later")
    past = replace(workspace, as_of=then)
    done = made(past, journal, plain, tmp_path / "a.tar", signer, receipts=RECEIPTS)
    assert done.manifest["head"]["entry"] == count
    assert b"written later" not in done.path.read_bytes()
    assert members(done.path)["receipts.jsonl"] == b""
    assert done.problem == ""
    assert len(journal.entries(plain)) == count + 1


def test_an_attachment_that_is_not_as_recorded_is_absent_and_said(
    workspace: Workspace, journal: Journal, plain: str, tmp_path: Path, signer: Signer
) -> None:
    attachment(journal, workspace, plain)
    body = {"sha256": "0" * 64, "size": 5, "media": "text/plain", "label": "never kept"}
    beside(journal, workspace, plain, Draft("attachment.added", body))
    stray = ({"sha256": "1" * 64}, [b"nobody named it"])
    done = made(
        workspace, journal, plain, tmp_path / "a.tar", signer, attachments=[stray, ({"sha256": SHA}, pieces(LETTER + b"!"))]
    )
    assert done.problem == ""
    assert [line for line in done.told if "are not those that were recorded" in line and SHA[:16] in line]
    assert [line for line in done.told if "not kept any more" in line and "0" * 16 in line]
    assert not [name for name in members(done.path) if name.startswith("attachments/")]
    assert b"nobody named it" not in done.path.read_bytes()


def test_what_lies_in_the_vault_is_put_in(
    workspace: Workspace, journal: Journal, plain: str, tmp_path: Path, signer: Signer
) -> None:
    with held_beside(workspace, plain) as (receipts, attachments):
        assert (list(receipts), list(attachments)) == ([], [])
    with workspace.vault() as vault:
        add(vault, plain, "car of Ana Example.png", io.BytesIO(LETTER), at="2026-11-21T12:00:00+00:00")
    attachment(journal, workspace, plain)
    with held_beside(workspace, plain) as (receipts, attachments):
        done = made(workspace, journal, plain, tmp_path / "a.tar", signer, receipts=receipts, attachments=attachments)
    assert done.problem == ""
    assert members(done.path)[f"attachments/{SHA}"] == LETTER
    assert b"car of Ana" not in done.path.read_bytes()


def test_receipts_that_are_not_those_the_journal_recorded_are_told_at_once(
    workspace: Workspace, journal: Journal, plain: str, tmp_path: Path, signer: Signer
) -> None:
    body = {"dispatch": "d1", "counts": {"sent": 2}, "receipts": receipts_hash([*RECEIPTS, *RECEIPTS]), "servers": []}
    beside(journal, workspace, plain, Draft("delivery.recorded", body))
    done = made(workspace, journal, plain, tmp_path / "a.tar", signer, receipts=RECEIPTS)
    assert "receipts.jsonl: those of dispatch d1" in done.problem


def test_an_invented_incident_is_marked_everywhere(
    workspace: Workspace, journal: Journal, tmp_path: Path, signer: Signer
) -> None:
    facts = {**approving.FACTS, "incident.invented": "yes"}
    id = recording.open_incident(workspace, journal, title="Invented", facts=facts).incident
    done = made(workspace, journal, id, tmp_path, signer)
    assert done.path.name == "INVENTED-evidence-INC-1.tar"
    held = members(done.path)
    assert held["README.txt"].startswith(b"INVENTED INCIDENT")
    assert done.manifest["invented"] is True
    assert done.told[0] == "INVENTED INCIDENT: nothing of this happened"


def test_an_exercise_is_marked_everywhere(workspace: Workspace, journal: Journal, tmp_path: Path, signer: Signer) -> None:
    exercising.opened(workspace, journal)
    done = made(workspace, journal, "INC-1", tmp_path, signer)
    assert done.path.name == "EXERCISE-evidence-INC-1.tar"
    assert done.manifest["exercise"] == exercising.NAME
    assert members(done.path)["README.txt"].startswith(b"EXERCISE - EXERCISE")
    assert done.told[0].startswith("EXERCISE - EXERCISE")
    with pytest.raises(UsageError, match="of an incident"):
        made(workspace, journal, "EXERCISE", tmp_path / "a.tar", signer)


def test_another_clients_laws_and_incidents_stay_out(
    workspace: Workspace, journal: Journal, incident: str, tmp_path: Path, signer: Signer
) -> None:
    from breachkit.content.organisations import load_organisation

    other = load_organisation("innovat")
    recording.open_incident(workspace, journal, title="A client's", organisation=other)
    done = made(workspace, journal, incident, tmp_path / "a.tar", signer)
    raw = done.path.read_bytes()
    assert b"INC-2" not in raw
    assert other.name.encode() not in raw
    manifests = [raw for name, raw in members(done.path).items() if raw.startswith(b"breachkit/law-pack@1")]
    assert len(manifests) == 1


def test_a_link_is_no_place_for_an_archive(
    workspace: Workspace, journal: Journal, plain: str, tmp_path: Path, signer: Signer
) -> None:
    (tmp_path / "link.tar").symlink_to(tmp_path / "elsewhere.tar")
    with pytest.raises(Refused, match="symbolic link"):
        made(workspace, journal, plain, tmp_path / "link.tar", signer)
    assert not (tmp_path / "elsewhere.tar").exists()


def test_a_refused_time_stamp_leaves_no_archive_and_no_entry(
    workspace: Workspace, journal: Journal, plain: str, tmp_path: Path, signer: Signer
) -> None:
    def nobody(manifest: bytes) -> Any:
        raise Refused("no stamp")

    head = journal.head(plain)
    with pytest.raises(Refused, match="no stamp"):
        made(workspace, journal, plain, tmp_path / "a.tar", signer, stamping=nobody)
    assert not (tmp_path / "a.tar").exists()
    assert journal.head(plain) == head


def test_the_key_lies_in_the_organisations_folder_or_with_the_users_settings(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BREACHKIT_SIGNING_PASSPHRASE", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert key_place(replace(workspace, own=tmp_path)) == tmp_path / "evidence.key"
    assert signer_for(workspace).path.name == "evidence.key"
    assert signer_for(workspace).public_key == signer_for(workspace).public_key
    with pytest.raises(UsageError, match="no signing key"):
        signer_for(workspace, tmp_path / "named.key")


def test_nothing_is_signed_of_a_chain_that_does_not_hold(
    workspace: Workspace, journal: Journal, plain: str, tmp_path: Path, signer: Signer
) -> None:
    with closing(sqlite3.connect(str(workspace.database))) as connection:
        connection.execute("DROP TRIGGER entry_no_delete")
        connection.execute("DELETE FROM entry WHERE seq = 3")
        connection.commit()
    with workspace.journal() as again, pytest.raises(JournalDamaged, match=r"entry 3 is missing.*Nothing is signed"):
        made(workspace, again, plain, tmp_path / "a.tar", signer)
    assert not (tmp_path / "a.tar").exists()
