"""What a back-up's file holds: unpacked by fixed names into a private folder, each part against its hash.

The file may come from anywhere: no name in it is used as a path, and nothing is larger than the file itself.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import tarfile
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from breachkit.errors import BadFile, BreachkitError, Fault, JournalDamaged, Refused
from breachkit.storage.cipher import raw_key
from breachkit.storage.files import OWNER_ONLY_FILE

FORMAT: Final = "breachkit/backup@1"
MANIFEST_NAME: Final = "manifest.json"
JOURNAL_NAME: Final = "journal.db"
VAULT_NAME: Final = "journal.db.vault"
KEY_NAME: Final = "journal.db.key"
NAMES: Final = (MANIFEST_NAME, JOURNAL_NAME, VAULT_NAME, KEY_NAME)
_BLOCK: Final = 1 << 20
_KINDS: Final[dict[str, tuple[type, ...]]] = {
    "made_at": (str,),
    "program": (str,),
    "dialect": (str,),
    "encrypted": (bool,),
    "schema": (dict,),
    "files": (dict,),
    "heads": (dict,),
    "entries": (int,),
    "envelopes": (int, type(None)),
}


def unpack(archive: Path, folder: Path) -> dict[str, Any]:
    """Unpack into a folder that is empty and private; the manifest. JournalDamaged when a part is not what it says."""
    try:
        if archive.exists() and not archive.is_file():  # to open a pipe would wait for whoever writes into it
            raise _bad(archive, "it is no plain file")
        limit = archive.stat().st_size
        with archive.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
            hashes: dict[str, str] = {}
            for member in tar:
                if member.name not in NAMES or member.name in hashes or not member.isreg() or member.issparse():
                    raise _bad(archive, f"it holds {member.name!r}, which no back-up of breachkit does")
                if member.size > limit:
                    raise _bad(archive, "a part of it claims to be larger than the file")
                hashes[member.name] = _take_out(tar, member, folder / member.name)
    except BreachkitError:
        raise
    except OSError as problem:
        raise Refused(f"{archive} cannot be read ({problem.strerror or problem})") from problem
    except (tarfile.TarError, ValueError, EOFError) as problem:
        raise _bad(archive, f"it is no back-up, or it was cut off ({type(problem).__name__})") from None
    manifest = _manifest(archive, folder / MANIFEST_NAME)
    for name in sorted((hashes.keys() | manifest["files"].keys()) - {MANIFEST_NAME}):
        said = manifest["files"].get(name)
        if said is None or hashes.get(name) != said["sha256"]:
            raise JournalDamaged(f"{archive}: {name} is not what the back-up's own list says; it was changed or cut off")
    return manifest


def made_at(manifest: dict[str, Any]) -> datetime:
    """When the back-up was made."""
    return datetime.fromisoformat(manifest["made_at"])


def seal_of(manifest: dict[str, Any], data_key: bytes, database: str) -> str:
    """A checksum of the list that only who holds the key can make, so that an encrypted back-up cannot be put together anew."""
    body = {name: value for name, value in manifest.items() if name != "seal"}
    text = json.dumps(body, sort_keys=True, ensure_ascii=False).encode()
    return hmac.new(raw_key(data_key, database, "backup").key, text, hashlib.sha256).hexdigest()


def _take_out(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> str:
    source = tar.extractfile(member)
    assert source is not None  # a regular file, as was made sure of
    digest = hashlib.sha256()
    with source, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE), "wb") as out:
        while block := source.read(_BLOCK):
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _manifest(archive: Path, path: Path) -> dict[str, Any]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != FORMAT:
            raise _bad(archive, f"its format is {raw['format']!r}; this breachkit reads {FORMAT}")
        right = all(isinstance(raw[name], kinds) for name, kinds in _KINDS.items())
        heads = all(isinstance(seq, int) and isinstance(digest, str) for seq, digest in raw["heads"].values())
        files = JOURNAL_NAME in raw["files"] and all(isinstance(one["sha256"], str) for one in raw["files"].values())
        if not (
            right
            and heads
            and files
            and datetime.fromisoformat(raw["made_at"]).tzinfo
            and raw["encrypted"] == (KEY_NAME in raw["files"])
        ):
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _bad(archive, "its list cannot be read") from None
    return raw  # type: ignore[no-any-return]  # its shape was looked at just now


def _bad(archive: Path, why: str) -> BadFile:
    return BadFile([Fault(str(archive), None, f"this back-up cannot be used: {why}. Nothing was unpacked")])
