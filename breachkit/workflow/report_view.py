"""What a report may rest on: the answer on the entries that may be shown, and the approvals among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from breachkit.domain.approvals import Approval, Standing, Withdrawn
from breachkit.domain.journal import Track
from breachkit.workflow.approval import all_standings
from breachkit.workflow.notices import draft_notice
from breachkit.workflow.subjects import Answer, Subject
from breachkit.workflow.subjects import answer as judge
from breachkit.workflow.tracks import OnRecord, on_record
from breachkit.workflow.workspace import Workspace


@dataclass(frozen=True)
class View:
    """An incident as one reader may see it."""

    whole: Subject
    """With what is left out: for the chain and its hashes alone, never for words."""
    kept: OnRecord
    answer: Answer
    """On what was kept."""
    standings: Sequence[tuple[Approval, Standing]]
    """The approvals that were kept, each with its standing on all there is.

    A withdrawn one says why only when nothing is left out.
    """

    @property
    def subject(self) -> Subject:
        """What was kept."""
        return self.answer.subject


def view(subject: Subject, workspace: Workspace, *, privileged: bool = False, keep: frozenset[Track] | None = None) -> View:
    """The subject as the entries on those tracks tell it; see `tracks.on_record`."""
    kept = on_record(subject, privileged=privileged, keep=keep)
    whole = judge(subject, workspace)
    withheld = {number for number, _ in kept.withheld}
    standings = [(a, s) for a, s in all_standings(whole, workspace, draft_notice) if a.seq not in withheld]
    if not kept.left_out:
        return View(subject, kept, whole, standings)
    # What an approval was withdrawn for may be what is left out.
    told = [(a, Withdrawn(a, ()) if isinstance(s, Withdrawn) else s) for a, s in standings]
    return View(subject, kept, judge(kept.subject, workspace), told)


def warnings(seen: View) -> list[str]:
    """What whoever sends the paper should hear, and what does not stand in it."""
    said = []
    if seen.kept.overtaken:
        said.append(
            f"this paper holds older values of {', '.join(seen.kept.overtaken)}: the newer ones lie on a track that is left "
            "out. Let counsel look before it goes out"
        )
    return said
