"""State machines as tables: each state and each event, and what follows. Nothing is left open."""

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
    """Every pair of state and event, with the state that follows, or None where the event is refused."""

    tables: ClassVar[dict[str, "StateTable"]] = {}

    name: str
    initial: str
    transitions: Mapping[tuple[str, str], str | None]

    def __post_init__(self) -> None:
        missing = [(s, e) for s in self.states for e in self.events if (s, e) not in self.transitions]
        if missing:
            raise ValueError(f"{self.name}: nothing is said about {missing}")
        self.tables[self.name] = self

    @property
    def states(self) -> list[str]:
        """All states, the initial one first, in the order they are named."""
        named = [self.initial, *(s for s, _e in self.transitions), *filter(None, self.transitions.values())]
        return list(dict.fromkeys(named))

    @property
    def events(self) -> list[str]:
        """All events, in the order they are named."""
        return list(dict.fromkeys(event for _state, event in self.transitions))

    def after(self, state: str, event: str) -> str:
        """The state that follows. Raises NotPossible where the table refuses the event."""
        following = self.transitions[state, event]
        if following is None:
            raise NotPossible
        return following

    def allows(self, state: str, event: str) -> bool:
        """Whether the event can happen in the state."""
        return self.transitions[state, event] is not None

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram."""
        named = {state: state.replace("-", "_") for state in self.states}
        arrows = [
            f"    {named[s]} --> {named[to]}: {event}" for (s, event), to in self.transitions.items() if to
        ]
        return "\n".join(["stateDiagram-v2", f"    [*] --> {named[self.initial]}", *arrows])
