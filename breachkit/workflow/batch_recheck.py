"""After a power cut: which of a batch's chunks that were noted as written really lie on disk.

A process that is killed loses nothing that it wrote, since the system has it. When the system itself went down, files may be
empty that were whole. So a batch remembers under which start of the system it wrote, and looks again after another one.
"""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path
from typing import Final

from breachkit.storage.batches import BatchFile

_START: Final = Path("/proc/sys/kernel/random/boot_id")


def recheck(batch: BatchFile, folder: Path) -> int:
    """Look at every chunk noted as written, unless the system ran all the time. How many are to be written again."""
    now, before = system_start(), batch.get("system_start")
    if now and now == before:
        return 0
    lost = [chunk.id for chunk, noted in batch.chunks(written=True) if not _is_whole(folder, chunk.id, noted["manifest"])]
    with batch.transaction():
        for id in lost:
            batch.chunk_lost(id)
        batch.put(system_start=now)
    return len(lost)


def system_start() -> str:
    """What tells one start of the system from another; empty where it does not say, and then everything is looked at."""
    try:
        return _START.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _is_whole(folder: Path, chunk: int, manifest_sha256: str) -> bool:
    """Whether the chunk's lines of the manifest are those noted, and each letter has the hash they name."""
    part = folder / ".parts" / f"{chunk:06d}.csv"
    try:
        content = part.read_bytes()
        lines = part.with_suffix(".jsonl").read_bytes()
    except OSError:
        return False
    rows = list(csv.reader(content.decode("utf-8", "replace").splitlines()))
    if hashlib.sha256(content).hexdigest() != manifest_sha256 or lines.count(b"\n") != len(rows):
        return False
    return all(_has(folder, file, offset, size, sha256) for *_, file, _, _, offset, size, sha256 in rows)


def _has(folder: Path, file: str, offset: str, size: str, sha256: str) -> bool:
    try:
        with (folder / file).open("rb") as letter:
            letter.seek(int(offset or 0))
            return hashlib.sha256(letter.read(int(size) if size else -1)).hexdigest() == sha256
    except OSError:
        return False
