"""A condition as a law file writes it: the way back from reading one, as plain data."""

from __future__ import annotations

from typing import Any, assert_never

from breachkit.domain.conditions import (
    All,
    Always,
    Amount,
    AnyOf,
    Condition,
    Data,
    Established,
    FactIs,
    Includes,
    Known,
    Not,
    People,
    Role,
    Sector,
    Targets,
    Use,
)


def written(condition: Condition) -> dict[str, Any]:
    """A condition as a law file writes it."""
    match condition:
        case All(parts):
            return {"all": [written(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [written(part) for part in parts]}
        case Not(part):
            return {"not": written(part)}
        case Use(name):
            return {"use": name}
        case Always(holds, text):
            return {{True: "always", False: "never", None: "unasked"}[holds]: text}
        case FactIs(key, values, text):
            return {"fact": key, "in": list(values), "text": text}
        case Includes(key, member, text):
            return {"includes": key, "member": member, "text": text}
        case Known(key, text):
            return {"known": key, "text": text}
        case Role(roles):
            return {"role": list(roles)}
        case Sector(sector):
            return {"sector": sector}
        case Established(place):
            return {"established": place}
        case Targets(place):
            return {"targets": place}
        case People(counts, op, number, place):
            return {"people": {"counts": counts, "in": place, "op": op, "number": number}}
        case Data(with_name, alone, unprotected, names):
            listed = {"with_name": with_name, "alone": alone, "names": names}
            return {"data": {**{key: list(ids) for key, ids in listed.items()}, "unprotected": unprotected}}
        case Amount(key, op, number, text):
            return {"amount": {"fact": key, "op": op, "number": number}, "text": text}
        case _:
            assert_never(condition)
