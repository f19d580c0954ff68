"""What the tables and the CapabilityStatement say that a search may say is what is taken, and no more."""

import pytest

from architecture.pages import fhir_search
from teleward.kernel.ids import new_id
from teleward.records.fhir.search import PARAMETERS, Parameter
from teleward.records.store.digests import digests_of
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
