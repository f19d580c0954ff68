"""What the roles of the sequencer and of the application may do to the tree, and what nobody may."""

import psycopg
import pytest
from django.db import connection
from ground.database import Databases
from rooms.audit.conftest import entry_about

from teleward.audit.ledger import append
from teleward.audit.operations.rounds import Rounds, connected

NOT_THE_SEQUENCERS = (
    "SELECT body FROM audit_event",
    "SELECT salt FROM audit_event",
    "SELECT patient FROM audit_event",
    "SELECT * FROM audit_head",
    "SELECT * FROM audit_daily",
    "SELECT * FROM access_person",
    "SELECT audit_append(gen_random_uuid(), now(), NULL, '{}')",
    "SELECT * FROM audit_of_patient(gen_random_uuid(), NULL, 1)",
    "SELECT audit_erase(gen_random_uuid())",
    "INSERT INTO audit_event (id, at, leaf) VALUES (gen_random_uuid(), now(), '')",
    "UPDATE audit_leaf SET seq = seq + 1",
    "DELETE FROM audit_leaf",
    "DELETE FROM audit_tile",
    "UPDATE audit_checkpoint SET note = ''",
    "DELETE FROM audit_checkpoint",
    "TRUNCATE audit_checkpoint",
    "DELETE FROM audit_log_key",
    "CREATE TABLE own (a int)",
    "SET ROLE teleward_owner",
)


def test_the_sequencer_reads_commitments_and_nothing_that_was_said(
    django_db_setup: None, databases: Databases
) -> None:
    def is_refused(statement: str) -> bool:
        try:
            sequencer.execute(statement)
        except psycopg.errors.InsufficientPrivilege:
            return True
        return False

    with connected(databases.sequencer_url) as sequencer:
        assert [each for each in NOT_THE_SEQUENCERS if not is_refused(each)] == []
        assert sequencer.execute("SELECT id, nr, tx, leaf FROM audit_event").fetchall() == []


def test_a_tile_only_grows_and_a_checkpoint_only_gains_cosignatures(rounds: Rounds) -> None:
    append(entry=entry_about(None))
    rounds.go()
    for harm in ("data = '\\x00'::bytea || substr(data, 2)", "data = substr(data, 1, 0), width = 0"):
        with pytest.raises(psycopg.errors.RaiseException, match="only grows"):
            rounds.connection.execute(f"UPDATE audit_tile SET {harm}")
    rounds.connection.execute("UPDATE audit_checkpoint SET cosignatures = 'one '")
    rounds.connection.execute("UPDATE audit_checkpoint SET cosignatures = 'one two '")
    with pytest.raises(psycopg.errors.RaiseException, match="only gains"):
        rounds.connection.execute("UPDATE audit_checkpoint SET cosignatures = 'two '")


@pytest.mark.parametrize(
    "table",
    ["audit_leaf", "audit_tile", "audit_checkpoint", "audit_daily", "audit_log_key"],
)
@pytest.mark.django_db
def test_the_application_reaches_the_tree_through_functions_only(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_any_column_privilege(%s, 'SELECT, INSERT, UPDATE'),"
            " has_table_privilege(%s, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER'),"
            " has_function_privilege('audit_keep_heads(date)', 'EXECUTE'),"
            " has_function_privilege('audit_erase(uuid)', 'EXECUTE')",
            [table, table],
        )
        assert cursor.fetchone() == (False, False, False, False)
