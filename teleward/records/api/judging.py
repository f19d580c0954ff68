"""What the gate says about each patient of one search, and the entries that follow from it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from teleward.access.grants import Subject, Weighed, Written

from .exchange import Exchange
from .noting import readable
from .rows import Row

Told = dict[str, str | int | list[str]]


class Judge:
    """Asked once about each patient and type. `base` is the decision about the search itself."""

    def __init__(self, x: Exchange, base: Weighed) -> None:
        self._x = x
        self._base = base
        self._said: dict[tuple[str, UUID | None], Weighed] = {}
        asked = base.asked.subject
        if asked.kind == "Patient":
            self._said[asked.interaction.partition(".")[0], asked.patient] = base

    def now_over(self, x: Exchange) -> None:
        """From here on it asks over the session of this exchange."""
        self._x = x

    async def allowed(self, rows: Sequence[Row]) -> list[Row]:
        """Those of the rows that may be shown."""
        asked = {key: row for row in rows if (key := (row.kind, row.patient)) not in self._said}
        for of_patients in (True, False):
            keys = [key for key, row in asked.items() if (row.patient is not None) is of_patients]
            said = await self._x.weigh([self._subject(asked[key]) for key in keys])
            self._said.update(zip(keys, said, strict=True))
        may = [row for row in rows if self._said[row.kind, row.patient].allowed]
        return await readable(self._x, may)

    def entries(self, told: Told, rows: Iterable[Row]) -> list[Written]:
        """One for the search, and one for each other patient of whom something is shown."""
        shown: dict[UUID | None, list[Row]] = {}
        for row in rows:
            shown.setdefault(row.patient, []).append(row)
        own = shown.pop(self._base.asked.subject.patient, [])
        first = self._base.entry(outcome="listed", detail=told | _resources(own))
        return [first, *(self._entry(told, found) for found in shown.values())]

    def _entry(self, told: Told, rows: Sequence[Row]) -> Written:
        said = self._said[rows[0].kind, rows[0].patient]
        return said.entry(outcome="listed", detail={**told, **_resources(rows)})

    def _subject(self, row: Row) -> Subject:
        if row.patient is None:
            return self._x.directory(row.kind, "s")
        return self._x.of_patient(row.kind, "s", row.patient, row.practice)


def _resources(rows: Sequence[Row]) -> Told:
    return {"resources": [f"{row.kind}/{row.id}" for row in rows]}
