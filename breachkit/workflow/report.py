"""The incident report: what is known, who was told and must still be told, and how it went; one document for every format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import PurePath

from breachkit.content.looks import load_look
from breachkit.documents.report_html import report_html
from breachkit.documents.report_pdf import report_pdf
from breachkit.domain import marks
from breachkit.domain.approvals import Approval, Standing
from breachkit.domain.facts import say_value
from breachkit.domain.incident_report import ReportDocument
from breachkit.domain.journal import Track
from breachkit.domain.notice_context import facts_hash
from breachkit.domain.notice_text import clean
from breachkit.domain.periods import show, zone_named
from breachkit.domain.timechart import Chart
from breachkit.errors import UnknownName
from breachkit.workflow import report_acts, words
from breachkit.workflow.contract import NOT_ADVICE
from breachkit.workflow.report_chart import chart, shown
from breachkit.workflow.report_markdown import md, table
from breachkit.workflow.report_view import view
from breachkit.workflow.subjects import Answer, Subject
from breachkit.workflow.timeline import lines
from breachkit.workflow.tracks import withheld_words
from breachkit.workflow.workspace import Workspace

INVENTED = "INVENTED INCIDENT - nothing of this happened; for example and exercise only"
FORMATS = ("md", "html", "pdf", "json")
_SURE = {
    "verified": "somebody read the primary text",
    "secondary": "read in a secondary source",
    "unverified": "nobody read it in a source yet",
}


def make_report(
    subject: Subject, workspace: Workspace, *, privileged: bool = False, keep: frozenset[Track] | None = None
) -> ReportDocument:
    """The report on an incident or a facts file. What was recorded on the privileged track stays out unless asked for.

    `keep`: the tracks it may rest on beside that; None: all others. The same journal and moment give the same document.
    """
    seen = view(subject, workspace, privileged=privileged, keep=keep)
    return report_on(seen.answer, seen.standings, withheld=seen.kept.withheld)


def report_on(
    answer: Answer,
    standings: Sequence[tuple[Approval, Standing]] = (),
    *,
    withheld: Sequence[tuple[int, Track]] = (),
) -> ReportDocument:
    """The report on an answer, with the approvals of its notices. `withheld`: the entries it does not rest on."""
    subject, found = answer.subject, answer.assessment
    drawn = chart(answer, [approval for approval, standing in standings if standing == approval])
    return document_on(
        answer,
        f"Incident report: {' '.join(clean(subject.title).split())}",
        f"Incident report: {md(subject.title)}",
        before="\n".join(before(answer, withheld)),
        chart=drawn,
        after="\n".join(
            (
                *report_acts.happened(drawn),
                *report_acts.clocks(drawn),
                *duties(answer),
                *report_acts.approvals(standings),
                *questions(answer),
                *_facts(answer),
                *_timeline(answer),
                *rests(answer),
                *settled(answer),
            )
        ),
        written_on=found.now.astimezone(zone_named(drawn.zone)).date(),
        head=subject.entries[-1].hash if subject.entries else "",
    )


def document_on(
    answer: Answer, title: str, heading: str, *, before: str, chart: Chart | None, after: str, written_on: date, head: str
) -> ReportDocument:
    """A document on an answer: marked where nothing of it happened, and with a footer that says what it was made from.

    `head`: the hash of the last entry; empty for a facts file.
    """
    subject, found = answer.subject, answer.assessment
    rests = (("facts", facts_hash(subject.book)[:12]), ("law pack", found.pack_sha256[:12]), ("journal", head[:12]))
    return ReportDocument(
        title=title,
        heading=heading,
        banners=tuple(filter(None, (marks.line(subject.invented, subject.exercise, INVENTED),))),
        before=before,
        chart=chart,
        after=after,
        footer=f"{name_of(subject)}, as of {show(found.now, 'UTC')}. "
        + ", ".join(f"{what} {digest}" for what, digest in rests if digest),
        written_on=written_on,
        exercise=subject.exercise,
    )


def report(answer: Answer) -> str:
    """The report as Markdown, without approvals."""
    return report_on(answer).markdown()


def render_report(document: ReportDocument, format: str, workspace: Workspace) -> str | bytes:
    """A report or a register as md, html or pdf, on the paper and in the fonts of the organisation's own folder."""
    match format:
        case "md":
            return document.markdown()
        case "html":
            return report_html(document)
        case "pdf":
            return report_pdf(document, load_look(workspace.own_folder))
        case _:
            raise UnknownName("format", format, FORMATS, hint=f"(formats: {', '.join(FORMATS)})")


def name_of(subject: Subject) -> str:
    """The incident's id, or the facts file's name without where it lies."""
    return subject.name if subject.incident is not None else PurePath(subject.name).name


def before(answer: Answer, withheld: Sequence[tuple[int, Track]]) -> Iterator[str]:
    """What stands above the time line."""
    subject, found = answer.subject, answer.assessment
    yield f"{md(name_of(subject))} of {md(subject.organisation_name)}, as of {show(found.now, 'UTC')}."
    yield f"Laws: breachkit {found.pack_version}, pack {found.pack_sha256[:16]}."
    yield ""
    yield f"*{NOT_ADVICE}*"
    yield ""
    if withheld:
        yield f"**{withheld_words(withheld)} left out, with all that would follow.**"
        yield ""
    summary = subject.book.text("incident.summary")
    if summary:
        yield md(summary)
        yield ""
    yield "## Time line"
    yield ""


def duties(answer: Answer) -> Iterator[str]:
    """What is or may be owed, and what was done about it."""
    found = answer.assessment
    yield "## Duties"
    yield ""
    for place in found.uncovered:
        yield f"- **Uncovered:** {place.people} people in {md(place.name)} ({place.place}); no law is loaded for them."
    for conflict in found.conflicts:
        yield f"- **Conflict:** {md(conflict.text)} ({md('; '.join(cite.text for cite in conflict.cite))})"
    if found.elsewhere:
        settled_by = " and ".join(what for what, _ in words.elsewhere_needs(found))
        yield f"- **Open:** {words.elsewhere_words(found)}; to be settled: {settled_by}"
    if found.uncovered or found.conflicts or found.elsewhere:
        yield ""
    rows = []
    for finding in filter(shown, found.findings):
        target = finding.due.target
        left = words.left(target, found.now) if target is not None and finding.open else ""
        source = f"{'; '.join(cite.text for cite in finding.cite)} ({finding.confidence})"
        title = f"{finding.title} ({finding.id})"
        rows.append((words.status_word(finding), title, finding.recipient.name, words.due_words(finding.due), left, source))
    yield from table(("Status", "Duty", "To", "Due", "Left", "Source"), rows)
    for finding in found.findings:
        yield from report_acts.acts(finding)


def questions(answer: Answer) -> Iterator[str]:
    """What is not known yet and decides something."""
    if not answer.assessment.questions:
        return
    yield "## Open questions"
    yield ""
    for one in answer.assessment.questions:
        yield f"1. {md(one.asks)} (`{one.key}`; decides {len(one.unlocks)} {'duty' if len(one.unlocks) == 1 else 'duties'})"
    yield ""


def _facts(answer: Answer) -> Iterator[str]:
    yield "## What is known"
    yield ""
    facts = sorted(answer.subject.book.facts.items())
    kept = [(key, fact) for key, fact in facts if not key.startswith(("filed.", "decided.", "organisation."))]
    rows = [(key, say_value(fact.value), fact.certainty, fact.source or "") for key, fact in kept]
    yield from table(("Fact", "Value", "Sure", "Source"), rows)


def _timeline(answer: Answer) -> Iterator[str]:
    entries = answer.subject.entries
    if not entries:
        return
    yield "## Journal"
    yield ""
    rows = ((str(one.seq), f"{one.at:%Y-%m-%d %H:%M:%S}", one.actor, one.text, one.hash[:16]) for one in lines(entries))
    yield from table(("Entry", "Recorded (UTC)", "By", "What", "Hash"), rows)


def settled(answer: Answer) -> Iterator[str]:
    """What is not owed, once for each reason."""
    by_reason: dict[str, list[str]] = {}
    for finding in answer.assessment.findings:
        if finding.status in ("not_owed", "not_in_force"):
            reasons = [reason.text for reason in finding.because if reason.holds is False] or [r.text for r in finding.because]
            instead = f"replaced by {finding.replaced_by}; " if finding.replaced_by else ""
            state = "not in force" if finding.status == "not_in_force" else f"{instead}not so: {'; '.join(reasons)}"
            by_reason.setdefault(state, []).append(finding.id)
    if by_reason:
        yield "## Not owed, and why"
        yield ""
        yield from (f"- {md(state)} - {md(', '.join(ids))}" for state, ids in by_reason.items())
        yield ""


def rests(answer: Answer) -> Iterator[str]:
    """By what the report can be made again, and how surely its laws were read."""
    subject, found = answer.subject, answer.assessment
    yield "## What this rests on"
    yield ""
    yield f"- Law pack: breachkit {found.pack_version}, `{found.pack_sha256}`"
    yield f"- Facts: `{facts_hash(subject.book)}`"
    if subject.entries:
        yield f"- Journal of {md(subject.name)}: entry {subject.entries[-1].seq}, `{subject.entries[-1].hash}`"
    for sure, meaning in _SURE.items():
        count = sum(finding.confidence == sure for finding in filter(shown, found.findings))
        if count:
            yield f"- {count} of the duties above {'is' if count == 1 else 'are'} {sure}: {meaning}"
    yield ""
