"""Turns the published cases' own words into breachkit facts. A word it does not know is an error, never a guess.

The case files describe a breach with a small vocabulary of their own (cause, cia, data, encryption, exfiltration, backup,
recipient, impact). What is prose there (`what`, `controller`, `why`) is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from breachkit.content.factsfile import make_fact
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.factbook import FactBook
from breachkit.errors import UnknownName

WORDS = load_vocabulary()
Raw = dict[str, Any]


class UnknownWord(Exception):
    """A case uses a word that this translator has no meaning for."""


def book_of(raw: Mapping[str, Any]) -> FactBook:
    """Plain values as the facts of one incident."""
    return FactBook({key: make_fact(key, one, WORDS) for key, one in raw.items()}, WORDS)


def first(table: Iterable[tuple[str, Any]], text: str, what: str) -> Any:
    """What the first pattern that occurs in the text stands for. UnknownWord when none does."""
    for pattern, meaning in table:
        if re.search(pattern, text.lower().replace("_", " ")):
            return meaning
    raise UnknownWord(f"{what}: {text!r}")


def known_keys(given: Mapping[str, Any], keys: str, what: str) -> None:
    if strange := set(given) - set(keys.split()):
        raise UnknownWord(f"{what}: {sorted(strange)}")


CAUSES = (
    (r"ransom", "ransomware"),
    (r"social engineer|impersonat|pretext|phish", "phishing"),
    (r"credential|brute|password|login", "stolen_credentials"),
    (r"injection|exploit|vulnerab|hack|malicious code|web ?site|intrusion|attack|exfiltrat", "hacking"),
    (r"mailbox|mail account|e?mail (compromise|exfil)|forward|takeover|compromis", "stolen_credentials"),
    (r"malware|virus", "malware"),
    (r"insider|employee", "insider"),
    (r"thef|stol|burgl|break-?in", "stolen_device"),
    (r"lost|loss|mislaid", "lost_device"),
    (
        r"misdirect|misconfigured file|wrong|mispost|postal|mailing|mail|envelope|enveloping|packing|parcel|attachment",
        "misdirected",
    ),
    (r"misconfig|open (server|bucket|url)", "misconfiguration"),
    (r"code error|bug|fault", "software_fault"),
    (r"power|outage", "other"),
    (r"human|mistake|error", "human_error"),
)
DATA: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"credentials hashed|hash", ("password_hash",)),
    (r"pseudonym|alias", ("user_id",)),
    (r"business contact", ("email", "employer")),
    (r"(card|credit).*(cvv|code)", ("payment_card_with_code",)),
    (r"^contact|contact (data|details)", ("email", "phone", "postal_address")),
    (r"customer record", ("user_id",)),
    (r"id card|identity (card|document)|id number|social security|fiscal", ("national_id",)),
    (r"food|diet|allerg|intoleran|meal", ("health",)),
    (r"course|attend|particip|booking|reservation|hotel", ("usage",)),
    (r"health|medical|patient|diagnos|treatment", ("health",)),
    (r"insurance (contract|polic|rate|tariff|class)|premium|tariff", ("billing_details",)),
    (
        r"purchase|order|packing|delivery (note|slip)|receipt|item|product|price|shopping|transaction|balance|statement",
        ("transaction",),
    ),
    (r"billing|invoice|\bbill", ("billing_details",)),
    (r"credit card|payment card|card number", ("payment_card",)),
    (r"bank|iban|financial account", ("financial_account",)),
    (r"financial|income|debt", ("financial_status",)),
    (r"wage|salary|pay ?slip|salary", ("salary",)),
    (r"cv|resume|application|qualification", ("employment", "education")),
    (r"employment|working hours|job|profession", ("employment",)),
    (r"education|school|grade|student|course", ("education",)),
    (r"children|civil|marital|family", ("family",)),
    (r"mileage|preference|habit|usage", ("usage",)),
    (r"plate|registration number|vehicle", ("vehicle",)),
    (r"call log|traffic|call record", ("call_log",)),
    (r"credential", ("credentials",)),
    (r"password", ("password",)),
    (r"user ?(id|code|number)|customer (id|number)|code", ("user_id",)),
    (r"user ?name|login", ("username",)),
    (r"e-?mail (content|correspondence)|message|correspondence", ("message_content",)),
    (r"e-?mail", ("email",)),
    (r"birth ?place|place of birth", ("place_of_birth",)),
    (r"birth|dob", ("dob",)),
    (r"address", ("postal_address",)),
    (r"phone|telephone", ("phone",)),
    (r"sex\b|gender", ("gender",)),
    (r"name", ("full_name",)),
)
SAYS_LITTLE = (
    (r"food|diet|allerg|intoleran|meal", "none"),
    (r"course|attend|particip|booking|reservation|hotel", "none"),
    (r"order|packing|delivery (note|slip)|receipt|item|product|price|purchase(?!.*history)|shopping", "general"),
)
"""Words for data that by their own meaning tell almost nothing, or little, about a person."""
PEOPLE = (
    (r"patient", "patients"),
    (r"child|minor|pupil", "children"),
    (r"student", "students"),
    (r"employ|staff|worker", "employees"),
    (r"job|applicant|candidate", "applicants"),
    (r"user|account", "users"),
    (r"subscriber", "subscribers"),
    (r"customer|client|buyer|policy ?holder|insured|guest", "customers"),
    (r"supplier", "suppliers"),
    (r"member|attend|participant|delegate", "members"),
    (r"parent|relative|individual|person|people|citizen|resident", "other"),
)
EXFILTRATION = (
    (r"^(excluded|none|no evidence.*logs|ruled out)", "excluded"),
    (r"^(confirmed|yes|published|disclosed|access|true)", "confirmed"),
    (r"^(possible|likely|suspected|probable|cannot|not excluded|assumed)", "likely"),
    (r"^unlikely", "unlikely"),
    (r"^unknown", "unknown"),
)
SPANS = (
    (r"minute", "PT0H"),
    (r"hour", "PT6H"),
    (r"week", "P14D"),
    (r"month", "P1M"),
    (r"day", "P3D"),
)


def duration(text: str) -> str:
    """`PT6H (a few hours)`, `2 working days`, `hours`: a period that a facts file takes."""
    if found := re.search(r"\bPT?\d+[HDWM]\b", text):
        return found[0]
    if found := re.search(r"(\d+)[ -]*(?:working |business )?(hour|day|week|month)s?", text.lower().replace("_", " ")):
        return f"{found[1]} {found[2]}s"
    return str(first(SPANS, text, "a length of time"))


def facts_of(case: Mapping[str, Any], *, whole: bool = True) -> Raw:
    """One case's structured facts in breachkit's words. `whole`: what it says of the data is all there is."""
    known_keys(
        case,
        "controller what cause malicious cia data special_categories subjects encryption exfiltration backup recipient impact "
        "mitigations aggravating role published",
        "facts",
    )
    found: Raw = {"breach.malicious": "yes" if case["malicious"] else "no"}
    if "role" in case:
        found["role"] = [case["role"]]
    if "cause" in case:
        found["breach.cause"] = first(CAUSES, case["cause"], "cause")
    elif str(case.get("exfiltration")) == "physical":
        found["breach.cause"] = "stolen_device" if case["malicious"] else "lost_device"
    found |= _exfiltration(case)
    found |= _recipient(case.get("recipient"))
    found |= _data(case, whole=whole)
    found |= _encryption(case.get("encryption") or {}, found)
    found |= _subjects(case.get("subjects"))
    found |= _kinds(case, found)
    return found


def _exfiltration(case: Mapping[str, Any]) -> Raw:
    said = str(case.get("exfiltration", "not_relevant")).lower()
    if said in ("physical", "not_relevant") or (said in ("no", "false", "none") and case.get("recipient")):
        return {}
    word = "excluded" if said in ("no", "false") else first(EXFILTRATION, said, "exfiltration")
    return {
        "breach.exfiltration": word,
        **({"breach.recipient": "public"} if "publish" in said or case.get("published") else {}),
    }


def _recipient(given: Mapping[str, Any] | None) -> Raw:
    if given is None:
        return {}
    plain = {key: one for key, one in given.items() if not re.search(r"delet|destr|return|recall|recover|note$", key)}
    known_keys(plain, "known trusted professional_secrecy contract count type malicious cooperative", "recipient")
    if not given.get("known", True):
        return {"breach.recipient": "unknown"}
    found: Raw = {
        "breach.recipient": "trusted" if given.get("trusted") else "known",
        "breach.recipients": given.get("count", 1),
    }
    if given.get("professional_secrecy") or given.get("contract"):
        found["breach.recipient.bound_to_secrecy"] = "yes"
    gone = [one for key, one in given.items() if key not in plain and not re.search(r"request|asked|note$", key)]
    if any(one is True for one in gone):
        found["breach.recipient.deletion_confirmed"] = "yes"
    elif any(one is False for one in gone):
        found["breach.recipient.deletion_confirmed"] = "no"
    return found


def _data(case: Mapping[str, Any], *, whole: bool) -> Raw:
    if not case.get("data"):
        return {}
    categories: list[str] = []
    little: list[str] = []
    for one in case["data"]:
        meant = _category(one)
        categories += meant
        try:
            little.append(first(SAYS_LITTLE, one, "data"))
        except UnknownWord:
            telling = [category for category in meant if category in TELLING or WORDS.categories[category].enisa == "sensitive"]
            little += ["much"] if telling else []
    special = case.get("special_categories", False)
    if isinstance(special, str) and re.search(
        r"minor|marginal|few|only|trivial|slight|two|limited|lactose|intoleran|diet", special.lower()
    ):
        little = ["none"]
    sensitive = any(WORDS.categories[one].special for one in categories)
    if special is True and not sensitive:
        raise UnknownWord("special categories, but none among the data")
    found: Raw = {"data.categories": list(dict.fromkeys(categories))}
    if little and "much" not in little:
        found["data.detail"] = "none" if set(little) == {"none"} else "general"
    if any("pseudonym" in one for one in case["data"]):
        found["data.pseudonymised"] = "yes"
    if whole:
        unsure = any("uncertain" in one or "could not be checked" in one for one in case.get("aggravating", []))
        found |= {"data.categories_complete": "no" if unsure else "yes", "data.reveals": []}
    return found


TELLING = {"dob", "employment", "education", "family", "salary", "call_log", "billing_details", "usage", "financial_account"}


def _category(name: str) -> tuple[str, ...]:
    try:
        return (WORDS.category(name),)
    except UnknownName:
        found: tuple[str, ...] = first(DATA, name, "data")
        return found


def _encryption(given: Mapping[str, Any] | str, found: Raw) -> Raw:
    if isinstance(given, str):
        given = {"at_rest": given}
    keys = "at_rest key_compromised passwords salt_compromised strong_password note remote_wipe powered_off in_transit"
    given = {key: one for key, one in given.items() if not re.search(r"wipe|off|lock|note$", key)}
    known_keys(given, keys, "encryption")
    written: Raw = {}
    rest = str(given.get("at_rest", "none")).lower()
    if re.match(r"state|strong|yes|true|full|aes", rest):
        written |= {"data.encrypted": "yes", "data.protection": "state_of_the_art"}
    elif re.match(r"weak|old", rest):
        written |= {"data.encrypted": "yes", "data.protection": "weak"}
    elif re.match(r"none|not|no\b|false", rest):
        written["data.encrypted"] = "no"
    else:
        raise UnknownWord(f"encryption: {rest!r}")
    hashed = given.get("passwords")
    if hashed is not None:
        strong = first(((r"strong|state|bcrypt|argon", True), (r"weak|plain|clear|none|md5", False)), str(hashed), "passwords")
        if strong:
            written |= {
                "data.protection": "state_of_the_art",
                "data.encrypted": "partly",
                "data.encrypted.password_hash": "yes",
            }
        elif "password_hash" in found.get("data.categories", []):
            written["data.protection"] = "weak"
    taken = given.get("key_compromised", given.get("salt_compromised"))
    if taken is None and given.get("strong_password") and written["data.encrypted"] == "yes":
        taken = False
    if taken is not None:
        written["data.key_taken"] = "yes" if taken else "no"
    return written


def _subjects(given: Mapping[str, Any] | str | None) -> Raw:
    if given is None:
        return {}
    if isinstance(given, str):
        count = re.search(r"\d[\d,]*", given)
        more = "+" if "more" in given or "least" in given else ""
        kinds = [meaning for pattern, meaning in PEOPLE if re.search(pattern, given.lower())]
        total = {"people.total": count[0].replace(",", "") + more} if count else {}
        return {**total, **({"people.kinds": kinds} if kinds else {})}
    known_keys(given, "types count min max vulnerable note", "subjects")
    kinds = list(dict.fromkeys(first(PEOPLE, one, "subjects") for one in given["types"]))
    if given.get("vulnerable") and not set(kinds) & {"children", "patients"}:
        kinds.append("vulnerable")
    found: Raw = {"people.kinds": kinds}
    low, high = given.get("min"), given.get("max")
    if low is not None:
        found["people.total"] = f"{low}+" if high is None else f"{low}..{high}" if high != low else low
    return found


def _kinds(case: Mapping[str, Any], found: Raw) -> Raw:
    known_keys(case["cia"], "c i a", "cia")
    kinds, written = [], {}
    seen, changed, gone = (case["cia"].get(letter, False) for letter in "cia")
    if seen is not False and str(seen) != "possible":
        kinds.append("confidentiality")
        first(((r"true|ciphertext|mitigated|encrypted|likely|yes", None),), str(seen), "cia.c")
        if seen is True and "breach.recipient" not in found and not case["malicious"]:
            written["breach.accessed"] = "yes"
    if changed is not False:
        kinds.append("integrity")
        written["breach.altered"] = _altered(case, changed, found)
    lost, more = _lost(case, gone)
    written |= more
    kinds += ["availability"] if lost else []
    return {**written, **({} if str(seen) == "possible" else {"breach.kinds": kinds})}


def _altered(case: Mapping[str, Any], changed: object, found: Raw) -> str:
    if changed is not True:
        return str(
            first(((r"mitigated|restor|revert", "restored"), (r"permanent|lost", "unrecoverable")), str(changed), "cia.i")
        )
    backup = case.get("backup") or {}
    if found.get("breach.cause") == "ransomware":
        back = backup.get("restored_in") or backup.get("available") is True
        return "restored" if back else "unrecoverable"
    return "used_recoverable"


def _lost(case: Mapping[str, Any], gone: object) -> tuple[bool, Raw]:
    given = case.get("backup", {})
    given = {"available": given} if isinstance(given, bool) else given or {}
    hit = any(one is True for key, one in given.items() if "encrypted" in key)
    given = {key: one for key, one in given.items() if "encrypted" not in key}
    known_keys(given, "available restored_in note type paper electronic partial", "backup")
    paper = any("paper" in str(given.get(key, "")).lower() for key in ("available", "note", "type")) or given.get("paper")
    restored = given.get("restored_in")
    found: Raw = {}
    if given:
        available = str(given.get("available")).lower() not in ("false", "none", "no")
        found["data.backup"] = "paper" if paper else "none" if hit or not available else "restored" if restored else "available"
    if restored:
        found["data.restored_after"] = duration(restored)
    if gone is False or str(gone) in ("mitigated", "none"):
        found.pop("data.restored_after", None)
        return False, found
    if not re.search(r"permanent|lost|true|unrecover", str(gone).lower()):
        found = found if "data.restored_after" in found else {**found, "data.restored_after": duration(str(gone))}
    return True, {**found, **_impact(str(case.get("impact") or ""))}


IMPACT = (
    (r"surgery|cancel|operation.*postpon|treatment|life|danger", "severe"),
    (r"\bno (effect|impact|noticeable|consequence)|^(practically )?none|negligible|without effect", "none"),
    (r"minor|slight|small|delay|late\b", "limited"),
    (r"considerable|serious|major|reduced service", "considerable"),
)


def _impact(text: str) -> Raw:
    """How hard the loss hit, where the case says so; what it says of other harm is not about the loss."""
    try:
        return {"breach.impact": first(IMPACT, text, "impact")}
    except UnknownWord:
        return {}


WHOSE = ((r"hospital|clinic|medical|patient", "patients"), (r"school|student", "students"), (r"child", "children"))
"""What the prose of an example says of the people, where its structured part leaves them out."""


def annex_facts(case: Mapping[str, Any], prose: str = "") -> Raw:
    """An example of Annex B, which tells only a part: its list of data stays open."""
    people = [meaning for pattern, meaning in WHOSE if re.search(pattern, f"{prose} {case.get('controller', '')}".lower())]
    found = _annex_facts(case)
    return {**({"people.kinds": people} if people else {}), **found}


def _annex_facts(case: Mapping[str, Any]) -> Raw:
    known_keys(
        case,
        "role malicious cia data encryption key_compromised backup exfiltration subjects recipients published impact cause "
        "passwords recipient controller special_categories cross_border member_states",
        "structured",
    )
    given = {
        key: one
        for key, one in case.items()
        if key not in ("recipients", "key_compromised", "passwords", "cross_border", "member_states")
    }
    shared = {key: case[key] for key in ("key_compromised", "passwords") if key in case}
    if "encryption" in case or shared:
        at_rest = case.get("encryption", "none")
        given["encryption"] = {**(at_rest if isinstance(at_rest, dict) else {"at_rest": str(at_rest)}), **shared}
    if "recipients" in case:
        number = re.search(r"\d[\d,]*", str(case["recipients"]))
        found = facts_of({**given, "recipient": {"known": True, "trusted": False}}, whole=False)
        found.pop("breach.recipients")
        return {**found, **({"breach.recipients": number[0].replace(",", "")} if number else {"breach.recipients": "unknown"})}
    return facts_of(given, whole=False)
