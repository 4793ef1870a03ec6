"""What a notice's check and approvals say, as lines of a screen. Each fault has its word, so that no colour is needed."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from breachkit.domain.approvals import Approval, say_standing
from breachkit.domain.notice_check import NoticeCheck
from breachkit.domain.vocabulary import Vocabulary
from breachkit.tui.shown import BAD, GOOD, WARN, one_line, plain
from breachkit.workflow.drafts import Beside
from breachkit.workflow.notice_checks import as_lines
from breachkit.workflow.notices import Drafted
from breachkit.workflow.words import due_caveats, status_word

_SETTLED = ("not_owed", "not_in_force", "exempt")


def fault_lines(check: NoticeCheck, words: Vocabulary) -> list[str]:
    """Every fault, each after its word; what lacks words or leave comes first."""

    def labels(ids: Sequence[str]) -> str:
        return ", ".join(words.elements[id].label if id in words.elements else id for id in ids)

    broken = {fault.rule for fault in check.layout}
    gaps = {f"'{gap.text}' looks like a gap that was left to fill" for gap in check.placeholders}
    missing = [id for id in check.missing if id not in broken]
    said = [f"MISSING: {labels(missing)}"] if missing else []
    said += [f"FORBIDDEN: {labels(check.forbidden_present)}"] if check.forbidden_present else []
    said += [f"GAP, line {one.line}: '{one.text}' looks like a gap that was left to fill" for one in check.placeholders]
    said += [f"CONTRADICTS: {text}" for text in check.contradictions if text not in gaps]
    said += [f"DATA, line {one.line}: {one.kind} {one.shown}; whose is it?" for one in check.personal_data]
    said += [f"OVERCLAIM, line {one.line}: '{one.text}' needs {one.needs}" for one in check.overclaims]
    said += [f"LAYOUT: {labels([one.rule])}: {one.text}" for one in check.layout]
    said += [f"DIFFERS: {one.text}" for one in check.inconsistent]
    said += [
        f"TRACK: tells {one.fact}, entry {one.entry} of the {one.track.replace('_', '-')} track; may it be told here?"
        for one in check.off_record
    ]
    if check.reading.too_hard and "plain_language" not in broken:
        said.append(f"HARD TO READ: school grade {check.reading.grade:.0f}, over the limit of {check.reading.limit:g}")
    return said


def head(made: Drafted, width: int) -> Text:
    """Draft or approved, how much of it is said, and whether the check is complete."""
    check = made.check
    total = len(check.present) + len(check.missing)
    told = f"{len(check.present)} of {total} elements said" if total else "no content is prescribed"
    state = "complete" if check.complete else "NOT COMPLETE"
    word = "DRAFT of" if made.notice.draft else "APPROVED:"
    return one_line(f"{word} {made.id} ({made.notice.language}): {told}, {state}", GOOD if check.complete else WARN, width)


def standing_line(made: Drafted) -> Text | None:
    """Who approved it and whether that stands; None when nobody did."""
    if made.standing is None:
        return None
    said = say_standing(made.standing)
    if isinstance(made.standing, Approval):
        return plain(f"{said[:1].upper()}{said[1:]}", GOOD)
    return plain(f"NO LONGER APPROVED: {said}", BAD)


def panel(made: Drafted, languages: Sequence[str], words: Vocabulary, width: int, most: int) -> list[Text]:
    """The lines over a letter, cut to the width; of its faults at most `most`, and how many more there are."""
    check = made.check
    said = [head(made, width)]
    if (standing := standing_line(made)) is not None:
        standing.truncate(width * 3, overflow="ellipsis")
        said.append(standing)
    if made.finding.status in _SETTLED:
        said.append(one_line(f"{status_word(made.finding)} on these facts; drafted all the same", WARN, width))
    said += [one_line(caveat, BAD, width) for caveat in due_caveats(made.finding.due) if caveat.startswith("NOT BEFORE")]
    faults = fault_lines(check, words)
    shown = faults if len(faults) <= most else faults[: most - 1]
    said += [one_line(text, BAD, width) for text in shown]
    if len(shown) < len(faults):
        said.append(one_line(f"... and {len(faults) - len(shown)} more: c shows the whole check", BAD, width))
    if check.open:
        labels = ", ".join(words.elements[id].label if id in words.elements else id for id in check.open)
        said.append(one_line(f"Will follow: {labels}", WARN, width))
    if (other := _language(made, languages)) is not None:
        said.append(one_line(other, WARN, width))
    return said


def _language(made: Drafted, languages: Sequence[str]) -> str | None:
    taken = made.finding.recipient.languages
    if not taken or made.notice.language in taken:
        return None
    better = [language for language in languages if language in taken]
    way = f"l asks for it in {better[0]}" if better else "it cannot be written in any of them: have it translated"
    return f"Its reader takes {', '.join(taken)}: {way}"


def whole(made: Drafted, beside: Beside | None, words: Vocabulary) -> str:
    """Everything the check found, with what each missing element asks for, and what was approved."""
    check = made.check
    said = [f"{made.id} ({made.notice.language}): {'complete' if check.complete else 'NOT COMPLETE'}"]
    if (standing := standing_line(made)) is not None:
        said.append(standing.plain)
    if isinstance(made.standing, Approval) and made.standing.note:
        said.append(f"Note: {made.standing.note}")
    said += ["", *as_lines(check, {id: element.asks for id, element in words.elements.items()}), ""]
    if beside is None:
        said.append("Not compared with the other notices yet.")
    else:
        failed = f"; {beside.failed} could not be made, so they were left out" if beside.failed else ""
        said.append(f"Compared with {len(beside.notices)} other notices of this incident{failed}.")
    return "\n".join(said)
