"""The names under which a notice's values are known to templates. What stands under them is gathered elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

Said: TypeAlias = str | tuple[str, ...]


class Untranslated(str):
    """Words that the notice's language does not have yet; what it holds says which, and printing it stops the notice."""

    __slots__ = ()


NAMES: Final[Mapping[str, str]] = {
    # who writes to whom, and why
    "duty": "the duty's id",
    "duty_title": "the duty in words",
    "stage": "first, update, progress, intermediate, final, annual or withdrawal",
    "cite": "the rule, as it is cited",
    "not_in_force": "yes where the rule is not shown to be in force",
    "recipient": "who it goes to",
    "recipient_kind": "authority, individuals, controller, owner, cra, media, public, contract or other",
    "organisation": "who writes",
    "organisation_address": "its postal address",
    "organisation_registration": "its company or tax number",
    "organisation_parent": "its parent company",
    "controller": "the client this notice is for",
    "roles": "ids of the roles in which it acts",
    "date": "today, in words",
    "place": "the place whose residents this duty is about",
    "person_name": "the reader's name, in a letter to many",
    "person_address": "the reader's postal address, in a letter to many",
    "person_id": "the id by which the sender finds the reader again, in a letter to many",
    "contact": "the contact point in one line",
    "contact_name": "who answers questions",
    "contact_email": "its e-mail address",
    "contact_phone": "its telephone number",
    "contact_website": "its web page",
    "contact_ways": "ways to ask, one by one",
    "dpo": "the data protection officer in one line",
    # what happened
    "title": "the incident in one line",
    "summary": "the incident in a few sentences",
    "kinds": "ids: confidentiality, integrity, availability",
    "cause": "id of the cause",
    "root_cause": "the underlying cause",
    "malicious": "yes or no",
    "accessed": "yes or no",
    "acquired": "yes or no",
    "exfiltration": "id: excluded, unlikely, likely, confirmed",
    "obtained_by": "id of who ended up with the data",
    "obtained_by_count": "how many received it",
    "deletion_confirmed": "yes or no",
    "recovered": "yes or no",
    "systems": "systems affected",
    "media": "ids: electronic, paper, spoken",
    "how_found": "how it was found",
    "impact": "id of the effect on the service",
    "downtime": "how long it was out of reach",
    "public": "yes when publicly known",
    # when: with the time of day, and the day alone
    **{
        f"{name}{day}": f"when it {words}{', the day alone' if day else ''}"
        for name, words in {
            "began": "began",
            "ended": "ended",
            "detected": "was detected",
            "discovered": "was discovered",
            "aware": "was known with reasonable certainty",
            "determined": "was determined to be a breach",
            "contained": "was contained",
            "provider_aware": "was known to the provider",
            "provider_told": "was reported by the provider",
            "no_harm_found": "was found that harm is unlikely",
            "finding_written": "was put in writing that harm is unlikely",
        }.items()
        for day in ("", "_day")
    },
    "exposure": "from when it began to when it ended, in days",
    # data and people
    "categories": "kinds of data, as labels",
    "category_ids": "kinds of data, as ids, with what they are kinds of",
    "categories_closed": "yes when that list is complete",
    "special_categories": "those of them that are specially protected, as labels",
    "encrypted": "id: yes, partly, no",
    "key_taken": "yes or no",
    "records_total": "how many records",
    "people_total": "how many people",
    "people_here": "how many people in `place`",
    "people_by_place": "places and how many people in each",
    "people_elsewhere": "the same without `place`",
    "people_kinds": "groups of people, as labels",
    "people_kind_ids": "groups of people, as ids",
    "people_notified": "how many have been told",
    # what it means and what is done
    "consequences": "what it could mean for people",
    "harms": "kinds of harm looked at, each with how likely it is",
    "risk": "id: unlikely, risk, high",
    "risk_reason": "why that was decided",
    "measures_before": "what protected the data",
    "measures_taken": "what has been done",
    "measures_planned": "what will be done",
    "advice": "what people can do",
    "free_services": "free help offered",
    "provider": "the provider at which it happened",
    "other_providers": "providers used, as labels",
    "loss": "estimated loss in US dollars",
    "loss_yuan": "estimated direct loss in Chinese yuan",
    "authorities_told": "others that were told",
    "bureau_contacts": "how to reach the credit bureaus, as somebody checked it",
    "ftc_contact": "how to reach the Federal Trade Commission, as somebody checked it",
    "law_enforcement_consulted": "yes or no",
    "notice_means": "how people are told",
    "notice_planned": "when people are told",
    "notice_planned_day": "the day people are told",
    "attached": "names of what is attached",
    # the filing itself
    "late": "yes when it is after its target",
    "delay_reasons": "why it is late",
    "hold_requested": "yes or no: whether law enforcement asked to wait",
    "hold_until": "until when law enforcement asked to wait",
    "hold_until_day": "the same, the day alone",
    "hold_agency": "which agency asked",
    "first_filed": "when the first notice was filed",
    "first_reference": "the reference it got",
    "filled": "what it lacked and facts say now, as labels",
    "missing": "what this notice must say and is not known yet, as labels",
    "not_yet": "the words for what is not known yet",
    "withdrawal_reason": "why a report is taken back",
    "decision": "id: notify or refrain",
    "decision_ground": "on what ground that was decided",
    "decision_by": "who decided",
    "decision_day": "the day it was decided",
}  # fmt: skip
"""Every name a template may use. Which of them are known differs from incident to incident."""
