"""Where shipped files are found - in a wheel, an editable checkout or a user's own folder - and the cache of parsed YAML."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from breachkit import __version__
from breachkit.content.yamlfile import read_yaml, to_json

PACKAGE = Path(__file__).resolve().parent.parent
VOCABULARY = PACKAGE / "vocabulary"
LAWS = PACKAGE / "laws"
_CACHE_SHAPE = 2


@cache
def shipped(folder: str) -> Path:
    """The folder `templates` or `playbooks`: beside the package in a checkout, inside it in a wheel."""
    for candidate in (PACKAGE / "_shipped" / folder, PACKAGE.parent / folder):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"breachkit was installed without its {folder}; install it again")


def read_cached(paths: Iterable[Path], *, cache_name: str, base: Path) -> dict[str, dict[str, Any]]:
    """Each file's mapping by its path under `base`. Parsed once per change; a cache that cannot be used is passed over.

    The cache never holds anything but a JSON copy of the files, under a key of version, path, size and time of change.
    """
    files = sorted(paths)
    stamps = [(str(path), (stat := path.stat()).st_size, stat.st_mtime_ns) for path in files]
    key = to_json([_CACHE_SHAPE, __version__, stamps])
    where = _cache_folder() / f"{cache_name}.json"
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        held = json.loads(where.read_bytes())
        if held["key"] == key:
            found: dict[str, dict[str, Any]] = held["files"]
            return found
    parsed = {path.relative_to(base).as_posix(): read_yaml(path, name=path.relative_to(base).as_posix()) for path in files}
    _keep(where, to_json({"key": key, "files": parsed}))
    return dict(parsed)


def _cache_folder() -> Path:
    if (chosen := os.environ.get("BREACHKIT_CACHE")) is not None:
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("breachkit")


def _keep(where: Path, text: str) -> None:
    """Write the cache for the owner alone, whole or not at all. A folder that cannot be written costs time, nothing else."""
    with contextlib.suppress(OSError):
        where.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = where.with_suffix(f".{os.getpid()}.part")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(beside, where)
