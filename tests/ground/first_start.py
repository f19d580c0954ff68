"""What a first start makes, made once per run: tables and static files.

It is laid out for each `teleward up` whose first start is not itself what is tried.
"""

import os
import subprocess
import sys
from pathlib import Path

from ground.environment import run_folder

from teleward.command.cluster import Cluster

MAKE = """
import django
django.setup()
from pathlib import Path
from django.conf import settings
from teleward.command import schema, static_files
schema.migrate()
static_files.collect_static(Path(settings.STATIC_ROOT))
"""


def kept() -> Path:
    """Where this run keeps it; nothing is there where there was no need."""
    return run_folder() / "migrated"


def make(cluster: Cluster) -> "subprocess.Popen[str]":
    """Begin to make it; what goes wrong is told on its stderr."""
    kept().mkdir()
    ours = {
        "TELEWARD_DATABASE_URL": cluster.app_url,
        "TELEWARD_OWNER_DATABASE_URL": cluster.owner_url,
        "TELEWARD_HOME": str(kept()),
    }
    command = [sys.executable, "-c", MAKE]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=os.environ | ours, stdout=pipe, stderr=pipe, text=True)


def keep(cluster: Cluster) -> None:
    """The tables of a cluster, which stands still for it."""
    cluster.stop()
    _copy(cluster.data, kept() / "data")
    cluster.start()


def lay_out(home: Path) -> None:
    """A home that has been started once, as far as this run keeps one."""
    if "TELEWARD_TEST_RUN" not in os.environ or not (kept() / "data").exists():
        return
    (home / "database").mkdir(parents=True)
    for folder in (home, home / "database"):
        folder.chmod(0o711)
    owner = (kept() / "data").stat()
    os.chown(home / "database", owner.st_uid, owner.st_gid)
    _copy(kept() / "data", home / "database" / "data")
    _copy(kept() / "static", home / "static")


def _copy(folder: Path, to: Path) -> None:
    subprocess.run(["cp", "-a", "--reflink=auto", folder, to], check=True)
