"""What an evidence archive tells whoever opens it: what it is, what was withheld, how to check it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from breachkit.domain import marks
from breachkit.domain.evidence import Audience, Withheld
from breachkit.workflow.contract import NOT_ADVICE
from breachkit.workflow.report import INVENTED
from breachkit.workflow.subjects import Subject
from breachkit.workflow.workspace import Workspace

_WHY: Final[Mapping[Withheld, str]] = {
    "privileged": "of the privileged track",
    "third_party": "of the third-party track",
    "repeats": "of decisions that repeat a withheld value",
}
_READERS: Final[Mapping[Audience, str]] = {
    "counsel": "counsel: every track",
    "authority": "an authority: every track but the privileged one",
    "third-party": "a third party: the factual track alone",
}
_MEMBERS: Final = (
    ("entries.jsonl", "the journal: each entry's exact text and its SHA-256, chained"),
    ("heads.json", "number and hash of the newest entry"),
    ("notices/", "notices that were approved, made again as of their approval; no copies of letters"),
    ("filings.json", "what was filed, when, with which reference"),
    ("receipts.jsonl", "what became of each message, by its envelope's random number; `sent` means that a"),
    ("", "mail server took it or that it was written to a folder, not that it was read"),
    ("attachments/", "files that were added; attachments.json names them, those that are absent too"),
    ("laws/", "the laws that answers rest on, each file under its SHA-256"),
    ("report.md", "the incident report, made of what this archive's reader may see; report.json for programs"),
    ("verify_evidence.py", "a copy of the verifier"),
    ("manifest.json", "every member above with its size and SHA-256"),
    ("timestamp.tsr", "a time stamp of the manifest (RFC 3161), if one was asked for"),
    ("signature.json", "an Ed25519 signature over the manifest and the time stamp"),
)


def readme(subject: Subject, audience: Audience, withheld: Mapping[int, Withheld], workspace: Workspace) -> str:
    """README.txt."""
    mark = marks.line(subject.invented, subject.exercise, INVENTED)
    said = [mark, ""] if mark else []
    past = f", as of {workspace.as_of.isoformat()}" if workspace.as_of is not None else ""
    said += [f"Evidence archive of {subject.name}, made by breachkit for {_READERS[audience]}{past}.", "", NOT_ADVICE, ""]
    said += [*_withheld(withheld), "", "What is in it, in this order:", ""]
    said += [f"  {name:<20}{what}" for name, what in _MEMBERS]
    said += [*_HOW, *(["", mark] if mark else [])]
    return "\n".join(said) + "\n"


def _withheld(withheld: Mapping[int, Withheld]) -> list[str]:
    if not withheld:
        return ["No entry is withheld."]
    counts = {why: sum(one == why for one in withheld.values()) for why in _WHY}
    said = ", ".join(f"{count} {_WHY[why]}" for why, count in counts.items() if count)
    return [
        f"Entries withheld: {said}.",
        "In place of each stands its hash, which the entry after it names. Whoever kept the entry can show",
        "it later, and with it which entry it follows; without it, that link cannot be checked.",
    ]


_HOW: Final = (
    "",
    "How to check it, with Python 3.8 or newer and nothing else:",
    "",
    '  python verify_evidence.py ARCHIVE.tar --signer "FINGERPRINT"',
    "",
    "Take the verifier from where you trust it - breachkit's own repository or package, file",
    "breachkit/evidence_verifier/verify_evidence.py - rather than from this archive: who changes an",
    "archive can change the copy in it too. Take the fingerprint from whoever made the archive, by a",
    "way other than the one it came by. A time stamp is checked too with --tsa-ca and the",
    "certificates of its authority, which needs openssl.",
    "",
    "The signature shows that nothing was changed since it was made, and by which key; whose key that",
    "is you learn from the fingerprint alone. It does not show that what was recorded is true or",
    "whole, nor when it was recorded: the times are those of the machine it was recorded on. A time",
    "stamp shows that the archive existed by then, and heads of the chain noted earlier (--heads) that",
    "the entries up to them did.",
)
