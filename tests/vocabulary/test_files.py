"""The vocabulary files hold together: every name they use exists, and every sheet name has one meaning here.

Read with a loader that knows only strings, lists and mappings, as the project itself reads them.
"""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "breachkit" / "vocabulary"
SHARED = ROOT.parent / "shared"

FILES = {
    "facts": "facts",
    "starts": "starts",
    "data_categories": "categories",
    "elements": "elements",
    "sectors": "sectors",
}
TYPES = {"instant", "count", "yes_no", "choice", "set", "text", "duration", "place", "records", "email"}
GROUPS = {
    "incident", "times", "breach", "data", "people", "controllers", "risk", "harm", "measures", "organisation", "acts",
}  # fmt: skip
SETS_OF = {"data_category", "role", "sector", "place"}
PLACEHOLDERS = {"place", "category", "controller", "factor", "harm", "duty", "test", "element", "language", "fact"}
CLOSED = {"factor", "harm", "test"}
"""Placeholders whose names the vocabulary lists; the others come from other files or from the responder."""
ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

# What the design promises: changing one of these breaks facts files that people have written.
DESIGN_KEYS = """
    incident.title incident.summary incident.invented role role.for.<category>
    began_at ended_at detected_at suspected_at discovered_at aware_at believed_at determined_at assessed_at harm_found_at
    no_harm_found_at scope_known_at classified_at material_at people_identified_at contained_at ransom_paid_at
    fix_available_at ordered_at incident_closed_at provider.aware_at provider.told_us_at
    breach.kinds breach.cause breach.malicious breach.suspected_only breach.in_service breach.accessed breach.acquired
    breach.exfiltration breach.altered breach.downtime breach.impact breach.public breach.medium breach.recipient
    breach.recipients breach.recipient.deletion_confirmed breach.recipient.bound_to_secrecy breach.recovered
    breach.good_faith_employee
    data.categories data.categories_complete data.encrypted data.encrypted.<category> data.key_taken
    data.key_taken.<category> data.protection data.pseudonymised data.backup data.restored_after data.identifiability
    data.detail data.reveals data.period
    people.total people.in.<place> people.elsewhere people.with.<category> people.in.<place>.with.<category> people.kinds
    records.total controllers.<controller>.name controllers.<controller>.contact controllers.<controller>.data.categories
    controllers.<controller>.people.total controllers.<controller>.people.in.<place>
    risk.level risk.reason risk.enisa.<factor> harm.<harm> harm.law_enforcement_consulted harm.finding_written_at
    measures.taken measures.planned measures.advice consequences contact.name contact.email contact.phone delay.reasons
    hold.until hold.agency hold.form filed.<duty> decided.<duty>
    organisation.id organisation.name organisation.roles organisation.serves organisation.main_establishment
    organisation.established_in organisation.representative_in organisation.sectors organisation.size.employees
    organisation.size.turnover organisation.holds organisation.providers organisation.contacts.privacy.email
    organisation.contacts.dpo.email organisation.retention organisation.promises organisation.contracts organisation.gaps
"""


class StrictLoader(yaml.BaseLoader):
    """Strings, lists and mappings only, and no key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        repeated = [key for key, times in Counter(keys).items() if times > 1]
        assert not repeated, f"{node.start_mark}: {repeated} is written twice"
        return super().construct_mapping(node, deep=deep)


def read(path: Path) -> Any:
    with path.open(encoding="utf-8") as stream:
        return yaml.load(stream, StrictLoader)  # a BaseLoader builds no objects


def section(name: str) -> dict[str, dict[str, Any]]:
    return read(FOLDER / f"{name}.yaml")[FILES[name]]


FACTS = section("facts")
STARTS = section("starts")
CATEGORIES = section("data_categories")
ELEMENTS = section("elements")
SECTORS = section("sectors")


def meanings(entries: dict[str, dict[str, Any]], name: str) -> list[str]:
    return [key for key, entry in entries.items() if key == name or name in entry.get("aka", [])]


def matches_a_fact(key: str) -> bool:
    patterns = (re.escape(known).replace("<duty>", r".+") for known in FACTS)
    return key in FACTS or any(re.fullmatch(re.sub(r"<\w+>", r"[^.]+", pattern), key) for pattern in patterns)


def cycles(links: dict[str, list[str]]) -> list[str]:
    looping = []
    for start in links:
        seen: set[str] = set()
        ahead = list(links[start])
        while ahead:
            here = ahead.pop()
            if here == start:
                looping.append(start)
                break
            if here not in seen:
                seen.add(here)
                ahead.extend(links[here])
    return looping


# ---------------------------------------------------------------------------------------------------- every file


@pytest.mark.parametrize("name", FILES)
def test_a_file_says_what_it_owns_and_names_its_format(name: str) -> None:
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    assert text.startswith("# Owns ")
    assert text.isascii()
    content = read(FOLDER / f"{name}.yaml")
    assert set(content) == {"format", FILES[name]}
    assert content["format"] == "breachkit/vocabulary@1"


@pytest.mark.parametrize(
    "entries", [STARTS, CATEGORIES, ELEMENTS, SECTORS], ids=["starts", "categories", "elements", "sectors"]
)
def test_ids_are_lower_snake(entries: dict[str, Any]) -> None:
    assert [key for key in entries if not ID.fullmatch(key)] == []


@pytest.mark.parametrize("entries", [STARTS, CATEGORIES, ELEMENTS], ids=["starts", "categories", "elements"])
def test_an_aka_has_one_meaning(entries: dict[str, dict[str, Any]]) -> None:
    names = Counter(name for entry in entries.values() for name in entry.get("aka", []))
    assert [name for name, times in names.items() if times > 1] == []
    assert sorted(set(names) & set(entries)) == []


@pytest.mark.parametrize(
    ("entries", "link"),
    [(CATEGORIES, "broader"), (ELEMENTS, "broader"), (ELEMENTS, "part_of"), (SECTORS, "implies")],
    ids=["categories", "elements", "parts of elements", "sectors"],
)
def test_links_resolve_and_never_loop(entries: dict[str, dict[str, Any]], link: str) -> None:
    links = {key: entry.get(link, []) for key, entry in entries.items()}
    assert [(key, to) for key, targets in links.items() for to in targets if to not in entries] == []
    assert cycles(links) == []


# ---------------------------------------------------------------------------------------------------- facts


def test_every_key_of_the_design_is_there() -> None:
    assert [key for key in DESIGN_KEYS.split() if key not in FACTS] == []


def test_a_fact_asks_a_question_and_says_why() -> None:
    for key, fact in FACTS.items():
        assert set(fact) <= {
            "group",
            "type",
            "asks",
            "why",
            "unit",
            "choices",
            "of",
            "scale",
            "names",
            "fields",
            "unknown_is_answer",
            "settles",
            "prose",
        }, key
        assert fact["group"] in GROUPS, key
        assert fact["type"] in TYPES, key
        assert fact["asks"].endswith("?"), key
        assert fact["asks"].count("?") == 1, key
        assert fact["why"].endswith("."), key
        assert not re.search(r"\d", fact["why"]), f"{key}: a deadline or article belongs in the law"


def test_a_fact_has_what_its_type_needs() -> None:
    for key, fact in FACTS.items():
        kind = fact["type"]
        assert ("unit" in fact) == (kind == "count"), key
        assert ("fields" in fact) == (kind == "records"), key
        assert kind != "choice" or len(fact["choices"]) > 1, key
        assert kind != "set" or fact.get("of") in SETS_OF or fact["choices"], key
        assert fact.get("of") is None or (kind == "set" and fact["of"] in SETS_OF), key
        assert fact.get("scale", "yes") == "yes", key
        assert "scale" not in fact or kind == "choice", key
        assert all(field["type"] in TYPES for field in fact.get("fields", {}).values()), key
        if key != "risk.enisa.<factor>":  # its choices are the scores themselves
            assert [choice for choice in fact.get("choices", {}) if not ID.fullmatch(choice)] == [], key


def test_placeholders_are_the_known_ones_and_closed_ones_list_their_names() -> None:
    for key, fact in FACTS.items():
        used = set(re.findall(r"<(\w+)>", key))
        assert used <= PLACEHOLDERS, key
        assert ("names" in fact) == bool(used & CLOSED), key
        assert all(ID.fullmatch(name) and words.strip() for name, words in fact.get("names", {}).items()), key


def test_only_what_settles_much_is_said_to_and_by_how_much() -> None:
    """A rank from 1 to 4: with more steps nobody could say why one stands before the other."""
    ranks = {key: fact["settles"] for key, fact in FACTS.items() if "settles" in fact}
    assert set(ranks.values()) == {"1", "2", "3", "4"}
    assert len(ranks) < len(FACTS) / 4


def test_each_test_that_a_law_names_is_in_the_vocabulary_and_each_in_the_vocabulary_is_named_by_a_law() -> None:
    named = set()
    for path in (ROOT / "breachkit" / "laws").rglob("*.yaml"):
        named |= set(re.findall(r"(?<![\w.])test\.([a-z0-9_]+)", path.read_text(encoding="utf-8")))
    assert named == set(FACTS["test.<test>"]["names"])


# ---------------------------------------------------------------------------------------------------- starts


def test_a_start_is_dated_by_facts_or_by_something_else() -> None:
    for word, start in STARTS.items():
        assert set(start) <= {"fact", "falls_back", "text", "filed", "limit", "calendar", "aka"}, word
        assert start["text"], word
        elsewhere = [mark for mark in ("filed", "limit", "calendar") if start.get(mark) == "yes"]
        assert len(elsewhere) + bool("fact" in start or start.get("falls_back")) == 1, word
        times = [start["fact"]] if "fact" in start else []
        times += start.get("falls_back", [])
        assert len(times) == len(set(times)), word
        for key in times:
            assert FACTS[key]["type"] == "instant", (word, key)


# ---------------------------------------------------------------------------------------------------- data categories


def test_a_data_category_is_complete() -> None:
    needed = {"label", "group", "special", "broader", "aka", "sheets"}
    allowed = needed | {"enisa", "dpv", "note", "pseudo", "all_of", "any_of", "same_as"}
    for name, category in CATEGORIES.items():
        assert needed <= set(category) <= allowed, name
        assert category["special"] in {"yes", "no", "criminal"}, name
        assert set(category["sheets"]) <= {"columns", "us"}, name
        assert re.fullmatch(r"dpv-pd:[A-Z]\w+", category.get("dpv", "dpv-pd:Name")), name
        if "enisa" in category:
            assert category["enisa"] in {"simple", "behavioural", "financial", "sensitive"}, name
            assert category["special"] == "no" or category["enisa"] == "sensitive", name
        else:  # a secret takes the class of what it opens
            assert category["group"] == "access" or category["pseudo"] == "yes", name


def test_a_composite_is_made_of_other_categories() -> None:
    composites = {key: entry for key, entry in CATEGORIES.items() if "all_of" in entry or "any_of" in entry}
    assert {"online_credentials", "financial_account_with_code", "payment_card_with_code"} <= set(composites)
    parts = {
        key: [part for group in entry.get("all_of", []) for part in group] + list(entry.get("any_of", []))
        for key, entry in composites.items()
    }
    assert [(key, part) for key, names in parts.items() for part in names if part not in CATEGORIES] == []
    both = {key: parts.get(key, []) + CATEGORIES[key]["broader"] for key in CATEGORIES}
    assert cycles(both) == []


def test_a_narrow_category_is_at_least_as_special_as_its_broad_ones() -> None:
    for key, entry in CATEGORIES.items():
        for broad in entry["broader"]:
            assert CATEGORIES[broad]["special"] in {"no", entry["special"]}, (key, broad)


def test_passwords_hashes_and_tokens_stay_apart() -> None:
    for name in ("password", "password_hash", "auth_token"):
        assert not {"password", "password_hash", "auth_token"} & set(CATEGORIES[name]["broader"])


# ---------------------------------------------------------------------------------------------------- elements and sectors


def test_an_element_says_what_the_notice_must_say() -> None:
    for name, element in ELEMENTS.items():
        assert set(element) <= {"label", "asks", "facts", "aka", "broader", "part_of", "where_possible", "form"}, name
        assert element["asks"].endswith("."), name
        assert [key for key in element["facts"] if not matches_a_fact(key)] == [], name


def test_a_sector_says_what_it_means() -> None:
    for name, sector in SECTORS.items():
        assert {"label", "means"} <= set(sector) <= {"label", "means", "implies", "note"}, name


# ---------------------------------------------------------------------------------------------------- the fact sheets


def sheet(relative: str) -> Path:
    path = SHARED / relative
    if not path.exists():
        pytest.skip(f"{relative} of the fact sheets is not beside this checkout")
    return path


def under(node: Any, keys: set[str]) -> list[str]:
    """Every plain value found below one of these keys, at any depth."""
    if isinstance(node, list):
        return [value for item in node for value in under(item, keys)]
    if not isinstance(node, dict):
        return []
    found = []
    for key, value in node.items():
        if key in keys:
            values = value if isinstance(value, list) else [value]
            found += [item for item in values if isinstance(item, str)]
        found += under(value, keys)
    return found


def expand(text: str) -> list[str]:
    """Dotted names in prose, with `a.{b,c}` written out."""
    names = [
        f"{prefix}.{item.strip()}"
        for prefix, items in re.findall(r"([a-z][\w.]*)(?:\.| = )\{([^}]*)\}", text)
        for item in items.split(",")
    ]
    return names + re.findall(r"\b(?:gdpr3[34]|proc|reg)\.[a-z_]+", text)


def unmapped(entries: dict[str, dict[str, Any]], names: list[str]) -> dict[str, list[str]]:
    return {name: meanings(entries, name) for name in sorted(set(names)) if len(meanings(entries, name)) != 1}


def test_every_content_name_of_the_state_sheet_maps_to_one_element() -> None:
    states = read(sheet("law/us-states.yaml"))["jurisdictions"]
    names = under(states, {"content", "must_not_include", "format_rules"})
    names = [re.split(r": ", name)[0] for name in names]
    assert len(set(names)) > 60
    assert unmapped(ELEMENTS, names) == {}


def test_every_content_name_of_the_world_sheet_maps_to_one_element() -> None:
    world = read(sheet("law/world.yaml"))
    names = [name for names in world["meta"]["elements"].values() for name in names]
    for regime in world["regimes"]:
        names += under(regime["content"], {"authority", "individuals", "controller", "other", "public"})
    assert unmapped(ELEMENTS, names) == {}


def test_every_content_name_of_the_european_sheet_maps_to_one_element() -> None:
    text = sheet("law/eu-uk.md").read_text(encoding="utf-8")
    lists = text[text.index("## 8. Content checklists") : text.index("### 8.6")]
    names = expand(lists)
    assert len(set(names)) > 90
    assert unmapped(ELEMENTS, names) == {}


def test_every_start_word_of_the_sheets_maps_to_one_start() -> None:
    names = under(read(sheet("law/us-states.yaml"))["jurisdictions"], {"clock", "alt_clock", "or_earlier"})
    world = read(sheet("law/world.yaml"))
    names += world["meta"]["starts_values"] + under(world["regimes"], {"starts"})
    assert unmapped(STARTS, names) == {}


def test_the_category_list_is_the_two_lists_and_our_own() -> None:
    columns = set(json.loads(sheet("cases/column_categories.json").read_text(encoding="utf-8"))["categories"]) - {"none"}
    meta = read(sheet("law/us-states.yaml"))["meta"]
    listed = {"columns": columns, "us": set(meta["element_ids"]) | set(meta["element_ids_added"])}
    for name, ids in listed.items():
        assert {key for key, entry in CATEGORIES.items() if name in entry["sheets"]} == ids
