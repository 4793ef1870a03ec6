"""Reads what outsiders wrote, and runs none of it: a table of affected people becomes people and refusals, row by row."""

from breachkit.intake.duplicates import identity_keys
from breachkit.intake.people import DUPLICATE_ID, REFUSALS, Person, Refusal
from breachkit.intake.tables import PeopleTable

__all__ = ["DUPLICATE_ID", "REFUSALS", "PeopleTable", "Person", "Refusal", "identity_keys"]
