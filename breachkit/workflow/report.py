"""The incident report: what is known, who was told and must still be told, and how it went, as one Markdown document."""

from __future__ import annotations

from collections.abc import Iterator

from breachkit.content.template_language import escape_markdown
from breachkit.domain.facts import say_value
from breachkit.domain.findings import Finding
from breachkit.domain.notice_text import clean
from breachkit.domain.periods import show
from breachkit.workflow import words
from breachkit.workflow.contract import NOT_ADVICE
from breachkit.workflow.subjects import Answer
from breachkit.workflow.timeline import lines

INVENTED = "INVENTED INCIDENT - nothing of this happened; for example and exercise only"


def report(answer: Answer) -> str:
    """The report as of the answer's moment. The same journal and moment give the same bytes."""
    return "\n".join(_report(answer)).rstrip() + "\n"


def _report(answer: Answer) -> Iterator[str]:
    subject, found = answer.subject, answer.assessment
    yield f"# Incident report: {_md(subject.title)}"
    yield ""
    if subject.invented:
        yield f"**{INVENTED}**"
        yield ""
    yield f"{_md(subject.name)} of {_md(subject.organisation_name)}, as of {show(found.now, 'UTC')}."
    yield f"Laws: breachkit {found.pack_version}, pack {found.pack_sha256[:16]}."
    yield ""
    yield f"*{NOT_ADVICE}*"
    yield ""
    summary = subject.book.text("incident.summary")
    if summary:
        yield _md(summary)
        yield ""
    yield from _duties(answer)
    yield from _questions(answer)
    yield from _facts(answer)
    yield from _timeline(answer)


def _duties(answer: Answer) -> Iterator[str]:
    found = answer.assessment
    yield "## Duties"
    yield ""
    for place in found.uncovered:
        yield f"- **Uncovered:** {place.people} people in {_md(place.name)} ({place.place}); no law is loaded for them."
    for conflict in found.conflicts:
        yield f"- **Conflict:** {_md(conflict.text)} ({_md('; '.join(cite.text for cite in conflict.cite))})"
    if found.elsewhere:
        settled_by = " and ".join(what for what, _ in words.elsewhere_needs(found))
        yield f"- **Open:** {words.elsewhere_words(found)}; to be settled: {settled_by}"
    if found.uncovered or found.conflicts or found.elsewhere:
        yield ""
    yield "| Status | Duty | To | Due | Left | Source |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for finding in found.findings:
        if finding.status in ("not_owed", "not_in_force") or finding.aside:
            continue
        target = finding.due.target
        left = words.left(target, found.now) if target is not None and finding.open else ""
        source = f"{'; '.join(cite.text for cite in finding.cite)} ({finding.confidence})"
        cells = (
            words.status_word(finding),
            f"{finding.title} ({finding.id})",
            finding.recipient.name,
            words.due_words(finding.due),
            left,
            source,
        )
        yield "| " + " | ".join(_cell(text) for text in cells) + " |"
    yield ""
    for finding in found.findings:
        yield from _acts(finding)
    settled = [f for f in found.findings if f.status in ("not_owed", "not_in_force")]
    if settled:
        yield "### Not owed, and why"
        yield ""
        for finding in settled:
            reasons = [reason.text for reason in finding.because if reason.holds is False] or [r.text for r in finding.because]
            instead = f"replaced by {finding.replaced_by}; " if finding.replaced_by else ""
            state = "not in force" if finding.status == "not_in_force" else f"{instead}not so: {'; '.join(reasons)}"
            yield f"- {_md(finding.id)}: {_md(state)}"
        yield ""


def _acts(finding: Finding) -> Iterator[str]:
    if not finding.filed and finding.decision is None:
        return
    yield f"### {_md(finding.id)}"
    yield ""
    for record in finding.filed:
        lacked = record.get("lacked")
        left = f"; left out {', '.join(map(str, lacked))}" if lacked else ""
        kind, reference = record.get("kind", "first"), record.get("reference")
        yield f"- filed ({kind}) {_md(str(record.get('at')))}, reference {_md(str(reference))}{_md(left)}"
    decision = finding.decision
    if decision is not None:
        when = f" on {show(decision.at, 'UTC')}" if decision.at else ""
        yield f"- decided to {decision.choice}{when} by {_md(decision.by or 'unknown')}: {_md(decision.ground)}"
        if decision.reopened:
            yield f"- reopened: {_md(', '.join(decision.changed))} changed since"
    yield ""


def _questions(answer: Answer) -> Iterator[str]:
    if not answer.assessment.questions:
        return
    yield "## Open questions"
    yield ""
    for one in answer.assessment.questions:
        yield f"1. {_md(one.asks)} (`{one.key}`; decides {len(one.unlocks)} {'duty' if len(one.unlocks) == 1 else 'duties'})"
    yield ""


def _facts(answer: Answer) -> Iterator[str]:
    book = answer.subject.book
    yield "## What is known"
    yield ""
    yield "| Fact | Value | Sure | Source |"
    yield "| --- | --- | --- | --- |"
    for key, fact in sorted(book.facts.items()):
        if not key.startswith(("filed.", "decided.", "organisation.")):
            yield "| " + " | ".join(_cell(t) for t in (key, say_value(fact.value), fact.certainty, fact.source or "")) + " |"
    yield ""


def _timeline(answer: Answer) -> Iterator[str]:
    entries = answer.subject.entries
    if not entries:
        return
    yield "## Timeline"
    yield ""
    yield "| Entry | Recorded (UTC) | By | What | Hash |"
    yield "| --- | --- | --- | --- | --- |"
    for line in lines(entries):
        cells = (str(line.seq), f"{line.at:%Y-%m-%d %H:%M:%S}", line.actor, line.text, line.hash[:16])
        yield "| " + " | ".join(_cell(text) for text in cells) + " |"
    yield ""


def _md(text: str) -> str:
    return str(escape_markdown(" ".join(clean(text).split())))


def _cell(text: str) -> str:
    return _md(text) or " "
