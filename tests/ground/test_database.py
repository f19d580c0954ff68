"""The test database is the real thing, with the real roles."""

import threading

import psycopg
import pytest
from django.db import connection, transaction


@pytest.mark.django_db
def test_tests_talk_to_postgresql_as_the_application_and_not_as_its_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("teleward_app",)


@pytest.mark.django_db
def test_a_durable_block_works_inside_a_test_that_rolls_back() -> None:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_a_fresh_database_lets_another_thread_see_what_was_committed(
    fresh_database: str, owner_connection: psycopg.Connection
) -> None:
    owner_connection.execute("CREATE TABLE seen (n integer)")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO seen VALUES (7)")
    found: list[object] = []

    def look() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database(), n FROM seen")
            found.append(cursor.fetchone())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == [(fresh_database, 7)]


@pytest.mark.django_db
def test_a_fresh_database_leaves_the_shared_one_as_it_was() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('seen')")
        assert cursor.fetchone() == (None,)


def test_the_owner_connection_may_create_tables_in_the_shared_database(
    db: None, owner_connection: psycopg.Connection
) -> None:
    assert (
        owner_connection.execute("SELECT current_user, current_database()")
        .fetchone()[1]
        .startswith("teleward_")
    )
