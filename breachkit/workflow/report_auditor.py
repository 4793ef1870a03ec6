"""The report for an auditor: the record, each answer with its arithmetic and source, each act with its proof, each gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from breachkit.domain.approvals import Approval, Standing, Withdrawn, say_standing
from breachkit.domain.facts import Fact, read_instant, say_value
from breachkit.domain.findings import Finding
from breachkit.domain.journal import Break, Entry, content_of, first_break
from breachkit.domain.periods import show
from breachkit.domain.reminders import read_distance
from breachkit.domain.risk import assess_risk
from breachkit.workflow import report_gaps, words
from breachkit.workflow.reminder_words import say_before
from breachkit.workflow.report_chart import shown, zone_of
from breachkit.workflow.report_deliveries import RESULTS, channel_words, counts_words
from breachkit.workflow.report_markdown import md
from breachkit.workflow.report_parts import Part, instant_in_utc
from breachkit.workflow.report_view import View
from breachkit.workflow.subjects import Answer
from breachkit.workflow.timeline import lines
from breachkit.workflow.tracks import TRACK_WORDS, tracks_of

_HOLDS: Final = {True: "yes", False: "no", None: "not known yet"}
_CUSTODY: Final[Mapping[str, str]] = {
    "attachment.added": "attachment added",
    "envelope.settled": "messages settled by a person",
    "bounces.read": "reports of non-delivery read",
}
_VERIFY: Final = (
    "breachkit journal verify {id} walks the chain in the database and prints its head; compare it with the one above.",
    "breachkit journal export {id} writes each entry with the exact text that was hashed: the SHA-256 of that text is the "
    "entry's hash, and its field previous is the hash of the entry before.",
    "breachkit duties {id} --law-pack {pack} --as-of {moment} gives the same answer again by the same laws.",
)


def verdict(entries: Sequence[Entry]) -> Break | None:
    """The first of these entries, from the first on, that is not what its hash says; None when the chain holds."""
    return first_break((one.incident, one.seq, content_of(one), one.hash) for one in entries)


def arithmetic(answer: Answer) -> Iterator[str]:
    """Each duty with the reasons, the steps of its due time, its source and the pack it came from, as Markdown."""
    duties = [one for one in answer.assessment.findings if shown(one)]
    if duties:
        yield "## How each answer was reached"
        yield ""
    for one in duties:
        yield f"### {md(one.title)} ({md(one.id)})"
        yield ""
        yield from (f"- {md(line)}" for line in _reached(one))
        yield ""


def record_parts(seen: View, deliveries: Sequence[Mapping[str, Any]]) -> list[Part]:
    """What was decided, approved, sent, reminded of and handed out."""
    subject, zone = seen.subject, zone_of(seen.answer)
    return [
        _risk(seen.answer),
        Part("decisions", "Decisions", tuple(_decisions(seen.answer)), empty="None is on record."),
        Part(
            "approvals",
            "Approvals",
            head=("Notice", "State", "What was said", "Snapshot (SHA-256)", "Entry"),
            rows=tuple(_approval(a, s) for a, s in seen.standings),
            empty="None is on record.",
        ),
        Part(
            "deliveries",
            "Deliveries",
            head=("Dispatch", "Duty", "Way", "Released (UTC)", "Approved by", "Result"),
            rows=tuple(_delivery(one) for one in deliveries),
            after=(*(_receipts(one) for one in deliveries), *((RESULTS,) if deliveries else ())),
            empty="No message was released for sending.",
        ),
        Part("reminders", "Reminders sent", tuple(_reminders(subject.entries)), empty="None is on record."),
        Part("exports", "Exports made", tuple(_exports(subject.entries)), empty="None is on record."),
        Part("custody", "Attachments, erasures and the like", tuple(_custody(subject.entries)), empty="None is on record."),
        *_gaps(seen, zone),
    ]


def fact_parts(seen: View) -> list[Part]:
    """Every fact as known now, and every entry."""
    rows = tuple(
        (key, say_value(fact.value), fact.certainty, fact.source or "none named", _recorded(fact))
        for key, fact in sorted(seen.subject.book.facts.items())
        if not key.startswith(("filed.", "decided.", "organisation."))
    )
    head = ("Fact", "Value", "Sure", "Source", "Recorded (UTC)")
    return [Part("facts", "What is known", head=head, rows=rows), _journal(seen)]


def chain_part(seen: View) -> Part:
    """The chain's head, the verdict on it, and how to check both."""
    entries, found = seen.whole.entries, seen.answer.assessment
    if not entries:
        return Part("chain", "The chain", ("A facts file keeps no journal: nothing of this can be verified.",))
    broken = verdict(entries)
    said = [
        f"Head of {seen.whole.name}: entry {entries[-1].seq}, {entries[-1].hash}",
        f"Verdict: all {len(entries)} entries hold, each is what its hash says and names the one before it."
        if broken is None
        else f"Verdict: BROKEN at entry {broken.seq}: {broken.why}",
    ]
    if seen.kept.withheld:
        numbers = ", ".join(f"{number} ({TRACK_WORDS[track]})" for number, track in seen.kept.withheld)
        said.append(f"The check covers what is left out here: {numbers}.")
    if seen.kept.pruned:
        numbers = ", ".join(map(str, sorted(seen.kept.pruned)))
        said.append(f"Shown without values that came from entries left out: {numbers}.")
    said.append("Who recorded something is said and not proven, unless the database binds it to a login.")
    as_of = max(entries[-1].recorded_at, found.now).isoformat(timespec="seconds").replace("+00:00", "Z")
    values = {"id": seen.whole.name, "pack": found.pack_sha256[:12], "moment": as_of}
    return Part("chain", "The chain, and how to verify it", (*said, *(line.format(**values) for line in _VERIFY)))


def gist(seen: View) -> str:
    """One line on the chain, for the top."""
    if not seen.whole.entries:
        return "No journal."
    broken = verdict(seen.whole.entries)
    state = "holds" if broken is None else f"is BROKEN at entry {broken.seq}"
    return f"The chain of {len(seen.whole.entries)} entries {state}; head {seen.whole.entries[-1].hash}."


def _reached(one: Finding) -> Iterator[str]:
    yield f"Status: {words.status_word(one)}; to {words.recipient_words(one)}; due {words.due_words(one.due)}"
    for reason in one.because:
        fact = f" ({reason.fact}: {reason.value if reason.value is not None else 'not known'})" if reason.fact else ""
        yield f"Because: {reason.text}: {_HOLDS[reason.holds]}{fact}"
    yield from (f"Step: {step}" for step in one.due.steps)
    if one.due.outer is not None and one.due.outer != one.due.target:
        yield f"Outer limit: {show(one.due.outer, one.due.zone)}"
    yield from (f"Caveat: {said}" for said in words.due_caveats(one.due))
    yield from (f"Note: {said}" for said in (*one.due.notes, *one.notes))
    yield from (f"Source: {cite.text}{f', {cite.url}' if cite.url else ''}" for cite in one.cite)
    doubts = f"; not read in a source: {', '.join(one.unverified)}" if one.unverified else ""
    yield f"Confidence: {one.confidence}, reviewed {one.reviewed}{doubts}"
    pack = f" {one.pack_version}" if one.pack_version else ""
    digest = f", SHA-256 {one.pack_sha256}" if one.pack_sha256 else ""
    yield f"Law text: version {one.version} of pack {one.pack}{pack}{digest}"


def _risk(answer: Answer) -> Part:
    book, found = answer.subject.book, assess_risk(answer.subject.book)
    low, high = found.between
    suggested = found.suggests or (f"between {low} and {high}" if low != high else low)
    rows = [("Recorded", book.text("risk.level") or "not decided"), ("Reason", book.text("risk.reason") or "none recorded")]
    rows += [("Suggested by the ENISA 2013 method", str(suggested)), ("Score", f"{found.se.low} to {found.se.high}")]
    return Part("risk", "Risk", head=("What", "On record"), rows=tuple(rows))


def _decisions(answer: Answer) -> Iterator[str]:
    for one in answer.assessment.findings:
        decision = one.decision
        if decision is None:
            continue
        when = f" on {show(decision.at, 'UTC')}" if decision.at else ""
        again = f"; REOPENED, changed since: {', '.join(decision.changed)}" if decision.reopened else "; stands"
        yield f"{one.id}: to {decision.choice}{when} by {decision.by or 'unknown'}; ground: {decision.ground}{again}"
        record = _newest_record(answer, one)
        rests = record.get("rests_on") if record else None
        if isinstance(rests, Mapping) and rests:
            yield f"{one.id}: rested on " + "; ".join(f"{key}: {_raw(raw)}" for key, raw in sorted(rests.items()))


def _newest_record(answer: Answer, one: Finding) -> Mapping[str, Any] | None:
    for key in dict.fromkeys((f"decided.{one.id}", f"decided.{one.duty}")):
        fact = answer.subject.book.get(key)
        if fact is not None and isinstance(fact.value, tuple) and fact.value and isinstance(fact.value[-1], Mapping):
            return fact.value[-1]
    return None


def _approval(approval: Approval, standing: Standing) -> tuple[str, ...]:
    state = "withdrawn" if isinstance(standing, Withdrawn) else "stands"
    said = say_standing(standing) + (f"; {approval.note}" if approval.note else "")
    return f"{approval.duty} ({approval.language})", state, said, approval.snapshot, str(approval.seq)


def _recorded(fact: Fact) -> str:
    """When, by whom, and when it happened where somebody said so."""
    said = [f"{fact.recorded_at:%Y-%m-%d %H:%M:%S}"] if fact.recorded_at is not None else []
    said += [fact.by] if fact.by else []
    said += [f"happened {fact.happened_at}"] if fact.happened_at is not None else []
    return ", ".join(said)


def _receipts(one: Mapping[str, Any]) -> str:
    return f"Receipts of {one.get('dispatch')}, SHA-256: {one.get('receipts') or 'none recorded yet'}"


def _delivery(one: Mapping[str, Any]) -> tuple[str, ...]:
    by = ", ".join(map(str, one.get("approved_by") or ())) or "not recorded"
    released = one.get("released_at")
    servers = f" through {', '.join(map(str, one['servers']))}" if one.get("servers") else ""
    return (
        str(one.get("dispatch")),
        str(one.get("duty")),
        channel_words(one),
        f"{read_instant(str(released)).at:%Y-%m-%d %H:%M:%S}" if released else "not recorded",
        by,
        counts_words(one) + servers,
    )


def _reminders(entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        if entry.kind == "reminder.sent":
            body = entry.body
            proof = f", proof: {body['proof']}" if body.get("proof") else ""
            limit, due = str(body.get("limit") or ""), read_instant(str(body.get("due")))
            what = "runs since" if limit == "no_number" else "wait ends" if limit == "not_before" else "due"
            said = f"{body.get('finding') or body.get('duty')}, {what} {instant_in_utc(due)}"
            said += f", {say_before(read_distance(str(body.get('before'))), limit)}, by {body.get('by')}"
            yield f"{entry.recorded_at:%Y-%m-%d %H:%M:%S} UTC: {said}{proof} (entry {entry.seq})"


def _exports(entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        body = entry.body
        when = f"{entry.recorded_at:%Y-%m-%d %H:%M:%S} UTC"
        if entry.kind == "evidence.exported":
            redacted = body.get("redacted")
            left = f"without {', '.join(map(str, redacted))}" if isinstance(redacted, list) and redacted else "whole"
            stamp = ", with a time stamp" if body.get("timestamped") is True else ""
            signer = f", signed by {body['signer']}" if body.get("signer") else ""
            yield f"{when}: evidence, {left}{signer}{stamp}, SHA-256 {body.get('sha256')} (entry {entry.seq})"
        elif entry.kind == "notice.rendered":
            yield f"{when}: notice {body.get('duty')} as {body.get('format')}, SHA-256 {body.get('sha256')} (entry {entry.seq})"


def _custody(entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        if entry.kind == "people.purged":
            yield f"{entry.recorded_at:%Y-%m-%d %H:%M:%S} UTC: {_erased(entry.body)} (entry {entry.seq})"
        elif entry.kind in _CUSTODY:
            body = "; ".join(f"{key} {_raw(raw)}" for key, raw in sorted(entry.body.items()) if raw not in (None, [], ""))
            yield f"{entry.recorded_at:%Y-%m-%d %H:%M:%S} UTC: {_CUSTODY[entry.kind]}: {body} (entry {entry.seq})"


def _erased(body: Mapping[str, Any]) -> str:
    """Envelopes stay: what is erased is whom they were for."""
    return (
        f"erased: names and addresses of {body.get('envelopes')} envelopes, {body.get('letters')} letters, "
        f"{body.get('attachments')} attachments; reason: {body.get('reason') or 'not recorded'}; envelopes and receipts stay"
    )


def _gaps(seen: View, zone: str) -> list[Part]:
    subject = seen.subject
    listed = (
        ("Times of which only the day is known", report_gaps.day_only(subject)),
        ("Answered as not known", report_gaps.answered_unknown(subject)),
        ("Without a source", report_gaps.unsourced(subject)),
        ("Undated: nobody said when this came to be", report_gaps.undated(subject)),
    )
    corrected = tuple(
        (str(one.entry), one.key, one.before, one.after, f"{one.at:%Y-%m-%d %H:%M:%S}", one.by, one.reason or "none given")
        for one in report_gaps.corrections(subject.entries)
    )
    return [
        Part(
            "gaps",
            "Gaps",
            tuple(f"{what}: {', '.join(keys)}" for what, keys in listed if keys),
            ("Estimate", "Value", "Source"),
            tuple((key, said, source or "none named") for key, said, source in report_gaps.estimates(subject)),
            empty="None was found.",
        ),
        Part(
            "corrections",
            "Corrections",
            head=("Entry", "Fact", "Before", "After", "Recorded (UTC)", "By", "Reason"),
            rows=corrected,
            empty="No fact was corrected.",
        ),
        Part(
            "late",
            f"Written down more than {int(report_gaps.LATE.total_seconds()) // 3600} hours after the event",
            head=("Entry", "What", "Happened", "Recorded", "After", "By"),
            rows=tuple(report_gaps.said_late(one, zone) for one in report_gaps.late_entries(subject.entries, zone)),
            empty="No entry.",
        ),
    ]


def _journal(seen: View) -> Part:
    """Every entry; of one left out its number and its track."""
    tracks = tracks_of(seen.whole.entries)
    told = {
        line.seq: (f"{line.at:%Y-%m-%d %H:%M:%S}", line.actor, line.text, line.hash[:16])
        for line in lines(seen.subject.entries)
    }
    left_out = ("", "", "left out", "")
    rows = tuple((str(one.seq), TRACK_WORDS[tracks[one.seq]], *told.get(one.seq, left_out)) for one in seen.whole.entries)
    return Part("journal", "Journal", head=("Entry", "Track", "Recorded (UTC)", "By", "What", "Hash"), rows=rows)


def _raw(raw: Any) -> str:
    return ", ".join(map(str, raw)) or "none" if isinstance(raw, list) else "not known" if raw is None else str(raw)
