"""Where shipped files are found - in a wheel, a checkout or a user's own folder - and what was made of them before."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from breachkit import __version__
from breachkit.content.yamlfile import read_yaml, to_json

PACKAGE = Path(__file__).resolve().parent.parent
VOCABULARY = PACKAGE / "vocabulary"
LAWS = PACKAGE / "laws"
COMPILED = "compiled.json"
"""Beside the files in a wheel: what they hold, made when the wheel was built."""
_CACHE_SHAPE = 4

Parsed: TypeAlias = Mapping[str, dict[str, Any]]
"""Files by their path, parsed."""


@cache
def shipped(folder: str) -> Path:
    """The folder `templates` or `playbooks`: beside the package in a checkout, inside it in a wheel."""
    for candidate in (PACKAGE / "_shipped" / folder, PACKAGE.parent / folder):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"breachkit was installed without its {folder}; install it again")


def compiled_bytes(paths: Iterable[Path], *, cache_name: str, base: Path, make: Callable[[Parsed], str]) -> bytes:
    """What `make` makes of these files: as it came with the package, else from the cache, else made now and kept there.

    What came with the package counts while every file has the name and size it was made from; the cache looks at the time of
    change too. Neither ever holds anything but JSON.
    """
    files = sorted(paths)
    stats = [(path, path.stat()) for path in files]
    if (
        kept := _kept_bytes(base / COMPILED, _key([[path.relative_to(base).as_posix(), s.st_size] for path, s in stats]))
    ) is not None:
        return kept
    # In a checkout the code that reads the files changes too.
    code = [[path.name, path.stat().st_mtime_ns] for path in sorted(Path(__file__).parent.glob("*.py"))]
    key = _key([code, *([str(path), s.st_size, s.st_mtime_ns] for path, s in stats)])
    where = _cache_folder() / f"{cache_name}.json"
    if _is_ours(where) and (kept := _kept_bytes(where, key)) is not None:
        return kept
    made = make(parse_all(files, base)).encode()
    _keep(where, key + b"\n" + made)
    return made


def compiled_file(paths: Iterable[Path], base: Path, make: Callable[[Parsed], str]) -> bytes:
    """What is put beside the files in a wheel."""
    files = sorted(paths)
    key = _key([[path.relative_to(base).as_posix(), path.stat().st_size] for path in files])
    return key + b"\n" + make(parse_all(files, base)).encode()


def parse_all(files: Iterable[Path], base: Path) -> Parsed:
    """Each file's mapping, with its lines, by its path under `base`."""
    return {path.relative_to(base).as_posix(): read_yaml(path, name=path.relative_to(base).as_posix()) for path in files}


def _key(stamps: list[Any]) -> bytes:
    return to_json([_CACHE_SHAPE, __version__, stamps]).encode()


def _kept_bytes(where: Path, key: bytes) -> bytes | None:
    with contextlib.suppress(OSError):
        found, _, body = where.read_bytes().partition(b"\n")
        if found == key and body:
            return body
    return None


def _is_ours(where: Path) -> bool:
    """Whether nobody else can have written that file: laws are read from it."""
    if sys.platform == "win32":
        return True
    with contextlib.suppress(OSError):
        found = where.lstat()
        return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022
    return False


def _cache_folder() -> Path:
    if (chosen := os.environ.get("BREACHKIT_CACHE")) is not None:
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("breachkit")


def _keep(where: Path, content: bytes) -> None:
    """Write the cache for the owner alone, whole or not at all. A folder that cannot be written costs time, nothing else."""
    with contextlib.suppress(OSError):
        where.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = where.with_suffix(f".{os.urandom(4).hex()}.part")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        os.replace(beside, where)
