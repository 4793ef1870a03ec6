"""What every format shows around a notice's own text: banners before it, and after it what it was made from."""

from __future__ import annotations

from breachkit.domain.notices import Notice

DRAFT = "DRAFT - not approved, not to be sent"
INVENTED = "INVENTED INCIDENT - FOR EXERCISE OR EXAMPLE ONLY"


def banners(notice: Notice) -> tuple[str, ...]:
    """The lines a notice begins with until it is approved, and always when its incident is invented."""
    return (*((DRAFT,) if notice.draft else ()), *((INVENTED,) if notice.invented else ()))


def footer(notice: Notice) -> str:
    """One line by which the same text can be made again."""
    parts = (("facts", notice.facts_sha256), ("template", notice.template_sha256), ("law pack", notice.pack_sha256))
    return "Document reference: " + ", ".join(f"{name} {sha256[:12]}" for name, sha256 in parts if sha256)
