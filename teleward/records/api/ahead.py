"""Where a resource stands comes along with who asks for it: one way to the database less for each read."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from teleward.records.store.finding import holder_of
from teleward.records.store.sessions import Rows, Session
from teleward.records.store.statements import STANDING, with_standing

from .messages import Request

COLUMNS = STANDING.count(",") + 1
_with_standing = cache(with_standing)


class Ahead:
    """What was learnt on the way, to be used once: what is asked later is asked anew."""

    def __init__(self, request: Request, session: Session) -> None:
        self._session = session
        self._holder = _holder(request.path)
        self._rows: Rows | None = None

    async def ask(self, statement: str, values: Sequence[object]) -> Rows:
        """The rows of this statement, of which there is one at most."""
        if self._holder is None:
            return await self._session.ask(statement, values)
        both = _with_standing(statement, len(values) + 1)
        found = await self._session.ask(both, [*values, self._holder])
        self._rows = [row[-COLUMNS:] for row in found if row[-COLUMNS] is not None]
        return [row[:-COLUMNS] for row in found]

    def taken(self, holder: UUID) -> list[tuple[Any, ...]] | None:
        """Where this resource stands, if that is what was learnt."""
        rows, self._rows = self._rows, None
        return rows if holder == self._holder else None


def _holder(path: tuple[str, ...]) -> UUID | None:
    if len(path) != 2:
        return None
    try:
        return holder_of(path[0], UUID(path[1]))
    except ValueError:
        return None
