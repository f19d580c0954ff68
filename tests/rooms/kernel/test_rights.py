"""What the application's own database role cannot do, even if a fault in the program asked it to."""

import pytest
from django.db import ProgrammingError, connection, transaction

STANDS = (
    "access_deactivation",
    "access_passrevocation",
    "access_policyset",
    "consult_admission",
    "consult_cancellation",
    "consult_consent",
    "consult_ending",
    "consult_identitycheck",
    "consult_noteversion",
    "consult_verification",
    "consult_withdrawal",
    "records_resource",
    "trust_answer",
)


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return "permission denied" in str(error)
    return False


@pytest.mark.parametrize("table", STANDS)
@pytest.mark.django_db
def test_what_was_recorded_stands(table: str) -> None:
    assert refused(f"DELETE FROM {table}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE'), has_table_privilege(%s, 'INSERT')",
            [table, table],
        )
        assert cursor.fetchone() == (False, True)


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE teleward_owner",
        "SET SESSION AUTHORIZATION teleward_super",
        "SET session_replication_role = replica",
        "SELECT rolpassword FROM pg_authid",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT lo_import('/etc/passwd')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY (SELECT 1) TO '/tmp/nothing'",
        "CREATE TABLE public.own (a int)",
        "CREATE TEMPORARY TABLE own (a int)",
        "CREATE FUNCTION public.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1'",
        "CREATE SCHEMA own",
        "CREATE EXTENSION dblink",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    ],
)
@pytest.mark.django_db
def test_the_application_has_its_tables_and_nothing_more(statement: str) -> None:
    assert refused(statement) or _is_refused_in_other_words(statement)


def _is_refused_in_other_words(statement: str) -> bool:
    with pytest.raises(ProgrammingError, match="must be owner"), transaction.atomic():
        connection.cursor().execute(statement)
    return True
