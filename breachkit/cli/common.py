"""What commands share: options, the workspace they make, and how they print."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from breachkit.errors import BadValue, ExitCode, UsageError

if TYPE_CHECKING:
    from breachkit.storage.journal import Journal
    from breachkit.workflow.subjects import Answer, Subject
    from breachkit.workflow.workspace import Workspace

DATABASE = Annotated[
    str | None,
    typer.Option("--database", metavar="PATH", help="The journal's database (or BREACHKIT_DATABASE).", show_default=False),
]
ACTOR = Annotated[
    str | None, typer.Option("--actor", metavar="NAME", help="Who is recording (or BREACHKIT_ACTOR).", show_default=False)
]
JSON = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
NOW = Annotated[
    str | None,
    typer.Option("--now", metavar="INSTANT", help="Answer as if it were then; only for looking.", show_default=False),
]
AS_OF = Annotated[
    str | None, typer.Option("--as-of", metavar="INSTANT", help="Use only what was recorded by then.", show_default=False)
]
FACTS = Annotated[
    Path | None,
    typer.Option(
        "--facts", metavar="FILE", help="A facts file instead of an incident; - for standard input.", show_default=False
    ),
]
INCIDENT = Annotated[str | None, typer.Argument(metavar="[INCIDENT]", help="An incident such as INC-1.", show_default=False)]
LAW_DATE = Annotated[
    str | None, typer.Option("--law-date", metavar="DAY", help="Judge under the texts of that day.", show_default=False)
]
WHAT_IF = Annotated[
    list[str] | None,
    typer.Option("--what-if", metavar="KEY=VALUE", help="Suppose a fact for this one answer.", show_default=False),
]

LAWS = Annotated[
    list[Path] | None,
    typer.Option(
        "--laws", metavar="FOLDER", help="A pack of law files of your own, laid over the shipped ones.", show_default=False
    ),
]
LAW_PACK = Annotated[
    str | None,
    typer.Option("--law-pack", metavar="HASH", help="Judge by the laws kept with an earlier answer.", show_default=False),
]

_remembered: dict[str, str | None] = {"database": None, "actor": None}
_own_laws: list[Path] = []
_screens: list[Callable[[str | None, Workspace], None]] = []


def set_screens(open_screens: Callable[[str | None, Workspace], None]) -> None:
    """Say how the terminal UI is opened. `__main__` does, since this room does not know tui."""
    _screens[:] = [open_screens]


def need_terminal() -> None:
    """UsageError where there is no terminal to draw on."""
    if not sys.stdout.isatty():
        raise UsageError("the terminal UI needs a terminal; see `breachkit --help` for commands that print")


def launch(incident: str | None, space: Workspace) -> None:
    """Open the terminal UI: at an incident, (None) at the board, or in the exercise that `space` is a session of."""
    need_terminal()
    _screens[0](incident, space)


def remember(database: str | None, actor: str | None, laws: list[Path] | None = None) -> None:
    """Keep options given before the command's name."""
    _remembered.update(database=database, actor=actor)
    _own_laws[:] = laws or []


def workspace(
    database: str | None = None, actor: str | None = None, now: str | None = None, as_of: str | None = None
) -> Workspace:
    """The workspace that these options describe."""
    from breachkit.workflow.workspace import Workspace, read_moment

    return Workspace(
        database=database or _remembered["database"],
        actor=actor or _remembered["actor"],
        laws=tuple(_own_laws),
        reading_now=read_moment(now),
        as_of=read_moment(as_of),
    )


def app(help: str, *, example: str) -> typer.Typer:
    """A command group in the house's manner."""
    return typer.Typer(
        help=help,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        no_args_is_help=True,
        epilog=f"Example: {example}",
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def single(*, example: str) -> tuple[typer.Typer, Callable[[Callable[..., Any]], Callable[..., Any]]]:
    """An app of one command, and the decorator for it."""
    one = typer.Typer(
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    return one, one.command(epilog=f"Example: {example}", context_settings={"help_option_names": ["-h", "--help"]})


@contextmanager
def subject(incident: str | None, facts: Path | None, space: Workspace) -> Iterator[Subject]:
    """The incident or the facts file that a command is about; exactly one of them."""
    from breachkit.workflow import subjects

    if (incident is None) == (facts is None):
        raise UsageError("name an incident (INC-1) or a facts file (--facts incident.yaml), one of them")
    if facts is not None:
        if str(facts) == "-":
            yield subjects.subject_of_file(None, text=sys.stdin.buffer.read())
        else:
            yield subjects.subject_of_file(facts)
        return
    assert incident is not None
    with open_journal(space, read_only=True) as journal:
        yield subjects.subject_of_incident(journal, incident, space)


@contextmanager
def open_journal(space: Workspace, *, read_only: bool = False) -> Iterator[Journal]:
    """The journal, with what its owner should hear about it said on stderr."""
    with space.journal(read_only=read_only) as journal:
        for warning in journal.warnings:
            talk(f"warning: {warning}")
        if journal.exercise is not None:
            talk(f"EXERCISE '{journal.exercise}': nothing of this happened")
        if journal.damaged:
            talk(f"DAMAGED: {journal.damaged}. Opened read-only; what follows may not be all. See `breachkit journal verify`.")
        yield journal


@contextmanager
def answered(
    incident: str | None,
    facts: Path | None,
    space: Workspace,
    *,
    law_date: str | None = None,
    what_if: list[str] | None = None,
    law_pack: str | None = None,
) -> Iterator[Answer]:
    """The duties of an incident or a facts file."""
    from breachkit.workflow.subjects import answer, kept_laws

    with subject(incident, facts, space) as found:
        pack = None
        if law_pack is not None:
            with open_journal(space, read_only=True) as journal:
                pack = kept_laws(journal, law_pack, found.organisation)
        yield answer(found, space, law_date=read_day(law_date), what_if=read_pairs(what_if or []), pack=pack)


def read_day(text: str | None) -> date | None:
    """A day option; BadValue shows how to write it."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadValue(f"'{text}' is not a day; write 2026-11-21") from None


def read_pairs(pairs: list[str]) -> dict[str, Any]:
    """`KEY=VALUE` words; a value in brackets is a list, and a comma-separated one for keys that take lists is too."""
    from breachkit.content.yamlfile import parse_yaml

    found: dict[str, Any] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip():
            raise UsageError(f"'{pair}' is not KEY=VALUE; write people.in.ES=400..900")
        raw: Any = value.strip()
        if raw.startswith(("[", "{")):
            raw = parse_yaml(f"v: {raw}", pair)["v"]
        if key.strip() in found:
            raise UsageError(f"'{key.strip()}' is said twice; keep one")
        found[key.strip()] = raw
    return _as_lists(found)


def _as_lists(found: dict[str, Any]) -> dict[str, Any]:
    from breachkit.content.vocabulary import load_vocabulary

    words = load_vocabulary()
    for key, raw in found.items():
        if isinstance(raw, str) and words.spec(key).type == "set":
            found[key] = [item.strip() for item in raw.split(",") if item.strip()]
    return found


# -- printing

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """Text without control and direction characters, which could repaint a terminal, and half characters no stream takes."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def say(text: str = "", *, style: str = "") -> None:
    """A line of data, on stdout; `style` is an ANSI code used on terminals only."""
    put((colour(clean(text), style) if style else clean(text)) + "\n")


def put_table(text: str) -> None:
    """A table on stdout, its lines ended as they are; `clean` otherwise."""
    put("\r\n".join(map(clean, text.split("\r\n"))))


def put_bytes(content: bytes) -> None:
    """A document on stdout; refused on a terminal, which it would upset."""
    if sys.stdout.isatty():
        raise UsageError("this document is no text for a terminal; give --out FILE, or send stdout to a file")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    except BrokenPipeError:
        stop_writing()
        raise SystemExit(ExitCode.DONE) from None


def put(text: str) -> None:
    """Text on stdout as it stands. A reader that went away, such as `head`, has what it wanted: the command ends as done."""
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        stop_writing()
        raise SystemExit(ExitCode.DONE) from None


def stop_writing() -> None:
    """Send what is still buffered nowhere, so that nothing complains at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def talk(text: str) -> None:
    """A line to the person, on stderr."""
    print(clean(text), file=sys.stderr)


def print_json(value: Any) -> None:
    """JSON on stdout. Control and direction characters are written as escapes, which mean the same to a program."""
    text = json.dumps(value, indent=2, ensure_ascii=False) if sys.stdout.isatty() else _in_lines(value)
    put(escaped(text) + "\n")


def escaped(text: str) -> str:
    """JSON text with its control and direction characters as escapes, which mean the same to a program."""
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _in_lines(value: Any) -> str:
    """JSON with one line for each entry of each list at the top: quick to write, and still to be read by a person."""
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    rows = []
    for key, inner in value.items():
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            text = "[\n  " + ",\n  ".join(json.dumps(item, ensure_ascii=False) for item in inner) + "\n ]"
        else:
            text = json.dumps(inner, ensure_ascii=False)
        rows.append(f" {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(rows) + "\n}"


def colour(text: str, code: str) -> str:
    """The text in a colour on a terminal that wants colours; the words carry the meaning without."""
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb":
        return f"\x1b[{code}m{text}\x1b[0m"
    return text
