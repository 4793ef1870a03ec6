"""`breachkit notice`: list, render and check notices; the other commands of the group stand in modules of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from breachkit.cli import common, notice_approve, notice_batch, notice_diff, notice_worksheet
from breachkit.domain import marks
from breachkit.errors import ExitCode, UsageError

notice_app = common.app(
    "Draft, check and approve notices; worksheets; letters for many.",
    example="breachkit notice render eu.gdpr.33 --facts incident.yaml --format html",
)

DUTIES = Annotated[
    list[str], typer.Argument(metavar="DUTY... [INCIDENT]", help="Duties, and an incident unless --facts is given.")
]
LANGUAGE = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="LANGUAGE",
        help="en, es, fr, de, it, nl, pt or pl; left out, the one your sentences are written in.",
        show_default=False,
    ),
]
FAIL_ON = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on",
        metavar="WHAT",
        help="Exit 1 when there is one: missing, forbidden, contradictions, layout, personal-data, overclaims, inconsistent, "
        "reading, or any of them.",
        show_default=False,
    ),
]


@notice_app.command("list", epilog="Example: breachkit notice list 'us.tx.*'")
def list_(
    which: Annotated[
        str, typer.Argument(metavar="[DUTY]", help="Only duties whose id fits; * stands for anything.", show_default=False)
    ] = "*",
    as_json: common.JSON = False,
) -> None:
    """Every duty there is a notice for, and the languages and formats it can be made in."""
    from fnmatch import fnmatchcase

    from breachkit.workflow import notices

    found = [entry for entry in notices.available(common.workspace()) if fnmatchcase(entry.duty, which)]
    if as_json:
        rows = [
            {"duty": e.duty, "template": e.template, "languages": list(e.languages), "formats": list(e.formats),
             "forms": list(e.forms), "own": e.own}
            for e in found
        ]  # fmt: skip
        common.print_json({"notices": rows})
        return
    if not found:
        raise UsageError(f"no duty fits '{which}'; `breachkit law list` shows what there is")
    for entry in found:
        own = "  (your own)" if entry.own else ""
        more = f"  also {', '.join('.' + form for form in entry.forms)}" if entry.forms else ""
        common.say(f"{entry.duty:<30} {' '.join(entry.languages):<24} {entry.template}{own}{more}")
    common.talk(f"{len(found)} {'notice' if len(found) == 1 else 'notices'}; formats: {', '.join(found[0].formats)}")


@notice_app.command("render", epilog="Example: breachkit notice render eu.gdpr.33 --facts incident.yaml --format pdf --out .")
def render(
    duties: DUTIES,
    facts: common.FACTS = None,
    format: Annotated[str, typer.Option("--format", metavar="md|text|html|docx|pdf", help="The document's format.")] = "md",
    language: LANGUAGE = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE|FOLDER", help="Where to; stdout if left out.", show_default=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    fail_on: FAIL_ON = None,
    law_date: common.LAW_DATE = None,
    what_if: common.WHAT_IF = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
    now: common.NOW = None,
    as_of: common.AS_OF = None,
) -> None:
    """Make notices from the facts. With --facts no database is touched. Several recipients make several notices.

    A form after the duty makes another notice for it: eu.gdpr.33.withdrawal, eu.gdpr.33.final, eu.gdpr.33.register.
    """
    from breachkit.workflow import notices

    _check_fail_on(fail_on)
    space = common.workspace(database, actor, now, as_of)
    duties, incident = _split(duties, facts)
    with common.answered(incident, facts, space, law_date=law_date, what_if=what_if) as answer:
        found = [one for named in duties for one in notices.named_notices(answer, named)]
        made = [notices.draft_notice(answer, finding, space, language=language, form=form) for finding, form in found]
        look = notices.look_of(space)
        documents = [one.document(format, look) for one in made]
    for one in made:
        _talk_about(one)
    if as_json:
        rows = [
            {**_checked(one), "format": format, **_content(document)} for one, document in zip(made, documents, strict=True)
        ]
        common.print_json({"notices": rows})
    elif out is None:
        _print(made, documents, format)
    else:
        _write(made, documents, format, out, force=force)
        if incident is not None and space.reading_now is None and space.as_of is None:
            with common.open_journal(space) as journal:
                for one, document in zip(made, documents, strict=True):
                    notices.note_rendered(space, journal, answer, one, format, document)
    if fail_on:
        from breachkit.workflow.notice_checks import fully_checked
        from breachkit.workflow.notice_tracks import with_tracks

        _fail(with_tracks(fully_checked(made, answer.subject.book), answer, space), fail_on)


def _content(document: str | bytes) -> dict[str, str]:
    """A document inside JSON: text as it is, DOCX and PDF in base64."""
    from base64 import b64encode

    return {"text": document} if isinstance(document, str) else {"base64": b64encode(document).decode()}


def _print(made: list[Any], documents: list[str | bytes], format: str) -> None:
    if len(documents) > 1 and format in ("html", "docx", "pdf"):
        raise UsageError(f"that makes {len(documents)} notices; give --out FOLDER, or name one: {made[0].id}")
    for document in documents:
        if isinstance(document, bytes):
            common.put_bytes(document)
        else:
            common.put(document if document.endswith("\n") else f"{document}\n")


@notice_app.command("check", epilog="Example: breachkit notice check eu.gdpr.33 --facts incident.yaml --fail-on missing")
def check(
    duties: DUTIES,
    facts: common.FACTS = None,
    language: LANGUAGE = None,
    fail_on: FAIL_ON = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    now: common.NOW = None,
    as_of: common.AS_OF = None,
) -> None:
    """What a notice must say and does not, must not say and does, and where it goes against or beyond the facts.

    Several duties are compared too: the same number, day or list of data may not be told differently.
    """
    from breachkit.content.vocabulary import load_vocabulary
    from breachkit.workflow import notice_checks, notice_tracks, notices

    _check_fail_on(fail_on)
    space = common.workspace(database, now=now, as_of=as_of)
    duties, incident = _split(duties, facts)
    with common.answered(incident, facts, space) as answer:
        found = [one for named in duties for one in notices.named_notices(answer, named)]
        drafts = [notices.draft_notice(answer, finding, space, language=language, form=form) for finding, form in found]
        made = notice_tracks.with_tracks(notice_checks.fully_checked(drafts, answer.subject.book), answer, space)
    if as_json:
        rows = [_checked(one) for one in made]
        common.print_json(rows[0] if len(rows) == 1 else {"checks": rows})
    else:
        asks = {id: element.asks for id, element in load_vocabulary().elements.items()}
        for one in made:
            common.say(f"{one.check.duty}: {'complete' if one.check.complete else 'NOT COMPLETE'}", style="1")
            for line in notice_checks.as_lines(one.check, asks):
                common.say(line)
    _fail(made, fail_on)


def _split(names: list[str], facts: Path | None) -> tuple[list[str], str | None]:
    """Duties and the incident among the words; an incident's id has no dot, a duty's has."""
    incidents = [name for name in names if "." not in name]
    duties = [name for name in names if "." in name]
    if facts is None and len(incidents) != 1:
        raise UsageError("name one incident (INC-1) after the duties, or a facts file (--facts incident.yaml)")
    if facts is not None and incidents:
        raise UsageError(f"with --facts there is no incident to name: '{incidents[0]}'")
    if not duties:
        raise UsageError("name a duty such as eu.gdpr.33; breachkit duties lists those of an incident")
    return duties, incidents[0] if incidents else None


def _checked(one: Any) -> dict[str, Any]:
    from breachkit.workflow.notice_checks import as_json

    return {
        **as_json(one.check),
        "draft": one.notice.draft,
        **marks.in_json(one.notice.invented, one.notice.exercise),
        "hashes": {
            "facts": one.notice.facts_sha256,
            "template": one.notice.template_sha256,
            "law_pack": one.notice.pack_sha256,
        },
    }


def _talk_about(one: Any) -> None:
    if one.finding.status in ("not_owed", "not_in_force", "exempt"):
        common.talk(f"note: {one.finding.id} is {one.finding.status.replace('_', ' ')} on these facts; drafted all the same")
    for remark in one.remarks:
        common.talk(f"note: {one.id}: {remark}")
    if one.check.missing:
        common.talk(f"note: {one.finding.id} still lacks {', '.join(one.check.missing)}")


def _write(made: list[Any], documents: list[str | bytes], format: str, out: Path, *, force: bool) -> None:
    from breachkit.workflow.files import write_new

    folder = out.is_dir() or len(made) > 1 or not out.suffix
    for one, document in zip(made, documents, strict=True):
        path = out / one.file_name(format) if folder else out
        write_new(path, document, force=force)
        common.talk(f"{path} written")


def _check_fail_on(fail_on: list[str] | None) -> None:
    from breachkit.domain.notice_check import FAULTS

    wrong = [what for what in fail_on or [] if what not in (*FAULTS, "any")]
    if wrong:
        raise UsageError(f"--fail-on takes {', '.join(FAULTS)} or any, not '{wrong[0]}'")


def _fail(made: list[Any], fail_on: list[str] | None) -> None:
    wanted = {*(fail_on or [])}
    hits = {what for one in made for what, found in one.check.faults().items() if found}
    if hits & wanted or (hits and "any" in wanted):
        raise typer.Exit(ExitCode.FINDING)


for module in (notice_worksheet, notice_diff, notice_approve, notice_batch):
    module.add(notice_app)
