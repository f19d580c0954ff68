"""Without an open practice no row about a patient is there; with one, none of another practice's."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.apps import apps
from django.db import connection, models
from django.db.utils import ProgrammingError
from psycopg import sql
from stage.everybody import everybody
from stage.visits import practice

from architecture.syntax import Module, read, taken
from teleward.kernel import fence
from teleward.kernel.ids import new_id

OPEN = {  # tables about patients outside the fence, and why
    "access_pass": "A way in: whoever holds the link is nobody yet, and it says to which practice they come.",
    "access_passclaim": "As access_pass: each request of a guest begins with it.",
    "access_passrevocation": "As access_pass: were it hidden, a link that was taken back would open.",
    "access_staffinvitation": "A way in: whoever holds the link is nobody yet.",
    "access_person": "Who asks: an address at the sign-in page, of staff and patients, before any practice.",
    "access_contactchange": "An hourly job forgets for every practice; the address in it is sealed.",
    "access_appgrant": "As access_standing: what an app was allowed, found by its token.",
    "access_applaunch": "A way in, found by its word.",
    "access_appcode": "A way in, found by its word.",
    "access_apptoken": "A way in, found by its word.",
    "kernel_patientkey": "Keys that only the master key unwraps; the kernel knows no practice.",
}
OPENERS = {"open_for", "open_practice_of"}
LOOKED_UP = (
    "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind IN ('r', 'p')"
)
POLICIES = """SELECT polname, pg_get_userbyid(polroles[1]), polcmd FROM pg_policy
    WHERE polrelid = %s::regclass ORDER BY polname"""
VIEWS = """SELECT c.relname, array_agg(privilege_type::text) FROM pg_class c
    JOIN information_schema.role_table_grants g ON g.table_name = c.relname AND g.grantee = 'teleward_app'
    WHERE c.relkind = 'v' AND c.relnamespace = 'public'::regnamespace GROUP BY 1"""


def about_patients() -> set[str]:
    """Every table with a patient's id in it, and every table that belongs to one of those."""
    tables = [model for model in apps.get_models() if model._meta.managed]
    found = {model._meta.db_table for model in tables if _names_a_patient(model)} | {"access_patient"}
    while more := {model._meta.db_table for model in tables if _belongs(model) & found} - found:
        found |= more
    return found | {"access_person"}  # patients' accounts are people too


def _names_a_patient(model: type[models.Model]) -> bool:
    return any(field.name == "patient" for field in model._meta.concrete_fields)


def _belongs(model: type[models.Model]) -> set[str]:
    related = (field.related_model for field in model._meta.concrete_fields if field.is_relation)
    return {to._meta.db_table for to in related if isinstance(to, type)}


def fenced(owner: psycopg.Connection) -> set[str]:
    return {str(name) for (name,) in owner.execute(LOOKED_UP)}


@dataclass(frozen=True)
class Places:
    """A practice full of people, another one, and the fenced tables with what their owner sees in them."""

    own: UUID
    other: UUID
    tables: dict[str, int]


@pytest.fixture
def places(fresh_database: str, owner_connection: psycopg.Connection) -> Places:
    house = everybody()
    own = owner_connection.execute("SELECT organisation FROM consult_visit LIMIT 1").fetchone()
    assert own is not None
    assert house.ids
    tables = {name: counted(owner_connection, name) for name in fenced(owner_connection)}
    return Places(own=own[0], other=practice("Gegenüber").id, tables=tables)


@pytest.fixture
def served(places: Places) -> Iterator[None]:
    with fence.serving():
        yield


def counted(owner: psycopg.Connection, table: str) -> int:
    row = owner.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    assert row is not None
    return int(row[0])


def seen(table: str) -> int:
    """What the application sees, past the object mapper."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def test_every_table_about_patients_is_fenced_or_says_why_not(
    db: None, owner_connection: psycopg.Connection
) -> None:
    assert about_patients() - fenced(owner_connection) == set(OPEN)


def test_a_table_about_patients_that_nobody_fenced_is_caught(
    db: None, owner_connection: psycopg.Connection
) -> None:
    owner_connection.execute("ALTER TABLE consult_note NO FORCE ROW LEVEL SECURITY")
    try:
        assert about_patients() - fenced(owner_connection) - set(OPEN) == {"consult_note"}
    finally:
        owner_connection.execute("ALTER TABLE consult_note FORCE ROW LEVEL SECURITY")


def test_the_application_has_one_policy_on_each_and_the_owner_another(
    db: None, owner_connection: psycopg.Connection
) -> None:
    app, owner = "teleward_app", "teleward_owner"
    wanted = [("ground", app, "*"), ("owner", owner, "*"), ("practice", app, "*")]  # ground: the tests' own
    for table in fenced(owner_connection):
        assert owner_connection.execute(POLICIES, [table]).fetchall() == wanted, table


def test_before_a_practice_is_open_there_is_not_one_row(places: Places, served: None) -> None:
    full = {table for table, rows in places.tables.items() if rows}
    assert {"access_patient", "consult_visit", "consult_noteversion", "trust_objection"} <= full
    assert {table for table in places.tables if seen(table)} == set()


def test_in_an_open_practice_its_rows_are_there_and_no_others(places: Places, served: None) -> None:
    fence.open_for(practice=places.own)
    assert {table: seen(table) for table in places.tables} == places.tables
    fence.open_for(practice=places.other)
    assert {table for table in places.tables if seen(table)} == set()


def test_nothing_can_be_put_into_another_practice(places: Places, served: None) -> None:
    fence.open_for(practice=places.own)
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="row-level security"):
        cursor.execute(
            "INSERT INTO access_patient (id, organisation_id, given_name, family_name, born_on, language,"
            " contact, registered_at) VALUES (%s, %s, '', '', now(), '', '', now())",
            [new_id(), places.other],
        )


def test_views_of_ids_are_read_only_and_show_no_words(db: None, owner_connection: psycopg.Connection) -> None:
    views = dict(owner_connection.execute(VIEWS).fetchall())
    assert set(views) == {
        "access_accountrequest_key",
        "access_loosening_key",
        "access_brokenglass_key",
        "access_kinship_key",
        "access_merge_key",
        "access_patient_key",
        "access_patientidentifier_key",
        "access_proxy_key",
        "access_closervisit_key",
        "access_proxyoffer_key",
        "access_restriction_key",
        "access_safeguardinghold_key",
        "access_standing_key",
        "access_typedreason_key",
        "consult_appointmenttable_key",
        "consult_aside_key",
        "consult_guest_key",
        "consult_invitation_key",
        "consult_period_key",
        "consult_visit_key",
        "devices_credential_key",
        "devices_threshold_key",
        "devices_dirtyday_key",
        "devices_alert_key",
        "devices_pairing_key",
        "devices_sharing_key",
        "records_appointmentrequest_key",
        "records_current_key",
        "records_found",
        "records_import_key",
        "records_outgoing_key",
        "records_version_key",
        "trust_erasure_key",
        "trust_objection_key",
        "watch_case_key",
        "watch_notice_key",
    }
    assert {tuple(rights) for rights in views.values()} == {("SELECT",)}


def opening_the_fence(modules: Iterable[Module]) -> set[str]:
    """Who opens it; everybody else holds a grant against what they do."""
    return {module.dotted for module in modules for _source, name in taken(module) if name in OPENERS}


def test_whoever_opens_the_fence_without_a_grant_is_named() -> None:
    assert opening_the_fence(read()) == {
        "teleward.access.grants.proof",  # with one
        "teleward.access.operations.acceptance",
        "teleward.consult.operations.live_records",
        "teleward.consult.operations.retention",
        "teleward.consult.queries.standing",
        "teleward.consult.queries.subjects",
    }


def test_somebody_else_who_opens_it_is_caught() -> None:
    planted = ast.parse("from teleward.kernel.fence import open_for")
    assert opening_the_fence([Module(Path(), "teleward.consult.views", planted)]) == {
        "teleward.consult.views"
    }
