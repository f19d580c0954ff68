"""The run's PostgreSQL and the databases its workers copy from one migrated template."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from ground import first_start
from ground.environment import run_folder
from ground.gap import leave_a_gap
from psycopg import sql

from teleward.command import roles
from teleward.command.cluster import Cluster

TEMPLATE = "teleward_template"
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",  # no database here grows old
    "max_wal_size": "256MB",  # it may lie in memory
    "max_connections": "200",
}
COPY = (  # as `roles.create_database` does it
    "CREATE DATABASE {name} OWNER teleward_owner TEMPLATE {template} STRATEGY FILE_COPY",
    "REVOKE ALL ON DATABASE {name} FROM PUBLIC",
    "GRANT CONNECT ON DATABASE {name} TO teleward_app, teleward_sequencer",
)
RUNNING = "TELEWARD_TEST_CLUSTER"  # set by the process that started the cluster


class Databases:
    """The lone process starts the cluster when first asked; xdist's controller does before its workers."""

    def __init__(self, *, worker: str) -> None:
        self.cluster = Cluster(folder=run_folder() / "database", settings=FAST)
        self.worker_database = f"teleward_{worker}"
        self._current = self.worker_database
        self._making: subprocess.Popen[str] | None = None
        self._ours = False

    @property
    def app_url(self) -> str:
        return roles.url(self.cluster.socket_folder, roles.APP, self._current)

    @property
    def owner_url(self) -> str:
        return roles.url(self.cluster.socket_folder, roles.OWNER, self._current)

    @property
    def sequencer_url(self) -> str:
        return roles.url(self.cluster.socket_folder, roles.SEQUENCER, self._current)

    def start(self) -> None:
        """Start the cluster and migrate the template, unless this run has done so."""
        self.begin()
        self.finish()

    def begin(self) -> None:
        """Start the cluster; tables and static files are being made from now on, unless this run has them."""
        if RUNNING in os.environ:
            return
        os.environ[RUNNING] = "1"
        self._ours = True
        self.cluster.start()
        self._making = first_start.make(self.cluster)

    def finish(self, *, keep_for_others: bool = False) -> None:
        """Wait until they are made; then there is a template."""
        if self._making is None:
            return
        _told, trouble = self._making.communicate()
        if self._making.returncode:
            raise RuntimeError(f"The template database could not be migrated:\n{trouble}")
        self._making = None
        if keep_for_others:
            first_start.keep(self.cluster)
        self.create(TEMPLATE, template=roles.DATABASE)
        with roles.connect(self.cluster.socket_folder, TEMPLATE) as connection:
            leave_a_gap(connection)

    def stop(self) -> None:
        """Stop the cluster and remove the run's folder, in the process that made them."""
        if "PYTEST_XDIST_WORKER" in os.environ:
            return
        if self._making is not None:
            self._making.kill()
            self._making.communicate()
        if self._ours:
            self.cluster.stop()
        shutil.rmtree(run_folder(), ignore_errors=True)

    def create(self, name: str, *, template: str = TEMPLATE) -> None:
        """Create a database, a copy of the migrated template unless told otherwise.

        Its files are copied as they are: half the work of writing each page to the log as well.
        """
        names = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
        with roles.connect(self.cluster.socket_folder, "postgres") as connection:
            for each in COPY:
                connection.execute(sql.SQL(each).format(**names))

    def drop(self, name: str) -> None:
        """Drop a database, cutting whoever is still connected."""
        with roles.connect(self.cluster.socket_folder, "postgres") as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def point_environment(self) -> None:
        """Let the environment name the current database."""
        os.environ["TELEWARD_DATABASE_URL"] = self.app_url
        os.environ["TELEWARD_OWNER_DATABASE_URL"] = self.owner_url

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """A new copy of the template that Django and the environment use meanwhile."""
        name = f"teleward_{uuid.uuid4().hex[:12]}"
        self.create(name)
        before = self._current
        self.use(name)
        try:
            yield name
        finally:
            self.use(before)
            self.drop(name)

    def use(self, name: str) -> None:
        """Let Django and the environment name this database from now on."""
        connections.close_all()
        self._current = name
        self.point_environment()
        for alias in ("default", "owner"):
            connections[alias].settings_dict["NAME"] = name
            connections.settings[alias]["NAME"] = name
