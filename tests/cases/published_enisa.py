"""Turns the ENISA method's one-line examples into breachkit facts, by the words they use. An unknown wording is an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .published import Raw, UnknownWord, first

SHARED: Raw = {
    "data.categories_complete": "yes",
    "data.reveals": [],
    "people.kinds": ["customers"],
    "breach.kinds": ["confidentiality"],
    "breach.malicious": "no",
}
BY_CLASS: Mapping[str, tuple[tuple[str, list[str]], ...]] = {
    "simple": (
        (r"credential|login|password|account access", ["online_credentials"]),
        (r"", ["full_name", "phone", "postal_address"]),
    ),
    "behavioural": (
        (r"call|phone", ["call_log"]),
        (r"location|transport|travel|movement", ["location"]),
        (r"credential", ["online_credentials"]),
        (r"", ["usage"]),
    ),
    "financial": (
        (r"credential|login", ["online_credentials"]),
        (r"expired|(credit|debit|payment).*card|card (number|data)", ["payment_card_with_code"]),
        (r"account number", ["financial_account"]),
        (r"", ["transaction"]),
    ),
    "sensitive": ((r"orientation|sex|dating", ["sexual_life"]), (r"politic|party", ["political"]), (r"", ["health"])),
}
PERIODS = (
    (r"(one|a|1|full) year|12 months|annual|years", "P1Y"),
    (r"(one|a|1) month|monthly", "P1M"),
    (r"(one|a|1) week|weekly", "P7D"),
    (r"(one|a|single|1) day|daily|day's", "P1D"),
)
TELLS = (
    (r"emergency|emergency room|account number", "general"),
    (r"merely|just|only shows?|fact of|\bhad\b|bank customer|customer of|help ?desk|support line|customer service", "none"),
    (r"named|specific|particular|certain|for a (disease|condition)|hiv test|type of", "partial"),
    (r"actual|result|declared|diagnos|full", "full"),
)
REVEALS = (
    (r"adult|sex|erotic", ["sexual_life"]),
    (r"pharmac|health|psycholog|medical|clinic|disease|suicide|therap", ["health"]),
    (r"luxury|expensive|wealth|jewel|financial status", ["financial_status"]),
    (r"politic|party", ["political"]),
    (r"religi|church", ["religion"]),
)
OPENS: Mapping[str, Raw] = {
    "simple": {"data.credentials_open": ["full_name", "email"], "data.detail": "partial"},
    "behavioural": {"data.credentials_open": ["usage"], "data.detail": "partial"},
    "financial": {"data.credentials_open": ["financial_account"], "data.detail": "full"},
    "sensitive": {"data.credentials_open": ["health"], "data.detail": "full"},
}
"""What a login opens, by the class that the example puts it in."""


def dpc_facts(example: Mapping[str, Any]) -> Raw:
    """The facts of one example of data."""
    text, kind = example["example"].lower(), example["category"]
    facts = {**SHARED, "data.categories": first(BY_CLASS[kind], text, "data")}
    if facts["data.categories"] == ["online_credentials"]:
        return {**facts, **OPENS[kind]}
    if re.search(r"already public|public(ly)? (known|available)|published by", text):
        facts["data.already_public"] = "yes"
    if re.search(r"expired|invalid|cancelled|blocked", text):
        facts["data.validity"] = "invalid"
    if re.search(r"undercover|witness|shelter|agents?\b|police officer|minors? .*safety", text):
        facts["people.kinds"] = ["at_risk"]
    period = _maybe(PERIODS, text)
    if period is not None:
        return {**facts, "data.period": period, "data.reveals": _reveals(text, kind)}
    return {
        **facts,
        "data.detail": _maybe(TELLS, text) or ("full" if kind == "sensitive" else "partial"),
        "data.reveals": _reveals(text, kind),
    }


def _reveals(text: str, kind: str) -> list[str]:
    return [] if kind in ("financial", "sensitive") else list(_maybe(REVEALS, text) or [])


def _maybe(table: tuple[tuple[str, Any], ...], text: str) -> Any:
    try:
        return first(table, text, "")
    except UnknownWord:
        return None


IDENTIFIERS = (
    (r"full name.*(birth|dob).*(mail)|name.*birth", ["full_name", "dob", "email"]),
    (r"full name", ["full_name"]),
    (r"picture|photo|image|cctv|video", ["photo"]),
    (r"e-?mail", ["email"]),
    (r"code|alias|initial|pseudonym", ["user_id"]),
    (r"phone|telephone", ["phone"]),
    (r"address", ["postal_address"]),
    (r"passport|social security|identity|\bid\b|card", ["national_id"]),
    (r"name", ["full_name"]),
)
JUDGED = {0.25: "negligible", 0.5: "limited", 0.75: "significant", 1.0: "maximum"}


def ei_facts(example: Mapping[str, Any]) -> Raw:
    """The identifiers alone; how easy they are to match is a judgement that the score takes from a person."""
    return {**SHARED, "data.categories": first(IDENTIFIERS, example["example"], "identifier")}


CIRCUMSTANCES: Mapping[str, tuple[tuple[str, Raw], ...]] = {
    "confidentiality": (
        (r"unknown number|publish|board|sharing|p2p|sold|open web|website|internet|public", {"breach.recipient": "public"}),
        (r"lost|disposed|disposal|transit|no (sign|evidence)|exposed", {"breach.recipient": "none"}),
        (r"known|wrong|misdirected|other customers|other accounts|recipient|staff|colleague", {"breach.recipient": "known"}),
    ),
    "integrity": (
        (
            r"not (be )?(recover|restor)|no (recovery|possib|way)|cannot|irreversib|without.*(restor|recover)|lost",
            {"breach.altered": "unrecoverable"},
        ),
        (
            r"not used|before (any )?use|no use|without (any )?use|identified|original|immediately",
            {"breach.altered": "restored"},
        ),
        (r"used|recover|restor", {"breach.altered": "used_recoverable"}),
    ),
    "availability": (
        (r"for good|permanent|no (backup|copy)|full|cannot|never|irretriev", {"data.backup": "none"}),
        (
            r"without difficult|easily|one copy|other cop|others exist",
            {"data.backup": "available", "data.restored_after": "PT2H"},
        ),
        (
            r"temporar|time|effort|work|reconstruct|days|re-?enter|re-?collect",
            {"data.backup": "available", "data.restored_after": "P3D"},
        ),
    ),
    "intent": (
        (r"error|lost|loss|misconfig|accident|fault|mistake|malfunction", {"breach.malicious": "no"}),
        (r"theft|hack|steal|insider|sale|sold|attack|intent|harm|malicious", {"breach.malicious": "yes"}),
    ),
}


def cb_facts(example: Mapping[str, Any]) -> tuple[str, Raw]:
    """Which part of the circumstances an example is about, and its facts."""
    name = {"malicious_intent": "intent"}.get(example["element"], example["element"])
    kinds = [name] if name != "intent" else ["confidentiality"]
    return name, {**SHARED, "breach.kinds": kinds, **first(CIRCUMSTANCES[name], example["example"], name)}


def composite_facts(one: Mapping[str, Any]) -> Raw:
    """A composite's published factors, put in as a person overrules them."""
    given = {"dpc": "dpc", "ei": "ei", "c": "confidentiality", "i": "integrity", "a": "availability", "m": "intent"}
    facts = dict(SHARED)
    for short, name in given.items():
        facts[f"risk.enisa.{name}"] = f"{one[short]:g}"
        facts[f"risk.enisa.{name}.reason"] = "as published"
    return facts
