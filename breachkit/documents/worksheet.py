"""A filled worksheet as text, Markdown and CSV. Answers stand in it whole, so that they can be copied.

The text keeps every answer on its own lines and never wraps it; Markdown holds answers as code, so that nothing in a fact is
read as a sign; CSV puts an apostrophe before a cell that a spreadsheet would take for a formula.
"""

from __future__ import annotations

import csv
import io
import re
import textwrap
from collections.abc import Iterator

from breachkit.documents.page import INVENTED
from breachkit.domain import marks
from breachkit.domain.spreadsheet import guarded
from breachkit.domain.worksheet_answers import Answered, FilledSheet

WIDTH = 78
WORKING_PAPER = "Working paper. Nobody approved these answers: check each before you submit the form."
COLUMNS = (
    "worksheet", "duty", "part", "parts", "part_title", "field", "fields", "label", "form_id", "kind", "required", "answer",
    "status", "length", "limit", "too_long", "record", "facts", "options", "note", "personal_data", "confidence", "source",
    "invented",
)  # fmt: skip
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~!$])")
_KINDS = {
    "text": "text", "long_text": "long text", "choice": "one choice", "multi_choice": "boxes", "yes_no": "yes or no",
    "number": "number", "date": "day", "time": "day and time", "email": "e-mail", "phone": "telephone", "file": "file",
    "tick": "tick",
}  # fmt: skip
_SAVES = {
    "no": "The form cannot be saved: fill it in at one sitting.",
    "yes": "The form can be saved half filled in.",
    "unknown": "Whether the form can be saved half filled in is not known: take it that it cannot.",
}
_READ = {
    "verified": "The fields were read on the form itself or in the authority's own list of them.",
    "secondary": "The fields come from a copy or description of the form, or from a part of it: expect differences.",
    "unverified": "The form was not read. The fields are what the law or the authority asks for; expect another order.",
}


def head_lines(filled: FilledSheet) -> list[str]:
    """What to know before the form is opened, line by line."""
    sheet = filled.sheet
    lines = [WORKING_PAPER]
    if not sheet.generic:
        lines += [_SAVES[sheet.saves], _READ[sheet.confidence]]
    lines += sheet.notes
    if sheet.checked:
        lines.append(f"Sources read on {sheet.checked}: {'; '.join(source.text for source in sheet.sources)}.")
    elif sheet.sources:
        lines.append(f"Sources: {'; '.join(source.text for source in sheet.sources)}.")
    return lines


def shown(filled: FilledSheet, *, only_open: bool) -> Iterator[Answered]:
    """The fields to show: all, or those somebody still has to do something about."""
    return (one for one in filled.answers if one.open or not only_open)


def tally(filled: FilledSheet) -> str:
    """How far it is, in one line."""
    counts = {status: sum(one.status == status for one in filled.answers) for status in ("unknown", "person", "estimated")}
    words = [
        f"{len(filled.answers)} fields",
        f"{counts['unknown']} not known yet",
        f"{counts['person']} for a person",
        f"{counts['estimated']} estimated",
    ]
    long = sum(one.too_long for one in filled.answers)
    return ", ".join([*words, *([f"{long} too long"] if long else [])])


def place_of(one: Answered) -> str:
    """`Part 2 of 6 - field 3 of 9`: a form that cannot be saved is easily lost track of."""
    return f"Part {one.part} of {one.parts} - field {one.n} of {one.of}"


def hints(one: Answered) -> list[str]:
    """What to do about a field, and what to know of it, line by line."""
    field = one.field
    lines = []
    if one.status == "not_applicable":
        lines.append("Leave out: it does not apply on these facts.")
    if one.status == "unknown":
        until = " - this until then" if one.answer else ""
        lines.append(f"NOT KNOWN YET{until}" + (f" - record {', '.join(one.record)}" if one.record else ""))
    if one.status == "person":
        lines.append("FOR A PERSON" + (" - the answer above is a suggestion" if one.answer else ""))
    if one.too_long:
        over = one.length - (field.limit or 0)
        lines.append(f"TOO LONG: {one.length} of {field.limit} characters; shorten it by {over}, nothing was cut")
    elif field.limit is not None and one.answer:
        lines.append(f"{one.length} of {field.limit} characters")
    if one.status == "estimated":
        lines.append("Estimated")
    if one.answer and one.record and one.status in ("known", "estimated"):
        lines.append(f"More could be said - record {', '.join(one.record)}")
    if field.options and (one.status in ("unknown", "person") or not one.answer):
        lines.append("The form offers: " + " | ".join(option.label for option in field.options))
    lines += [note[:1].upper() + note[1:] for note in one.notes]
    if field.note:
        lines.append(field.note)
    return lines


def as_text(filled: FilledSheet, *, only_open: bool = False) -> str:
    """Plain text for a terminal or a print-out beside the browser."""
    sheet = filled.sheet
    exercise = [f"*** {marks.EXERCISE} ***"] if filled.exercise is not None else []
    lines = [*exercise, f"WORKSHEET {sheet.title}", f"for {filled.duty} - {filled.duty_title}", f"to  {filled.recipient}"]
    if filled.invented and not exercise:
        lines += ["", f"*** {INVENTED} ***"]
    lines.append("")
    for line in head_lines(filled):
        lines += textwrap.wrap(line, WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)
    lines += ["", tally(filled)]
    part = 0
    for one in shown(filled, only_open=only_open):
        if one.part != part:
            part = one.part
            title = f"PART {one.part} OF {one.parts}: {one.part_title}"
            lines += ["", title, "=" * len(title)]
        lines += ["", f"{place_of(one)}: {_label(one)}"]
        lines += [f"    {line}".rstrip() for line in one.answer.split("\n")] if one.answer else []
        for hint in hints(one):
            lines += textwrap.wrap(hint, WIDTH, initial_indent="  . ", subsequent_indent="    ", break_on_hyphens=False)
    lines += ["", *exercise] if exercise else []
    return "\n".join(lines) + "\n"


def _label(one: Answered) -> str:
    field = one.field
    said = [_KINDS[field.kind]]
    said += ["required"] if field.required == "yes" else ["optional"] if field.required == "no" else []
    said += ["no personal data"] if field.personal and one.status != "not_applicable" else []
    number = f"{field.form_id} " if field.form_id else ""
    return f"{number}{field.label} ({', '.join(said)})"


def as_markdown(filled: FilledSheet, *, only_open: bool = False) -> str:
    """Markdown without banners and footer, for the formats made from it."""
    lines = [f"# {_escaped(filled.sheet.title)}", ""]
    lines += [f"For `{filled.duty}`: {_escaped(filled.duty_title)}. To: {_escaped(filled.recipient)}.", ""]
    lines += [f"- {_escaped(line)}" for line in head_lines(filled)]
    lines += ["", f"{_escaped(tally(filled))}."]
    part = 0
    for one in shown(filled, only_open=only_open):
        if one.part != part:
            part = one.part
            lines += ["", f"## Part {one.part} of {one.parts}: {_escaped(one.part_title)}"]
        lines += ["", f"### {place_of(one)}: {_escaped(_label(one))}", ""]
        if one.answer:
            lines += [*(f"    {line}".rstrip() for line in one.answer.split("\n")), ""]
        lines += [f"- {_escaped(hint)}" for hint in hints(one)]
    return "\n".join(lines).rstrip() + "\n"


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def as_csv(filled: FilledSheet, *, only_open: bool = False) -> str:
    """One row a field, with CRLF line ends (RFC 4180)."""
    out = io.StringIO(newline="")
    write = csv.writer(out)
    write.writerow(COLUMNS)
    for one in shown(filled, only_open=only_open):
        field = one.field
        row = (
            filled.sheet.id, filled.duty, one.part, one.parts, one.part_title, one.n, one.of, field.label, field.form_id or "",
            field.kind, field.required, one.answer, one.status, one.length, field.limit or "", "yes" if one.too_long else "no",
            ", ".join(one.record), ", ".join(one.facts), " | ".join(option.label for option in field.options),
            " ".join(sentence(note) for note in (*one.notes, field.note) if note), "yes" if field.personal else "no",
            field.confidence, field.source,
            marks.line(filled.invented, filled.exercise, INVENTED),
        )  # fmt: skip
        write.writerow([guarded(str(cell)) for cell in row])
    return out.getvalue()


def sentence(note: str) -> str:
    """A note as a sentence of its own."""
    text = note[:1].upper() + note[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."
