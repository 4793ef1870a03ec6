"""`breachkit demo`: a private sandbox with an invented incident."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from breachkit.cli import common

demo_app, _command = common.single(example="breachkit demo innexum --print")


@_command
def demo(
    organisation: Annotated[str, typer.Argument(metavar="[ORGANISATION]", help="One of `breachkit org list`.")] = "example-co",
    as_text: Annotated[bool, typer.Option("--print", help="Show it as text instead of the terminal UI.")] = False,
    as_json: common.JSON = False,
    now: common.NOW = None,
) -> None:
    """An invented incident in a database of its own, gone afterwards. Nothing of it happened, nothing of it can be sent."""
    from breachkit.domain.facts import read_instant
    from breachkit.workflow import notices
    from breachkit.workflow.demo import open_sample, sample_moment
    from breachkit.workflow.subjects import answer, subject_of_incident
    from breachkit.workflow.workspace import running_from

    with tempfile.TemporaryDirectory(prefix="breachkit-demo-") as folder:
        moment = now or sample_moment(organisation)
        space = common.workspace(str(Path(folder) / "demo.db"), "demo")
        # The sandbox has a clock of its own, so that the sample's deadlines are still running whenever it is looked at.
        space.clock = running_from(read_instant(moment).at)
        with space.journal() as journal:
            incident = open_sample(space, journal, organisation)
        if not (as_text or as_json):
            common.launch(incident, space)
            return
        looking = common.workspace(space.database, "demo", now=moment)
        with looking.journal(read_only=True) as journal:
            found = answer(subject_of_incident(journal, incident, looking), looking)
        drafts = notices.first_drafts(found, looking)
        if as_json:
            from breachkit.workflow import contract

            common.print_json(
                {**contract.duties(found), "drafts": [{"duty": d.finding.id, "text": d.text("md")} for d in drafts]}
            )
            return
        from breachkit.cli import output

        output.headline(found)
        output.big_clock(found)
        output.section("Who must be told, by when and why")
        output.duties(found, everything=False, steps=True)
        output.section("What to find out next")
        output.questions(found)
        output.section("First drafts")
        for one in drafts:
            lacks = f"; still lacks {', '.join(one.check.missing)}" if one.check.missing else ""
            output.section(f"{one.finding.id}{lacks}")
            common.say(one.text("text"))
