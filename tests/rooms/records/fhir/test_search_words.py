"""What the tables and the CapabilityStatement say that a search may say is what is taken, and no more."""

from typing import Any

import pytest

from architecture.pages import fhir_search
from teleward.kernel.ids import new_id
from teleward.records.fhir.reading import read
from teleward.records.fhir.search import PARAMETERS, Parameter, values
from teleward.records.store.digests import digests_of
from teleward.records.store.finding import found_by
from teleward.records.store.matching import condition
from teleward.records.store.modifiers import PREFIXES, WHY, NotSearchable, modifiers, prefixes, types
from teleward.records.store.searching import Where

MODIFIERS = (
    "missing",
    "exact",
    "contains",
    "not",
    "text",
    "in",
    "not-in",
    "below",
    "above",
    "of-type",
    "identifier",
)
WORDS = {"missing": "true", "of-type": "urn:types|MR|1"}
VALUES = {"date": "2026-11", "number": "1", "quantity": "1"}
EVERY = [(kind, param) for kind, named in PARAMETERS.items() for param in named.values() if param.paths]


def taken(kind: str, param: Parameter, modifier: str, value: str) -> bool:
    try:
        if kind == "AuditEvent":
            condition(kind, param.name, modifier, value)
        else:
            Where(digests_of(PRACTICE)).param(kind, param.name, modifier, value)
    except NotSearchable:
        return False
    return True


PRACTICE = new_id()


@pytest.mark.parametrize("modifier", MODIFIERS)
def test_a_modifier_is_taken_where_the_table_says_so(modifier: str) -> None:
    for kind, param in EVERY:
        value = WORDS.get(modifier) or VALUES.get(param.type, "x")
        is_told = modifier in modifiers(kind, param)
        assert taken(kind, param, modifier, value) is is_told, (kind, param.name)


def test_a_prefix_is_taken_where_the_table_says_so_and_a_reference_by_its_types() -> None:
    for kind, param in EVERY:
        if prefixes(param):
            assert all(taken(kind, param, "", f"{each}{VALUES[param.type]}") for each in PREFIXES)
            assert not taken(kind, param, "", f"xx{VALUES[param.type]}")
        assert all(taken(kind, param, each, str(PRACTICE)) for each in types(param)), (kind, param.name)
        assert not taken(kind, param, "Nothing", "x")


@pytest.mark.parametrize("modifier", WHY)
def test_what_is_refused_says_why(modifier: str) -> None:
    with pytest.raises(NotSearchable) as refused:
        Where(digests_of(PRACTICE)).param("Patient", "family", modifier, "x")
    assert WHY[modifier] in str(refused.value)


def test_every_parameter_that_is_listed_there_is_one() -> None:
    page = fhir_search.write()
    assert "| `AuditEvent` | `address` | string | `contains`, `exact`, `missing` |" in page
    assert "| `Encounter` | `date` | date | `missing` | all |" in page


NUMBERED = b"""{"resourceType":"Patient","identifier":[{"system":"urn:a","value":"A1",
"type":{"coding":[{"system":"urn:types","code":"MR"}]}},{"system":"urn:b","value":"B2"}]}"""


def test_a_number_is_found_by_its_sort_and_by_no_other() -> None:
    digests = digests_of(PRACTICE)
    keys = found_by("Patient", values(read("Patient", NUMBERED)), digests).keys
    for asked, is_found in (("MR|a1", True), ("MR|B2", False), ("PI|A1", False)):
        where = Where(digests)
        where.param("Patient", "identifier", "of-type", f"urn:types|{asked}")
        wanted: Any = where.values[0]  # the hashes that are asked for
        assert set(wanted).issubset(keys) is is_found, asked
    for asked in ("urn:types|A1", "|MR|A1", "urn:types||A1"):
        with pytest.raises(NotSearchable):
            Where(digests).param("Patient", "identifier", "of-type", asked)
