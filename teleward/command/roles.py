"""The database's roles: an owner who migrates; the application and the sequencer, who may do less."""

import os
import pwd
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

SUPER, OWNER, APP = "teleward_super", "teleward_owner", "teleward_app"
SEQUENCER = "teleward_sequencer"
DATABASE = "teleward"
EXTENSIONS = ("btree_gist", "pg_trgm")

DEFAULTS = """
ALTER DEFAULT PRIVILEGES FOR ROLE teleward_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO teleward_app;
ALTER DEFAULT PRIVILEGES FOR ROLE teleward_owner IN SCHEMA public
  GRANT USAGE ON SEQUENCES TO teleward_app;
ALTER DEFAULT PRIVILEGES FOR ROLE teleward_owner IN SCHEMA public
  GRANT EXECUTE ON FUNCTIONS TO teleward_app;
"""


def url(socket_folder: Path, role: str, database: str = DATABASE) -> str:
    """A connection URL for one role over the socket in that folder."""
    return f"postgresql://{role}@{quote(str(socket_folder), safe='')}/{quote(database)}"


def write_access_rules(data: Path, *, sealing: str) -> None:
    """Peer authentication only: who runs Teleward may become our four roles, who seals the ledger one."""
    person = pwd.getpwuid(os.geteuid()).pw_name
    allowed = dict.fromkeys((person, role) for role in (SUPER, OWNER, APP, SEQUENCER))
    allowed[sealing, SEQUENCER] = None
    (data / "pg_hba.conf").write_text("local all all peer map=teleward\n")
    (data / "pg_ident.conf").write_text(
        "".join(f'teleward "{account}" {role}\n' for account, role in allowed)
    )


def prepare_roles(socket_folder: Path) -> None:
    """Create the three roles and the database where they are missing."""
    with connect(socket_folder, "postgres") as connection:
        for role in (OWNER, APP, SEQUENCER):
            _create_role(connection, role)
        create_database(connection, DATABASE)
    with connect(socket_folder, DATABASE) as connection:
        prepare_database(connection)


def connect(socket_folder: Path, database: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection as the cluster's superuser; each statement commits by itself."""
    return psycopg.connect(host=str(socket_folder), user=SUPER, dbname=database, autocommit=True)


def _create_role(connection: psycopg.Connection[tuple[object, ...]], role: str) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT").format(
                sql.Identifier(role)
            )
        )


def create_database(
    connection: psycopg.Connection[tuple[object, ...]], name: str, *, template: str = "template1"
) -> None:
    """Create a database that only our roles may enter, unless it exists."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None:
        return
    names = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
    connection.execute(
        sql.SQL("CREATE DATABASE {name} OWNER teleward_owner TEMPLATE {template}").format(**names)
    )
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {name} FROM PUBLIC").format(**names))
    _let_in(connection, name)


def prepare_database(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Extensions where the server has them, and what the application may do with tables to come."""
    for (name,) in connection.execute(
        "SELECT name FROM pg_available_extensions WHERE name = ANY(%s) AND installed_version IS NULL",
        [list(EXTENSIONS)],
    ).fetchall():
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(str(name))))
    _let_in(connection, connection.info.dbname)
    connection.execute(DEFAULTS)


def _let_in(connection: psycopg.Connection[tuple[object, ...]], database: str) -> None:
    grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO teleward_app, teleward_sequencer")
    connection.execute(grant.format(sql.Identifier(database)))
