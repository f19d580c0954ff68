"""A table of appointments as it would be booked: each row understood, matched, held against the diary."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from teleward.access.grants import Action, Grant
from teleward.access.queries.called import Called, called, charted, numbered
from teleward.access.queries.numbers import IdentifierWrong, recognised
from teleward.access.queries.patients import PatientCard
from teleward.access.queries.people import clinicians, organisation
from teleward.consult.local_time import day_of
from teleward.consult.models import AppointmentTable, VisitKey
from teleward.consult.queries.subjects import certain
from teleward.consult.queries.visits import taken
from teleward.consult.states import OPEN_STATES
from teleward.consult.tables.columns import Columns, Role, guessed
from teleward.consult.tables.days import Order, is_slashed, order_shown, parted
from teleward.consult.tables.decoding import Cells, Numbered, rows_of
from teleward.consult.tables.limits import USUAL_MINUTES
from teleward.consult.tables.lines import Given, Line, Trouble, line_of, plain_name
from teleward.consult.tables.problems import TableEmpty, TableOver
from teleward.kernel.clock import now
from teleward.kernel.envelope import unseal

Found = dict[int, tuple[PatientCard, ...]]  # by the number of the row
DATED = (Role.BORN, Role.DAY, Role.START)


@dataclass(frozen=True, kw_only=True)
class Wished:
    """One row and whom it is for, where that is certain."""

    line: Line
    patient: UUID | None
    host_name: str = ""


@dataclass(frozen=True, kw_only=True)
class TablePreview:
    """What would be booked. `asks_order`: days with slashes are there, and nothing shows which."""

    id: UUID
    headings: Cells
    given: Given
    rows: tuple[Wished, ...]
    asks_order: bool
    hosts: dict[str, str]  # id: name

    @property
    def ready(self) -> int:
        """How many rows can be booked."""
        return sum(not row.line.troubles for row in self.rows)


@dataclass(frozen=True, kw_only=True)
class Reported:
    """What became of one row: `trouble` is empty where it was booked."""

    number: int
    cells: Cells
    trouble: str


@dataclass(frozen=True, kw_only=True)
class TableReport:
    """What became of a table that was booked."""

    id: UUID
    headings: Cells
    rows: tuple[Reported, ...]

    @property
    def booked(self) -> int:
        """How many rows are appointments now."""
        return sum(not row.trouble for row in self.rows)

    @property
    def left(self) -> tuple[Reported, ...]:
        """The rows that are not."""
        return tuple(row for row in self.rows if row.trouble)


def context_of(table: UUID, what: str) -> str:
    """Where a sealed part of a table belongs."""
    return f"consult.table:{table}:{what}"


def preview(*, grant: Grant, table: UUID) -> TablePreview:
    """The table as it stands, for who brought it. Raises TableOver."""
    grant.must_cover(Action.VISIT_BOOK)
    row = own_table(grant, table)
    if row.ended_at is not None:
        raise TableOver
    headings, rows = divided(opened(row, "file", bytes(row.file)))
    hosts = {str(each.id): each.name for each in clinicians(grant=grant)}
    given, asks = _given(grant, row, headings, rows, hosts)
    lines = [line_of(each, given) for each in rows]
    wished = _matched(grant, lines, hosts)
    _hold_against_diary(wished)
    return TablePreview(
        id=table, headings=headings, given=given, rows=tuple(wished), asks_order=asks, hosts=hosts
    )


def table_report(*, grant: Grant, table: UUID) -> TableReport:
    """What became of the rows, for who booked them. Raises TableOver after a day."""
    grant.must_cover(Action.VISIT_BOOK)
    row = own_table(grant, table)
    if row.report is None:
        raise TableOver
    said = msgspec.json.decode(opened(row, "report", bytes(row.report)))
    rows = tuple(
        Reported(number=each["number"], cells=tuple(each["cells"]), trouble=each["trouble"])
        for each in said["rows"]
    )
    return TableReport(id=table, headings=tuple(said["headings"]), rows=rows)


def divided(content: bytes) -> tuple[Cells, list[Numbered]]:
    """The headings and the rows below them. Raises TableRefused."""
    first, *rows = rows_of(content)
    if not rows:
        raise TableEmpty
    return first.cells, rows


def own_table(grant: Grant, table: UUID) -> AppointmentTable:
    """The table, of who brought it. Raises TableOver, also where it is somebody else's."""
    rows = AppointmentTable.objects.filter(organisation=grant.organisation, by=grant.actor.id)
    row = rows.filter(id=table).first()
    if row is None:
        raise TableOver
    return row


def opened(row: AppointmentTable, what: str, sealed: bytes) -> bytes:
    """A part of the table, unsealed."""
    return unseal(patient=row.organisation, sealed=sealed, context=context_of(row.id, what))


def _given(
    grant: Grant, row: AppointmentTable, headings: Cells, rows: list[Numbered], hosts: dict[str, str]
) -> tuple[Given, bool]:
    said = row.choices
    columns = {int(place): Role(role) for place, role in said.get("columns", {}).items()} or guessed(headings)
    texts = [text for each in rows for text in _dated(each.cells, columns)]
    shown, told = order_shown(texts), said.get("order")
    order = Order(told) if told else shown
    zone = organisation(organisation_id=grant.organisation).time_zone
    names = Counter(plain_name(name) for name in hosts.values())
    own = str(grant.actor.id) if str(grant.actor.id) in hosts else ""
    given = Given(
        columns=columns,
        zone=zone,
        today=day_of(at=now(), zone=zone),
        order=order,
        hosts={plain_name(name): host for host, name in hosts.items() if names[plain_name(name)] == 1},
        host=said.get("host", own),
        minutes=int(said.get("minutes", USUAL_MINUTES)),
    )
    return given, shown is None and any(map(is_slashed, texts))


def _dated(cells: Cells, columns: Columns) -> list[str]:
    return [
        parted(cells[place])[0] for place, role in columns.items() if role in DATED and place < len(cells)
    ]


def _matched(grant: Grant, lines: list[Line], hosts: dict[str, str]) -> list[Wished]:
    """Whom each row is for: by a card's number, else by date of birth with a chart's number or a name."""
    found = _by_name(grant, lines) | _by_chart(grant, lines) | _by_number(grant, lines)
    seen: set[tuple[object, ...]] = set()
    wished = []
    for line in lines:
        patient = _only(line, found.get(line.number))
        _mark_twice(line, (patient, line.host, line.starts_at), seen)
        wished.append(Wished(line=line, patient=patient, host_name=hosts.get(line.host, "")))
    return wished


def _by_name(grant: Grant, lines: list[Line]) -> Found:
    asked = {line.number: _called(line) for line in lines if not line.insured and not line.charted}
    found = called(grant=grant, people={each for each in asked.values() if each})
    return {number: found[each] for number, each in asked.items() if each}


def _by_chart(grant: Grant, lines: list[Line]) -> Found:
    asked = {line.number: line for line in lines if line.charted and not line.insured and line.born_on}
    found = charted(grant=grant, values={line.charted for line in asked.values()}) if asked else {}
    return {
        number: tuple(card for card in found[line.charted] if card.born_on == line.born_on)
        for number, line in asked.items()
    }


def _by_number(grant: Grant, lines: list[Line]) -> Found:
    asked = {line.number: _recognised(line) for line in lines if line.insured}
    numbers = {each for each in asked.values() if each}
    found = numbered(grant=grant, numbers=numbers) if numbers else {}
    return {number: found[each] for number, each in asked.items() if each}


def _called(line: Line) -> Called | None:
    name = line.full_name or f"{line.given_name} {line.family_name}"
    return Called(name=name, born_on=line.born_on) if name.strip() and line.born_on else None


def _recognised(line: Line) -> tuple[str, str] | None:
    try:
        return recognised(value=line.insured)
    except IdentifierWrong:
        line.troubles.append(Trouble.NUMBER_WRONG)
        return None


def _only(line: Line, found: tuple[PatientCard, ...] | None) -> UUID | None:
    """The one patient; None also where nobody could be asked for."""
    if found is None:
        return None
    if len(found) != 1:
        line.troubles.append(Trouble.SEVERAL if found else Trouble.NOBODY)
        return None
    return found[0].id


def _mark_twice(line: Line, wish: tuple[object, ...], seen: set[tuple[object, ...]]) -> None:
    if None in wish:
        return
    if wish in seen:
        line.troubles.append(Trouble.TWICE)
    seen.add(wish)


def _hold_against_diary(wished: list[Wished]) -> None:
    """Marks what has passed, is booked already, or falls on another appointment."""
    at = now()
    for each in wished:
        line = each.line
        if line.troubles or line.starts_at is None or line.ends_at is None:
            continue
        if line.starts_at < at:
            line.troubles.append(Trouble.PAST)
        elif _is_booked(each, line.starts_at):
            line.troubles.append(Trouble.BOOKED)
        elif taken(host=UUID(line.host), start=line.starts_at, end=line.ends_at):
            line.troubles.append(Trouble.TAKEN)


def _is_booked(wished: Wished, starts_at: datetime) -> bool:
    line = wished.line
    rows = VisitKey.objects.filter(patient=certain(wished.patient), host=UUID(line.host))
    return rows.filter(starts_at=starts_at, state__in=OPEN_STATES).exists()
