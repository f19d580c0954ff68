"""State machines as tables: what each event leads to in each state. What is not in the table is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from .errors import Problem


class NotPossible(Problem):
    """The thing is not in a state in which this can happen."""

    code = "kernel:not-possible-now"
    status = 409
    message = _("That is not possible any more. Reload the page to see how things stand.")


@dataclass(frozen=True, kw_only=True)
class StateTable:
    """A pair of state and event leads to a state; a pair that is not named is refused with NotPossible.

    The first state named is the initial one. Each table is known by its name in `StateTable.tables`.
    """

    tables: ClassVar[dict[str, "StateTable"]] = {}

    name: str
    transitions: Mapping[tuple[str, str], str]

    def __post_init__(self) -> None:
        self.tables[self.name] = self

    @property
    def initial(self) -> str:
        """The state in which a thing begins."""
        return self.states[0]

    @property
    def states(self) -> list[str]:
        """All states, the initial one first, in the order they are named."""
        return list(dict.fromkeys([*(str(s) for s, _e in self.transitions), *map(str, self.transitions.values())]))

    @property
    def events(self) -> list[str]:
        """All events, in the order they are named."""
        return list(dict.fromkeys(str(event) for _state, event in self.transitions))

    def after(self, state: str, event: str) -> str:
        """The state that follows. Raises NotPossible where the table refuses the event."""
        if not self.allows(state, event):
            raise NotPossible
        return self.transitions[state, event]

    def allows(self, state: str, event: str) -> bool:
        """Whether the event can happen in the state."""
        return (state, event) in self.transitions

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram."""
        named = {state: state.replace("-", "_") for state in self.states}
        arrows = [f"    {named[str(s)]} --> {named[str(to)]}: {event}" for (s, event), to in self.transitions.items()]
        return "\n".join(["stateDiagram-v2", f"    [*] --> {named[self.initial]}", *arrows])
