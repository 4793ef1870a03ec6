"""What a profile leaves out, and what that will cost in an incident."""

from __future__ import annotations

from breachkit.domain.organisation import Organisation

_FIELDS = {
    "roles": (
        "organisation.roles",
        "whether you tell authorities and people, or your controllers, stays open in every incident",
    ),
    "main_establishment": ("organisation.main_establishment", "the lead authority in the EEA cannot be named"),
    "established_in": ("organisation.established_in", "whether one authority leads, or every one must be told, stays open"),
    "serves": ("organisation.serves", "whether laws of the places where people live reach you stays open"),
    "sectors": ("organisation.sectors", "telecoms and other sector rules with shorter clocks cannot be excluded"),
    "contacts.privacy.email": ("organisation.contacts.privacy.email", "every notice needs a contact point"),
}


def unknown_fields(organisation: Organisation) -> list[tuple[str, str]]:
    """Fields that are not known, and what each holds open. An empty list is an answer and not unknown."""
    open_ones = [(name, hurts) for name, (key, hurts) in _FIELDS.items() if key not in organisation.facts]
    for name, hurts in (
        ("holds", "which data is at stake must be found out under pressure"),
        ("providers", "who may have been breached upstream is not listed"),
        ("promises", "a published promise may run faster than any law"),
        ("contracts", "contracts and insurance often have the shortest clocks"),
    ):
        if organisation.profile.get(name) is None:
            open_ones.append((name, hurts))
    return open_ones
