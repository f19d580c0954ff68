"""Every state table says for each state and each event what follows, and every state can be reached."""

import pytest

from architecture import furnished
from teleward.kernel.states import NotPossible, StateTable

assert furnished.apps.ready
TABLES = sorted(StateTable.tables)


@pytest.mark.parametrize("name", TABLES)
def test_every_pair_of_state_and_event_has_an_answer(name: str) -> None:
    table = StateTable.tables[name]
    for state in table.states:
        for event in table.events:
            if table.allows(state, event):
                assert table.after(state, event) in table.states
            else:
                with pytest.raises(NotPossible):
                    table.after(state, event)


def _reachable(table: StateTable) -> set[str]:
    reached = {table.initial}
    while True:
        further = {t for (s, _e), t in table.transitions.items() if s in reached and t} | reached
        if further == reached:
            return reached
        reached = further


@pytest.mark.parametrize("name", TABLES)
def test_every_state_can_be_reached(name: str) -> None:
    assert _reachable(StateTable.tables[name]) == set(StateTable.tables[name].states)


def test_the_states_of_a_visit_are_in_a_table() -> None:
    assert "visit" in TABLES
