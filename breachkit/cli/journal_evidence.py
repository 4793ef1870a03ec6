"""`breachkit journal export`, `stamp`, `signer`: the journal as lines, or as an evidence archive that strangers can check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from breachkit.cli import common
from breachkit.errors import Refused, UnknownName, UsageError

if TYPE_CHECKING:
    from breachkit.delivery.timestamps import Stamp
    from breachkit.storage.signing import Signer
    from breachkit.workflow.evidence import Exported, Stamping
    from breachkit.workflow.workspace import Workspace

WHICH = Annotated[str, typer.Argument(metavar="INCIDENT", help="An incident such as INC-1; EXERCISE for an exercise's events.")]
KEY = Annotated[Path | None, typer.Option("--key", metavar="FILE", help="Sign with the key in this file.", show_default=False)]
URL_HELP = "Ask this authority for a time stamp (RFC 3161). Only a hash leaves this machine."


def add(app: typer.Typer) -> None:
    """Declare the commands."""
    app.command("export", epilog="Example: breachkit journal export INC-1 --out INC-1.tar --for authority")(export)
    app.command("stamp", epilog="Example: breachkit journal stamp INC-1.tar --request INC-1.tsq")(stamp)
    app.command("signer", epilog="Example: breachkit journal signer")(signer)


def export(
    incident: WHICH,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="X.tar or a folder: an evidence archive. Otherwise lines; stdout if left out.",
            show_default=False,
        ),
    ] = None,
    audience: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="counsel|authority|third-party",
            help="Who the archive is for: every track; all but the privileged one (if left out); the factual one alone.",
            show_default=False,
        ),
    ] = None,
    key: KEY = None,
    timestamp: Annotated[str | None, typer.Option("--timestamp", metavar="URL", help=URL_HELP, show_default=False)] = None,
    request: Annotated[
        Path | None,
        typer.Option(
            "--timestamp-request",
            metavar="FILE",
            help="Write the question for a time stamp, to be asked elsewhere.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
    as_of: common.AS_OF = None,
) -> None:
    """All of an incident in one signed archive, or its entries as lines.

    An archive (--out X.tar) holds entries, notices, receipts, attachments, laws and report with a manifest, signed, and a
    verifier that needs nothing but Python. Lines hold each entry's hash and the exact text that was hashed, of every track,
    the privileged one too.
    """  # fmt: skip
    space = common.workspace(database, actor, as_of=as_of)
    if out is not None and (out.suffix == ".tar" or out.is_dir()):
        _archive(space, incident, out, audience or "authority", key, timestamp, request, force=force)
        return
    if audience or key or timestamp or request:
        raise UsageError("--for, --key and time stamps are for an archive; name it with --out X.tar")
    _lines(space, incident, out, force=force)


def stamp(
    archive: Annotated[Path, typer.Argument(metavar="ARCHIVE", help="An archive that `journal export` made.")],
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help=URL_HELP, show_default=False)] = None,
    request: Annotated[
        Path | None, typer.Option("--request", metavar="FILE", help="Write the question (.tsq) and stop.", show_default=False)
    ] = None,
    reply: Annotated[
        Path | None, typer.Option("--reply", metavar="FILE", help="Put in the answer (.tsr).", show_default=False)
    ] = None,
    key: KEY = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the question's file if it is there.")] = False,
) -> None:
    """Put a time stamp (RFC 3161) into an archive, here or by way of a machine that may ask an authority.

    The archive is signed anew, by the key that signed it; its manifest stays as it was.
    """
    from breachkit.workflow import evidence_stamp
    from breachkit.workflow.evidence_parts import signer_for

    if sum(one is not None for one in (url, request, reply)) != 1:
        raise UsageError("say one of --url (ask an authority), --request (write the question), --reply (put in the answer)")
    if request is not None:
        _write_request(archive, request, force=force)
        return
    if url is not None:
        got = _stamping(url)(evidence_stamp.manifest_of(archive))
    else:
        assert reply is not None
        got = _read_reply(reply, archive)
    sha256 = evidence_stamp.put_stamp(archive, got, _said(signer_for(common.workspace(), key)))
    common.talk(f"{archive} has a time stamp of {got.at:%Y-%m-%d %H:%M:%S} UTC; sha256 {sha256}")


def signer(key: KEY = None, as_json: common.JSON = False) -> None:
    """The key that signs evidence, made on first use. Note its fingerprint where others will look for it: it alone says whose
    key it is.
    """
    from breachkit.domain.evidence import fingerprint
    from breachkit.workflow.evidence_parts import signer_for

    found = _said(signer_for(common.workspace(), key))
    named = fingerprint(found.public_key)
    if as_json:
        bare = named.replace(" ", "")
        common.print_json({"public_key": found.public_key.hex(), "fingerprint": bare, "file": str(found.path)})
        return
    common.say(f"fingerprint  {named}", style="1")
    common.say(f"public key   {found.public_key.hex()} (Ed25519)")
    common.say(f"file         {found.path}")


def _archive(
    space: Workspace,
    incident: str,
    out: Path,
    audience: str,
    key: Path | None,
    timestamp: str | None,
    request: Path | None,
    *,
    force: bool,
) -> None:
    from breachkit.domain.evidence import AUDIENCES
    from breachkit.workflow import evidence
    from breachkit.workflow.evidence_parts import held_beside, signer_for

    if timestamp and request:
        raise UsageError("--timestamp asks an authority now, --timestamp-request writes the question for later; say one")
    chosen = next((one for one in AUDIENCES if one == audience), None)
    if chosen is None:
        raise UnknownName("reader", audience, AUDIENCES, hint=f"(one of {', '.join(AUDIENCES)})")
    past = space.as_of is not None
    with common.open_journal(space, read_only=past) as journal, held_beside(space, incident) as (receipts, attachments):
        done = evidence.export(
            space, journal, incident, out, audience=chosen, signer=_said(signer_for(space, key)), receipts=receipts,
            attachments=attachments, stamping=_stamping(timestamp) if timestamp else None, force=force,
        )  # fmt: skip
    _tell(done)
    if request is not None:
        _write_request(done.path, request, force=force)


_WITHHELD = {"privileged": "privileged", "third_party": "of third parties", "repeats": "that repeat a withheld value"}


def _tell(done: Exported) -> None:
    withheld = {_WITHHELD[why]: count for why, count in done.manifest["withheld"].items() if count}
    common.talk(f"{done.path} written; sha256 {done.sha256}")
    if withheld:
        common.talk("entries withheld: " + ", ".join(f"{count} {why}" for why, count in withheld.items()))
    if done.overtaken:
        common.talk(
            f"careful: its report shows an older value of {', '.join(done.overtaken)}, since the newer one is withheld; "
            "read it before you hand it on"
        )
    for row in done.manifest["notices"]:
        if row["why"]:
            common.talk(f"notice {row['duty']} ({row['language']}) of entry {row['entry']} is left out: {row['why']}")
    if done.problem:
        raise Refused(f"{done.path} was written, and its own verifier does not accept it - {done.problem}")


def _lines(space: Workspace, incident: str, out: Path | None, *, force: bool) -> None:
    from breachkit.workflow.files import write_new
    from breachkit.workflow.timeline import chain, json_lines

    with common.open_journal(space, read_only=True) as journal:
        text = json_lines(chain(journal, incident, space))
    if out is None:
        common.put(common.escaped(text))
    else:
        write_new(out, text, force=force)
        common.talk(f"{out} written")


def _said(found: Signer) -> Signer:
    """The key, with what its owner should hear about it said."""
    from breachkit.domain.evidence import fingerprint

    for warning in found.warnings:
        common.talk(f"warning: {warning}")
    if found.made:
        common.talk(f"a signing key was made: {found.path}; keep a copy where it is safe")
        common.talk(f"its fingerprint, to be noted where others will look for it: {fingerprint(found.public_key)}")
    return found


def _stamping(url: str) -> Stamping:
    from breachkit.delivery.timestamps import ask, question

    def stamping(manifest: bytes) -> Stamp:
        return ask(url, question(manifest))

    return stamping


def _write_request(archive: Path, request: Path, *, force: bool) -> None:
    from breachkit.workflow.evidence_stamp import question_for
    from breachkit.workflow.files import write_new

    write_new(request, question_for(archive).content, force=force)
    common.talk(f"{request} written; ask an authority: curl -H 'Content-Type: application/timestamp-query'")
    common.talk(f"  --data-binary @{request} URL > reply.tsr, then: breachkit journal stamp {archive} --reply reply.tsr")


def _read_reply(reply: Path, archive: Path) -> Stamp:
    import hashlib

    from breachkit.delivery.timestamps import LARGEST_REPLY, read_reply
    from breachkit.workflow.evidence_stamp import manifest_of

    try:
        with reply.open("rb") as file:
            raw = file.read(LARGEST_REPLY + 1)
    except OSError as problem:
        raise UsageError(f"cannot read {reply}: {problem.strerror}") from problem
    return read_reply(raw[:LARGEST_REPLY], hashlib.sha256(manifest_of(archive)).digest(), name=str(reply))
