"""Where templates lie, and the wall around them: nothing but templates of these folders is ever opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, TypeAlias

from jinja2 import TemplateNotFound
from jinja2.loaders import BaseLoader

from breachkit.content.shipped import shipped
from breachkit.errors import BadFile, Fault

SUFFIX: Final = ".md.j2"
MAX_BYTES: Final = 200_000
"""Of one template."""


class Folders(BaseLoader):
    """Templates of these folders alone: no way out by `..`, an absolute path or a link."""

    def __init__(self, roots: Iterable[Path]) -> None:
        self.roots = [root.resolve() for root in roots]

    def get_source(self, _environment: Any, template: str) -> tuple[str, str, Callable[[], bool]]:
        names = [template, template.replace(f".en{SUFFIX}", SUFFIX)]  # a part was once named with its language
        for parts in (name.split("/") for name in dict.fromkeys(names)):
            if (found := self._source(parts)) is not None:
                return found, template, lambda: True
        raise TemplateNotFound(template)

    def _source(self, parts: list[str]) -> str | None:
        if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
            return None
        for root in self.roots:
            path = root.joinpath(*parts).resolve()
            if path.is_relative_to(root) and path.is_file():
                if path.stat().st_size > MAX_BYTES:
                    raise BadFile([Fault("/".join(parts), None, f"is larger than {MAX_BYTES:,} bytes, which no notice is")])
                try:
                    return path.read_text(encoding="utf-8")
                except UnicodeDecodeError as problem:
                    raise BadFile([Fault("/".join(parts), None, f"is not UTF-8 text (byte {problem.start})")]) from problem
        return None

    def list_templates(self) -> list[str]:
        return sorted({p.relative_to(r).as_posix() for r in self.roots for p in r.rglob(f"*{SUFFIX}")})


Stamp: TypeAlias = tuple[tuple[str, int, int], ...]
"""Files with their sizes and times of change."""


def stamp_of(own: Path | None) -> Stamp:
    """What tells whether an own folder's templates or translations changed; empty where there is none."""
    if own is None:
        return ()
    parts = (own / "notices", own / "shared", own / "languages")
    files = sorted(path for part in parts for path in part.rglob("*") if path.is_file())
    return tuple((str(path), (found := path.stat()).st_size, found.st_mtime_ns) for path in files)


def template_roots(own: Path | None) -> tuple[Path, ...]:
    """Where templates lie, the user's own folder first."""
    return (*([own] if own is not None else []), shipped("templates"))
