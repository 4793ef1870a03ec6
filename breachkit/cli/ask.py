"""`breachkit ask`: the open questions, most urgent first."""

from __future__ import annotations

from breachkit.cli import common

ask_app, _command = common.single(example="breachkit ask INC-1")


@_command
def ask(
    incident: common.INCIDENT = None,
    facts: common.FACTS = None,
    law_date: common.LAW_DATE = None,
    what_if: common.WHAT_IF = None,
    as_json: common.JSON = False,
    database: common.DATABASE = None,
    now: common.NOW = None,
    as_of: common.AS_OF = None,
) -> None:
    """The open questions, most urgent first. Answer with `breachkit fact set INC-1 KEY=VALUE`."""
    space = common.workspace(database, now=now, as_of=as_of)
    with common.answered(incident, facts, space, law_date=law_date, what_if=what_if) as answer:
        if as_json:
            from breachkit.workflow import contract

            common.print_json({"open_questions": [contract.question(one) for one in answer.assessment.questions]})
            return
        from breachkit.cli import output

        output.questions(answer)
