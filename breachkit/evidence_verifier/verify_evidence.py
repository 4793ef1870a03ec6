"""Checks one evidence archive of breachkit, with nothing but Python 3.8 or newer. `python verify_evidence.py --help`.

It reads the archive by rules of its own: each byte of the container follows from the names, sizes and contents of its
members, so any other byte is refused. Nothing is unpacked, and no name inside is used as a path. It shares no code with
the program that writes archives, and is one file, longer than others of the house, so that it can be handed on by itself.
What an archive holds is described in breachkit's docs/evidence.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

    Point = tuple[int, int, int, int]

BLOCK, CHUNK = 512, 1 << 20
MOST_MEMBERS, LONGEST_LINE, LARGEST_DOCUMENT, LARGEST_LAW_MANIFEST = 100_000, 1 << 26, 1 << 26, 1 << 16
NEEDED = ("README.txt", "entries.jsonl", "heads.json", "filings.json", "receipts.jsonl", "attachments.json", "report.md")
LAST = ("manifest.json", "timestamp.tsr", "signature.json")
DOCUMENTS = ("heads.json", "filings.json", "attachments.json", *LAST)
WITHHELD = ("privileged", "repeats", "third_party")
GENESIS = "0" * 64
FACTS, INVENTED = ("fact.recorded", "fact.corrected"), "incident.invented"
USED = ("incident.opened", "filing.recorded", "attachment.added", "delivery.recorded", *FACTS)
HASH = re.compile(r"[0-9a-f]{64}\Z")
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)?\Z")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")


UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, subprocess.SubprocessError)


class Wrong(Exception):
    """Something does not hold; the text says which member and what."""


# -- the container: a plain tar file of which every byte is known beforehand


def header(name: str, size: int) -> bytes:
    """The only header a member of that name and size may have."""
    head = bytearray(BLOCK)
    for at, field in ((0, name.encode()), (100, b"0000644"), (108, b"0000000"), (116, b"0000000"), (124, b"%011o" % size)):
        head[at : at + len(field)] = field
    head[136:147], head[148:156], head[156:157], head[257:265] = b"0" * 11, b" " * 8, b"0", b"ustar\x0000"
    head[148:156] = b"%06o\x00 " % sum(head)
    return bytes(head)


def read_header(head: bytes) -> tuple[str, int]:
    """Name and size of the member that this header begins; Wrong unless it is the header that both lead to."""
    raw, digits = head[:100].rstrip(b"\x00"), head[124:135]
    if not raw.isascii() or not NAME.match(raw.decode()) or not re.match(rb"[0-7]{11}\Z", digits):
        raise Wrong("a header is not one of this format: its name or size cannot be read")
    name, size = raw.decode(), int(digits, 8)
    if head != header(name, size):
        raise Wrong(f"{name}: its header holds other bytes than it must")
    return name, size


def members(file: BinaryIO) -> Iterator[tuple[str, int, Iterator[bytes]]]:
    """Name, size and content of each member; the content must be read before the next is asked for."""
    for _ in range(MOST_MEMBERS):
        head = file.read(BLOCK)
        if head == bytes(BLOCK):
            if file.read(BLOCK + 1) != bytes(BLOCK):
                raise Wrong("the archive does not end with exactly two empty blocks: something was cut off or added")
            return
        if len(head) < BLOCK:
            raise Wrong("the archive ends too early: something was cut off")
        name, size = read_header(head)
        yield name, size, content(file, name, size)
        padding = -size % BLOCK
        if file.read(padding) != bytes(padding):
            raise Wrong(f"{name}: the bytes that fill its last block are not empty")
    raise Wrong("the archive has too many members")


def content(file: BinaryIO, name: str, size: int) -> Iterator[bytes]:
    """The member's bytes, piece by piece."""
    while size:
        piece = file.read(min(CHUNK, size))
        if not piece:
            raise Wrong(f"{name}: the archive ends within it")
        size -= len(piece)
        yield piece


# -- Ed25519 as RFC 8032 has it, with one spelling for each point and number

P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a: Point, b: Point) -> Point:
    """The sum of two points in extended coordinates."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    w, x, y, z = f - e, h - g, h + g, f + e
    return w * x % P, y * z % P, x * y % P, w * z % P


def times(number: int, point: Point) -> Point:
    """A multiple of a point."""
    found: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = add(found, point)
        point, number = add(point, point), number >> 1
    return found


def decoded(raw: bytes) -> Point | None:
    """The point these 32 bytes stand for; None for what is no point, or one spelt another way than its own."""
    y, odd = int.from_bytes(raw, "little") & (1 << 255) - 1, raw[31] >> 7
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * ROOT % P
    if v * x * x % P != u or (x == 0 and odd):
        return None
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


def encoded(point: Point) -> bytes:
    """The one spelling of a point."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = decoded((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether it is an Ed25519 signature of that message by that key; False for keys of small order."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, s = decoded(public), int.from_bytes(signature[32:], "little")
    if key is None or s >= Q or encoded(times(8, key)) == encoded((0, 1, 1, 0)):
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    minus_key = (P - key[0], key[1], 1, P - key[3])
    return encoded(add(times(s, BASE), times(k, minus_key))) == signature[:32]


# -- JSON in one spelling


def canonical(value: Any) -> bytes:
    """The one spelling of a JSON value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read_json(raw: bytes, where: str) -> Any:
    """The value; Wrong unless it is spelt the one way."""
    try:
        value = json.loads(raw)
        if canonical(value) != raw:
            raise Wrong(f"{where}: its JSON is not in canonical form")
    except (ValueError, RecursionError, OverflowError) as problem:
        raise Wrong(f"{where}: it is not JSON") from problem
    return value


def lines(pieces: Iterator[bytes], name: str) -> Iterator[tuple[bytes, Any]]:
    """Each line with its value."""
    rest, number = b"", 0
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        if len(rest) > LONGEST_LINE:
            raise Wrong(f"{name}: a line is too long")
        for line in whole:
            number += 1
            value = read_json(line, f"{name} line {number}")
            if not isinstance(value, dict):
                raise Wrong(f"{name} line {number}: it is not an object")
            yield line, value
    if rest:
        raise Wrong(f"{name}: its last line does not end")


# -- what the members say, and whether they agree


class Archive:
    """What was found in one archive, read once from its beginning to its end."""

    def __init__(self) -> None:
        self.files: list[dict[str, Any]] = []
        self.names: set[str] = set()
        self.raw: dict[str, bytes] = {}
        self.incident = ""
        self.hashes: list[str] = []
        self.seen: dict[int, dict[str, Any]] = {}
        self.withheld: dict[str, list[int]] = {kind: [] for kind in WITHHELD}
        self.receipts: dict[str, Any] = {}
        self.counted = 0

    def read(self, file: BinaryIO) -> None:
        """Read the whole container. Wrong at the first byte that is not as it must be."""
        for name, size, pieces in members(file):
            if "signature.json" in self.names:
                raise Wrong(f"{name}: it comes after the signature, where nothing may be")
            if name in self.names:
                raise Wrong(f"{name}: it is there twice")
            if ("manifest.json" in self.names) != (name in LAST[1:]):
                raise Wrong(f"{name}: it does not belong here, beside the manifest")
            self.names.add(name)
            digest = hashlib.sha256()
            read = self.hashed(pieces, digest)
            if name == "entries.jsonl":
                for _, row in lines(read, name):
                    self.entry(row, len(self.hashes) + 1)
            elif name == "receipts.jsonl":
                for line, row in lines(read, name):
                    self.counted += 1
                    if len(self.receipts) > MOST_MEMBERS:
                        raise Wrong(f"{name}: it has too many dispatches")
                    self.receipts.setdefault(str(row.get("dispatch")), hashlib.sha256()).update(line + b"\n")
            elif name in DOCUMENTS or (name.startswith("laws/") and size <= LARGEST_LAW_MANIFEST):
                if size > LARGEST_DOCUMENT:
                    raise Wrong(f"{name}: it is too large")
                self.raw[name] = b"".join(read)
            else:
                for _ in read:
                    pass
            if name not in LAST:
                self.files.append({"path": name, "sha256": digest.hexdigest(), "size": size})
            if name.startswith(("attachments/", "laws/")) and name.partition("/")[2] != digest.hexdigest():
                raise Wrong(f"{name}: its content is not what its name says")

    @staticmethod
    def hashed(pieces: Iterator[bytes], digest: Any) -> Iterator[bytes]:
        """The pieces, each added to the digest as it passes."""
        for piece in pieces:
            digest.update(piece)
            yield piece

    def entry(self, row: dict[str, Any], seq: int) -> None:
        """Check one entry's place in the chain. A withheld one is held by its hash, which the next one names."""
        where, previous = f"entry {seq}", self.hashes[-1] if self.hashes else GENESIS
        if row.get("seq") != seq:
            raise Wrong(f"{where} is missing; in its place stands entry {row.get('seq')}")
        digest = row.get("hash")
        if not isinstance(digest, str) or not HASH.match(digest):
            raise Wrong(f"{where}: it has no hash")
        if set(row) == {"hash", "seq", "withheld"} and row["withheld"] in WITHHELD:
            self.withheld[row["withheld"]].append(seq)
        elif set(row) == {"content", "hash", "seq"} and isinstance(row["content"], str):
            if hashlib.sha256(row["content"].encode()).hexdigest() != digest:
                raise Wrong(f"{where}: its content does not match its hash: it was changed after it was written")
            said = read_json(row["content"].encode(), where)
            self.incident = self.incident or str(said.get("incident"))
            if not isinstance(said.get("body"), dict) or (said.get("seq"), said.get("incident")) != (seq, self.incident):
                raise Wrong(f"{where}: it belongs elsewhere: entry {said.get('seq')} of {said.get('incident')}")
            if said.get("previous") != previous:
                raise Wrong(f"{where}: it does not link to the entry before it: one was replaced, moved or removed")
            if said.get("kind") in USED and (said["kind"] not in FACTS or said["body"].get("key") == INVENTED):
                self.seen[seq] = said
        else:
            raise Wrong(f"{where}: it is neither told nor withheld")
        self.hashes.append(digest)

    def document(self, name: str) -> Any:
        """A member that holds one JSON value."""
        if name not in self.raw:
            raise Wrong(f"{name}: it is missing")
        return read_json(self.raw[name], name)

    def bodies(self, kind: str) -> list[tuple[int, dict[str, Any]]]:
        """Number and body of each entry of a kind that is told; of facts, only those that say whether it is invented."""
        return [(seq, said["body"]) for seq, said in self.seen.items() if said.get("kind") == kind]


def check_signature(archive: Archive, signer: str | None) -> str:
    """The line that says who signed. Wrong when the signature does not hold or is another's."""
    said = archive.document("signature.json")
    names = {"algorithm", "format", "manifest_sha256", "public_key", "signature", "timestamp_sha256"}
    if not isinstance(said, dict) or set(said) != names or said["format"] != "breachkit/evidence-signature@1":
        raise Wrong("signature.json: it is not one of this format")
    stamp = hashlib.sha256(archive.raw["timestamp.tsr"]).hexdigest() if "timestamp.tsr" in archive.raw else None
    manifest = hashlib.sha256(archive.raw.get("manifest.json", b"")).hexdigest()
    if said["algorithm"] != "Ed25519" or said["manifest_sha256"] != manifest:
        raise Wrong("manifest.json: it is not the one that was signed")
    if said["timestamp_sha256"] != stamp:
        raise Wrong("timestamp.tsr: it is not the one that was signed, or was taken away")
    try:
        public, signature = bytes.fromhex(said["public_key"]), bytes.fromhex(said["signature"])
    except (TypeError, ValueError) as problem:
        raise Wrong("signature.json: key or signature cannot be read") from problem
    if (public.hex(), signature.hex()) != (said["public_key"], said["signature"]):
        raise Wrong("signature.json: key or signature is spelt another way than it must be")
    message = f"{said['format']}\n{manifest}\n{stamp or 'no time stamp'}\n".encode()
    if not signed_by(public, message, signature):
        raise Wrong("signature.json: the signature does not hold")
    found = hashlib.sha256(public).hexdigest()
    if signer is None:
        return f"signed by key {grouped(found)}; WHOSE KEY THAT IS WAS NOT CHECKED: compare it with one you noted elsewhere"
    if re.sub("[ :]", "", signer).lower() != found:
        raise Wrong(f"signature.json: signed by key {grouped(found)}, not by the one you named")
    return f"signed by the key you named, {grouped(found)}"


def check_manifest(archive: Archive) -> dict[str, Any]:
    """The manifest. Wrong unless it names every member in its order, and agrees with the chain."""
    said = archive.document("manifest.json")
    if not isinstance(said, dict) or said.get("format") != "breachkit/evidence@1" or not isinstance(said.get("files"), list):
        raise Wrong("manifest.json: it is not one of this format")
    named, there = said["files"], archive.files
    if named != there:
        for at, other in enumerate(there[: len(named)]):
            if named[at] != other:
                path = named[at].get("path") if isinstance(named[at], dict) else None
                what = "its content is not what the manifest says" if path == other["path"] else f"{path} should stand here"
                raise Wrong(f"{other['path']}: {what}")
        raise Wrong("manifest.json: it names more or fewer members than there are")
    paths = [one["path"] for one in there]
    for name in NEEDED:
        if name not in paths:
            raise Wrong(f"{name}: it is missing")
    head = {"entry": len(archive.hashes), "hash": archive.hashes[-1] if archive.hashes else GENESIS}
    if not archive.incident or said.get("incident") != archive.incident or said.get("head") != head:
        raise Wrong("manifest.json: incident or head are not those of the entries")
    heads = {"format": "breachkit/heads@1", "heads": {archive.incident: head}}
    if archive.document("heads.json") != heads:
        raise Wrong("heads.json: it is not the head of the entries")
    if said.get("withheld") != {kind: len(found) for kind, found in archive.withheld.items()}:
        raise Wrong("manifest.json: it counts other withheld entries than there are")
    return said


def check_members(archive: Archive) -> list[str]:
    """What is to be said of filings, receipts, attachments and laws. Wrong where they are not what the entries say."""
    filed = [
        {"body": body, "by": archive.seen[seq]["actor"], "entry": seq, "recorded_at": archive.seen[seq]["recorded_at"]}
        for seq, body in archive.bodies("filing.recorded")
    ]
    if archive.document("filings.json") != {"filings": filed, "format": "breachkit/filings@1"}:
        raise Wrong("filings.json: it does not hold the filings that the entries tell of")
    told = [f"{len(filed)} filing{'' if len(filed) == 1 else 's'}, as the entries tell them"]
    told += check_receipts(archive) + check_attachments(archive)
    laws = {one["path"][5:] for one in archive.files if one["path"].startswith("laws/")}
    for sha in laws:
        raw = archive.raw.get(f"laws/{sha}", b"")
        if raw.startswith(b"breachkit/law-pack@1\n"):
            parts = {line.rpartition(" ")[2] for line in raw.decode("utf-8", "replace").splitlines()}
            if missing := sorted(part for part in parts if HASH.match(part) and part not in laws):
                raise Wrong(f"laws/{sha}: its part {missing[0]} is missing")
    return [*told, f"{len(laws)} files of laws, each with the hash of its name"]


def check_receipts(archive: Archive) -> list[str]:
    """What is to be said of the receipts of each dispatch."""
    manifest = archive.document("manifest.json")
    if manifest.get("receipts") != "included":
        if archive.counted:
            raise Wrong("receipts.jsonl: the manifest says that receipts are left out, and they are there")
        return [f"receipts left out: {manifest.get('receipts')}"]
    newest = {str(body.get("dispatch")): body.get("receipts") for _, body in archive.bodies("delivery.recorded")}
    for dispatch, digest in newest.items():
        found = archive.receipts.get(dispatch, hashlib.sha256()).hexdigest()
        if found != digest:
            raise Wrong(f"receipts.jsonl: those of dispatch {dispatch} are not the ones that the journal recorded")
    unrecorded = len(set(archive.receipts) - set(newest))
    told = [f"{archive.counted} receipts; of {len(newest)} dispatches the journal holds the same hash"]
    return told + ([f"of {unrecorded} dispatches no entry that is told here holds a hash"] if unrecorded else [])


def check_attachments(archive: Archive) -> list[str]:
    """What is to be said of attachments, of those that are absent too."""
    said = archive.document("attachments.json")
    rows = said.get("attachments") if isinstance(said, dict) else None
    rows = rows if isinstance(said, dict) and said.get("format") == "breachkit/attachments@1" else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Wrong("attachments.json: it is not one of this format")
    names = ("sha256", "size", "media", "label")
    named = [{"entry": seq, **{name: body.get(name) for name in names}} for seq, body in archive.bodies("attachment.added")]
    if [{name: row.get(name) for name in ("entry", *names)} for row in rows] != named:
        raise Wrong("attachments.json: it does not name the attachments that the entries tell of")
    there = {one["path"][12:]: one["size"] for one in archive.files if one["path"].startswith("attachments/")}
    for row in rows:
        sha = row["sha256"]
        if (row.get("absent") is None) != (sha in there) or there.get(sha, row["size"]) != row["size"]:
            raise Wrong(f"attachments/{sha}: it is not there as attachments.json says")
    if set(there) - {row["sha256"] for row in rows}:
        raise Wrong("attachments.json: an attachment is in the archive that no entry names")
    told = [f"{len(there)} attachments, each with the hash of its name"]
    gone = [row for row in rows if row["absent"] is not None]
    return [*told, *(f"attachment {row['sha256'][:16]} of entry {row['entry']} is absent: {row['absent']}" for row in gone)]


def check_heads(archive: Archive, noted: Any) -> str:
    """The line about a head that was noted earlier. Wrong when it is no part of this chain."""
    held = noted.get("heads", noted) if isinstance(noted, dict) else None
    one = held.get(archive.incident) if isinstance(held, dict) else None
    if not isinstance(one, dict) or not isinstance(one.get("entry"), int):
        raise Wrong(f"the noted heads name no head of {archive.incident}")
    seq = one["entry"]
    if seq > len(archive.hashes):
        first = len(archive.hashes) + 1
        raise Wrong(f"entries {first} to {seq} were noted and are not here: they were removed, or the archive is older")
    if seq < 1 or archive.hashes[seq - 1] != one.get("hash"):
        raise Wrong(f"entry {seq} is not the one that was noted: the chain was written anew up to there")
    gap = max((one for found in archive.withheld.values() for one in found if one <= seq), default=0)
    if gap:
        held = f"entry {seq} is the one that was noted: nothing from entry {gap} to it was changed"
        return f"{held}. Entry {gap} is withheld; what it follows is shown only by whoever holds it, or by --earlier"
    return f"entry {seq} is the one that was noted: nothing up to there was changed since"


def check_earlier(archive: Archive, earlier: BinaryIO) -> str:
    """The line about an archive made before. Wrong when it does not hold, or tells of entries that this one has not."""
    sound, told, old = examine(earlier, None)
    if not sound:
        raise Wrong(f"the earlier archive - {told[-1]}")
    if old.incident != archive.incident:
        raise Wrong(f"the earlier archive is of {old.incident}")
    for seq, digest in enumerate(old.hashes, 1):
        if seq > len(archive.hashes) or archive.hashes[seq - 1] != digest:
            raise Wrong(f"entry {seq} of the earlier archive is not in this one: it was removed or changed since")
    return f"all {len(old.hashes)} entries of the earlier archive are in this one, unchanged"


def check_stamp(archive: Archive, authority: str | None) -> str:
    """The line about the time stamp. Wrong when it was to be checked and is not there, or does not hold."""
    token = archive.raw.get("timestamp.tsr")
    if token is None:
        if authority is not None:
            raise Wrong("timestamp.tsr: there is no time stamp, though you named its authority")
        return "no time stamp"
    if authority is None:
        return "time stamp present, NOT CHECKED: name the authority's certificates with --tsa-ca ca.pem"
    program = shutil.which("openssl")
    if program is None:
        raise Wrong("timestamp.tsr: it cannot be checked here: openssl was not found")
    digest = hashlib.sha256(archive.raw["manifest.json"]).hexdigest()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "token.tsr")
        with open(path, "wb") as out:
            out.write(token)
        verify = [program, "ts", "-verify", "-digest", digest, "-in", path, "-CAfile", authority]
        checked = subprocess.run(verify, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
        if checked.returncode or b"Verification: OK" not in checked.stdout + checked.stderr:
            why = checked.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no reason given"]
            raise Wrong(f"timestamp.tsr: openssl does not accept it: {why[0]}")
        show = [program, "ts", "-reply", "-in", path, "-text"]
        shown = subprocess.run(show, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False).stdout
    when = re.search(rb"Time stamp: ([^\n]+)", shown)
    shown_time = when.group(1).decode("utf-8", "replace") if when else "a day not readable"
    return f"time stamp holds: the manifest existed on {shown_time}"


def grouped(digest: str) -> str:
    """A fingerprint as people compare it."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def marks(said: dict[str, Any], archive: Archive) -> list[str]:
    """What says that nothing of it happened. Wrong when the manifest hides it."""
    first = archive.seen.get(1, {"body": {}})["body"]
    facts = [body for kind in FACTS for _, body in archive.bodies(kind)]
    invented = any(body.get("value") in ("yes", True) for body in facts)
    if (first.get("exercise") is not None and said.get("exercise") is None) or (invented and said.get("invented") is not True):
        raise Wrong("manifest.json: it hides that the incident is invented")
    if said.get("exercise") is not None:
        return ["EXERCISE - EXERCISE - EXERCISE: nothing of this happened"]
    return ["INVENTED INCIDENT: nothing of this happened"] if said.get("invented") else []


def examine(file: BinaryIO, signer: str | None) -> tuple[bool, list[str], Archive]:
    """Whether the archive holds by itself, the lines that say so, and what was read."""
    archive = Archive()
    told: list[str] = []
    try:
        archive.read(file)
        who = check_signature(archive, signer)
        said = check_manifest(archive)
        told += marks(said, archive)
        told.append(f"{archive.incident}, made {said.get('made_at')} by {said.get('made_by')}, for {said.get('for')}")
        told.append("container: every byte is as it must be; nothing between, before or after its members")
        told.append(f"manifest: {len(archive.files)} members, each with its size and hash, in their order")
        told.append(who)
        told.append(f"chain: {len(archive.hashes)} entries, head {archive.hashes[-1]}")
        for kind, found in archive.withheld.items():
            if found:
                why = "since they repeat what is withheld" if kind == "repeats" else kind.replace("_", " ")
                told.append(f"withheld, {why}: {spans(found)}; only their hashes are here, and not what each of them follows")
        told += check_members(archive)
    except (Wrong, *UNREADABLE) as problem:
        return False, [*told, broken(problem)], archive
    return True, told, archive


def verify(
    file: BinaryIO,
    signer: str | None = None,
    authority: str | None = None,
    noted: Any = None,
    earlier: BinaryIO | None = None,
) -> tuple[bool, list[str]]:
    """Whether all holds, and the lines that say so. The last line names the first thing that does not."""
    sound, told, archive = examine(file, signer)
    if not sound:
        return False, told
    try:
        if noted is not None:
            told.append(check_heads(archive, noted))
        if earlier is not None:
            told.append(check_earlier(archive, earlier))
        told.append(check_stamp(archive, authority))
    except (Wrong, *UNREADABLE) as problem:
        return False, [*told, broken(problem)]
    return True, [*told, "all of this holds"]


def broken(problem: BaseException) -> str:
    """The line about what does not hold."""
    said = str(problem) if isinstance(problem, Wrong) else f"it cannot be read: {type(problem).__name__}: {problem}"
    return f"DOES NOT HOLD: {said}"


def spans(numbers: list[int]) -> str:
    """`entries 4, 7-9`."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ("entry " if len(numbers) == 1 else "entries ") + ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in found)


def main(words: list[str] | None = None) -> int:
    """Check the archive that the command line names. 0: all holds; 1: something does not; 2: called wrongly."""
    parser = argparse.ArgumentParser(description="Check an evidence archive of breachkit.", allow_abbrev=False)
    parser.add_argument("archive", help="the .tar file")
    parser.add_argument("--signer", metavar="FINGERPRINT", help="the signing key's fingerprint, as you noted it elsewhere")
    parser.add_argument("--tsa-ca", metavar="ca.pem", help="certificates of the time-stamping authority (needs openssl)")
    noting = "heads noted earlier: `breachkit journal verify --json`, or an older heads.json"
    parser.add_argument("--heads", metavar="FILE", help=noting)
    parser.add_argument("--earlier", metavar="OLD.tar", help="an older archive of the same incident, to be held against it")
    said = parser.parse_args(words)
    noted = None
    try:
        if said.heads is not None:
            with open(said.heads, "rb") as heads:
                noted = json.load(heads)
        with open(said.archive, "rb") as file, open(said.earlier or os.devnull, "rb") as old:
            sound, told = verify(file, said.signer, said.tsa_ca, noted, old if said.earlier is not None else None)
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"cannot be read: {problem}\n")
        return 2
    coding = sys.stdout.encoding or "ascii"
    for line in told:
        sys.stdout.write(CONTROL.sub("?", line).encode(coding, "replace").decode(coding) + "\n")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
