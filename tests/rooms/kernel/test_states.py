import pytest

from teleward.kernel.states import NotPossible, StateTable


@pytest.fixture
def door() -> StateTable:
    return StateTable(
        name="door of a test",
        initial="shut",
        transitions={
            ("shut", "open"): "ajar",
            ("shut", "close"): None,
            ("ajar", "open"): None,
            ("ajar", "close"): "shut",
        },
    )


@pytest.fixture(autouse=True)
def forget() -> None:
    StateTable.tables.pop("door of a test", None)


def test_an_event_leads_to_its_state(door: StateTable) -> None:
    assert door.after("shut", "open") == "ajar"


def test_a_refused_event_is_refused(door: StateTable) -> None:
    assert not door.allows("ajar", "open")
    with pytest.raises(NotPossible):
        door.after("ajar", "open")


def test_a_table_with_a_gap_is_not_accepted() -> None:
    with pytest.raises(ValueError, match="nothing is said about"):
        StateTable(name="door of a test", initial="shut", transitions={("shut", "open"): "ajar"})


def test_the_diagram_shows_every_step_and_no_refusal(door: StateTable) -> None:
    assert door.mermaid().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> shut",
        "    shut --> ajar: open",
        "    ajar --> shut: close",
    ]
