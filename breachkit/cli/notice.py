"""`breachkit notice`: list, render and check notices."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from breachkit.cli import common
from breachkit.errors import ExitCode, UsageError

notice_app = common.app(
    "List, render and check notices.", example="breachkit notice render eu.gdpr.33 --facts incident.yaml --format html"
)

DUTIES = Annotated[
    list[str], typer.Argument(metavar="DUTY... [INCIDENT]", help="Duties, and an incident unless --facts is given.")
]
LANGUAGE = Annotated[str, typer.Option("--lang", metavar="LANGUAGE", help="The language of the notice.")]
FAIL_ON = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on", metavar="WHAT", help="Exit 1 when there is one: missing, forbidden, contradictions.", show_default=False
    ),
]


@notice_app.command("list", epilog="Example: breachkit notice list --json")
def list_(as_json: common.JSON = False) -> None:
    """Every notice there is a template for."""
    from breachkit.workflow import notices

    found = notices.available(common.workspace())
    if as_json:
        rows = [
            {"duty": e.duty, "template": e.template, "languages": list(e.languages), "formats": list(e.formats), "own": e.own}
            for e in found
        ]
        common.print_json({"notices": rows})
        return
    for entry in found:
        own = "  (your own)" if entry.own else ""
        common.say(f"{entry.duty:<28} {', '.join(entry.languages):<8} {', '.join(entry.formats):<16} {entry.template}{own}")


@notice_app.command("render", epilog="Example: breachkit notice render eu.gdpr.33 --facts incident.yaml --format html")
def render(
    duties: DUTIES,
    facts: common.FACTS = None,
    format: Annotated[str, typer.Option("--format", metavar="md|text|html", help="The document's format.")] = "md",
    language: LANGUAGE = "en",
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
    """Make notices from the facts. With --facts no database is touched. Several recipients make several notices."""
    from breachkit.workflow import notices

    _check_fail_on(fail_on)
    space = common.workspace(database, actor, now, as_of)
    duties, incident = _split(duties, facts)
    with common.answered(incident, facts, space, law_date=law_date, what_if=what_if) as answer:
        findings = [finding for named in duties for finding in notices.findings_for(answer, named)]
        made = [notices.draft_notice(answer, finding, space, language=language) for finding in findings]
        texts = [one.text(format) for one in made]
    for one in made:
        _talk_about(one)
    if as_json:
        rows = [{**_checked(one), "format": format, "text": text} for one, text in zip(made, texts, strict=True)]
        common.print_json({"notices": rows})
    elif out is None:
        if len(texts) > 1 and format == "html":
            raise UsageError(f"{duties[0]} makes {len(texts)} notices; give --out FOLDER, or name one: {made[0].finding.id}")
        for text in texts:
            common.put(text if text.endswith("\n") else f"{text}\n")
    else:
        _write(made, texts, format, out, force=force)
        if incident is not None and space.reading_now is None and space.as_of is None:
            with common.open_journal(space) as journal:
                for one in made:
                    notices.note_rendered(space, journal, answer, one, format)
    _fail(made, fail_on)


@notice_app.command("check", epilog="Example: breachkit notice check eu.gdpr.33 --facts incident.yaml --fail-on missing")
def check(
    duties: DUTIES,
    facts: common.FACTS = None,
    language: LANGUAGE = "en",
    fail_on: FAIL_ON = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    now: common.NOW = None,
    as_of: common.AS_OF = None,
) -> None:
    """What a notice must say and does not, must not say and does, and where it contradicts the facts."""
    from breachkit.content.vocabulary import load_vocabulary
    from breachkit.workflow import notices

    _check_fail_on(fail_on)
    space = common.workspace(database, now=now, as_of=as_of)
    duties, incident = _split(duties, facts)
    elements = load_vocabulary().elements
    with common.answered(incident, facts, space) as answer:
        findings = [finding for named in duties for finding in notices.findings_for(answer, named)]
        made = [notices.draft_notice(answer, finding, space, language=language) for finding in findings]
    if as_json:
        rows = [_checked(one) for one in made]
        common.print_json(rows[0] if len(rows) == 1 else {"checks": rows})
    else:
        for one in made:
            found = one.check
            common.say(f"{found.duty}: {'complete' if found.complete else 'NOT COMPLETE'}", style="1")
            for label, ids in (("has", found.present), ("MISSING", found.missing), ("FORBIDDEN", found.forbidden_present)):
                for id in ids:
                    later = " - says it will follow" if id in found.open else " - marked but empty" if id in found.empty else ""
                    asks = f": {elements[id].asks}" if label == "MISSING" and id in elements else ""
                    common.say(f"  {label:<10} {id}{later}{asks}")
            for text in found.contradictions:
                common.say(f"  CONTRADICTS {text}")
            common.say(f"  reads at school grade {found.reading.grade:.0f}, {found.reading.words} words")
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
    found = one.check
    return {
        "duty": found.duty,
        "present": list(found.present),
        "missing": list(found.missing),
        "open": list(found.open),
        "empty": list(found.empty),
        "forbidden_present": list(found.forbidden_present),
        "contradictions": list(found.contradictions),
        "html_only": list(found.html_only),
        "reading": {"grade": round(found.reading.grade, 1), "words": found.reading.words},
        "complete": found.complete,
        "draft": one.notice.draft,
        "invented": one.notice.invented,
        "hashes": {
            "facts": one.notice.facts_sha256,
            "template": one.notice.template_sha256,
            "law_pack": one.notice.pack_sha256,
        },
    }


def _talk_about(one: Any) -> None:
    if one.finding.status in ("not_owed", "not_in_force", "exempt"):
        common.talk(f"note: {one.finding.id} is {one.finding.status.replace('_', ' ')} on these facts; drafted all the same")
    if one.check.missing:
        common.talk(f"note: {one.finding.id} still lacks {', '.join(one.check.missing)}")


def _write(made: list[Any], texts: list[str], format: str, out: Path, *, force: bool) -> None:
    from breachkit.workflow.files import write_new

    folder = out.is_dir() or len(made) > 1 or not out.suffix
    for one, text in zip(made, texts, strict=True):
        path = out / one.file_name(format) if folder else out
        write_new(path, text, force=force)
        common.talk(f"{path} written")


def _check_fail_on(fail_on: list[str] | None) -> None:
    wrong = [what for what in fail_on or [] if what not in ("missing", "forbidden", "contradictions")]
    if wrong:
        raise UsageError(f"--fail-on takes missing, forbidden or contradictions, not '{wrong[0]}'")


def _fail(made: list[Any], fail_on: list[str] | None) -> None:
    hits = {
        "missing": any(one.check.missing for one in made),
        "forbidden": any(one.check.forbidden_present for one in made),
        "contradictions": any(one.check.contradictions for one in made),
    }
    if any(hits[what] for what in fail_on or []):
        raise typer.Exit(ExitCode.FINDING)
