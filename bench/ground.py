"""A database of the bench's own, with fsync on, as a practice would have it."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connections

from teleward.command import roles
from teleward.command.cluster import Cluster

NAME = "teleward_bench"
NOWHERE = roles.url(Path("/nowhere"), roles.APP, NAME)

os.environ |= {
    "TELEWARD_HOME": tempfile.gettempdir(),
    "TELEWARD_SECRET_KEY": secrets.token_urlsafe(50),
    "TELEWARD_MASTER_KEY": secrets.token_hex(32),
    "TELEWARD_DATABASE_URL": NOWHERE,
    "TELEWARD_OWNER_DATABASE_URL": NOWHERE.replace(roles.APP, roles.OWNER),
    "DJANGO_SETTINGS_MODULE": "teleward.settings",
}
django.setup()


@contextmanager
def practice() -> Iterator[Path]:
    """A migrated, empty database behind Django's connections; gone at the end. Gives the folder."""
    folder = Path(tempfile.mkdtemp(prefix="teleward-bench-"))
    folder.chmod(0o711)
    cluster = Cluster(folder=folder / "database", settings={"max_connections": "100"})
    cluster.start()
    try:
        _prepare(cluster)
        yield folder
    finally:
        connections.close_all()
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(cluster: Cluster) -> None:
    with roles.connect(cluster.socket_folder, "postgres") as connection:
        roles.create_database(connection, NAME, template="template1")
    with roles.connect(cluster.socket_folder, NAME) as connection:
        roles.prepare_database(connection)
    _point(cluster)
    call_command("migrate", database="owner", verbosity=0, skip_checks=True)


def _point(cluster: Cluster) -> None:
    connections.close_all()
    for alias in ("default", "owner"):
        connections[alias].settings_dict["HOST"] = str(cluster.socket_folder)
        connections.settings[alias]["HOST"] = str(cluster.socket_folder)
