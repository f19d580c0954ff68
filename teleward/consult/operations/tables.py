"""Tables of appointments: brought, explained by a person, booked row by row, and forgotten."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from teleward.access.grants import Action, Grant, Refused, Subject, authorise, record
from teleward.access.operations.people import system_grant
from teleward.access.queries.patients import patient
from teleward.consult.models import AppointmentTable, TableKey
from teleward.consult.operations.booking import Host, Who, Wish
from teleward.consult.operations.visits import InThePast, Overlaps, book
from teleward.consult.queries.subjects import certain
from teleward.consult.queries.tables import (
    TablePreview,
    Wished,
    context_of,
    divided,
    own_table,
    preview,
)
from teleward.consult.tables.columns import Role
from teleward.consult.tables.days import Order
from teleward.consult.tables.limits import KEPT
from teleward.consult.tables.lines import Trouble
from teleward.consult.tables.problems import TableBusy
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.ids import new_id
from teleward.kernel.openings import without_grant

TRY, LET_GO = (
    f"SELECT pg_{verb}(hashtextextended(%s, 0))" for verb in ("try_advisory_lock", "advisory_unlock")
)


def bring_table(*, grant: Grant, content: bytes) -> UUID:
    """Keeps the file sealed until it is booked, put away or a day old. Raises TableRefused."""
    grant.must_cover(Action.VISIT_BOOK)
    _headings, rows = divided(content)
    table, practice = new_id(), grant.organisation
    sealed = seal(patient=practice, plaintext=content, context=context_of(table, "file"))
    AppointmentTable.objects.create(id=table, by=grant.actor.id, organisation=practice, file=sealed)
    record(grant=grant, detail={"table": str(table), "rows": len(rows)})
    return table


def explain_table(
    *, grant: Grant, table: UUID, columns: dict[int, Role], order: Order | None, host: str, minutes: int
) -> None:
    """What a person says about it: each column's role, how days are meant, who and how long by default."""
    grant.must_cover(Action.VISIT_BOOK)
    row = own_table(grant, table)
    said = {str(place): role.value for place, role in columns.items()}
    row.choices = {"columns": said, "host": host, "minutes": minutes} | (
        {"order": order.value} if order else {}
    )
    row.save(update_fields=["choices"])


def put_away(*, grant: Grant, table: UUID) -> None:
    """The file goes, and nothing is booked."""
    grant.must_cover(Action.VISIT_BOOK)
    _end(own_table(grant, table), report=None)


def book_table(*, grant: Grant, table: UUID) -> None:
    """Books each row that nothing speaks against, asking the gate about each; then the file goes.

    What is booked stays so, whatever comes after; done again it books nothing twice. Raises TableOver or
    TableBusy.
    """
    grant.must_cover(Action.VISIT_BOOK)
    with _alone(table):
        shown = preview(grant=grant, table=table)
        rows = [{**_told(each), "trouble": _booked(grant, shown, each)} for each in shown.rows]
        _end(own_table(grant, table), report={"headings": shown.headings, "rows": rows})


@without_grant("Asks the gate itself, as the server, for each practice that has something old.")
def forget_tables() -> None:
    """Tables and reports older than a day are gone."""
    before = now() - KEPT
    old = TableKey.objects.filter(at__lt=before)
    for practice in list(old.values_list("organisation", flat=True).distinct()):
        grant = system_grant(action=Action.VISIT_BOOK, organisation=practice, via="job")
        grant.must_cover(Action.VISIT_BOOK)
        AppointmentTable.objects.filter(organisation=practice, at__lt=before).delete()


def _booked(grant: Grant, shown: TablePreview, wished: Wished) -> str:
    """Books one row; the trouble there was, or ""."""
    line = wished.line
    if line.troubles or line.starts_at is None:
        return line.troubles[0].value
    practice, who = grant.organisation, certain(wished.patient)
    about = Subject(kind="Organisation", id=practice, organisation=practice, patient=who)
    try:
        own = authorise(
            actor=grant.actor, action=Action.VISIT_BOOK, subject=about, circumstances=grant.circumstances
        )
        found = patient(grant=own, patient_id=who)
        wish = Wish(
            host=Host(
                id=UUID(line.host), name=shown.hosts[line.host], organisation=practice, zone=shown.given.zone
            ),
            patient=Who(id=who, name=found.name, language=found.language),
            starts_at=line.starts_at,
            minutes=line.minutes,
            purpose=line.purpose,
        )
        book(grant=own, wish=wish)
    except (Refused, Overlaps, InThePast) as problem:
        return REASONS.get(type(problem), Trouble.REFUSED).value
    return ""


REASONS: dict[type[Exception], Trouble] = {Overlaps: Trouble.TAKEN, InThePast: Trouble.PAST}


def _told(wished: Wished) -> dict[str, Any]:
    return {"number": wished.line.number, "cells": wished.line.cells}


def _end(row: AppointmentTable, *, report: dict[str, Any] | None) -> None:
    row.file, row.ended_at = b"", now()
    if report is not None:
        plain = msgspec.json.encode(report)
        row.report = seal(patient=row.organisation, plaintext=plain, context=context_of(row.id, "report"))
    row.save(update_fields=["file", "ended_at", "report"])


@contextmanager
def _alone(table: UUID) -> Iterator[None]:
    """Nobody else books this table meanwhile; a process that dies lets it go. Raises TableBusy."""
    name = f"consult.table:{table}"
    with connection.cursor() as cursor:
        cursor.execute(TRY, [name])
        if not cursor.fetchone()[0]:
            raise TableBusy
        try:
            yield
        finally:
            cursor.execute(LET_GO, [name])
