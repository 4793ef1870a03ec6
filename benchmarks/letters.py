"""Letters for many against what people use today, as ratios on the same letter. Run by hand: python benchmarks/letters.py.

The letter is the one breachkit ships for its sample incident: what is measured is one person's letter, everything common to
all having been done once where a tool can do so. Peers are measured in turn with it, round by round.

  --peers FOLDER     a virtual environment with mailmerge and docxtpl (else those peers are left out)
  --only NAME ...    some of: text, mail, pdf, docx, workers
  --million [N]      a batch of a million people over 60 jurisdictions on two cores, killed three times and gone on with
  --json             the figures for a program
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from letters_batches import million, person, workers

from breachkit.content.organisations import sample_path
from breachkit.documents.merge import compile_letter, compile_record
from breachkit.documents.merge_mail import Sender, compile_mail, message_id, recipient
from breachkit.documents.render import render
from breachkit.domain.batches import Letter
from breachkit.domain.notice_fields import split_fields
from breachkit.domain.notices import Notice
from breachkit.workflow.batch_letters import Drafting, Form
from breachkit.workflow.subjects import answer, subject_of_file
from breachkit.workflow.workspace import Workspace

DUTY = "us.fl.individuals"
GOALS = {
    "text / bare Jinja2": 3.0,
    "jsonl / bare Jinja2": 3.0,
    "text / bare Jinja2, facts written out": 3.0,
    "jsonl / bare Jinja2, facts written out": 3.0,
    "text / mailmerge": 10.0,
    "jsonl / mailmerge": 10.0,
    "eml / EmailMessage": 50.0,
    "pdf / LibreOffice": 15.0,
    "docx / docxtpl": 50.0,
    "2 workers / 1": 1.7,
}
"""How many times as many letters in the same time."""


def rate(work: Callable[[list[dict[str, Any]]], object], people: list[dict[str, Any]]) -> float:
    """Letters a second."""
    began = time.perf_counter()
    work(people)
    return len(people) / (time.perf_counter() - began)


def shipped_letter() -> tuple[Form, Drafting]:
    """The letter of the sample incident."""
    space = Workspace()
    found = answer(subject_of_file(sample_path("example-co")), space)
    drafting = Drafting(found, space)
    form = drafting.form(Letter(DUTY, DUTY, "US-FL", True), "en", (), ("name", "address"))
    assert isinstance(form, Form), form
    assert form.bare
    return form, drafting


def jinja_template(text: str) -> Any:
    """The same letter as a plain Jinja2 template, its person's data as variables: nothing else is left to be worked out."""
    from jinja2 import Environment

    inner = {
        "name": "{{ p.name }}",
        "address": "{% for line in p.address %}{{ line }}{% if not loop.last %}\n{% endif %}{% endfor %}",
    }
    return Environment(keep_trailing_newline=True).from_string(
        "".join(before.replace("{", "{{ '{' }}") + inner.get(field or "", "") for before, field in split_fields(text))
    )


def facts_template(text: str) -> tuple[Any, dict[str, str]]:
    """The same with the facts as variables too, as people write such letters by hand: one for each sentence's end."""
    from jinja2 import Environment

    facts: dict[str, str] = {}
    made = []
    for before, field in split_fields(text):
        for number, piece in enumerate(before.split("\n\n")):
            name = f"fact{len(facts)}"
            words = piece.split(" ")
            facts[name] = words[-1]
            made.append(("\n\n" if number else "") + " ".join([*words[:-1], "{{ " + name + " }}"]))
        made.append({"name": "{{ name }}", "address": "{{ address }}"}.get(field or "", ""))
    return Environment(keep_trailing_newline=True).from_string("".join(made)), facts


def text_and_lines(form: Form, rounds: int, peers: Path | None) -> dict[str, Any]:
    """Plain text and JSON lines against a bare Jinja2 loop and `mailmerge --dry-run`."""
    people = [person(number) for number in range(4_000)]
    text = str(render(form.notice, "text"))
    bare, (facts, known) = jinja_template(text), facts_template(text)
    ours, record = compile_letter(form.notice, "text"), compile_record(form.notice, {"duty": DUTY})
    assert bare.render(p=people[1]).encode() == ours.join(people[1]), "the same letter"
    flat = [{**known, "name": one["name"], "address": "\n".join(one["address"])} for one in people]
    assert facts.render(flat[1]).encode() == ours.join(people[1]), "the same letter"
    sides: dict[str, Callable[[], object]] = {
        "bare Jinja2": lambda: sink.writelines(facts.render(one).encode() for one in flat),
        "bare Jinja2, facts written out": lambda: sink.writelines(bare.render(p=one).encode() for one in people),
        "text": lambda: sink.writelines(map(ours.join, people)),
        "jsonl": lambda: sink.writelines(map(record.join, people)),
    }
    with open(os.devnull, "wb") as sink:
        rates = interleaved(sides, len(people), rounds)
    if peers is not None and (peers / "bin" / "mailmerge").exists():
        rates["mailmerge"] = [mailmerge_rate(peers, text, people[:600]) for _ in range(3)]
    return summed(rates, [("text", "bare Jinja2"), ("jsonl", "bare Jinja2"), ("text", "bare Jinja2, facts written out"),
                          ("jsonl", "bare Jinja2, facts written out"),
                          ("text", "mailmerge"), ("jsonl", "mailmerge")])  # fmt: skip


def mailmerge_rate(peers: Path, text: str, people: list[dict[str, Any]]) -> float:
    """Letters a second of `mailmerge --dry-run`, its start taken off."""
    with tempfile.TemporaryDirectory() as where:
        folder = Path(where)
        letter = "".join(
            before + {"name": "{{ name }}", "address": "{{ address }}"}.get(field or "", "")
            for before, field in split_fields(text)
        )
        (folder / "template.txt").write_text(
            f"TO: {{{{ email }}}}\nSUBJECT: Notice\nFROM: Example <privacy@example.com>\n\n{letter}", encoding="utf-8"
        )
        (folder / "server.conf").write_text("[smtp_server]\nhost = localhost\nport = 25\n")
        took = []
        for some in (people[:1], people):
            with (folder / "people.csv").open("w", newline="", encoding="utf-8") as file:
                rows = csv.writer(file)
                rows.writerow(["email", "name", "address"])
                rows.writerows([one["email"], one["name"], ", ".join(one["address"])] for one in some)
            command = [
                peers / "bin" / "mailmerge",
                "--dry-run",
                "--no-limit",
                "--template",
                "template.txt",
                "--database",
                "people.csv",
                "--config",
                "server.conf",
            ]
            began = time.perf_counter()
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
            took.append(time.perf_counter() - began)
        return (len(people) - 1) / (took[1] - took[0])


def mail(form: Form, rounds: int) -> dict[str, Any]:
    """Ready-to-send mail against the standard library's `EmailMessage`."""
    people = [person(number) for number in range(2_000)]
    sender = Sender("Example Co", "privacy@example.com")
    spliced = compile_mail(form.notice, sender, {"Duty": DUTY})
    text, page = compile_letter(form.notice, "text"), compile_letter(form.notice, "html")
    digest = form.sha256

    def ours() -> object:
        return [
            spliced.join(
                {
                    **one,
                    "to": recipient(one["name"], one["email"]),
                    "message_id": message_id(sender, "INC-1", DUTY, one["id"], digest),
                }
            )
            for one in people
        ]

    def library(some: list[dict[str, Any]]) -> object:
        made = []
        for one in some:
            message = EmailMessage(policy=policy.SMTP)
            message["From"] = "Example Co <privacy@example.com>"
            message["To"] = f'"{one["name"]}" <{one["email"]}>'
            message["Subject"] = form.notice.title
            message["Date"] = "Sun, 22 Nov 2026 12:00:00 +0000"
            message["Message-ID"] = f"<{one['id']}@example.com>"
            message.set_content(text.join(one).decode())
            message.add_alternative(page.join(one).decode(), subtype="html")
            made.append(message.as_bytes())
        return made

    rates: dict[str, list[float]] = {"eml": [], "EmailMessage": []}
    for _ in range(rounds):
        began = time.perf_counter()
        ours()
        rates["eml"].append(len(people) / (time.perf_counter() - began))
        rates["EmailMessage"].append(rate(library, people[:100]))
    return summed(rates, [("eml", "EmailMessage")])


def pdf(form: Form, rounds: int) -> dict[str, Any]:
    """Print files against LibreOffice turning the same letters to PDF, its start taken off."""
    from breachkit.documents.pdf import PdfForm

    made = PdfForm(form.notice)
    people = [person(number) for number in range(300)]
    rates: dict[str, list[float]] = {"pdf": [], "pdf, one each": []}
    if shutil.which("soffice"):
        rates["LibreOffice"] = []
    for turn in range(rounds):
        fresh = [person(turn * 1_000 + number) for number in range(300)]
        rates["pdf"].append(rate(lambda some: made.letters(some), fresh))
        rates["pdf, one each"].append(rate(lambda some: [made.letter(one) for one in some], fresh[:60]))
        if "LibreOffice" in rates:
            rates["LibreOffice"].append(libreoffice_rate(form.notice, people))
    return summed(rates, [("pdf", "LibreOffice"), ("pdf, one each", "LibreOffice")])


def libreoffice_rate(notice: Notice, people: list[dict[str, Any]]) -> float:
    """Letters a second from DOCX files of the same letter: what 41 take beyond what one takes."""
    from breachkit.documents.docx import DocxForm

    form = DocxForm(notice, None)
    took = []
    for number in (1, 41):
        with tempfile.TemporaryDirectory() as where:
            folder = Path(where)
            for one in people[:number]:
                (folder / f"{one['id']}.docx").write_bytes(form.letter(one))
            command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
            began = time.perf_counter()
            files = sorted(map(str, folder.glob("*.docx")))
            subprocess.run([*command, "--outdir", where, *files], check=True, capture_output=True)
            took.append(time.perf_counter() - began)
            assert len(list(folder.glob("*.pdf"))) == number
    return 40 / (took[1] - took[0])


def docx(form: Form, rounds: int, peers: Path | None) -> dict[str, Any]:
    """DOCX against docxtpl filling the same document."""
    from breachkit.documents.docx import DocxForm

    made = DocxForm(form.notice, None)
    people = [person(number) for number in range(1_000)]
    rates: dict[str, list[float]] = {"docx": []}
    python = peers / "bin" / "python" if peers is not None else None
    with tempfile.TemporaryDirectory() as where:
        template = Path(where) / "template.docx"
        template.write_bytes(made.letter({"name": "{{ name }}", "address": ("{{ address }}",), "id": "{{ id }}"}))
        for _ in range(rounds):
            rates["docx"].append(rate(lambda some: [made.letter(one) for one in some], people))
            if python is not None and python.exists():
                run = subprocess.run([python, "-c", _DOCXTPL, str(template)], check=True, capture_output=True, text=True)
                rates.setdefault("docxtpl", []).append(float(run.stdout))
    return summed(rates, [("docx", "docxtpl")])


_DOCXTPL = """
import io, sys, time
from docxtpl import DocxTemplate
raw = open(sys.argv[1], "rb").read()
def one(number):
    made = DocxTemplate(io.BytesIO(raw))
    made.render({"name": f"Ana {number}", "address": f"{number} Example Street", "id": str(number)}, autoescape=True)
    out = io.BytesIO(); made.save(out)
one(0)
began = time.perf_counter()
for number in range(40): one(number)
print(40 / (time.perf_counter() - began))
"""


def interleaved(sides: dict[str, Callable[[], object]], number: int, rounds: int) -> dict[str, list[float]]:
    """Letters a second of each side, round by round."""
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, work in sides.items():
            began = time.perf_counter()
            work()
            rates[name].append(number / (time.perf_counter() - began))
    return rates


def summed(rates: dict[str, list[float]], pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """The median ratio of the rounds for each pair."""
    ratios = {}
    for one, other in pairs:
        if rates.get(one) and rates.get(other):
            per_round = [a / b for a, b in zip(rates[one], rates[other], strict=False)]
            ratios[f"{one} / {other}"] = round(statistics.median(per_round), 2)
    return {"letters_per_second": {name: round(statistics.median(found)) for name, found in rates.items()}, "ratios": ratios}


def shown(figures: dict[str, Any]) -> Iterator[str]:
    """The figures as a table."""
    for name, found in figures.items():
        yield f"\n{name}"
        for what, number in found.get("letters_per_second", {}).items():
            yield f"  {what:<40} {number:>10,} letters/s"
        for what, ratio in found.get("ratios", {}).items():
            goal = GOALS.get(what)
            said = "" if goal is None else f"   goal {goal:g}: {'met' if ratio >= goal else 'MISSED'}"
            yield f"  {what:<40} {ratio:>10,.1f} x{said}"
        if "people" in found:
            yield from (f"  {what:<40} {value}" for what, value in found.items())


def main() -> None:
    """Measure, print, and fail when a goal is missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peers", type=Path)
    options.add_argument("--only", nargs="*", default=["text", "mail", "pdf", "docx", "workers"])
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--million", nargs="?", type=int, const=1_000_000)
    options.add_argument("--format", default="jsonl", help="of --million")
    options.add_argument("--json", action="store_true")
    said = options.parse_args()
    figures: dict[str, Any] = {}
    if said.million:
        figures["million"] = million(said.million, said.format)
    else:
        form, _ = shipped_letter()
        sections: dict[str, Callable[[], dict[str, Any]]] = {
            "text": lambda: text_and_lines(form, said.rounds, said.peers),
            "mail": lambda: mail(form, said.rounds),
            "pdf": lambda: pdf(form, min(3, said.rounds)),
            "docx": lambda: docx(form, min(5, said.rounds), said.peers),
            "workers": lambda: workers(min(3, said.rounds)),
        }
        figures = {name: work() for name, work in sections.items() if name in said.only}
    print(json.dumps(figures, indent=1) if said.json else "\n".join(shown(figures)))
    missed = [
        what for found in figures.values() for what, ratio in found.get("ratios", {}).items() if ratio < GOALS.get(what, 0)
    ]
    if missed:
        sys.exit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
