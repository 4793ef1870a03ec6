"""`breachkit notice diff`: what a notice says now that it did not say when it was filed, word by word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from breachkit.cli import common
from breachkit.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from breachkit.workflow.phases import Compared

FORMATS = ("text", "html", "json")
WORDS = Annotated[
    list[str], typer.Argument(metavar="DUTY [INCIDENT]", help="The duty, and the incident unless --facts is given.")
]


def add(app: typer.Typer) -> None:
    """Declare the command."""
    app.command("diff", epilog="Example: breachkit notice diff eu.gdpr.33 INC-1 --since first")(diff)


def diff(
    words: WORDS,
    since: Annotated[
        str, typer.Option("--since", metavar="first|last|SEQ", help="The filing, or the entry, to compare with.")
    ] = "last",
    facts: common.FACTS = None,
    since_facts: Annotated[
        Path | None,
        typer.Option("--since-facts", metavar="FILE", help="The older facts file to compare with.", show_default=False),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option("--lang", metavar="LANGUAGE", help="The incident's if left out.", show_default=False),
    ] = None,
    format: Annotated[str, typer.Option("--format", metavar="text|html|json", help="How it is shown.")] = "text",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to; stdout if left out.", show_default=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    now: common.NOW = None,
    as_of: common.AS_OF = None,
) -> None:
    """The notice now against what was told: [-what is gone-]{+what is new+}."""
    if format not in FORMATS:
        raise UnknownName("format", format, FORMATS, hint=f"(formats: {', '.join(FORMATS)})")
    format = "json" if as_json else format
    compared, titles = _compare(words, since, facts, since_facts, language, common.workspace(database, now=now, as_of=as_of))
    if out is not None:
        from breachkit.workflow.files import write_new

        text = compared.page() if format == "html" else _plain(compared, format)
        write_new(out, text, force=force)
        common.talk(f"{out} written")
    elif format == "json":
        common.print_json(_json(compared))
    elif format == "html":
        common.put(compared.page())
    else:
        _show(compared, titles)


def _compare(
    words: list[str], since: str, facts: Path | None, since_facts: Path | None, language: str | None, space: Any
) -> tuple[Compared, list[str]]:
    from breachkit.domain.approvals import say_standing
    from breachkit.workflow import phases
    from breachkit.workflow.approval import form_of, standing_of
    from breachkit.workflow.notices import draft_notice

    if (facts is None) != (since_facts is None):
        raise UsageError("two facts files are compared: --facts NEW --since-facts OLD, or name an incident")
    if facts is not None:
        if len(words) != 1:
            raise UsageError("with --facts name the duty alone: breachkit notice diff eu.gdpr.33 --facts NEW --since-facts OLD")
        with common.answered(None, facts, space) as new, common.answered(None, since_facts, space) as old:
            return phases.compare_answers(new, old, words[0], space, draft_notice, language=language), []
    if len(words) != 2:
        raise UsageError("name a duty and an incident: breachkit notice diff eu.gdpr.33 INC-1")
    duty, incident = words if "." in words[0] else words[::-1]
    with common.answered(incident, None, space) as answer:
        found = phases.compare(answer, duty, space, draft_notice, since=since, language=language)
        standing = say_standing(standing_of(answer, found.finding, space, draft_notice, found.now.language, form_of(duty)[1]))
    return found, [standing] if standing else []


def _show(compared: Compared, titles: list[str]) -> None:
    from breachkit.domain.differences import changed, shown

    if line := _exercise_line(compared):
        common.say(line, style="7")
    common.talk(f"{compared.finding.id} now, against {compared.since}")
    for line in titles:
        common.talk(line)
    if not changed(compared.pieces):
        common.talk("no word is different")
        return
    looks = {"gone": ("31", "[-", "-]"), "new": ("1;32", "{+", "+}")}
    for kind, text in shown(compared.pieces):
        if kind == "same":
            common.put(common.clean(text))
        else:
            code, opens, closes = looks[kind]
            common.put(common.colour(f"{opens}{common.clean(text)}{closes}", code))


def _plain(compared: Compared, format: str) -> str:
    from breachkit.domain.differences import in_brackets

    if format == "json":
        return json.dumps(_json(compared), ensure_ascii=False, indent=2) + "\n"
    line = _exercise_line(compared)
    return f"{line}\n{in_brackets(compared.pieces)}\n{line}\n" if line else in_brackets(compared.pieces)


def _exercise_line(compared: Compared) -> str:
    from breachkit.domain import marks

    return marks.line(False, compared.now.exercise, "")


def _json(compared: Compared) -> dict[str, Any]:
    from breachkit.domain.differences import changed

    return {
        "duty": compared.finding.id,
        "language": compared.now.language,
        "since": compared.since,
        "changed": changed(compared.pieces),
        "pieces": [{"kind": piece.kind, "text": piece.text} for piece in compared.pieces],
        **({"exercise": compared.now.exercise} if compared.now.exercise is not None else {}),
    }
