"""One address of the API."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property

from teleward.access.grants import Action

from .messages import Answer

Handler = Callable[..., Awaitable[Answer]]


@dataclass(frozen=True, kw_only=True)
class Route:
    """`path` has a type as `{kind}`, an id as `{id}`, a version as `{version}`."""

    method: str
    path: str
    handler: Handler
    gated_by: tuple[Action, ...] = ()
    open_because: str = ""

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The parts of the path."""
        return tuple(part for part in self.path.split("/") if part)

    def fits(self, path: tuple[str, ...]) -> list[str] | None:
        """What stands in the places of the path, or None where it is another."""
        if len(self.places) != len(path):
            return None
        found = []
        for place, part in zip(self.places, path, strict=True):
            if not place.startswith("{"):
                if place != part:
                    return None
            elif part.startswith(("$", "_")):
                return None
            else:
                found.append(part)
        return found
