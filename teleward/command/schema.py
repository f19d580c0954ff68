"""Bringing the tables up to date, as their owner."""

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from teleward.command.roles import DEFAULTS

ONE_AT_A_TIME = 7283  # any number, the same in every process: an advisory lock while tables change


def missing_migrations() -> list[str]:
    """The migrations that this program knows and the database has not seen."""
    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def migrate() -> None:
    """Apply what is missing; other processes that want to do the same wait."""
    connection = connections["owner"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        if missing_migrations():
            cursor.execute(DEFAULTS)
            call_command("migrate", database="owner", verbosity=0, interactive=False, skip_checks=True)
    connection.close()
