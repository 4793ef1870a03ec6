"""Which transport a notice of an incident gets. The only place that makes one, so that no other way out can be opened.

What decides is the incident's own marks, never a setting or the environment. Making messages is the work of `documents`, the
order in which they go that of the outbox.
"""

from __future__ import annotations

from pathlib import Path

from breachkit.delivery.folder import FolderTransport
from breachkit.domain.transports import KINDS, TransportKind, permit
from breachkit.errors import Refused, UnknownName
from breachkit.workflow.subjects import Subject


def transport_for(subject: Subject, wanted: str, folder: Path) -> FolderTransport:
    """The transport for the subject's messages, which lie below `folder`. Nothing is written yet.

    UnknownName for a kind there is not. Refused for mail: of an exercise or an invented incident because of what it is
    (design decision 16), of any other because breachkit sends none yet.
    """
    kind = _kind(wanted)
    permit(kind, invented=subject.invented, exercise=subject.exercise)
    if kind == "folder":
        return FolderTransport(folder)
    raise Refused(
        f"breachkit does not send mail yet; {subject.name}'s messages can be written to a folder and sent from there by hand"
    )


def _kind(wanted: str) -> TransportKind:
    for kind in KINDS:
        if wanted == kind:
            return kind
    raise UnknownName("transport", wanted, KINDS, hint=f"(transports: {', '.join(KINDS)})")
