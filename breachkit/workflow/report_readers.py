"""The incident report for one of three readers: an executive, a regulator, an auditor. One journal, three papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, get_args

from breachkit.domain import marks
from breachkit.domain.incident_report import ReportDocument
from breachkit.domain.notice_context import facts_hash
from breachkit.domain.notice_text import clean
from breachkit.domain.periods import show, zone_named
from breachkit.errors import Refused, UnknownName
from breachkit.workflow import contract, report_acts
from breachkit.workflow import report as reports
from breachkit.workflow.report_auditor import arithmetic, chain_part, fact_parts, gist, record_parts, verdict
from breachkit.workflow.report_chart import chart, zone_of
from breachkit.workflow.report_deliveries import deliveries as deliveries_of
from breachkit.workflow.report_executive import executive
from breachkit.workflow.report_gaps import gaps_json
from breachkit.workflow.report_json import json_on
from breachkit.workflow.report_markdown import md
from breachkit.workflow.report_parts import Part, as_json, markdown
from breachkit.workflow.report_regulator import regulator
from breachkit.workflow.report_view import View, view
from breachkit.workflow.subjects import Subject
from breachkit.workflow.tracks import ALL, withheld_words
from breachkit.workflow.workspace import Workspace

Reader = Literal["auditor", "regulator", "executive"]
READERS: Final[dict[str, Reader]] = {name: name for name in get_args(Reader)}
_TITLES: Final[Mapping[Reader, str]] = {
    "auditor": "Report for the auditor",
    "regulator": "Record of the breach for the authority",
    "executive": "Summary for executives",
}


def read_reader(said: str) -> Reader:
    """A reader by name. UnknownName for another word."""
    if said not in READERS:
        raise UnknownName("reader", said, READERS, hint=f"(readers: {', '.join(READERS)})")
    return READERS[said]


def seen_by(
    reader: Reader, subject: Subject, workspace: Workspace, *, privileged: bool = False, third_party: bool = True
) -> View:
    """What that reader may see. Refused for a regulator and the privileged track: what was shown once is no longer privileged.

    A regulator never sees the third-party track; `third_party` False leaves it out for the others too.
    """
    if reader == "regulator" and privileged:
        raise Refused(
            "a regulator's report never holds the privileged track: what an authority was shown once is privileged no more. "
            "Move an entry that it should hold: breachkit journal track INC-1 7 factual --reason ..."
        )
    keep = ALL - {"privileged"} - (set() if third_party and reader != "regulator" else {"third_party"})
    return view(subject, workspace, privileged=privileged, keep=keep)


def document_for(reader: Reader, seen: View, deliveries: Sequence[Mapping[str, Any]] | None = None) -> ReportDocument:
    """The report as a document. `deliveries`: see `report_deliveries.deliveries`; None: those of the entries seen."""
    sent = deliveries_of(seen.subject.entries) if deliveries is None else deliveries
    if reader == "auditor":
        return _auditor(seen, sent)
    zone, now = zone_of(seen.answer), seen.answer.assessment.now
    when = show(now, zone) + (f" ({show(now, 'UTC')})" if zone != "UTC" and reader == "regulator" else "")
    before = [f"{md(reports.name_of(seen.subject))} of {md(seen.subject.organisation_name)}, as of {when}.", ""]
    before += [f"*{contract.NOT_ADVICE}*", ""] if reader == "executive" else []
    if reader == "executive" and seen.kept.withheld:
        before += [f"**{withheld_words(seen.kept.withheld)} left out, with all that would follow.**", ""]
    return _document(reader, seen, "\n".join(before), "\n".join(markdown(_parts(reader, seen, sent))))


def json_for(reader: Reader, seen: View, deliveries: Sequence[Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """The same for programs: `breachkit/report@1` with `reader`.

    An auditor's holds all that today's report holds beside it; the others hold only what their paper says.
    """
    sent = deliveries_of(seen.subject.entries) if deliveries is None else deliveries
    if reader == "auditor":
        return _auditor_json(seen, sent)
    found = seen.answer.assessment
    advice = {"notice": contract.NOT_ADVICE} if reader == "executive" else {}
    return {
        "format": "breachkit/report@1",
        "reader": reader,
        "now": contract.moment(found.now),
        "law_pack": {"version": found.pack_version, "sha256": found.pack_sha256},
        **advice,
        "incident": {
            "id": reports.name_of(seen.subject),
            "title": seen.subject.title,
            **contract.nothing_of_it(seen.subject),
        },
        "sections": as_json(_parts(reader, seen, sent)),
        "deliveries": [_plainly(one) for one in sent] if reader == "executive" else [],
        **_left_out(seen),
        "hashes": _hashes(seen),
    }


def file_name(reader: Reader | None, incident: str | None, format: str, subject: Subject) -> str:
    """`INVENTED-report-regulator-INC-1.pdf`; without a reader `report-INC-1.pdf`."""
    mark = marks.before_name(subject.invented, subject.exercise)
    return f"{mark}report{f'-{reader}' if reader else ''}{f'-{incident}' if incident else ''}.{format}"


def _parts(reader: Reader, seen: View, sent: Sequence[Mapping[str, Any]]) -> list[Part]:
    return regulator(seen, sent) if reader == "regulator" else executive(seen, sent)


def _auditor(seen: View, sent: Sequence[Mapping[str, Any]]) -> ReportDocument:
    answer = seen.answer
    drawn = chart(answer, [approval for approval, standing in seen.standings if standing == approval])
    after = (
        *report_acts.happened(drawn),
        *report_acts.clocks(drawn),
        *reports.duties(answer),
        *arithmetic(answer),
        *markdown(record_parts(seen, sent)),
        *reports.questions(answer),
        *markdown(fact_parts(seen)),
        *reports.rests(answer),
        *markdown([chain_part(seen)]),
        *reports.settled(answer),
    )
    head, *rest = reports.before(answer, seen.kept.withheld)
    before = "\n".join([head, md(gist(seen)), *rest])
    return _document("auditor", seen, before, "\n".join(after), drawn=True)


def _document(reader: Reader, seen: View, before: str, after: str, *, drawn: bool = False) -> ReportDocument:
    title = f"{_TITLES[reader]}: {' '.join(clean(seen.subject.title).split())}"
    shown = chart(seen.answer, [a for a, s in seen.standings if s == a]) if drawn else None
    day = seen.answer.assessment.now.astimezone(zone_named(zone_of(seen.answer))).date()
    heading = f"{_TITLES[reader]}: {md(seen.subject.title)}"
    head = seen.whole.entries[-1].hash if seen.whole.entries else ""
    return reports.document_on(seen.answer, title, heading, before=before, chart=shown, after=after, written_on=day, head=head)


def _auditor_json(seen: View, sent: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    broken = verdict(seen.whole.entries)
    head = seen.whole.entries[-1] if seen.whole.entries else None
    return {
        **json_on(seen),
        "reader": "auditor",
        "sections": as_json([*record_parts(seen, sent), *fact_parts(seen), chain_part(seen)]),
        "deliveries": [dict(one) for one in sent],
        "gaps": gaps_json(seen.subject, zone_of(seen.answer)),
        **_left_out(seen),
        "pruned": sorted(seen.kept.pruned),
        "chain": None
        if head is None
        else {
            "entries": len(seen.whole.entries),
            "head": head.hash,
            "holds": broken is None,
            "broken": None if broken is None else {"entry": broken.seq, "why": broken.why},
        },
    }


def _plainly(one: Mapping[str, Any]) -> dict[str, Any]:
    """A delivery without hashes and ids."""
    return {key: one.get(key) for key in ("duty", "channel", "counts", "released_at")}


def _left_out(seen: View) -> dict[str, Any]:
    withheld = [{"entry": number, "track": track} for number, track in seen.kept.withheld]
    return {"left_out": seen.kept.left_out, "withheld": withheld}


def _hashes(seen: View) -> dict[str, Any]:
    entries = seen.whole.entries
    return {
        "facts": facts_hash(seen.subject.book),
        "law_pack": seen.answer.assessment.pack_sha256,
        "journal": entries[-1].hash if entries else None,
    }
