"""Whether a notice tells what lies off the factual track: it is made from every fact, also from those for counsel alone.

A notice is made once more without each such fact; where its words change, they told it. Nothing is taken out of the notice:
a person decides whether it may be told, and then moves the entry to the factual track.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from breachkit.domain.approvals import KIND
from breachkit.domain.factbook import FactBook
from breachkit.domain.journal import Track
from breachkit.domain.notice_check import OffRecord
from breachkit.errors import BreachkitError
from breachkit.workflow.notices import Drafted, draft_notice
from breachkit.workflow.subjects import Answer
from breachkit.workflow.tracks import fact_of, on_record
from breachkit.workflow.workspace import Workspace


def with_tracks(made: Sequence[Drafted], answer: Answer, workspace: Workspace) -> list[Drafted]:
    """The same notices, each check with the facts off the factual track that its notice tells."""
    hidden = off_the_record(answer)
    if not hidden:
        return list(made)
    return [replace(one, check=replace(one.check, off_record=_told(one, hidden, answer, workspace))) for one in made]


def off_the_record(answer: Answer) -> dict[str, tuple[int, Track]]:
    """Facts whose value, as known now, comes from entries off the factual track: the newest such entry and its track."""
    subject = answer.subject
    kept = on_record(subject, keep=frozenset({"factual"}))
    if not kept.left_out:
        return {}
    told, tracks = kept.subject.book.facts, dict(kept.withheld)
    newest = {fact_of(entry): entry.seq for entry in subject.entries if entry.seq in tracks}
    changed = [key for key, fact in subject.book.facts.items() if key not in told or told[key].raw != fact.raw]
    return {key: (newest[key], tracks[newest[key]]) for key in changed if key in newest}


def _told(one: Drafted, hidden: dict[str, tuple[int, Track]], answer: Answer, workspace: Workspace) -> tuple[OffRecord, ...]:
    whole = _source(one, (), answer, workspace)
    if _source(one, hidden, answer, workspace) == whole:
        return ()
    keys = [key for key in hidden if _source(one, [key], answer, workspace) != whole] or list(hidden)
    return tuple(OffRecord(key, *hidden[key]) for key in sorted(keys))


def _source(one: Drafted, without: Iterable[str], answer: Answer, workspace: Workspace) -> str:
    """The notice's words without those facts, as a draft: an approval is of other words. Empty where none can be made so."""
    left = set(without)
    book = answer.subject.book
    facts = {key: fact for key, fact in book.facts.items() if key not in left}
    entries = tuple(entry for entry in answer.subject.entries if entry.kind != KIND)
    subject = replace(answer.subject, book=FactBook(facts, book.words), entries=entries)
    try:
        made = draft_notice(
            replace(answer, subject=subject), one.finding, workspace, language=one.notice.language, form=one.form
        )
    except BreachkitError:
        return ""
    return made.notice.source
