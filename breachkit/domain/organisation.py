"""The organisation that keeps an incident: what its profile says, and its published promises and contracts as duties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from breachkit.domain.conditions import ALWAYS, All, Condition, People, Role
from breachkit.domain.facts import Fact
from breachkit.domain.law import Citation, Due, Duty, DutyVersion, Recipient, RecipientKind, Regime
from breachkit.domain.periods import Period
from breachkit.domain.values import value

Source = Literal["promise", "contract"]


@value
class Commitment:
    """Something the organisation bound itself to: a sentence in its policy, or a clause in a contract."""

    id: str
    source: Source
    to: RecipientKind
    within: Period | None
    """None: it names no time."""
    starts: str
    """The fact its clock starts from."""
    condition: Condition
    follows: RecipientKind | None
    """It binds only where a law owes a notice to recipients of this kind."""
    qualifier: str
    strength: str
    document: str
    dated: date | None
    section: str | None
    partner: str | None
    """With whom a contract was made."""
    partner_kind: str | None = None
    """`customer`, `insurance`, ...: what the contract is about."""

    @property
    def citation(self) -> Citation:
        """Where it stands."""
        when = f" of {self.dated}" if self.dated else ""
        where = f", section {self.section}" if self.section else ""
        return Citation(f"{self.document}{when}{where}")


@value
class Gap:
    """Something a policy leaves open that will hurt in an incident."""

    what: str
    section: str | None = None


@value
class Organisation:
    """A profile: what an organisation says about itself before anything happened."""

    id: str
    name: str
    affiliation: str | None
    """Says that breachkit is not affiliated, and which document was read; None for one's own organisation."""
    facts: Mapping[str, Fact]
    """Its `organisation.*` facts. A list the profile leaves out is not here; an empty list is."""
    commitments: tuple[Commitment, ...]
    gaps: tuple[Gap, ...]
    profile: Mapping[str, Any]
    """The profile as written, for the journal."""
    approvals_needed: int = 1
    """How many people must have approved a notice before it may leave; each is another person."""


def commitments_as_regimes(organisation: Organisation, zone: str, reviewed: date) -> tuple[Regime, ...]:
    """The promises and contracts as law, so that they run on the same clocks beside statute (design decision 11)."""
    regimes = []
    for source, title in (("promise", "Published promises"), ("contract", "Contracts")):
        duties = tuple(_duty(organisation, one) for one in organisation.commitments if one.source == source)
        if duties:
            regimes.append(
                Regime(
                    id=f"{source}.{organisation.id}",
                    title=f"{title} of {organisation.name}",
                    place="",
                    covers=(),
                    zone=zone,
                    calendar=None,
                    source=Citation(f"profile of {organisation.name}"),
                    reviewed=reviewed,
                    duties=duties,
                    pack=organisation.id,
                )
            )
    return tuple(regimes)


def _duty(organisation: Organisation, one: Commitment) -> Duty:
    names: dict[RecipientKind, str] = {
        "individuals": "the people affected",
        "controller": "each controller",
        "authority": "the authorities the law names",
        "public": "the public",
    }
    recipient = Recipient(
        one.to,
        "controllers" if one.to == "controller" else "none",
        names.get(one.to, one.partner or one.to) if one.partner is None or one.to == "controller" else one.partner,
        customer=one.partner_kind in (None, "customer"),
    )
    roles: Condition = Role(("processor", "sub_processor")) if one.to == "controller" else ALWAYS
    qualifier = one.qualifier or ("" if one.within else "no time is named")
    version = DutyVersion(
        version="current",
        status="in_force",
        starts_on=None,
        ends_on=None,
        recipient=recipient,
        scope=roles,
        when=All((People("total", ">", 0), one.condition)) if one.to != "controller" else one.condition,
        due=Due(one.within, one.starts, qualifier=qualifier),
        cite=(one.citation,),
        confidence="verified",
        follows=one.follows,
    )
    what = "Promised notice" if one.source == "promise" else "Contractual notice"
    return Duty(f"{one.source}.{organisation.id}.{one.id}", f"{what} to {recipient.name}", (version,))
