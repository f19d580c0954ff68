"""The embedded PostgreSQL starts, stops and survives as promised, for root and for everybody else."""

import os
import shutil
import stat
from pathlib import Path

import psycopg
import pytest

from teleward.command import binaries, roles
from teleward.command.account import Account, barred_at, database_account
from teleward.command.cluster import Cluster
from teleward.command.refusal import CannotContinue

AS_ROOT = os.geteuid() == 0
SOCKET_MODE = 0o710 if AS_ROOT else 0o700  # as root, the group is that of who serves pages, or seals


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_was_written_is_there_after_a_stop_and_a_warm_start(cluster: Cluster) -> None:
    cluster.start()
    with psycopg.connect(cluster.owner_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
    cluster.stop()
    cluster.start()
    with psycopg.connect(cluster.app_url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (42,)


def test_its_folders_are_its_own_and_no_parent_is_changed(place: Path) -> None:
    parent = place / "above" / "beside"
    parent.mkdir(parents=True)
    for folder, bits in ((place / "above", 0o711), (parent, 0o711)):
        folder.chmod(bits)
    before = {folder: mode(folder) for folder in (parent, *parent.parents)}
    cluster = Cluster(folder=parent / "database")
    cluster.start()
    cluster.stop()
    assert {folder: mode(folder) for folder in before} == before
    private = [cluster.folder, cluster.data]
    assert [mode(folder) for folder in private] == [0o700] * 2
    assert mode(cluster.socket_folder) == SOCKET_MODE


def test_it_listens_on_a_private_socket_only_and_trusts_the_kernel_not_the_asker(cluster: Cluster) -> None:
    cluster.start()
    with psycopg.connect(cluster.app_url) as connection:
        settings = "SELECT current_setting('listen_addresses'), current_setting('unix_socket_permissions')"
        assert connection.execute(settings).fetchone() == ("", "0777" if AS_ROOT else "0700")
    assert {mode(folder) for folder in (cluster.socket_folder, cluster.sequencer_socket)} == {SOCKET_MODE}
    assert (cluster.data / "pg_hba.conf").read_text() == "local all all peer map=teleward\n"
    with pytest.raises(psycopg.OperationalError, match=r"[Pp]eer authentication failed"):
        psycopg.connect(host=str(cluster.socket_folder), user="postgres", dbname="teleward")


def test_the_three_roles_have_no_special_rights(cluster: Cluster) -> None:
    cluster.start()
    rights = """
        SELECT rolname, rolsuper, rolcreatedb, rolcreaterole
        FROM pg_roles WHERE rolname = ANY (%s) ORDER BY 1
    """
    with psycopg.connect(cluster.app_url) as connection:
        known = [roles.APP, roles.OWNER, roles.SEQUENCER]
        found = connection.execute(rights, [known]).fetchall()
        assert found == [(role, False, False, False) for role in known]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (n integer)")


def test_pages_have_checksums_and_names_sort_the_same_everywhere(cluster: Cluster) -> None:
    cluster.start()
    with psycopg.connect(cluster.app_url) as connection:
        locale = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'teleward'"
        assert connection.execute(locale).fetchone() == ("b", "C.UTF-8")
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)


def test_as_root_it_runs_as_somebody_else_and_as_anybody_else_it_runs_as_them(cluster: Cluster) -> None:
    cluster.start()
    pid = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
    runs_as = Path(f"/proc/{pid}").stat().st_uid
    assert runs_as == cluster.account.uid
    assert runs_as != 0


def test_who_seals_the_ledger_becomes_the_sequencer_and_nobody_else(cluster: Cluster) -> None:
    cluster.start()
    rules = (cluster.data / "pg_ident.conf").read_text().splitlines()
    theirs = [rule.split()[-1] for rule in rules if f'"{cluster.sealing.name}"' in rule]
    everything = [roles.SUPER, roles.OWNER, roles.APP, roles.SEQUENCER]
    assert theirs == ([roles.SEQUENCER] if AS_ROOT else everything)
    with psycopg.connect(cluster.sequencer_url) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (roles.SEQUENCER,)


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(place: Path) -> None:
    deep = place / ("long" * 30)
    deep.mkdir(mode=0o711)
    deep.chmod(0o711)
    cluster = Cluster(folder=deep / "database")
    cluster.start()
    try:
        assert len(os.fsencode(cluster.socket_folder)) < 90
        assert mode(cluster.socket_folder) == SOCKET_MODE
        with psycopg.connect(cluster.app_url) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (roles.APP,)
    finally:
        cluster.stop()
        for folder in {cluster.socket_folder, cluster.sequencer_socket}:
            shutil.rmtree(folder)


def test_a_short_socket_folder_made_by_somebody_else_is_not_used(place: Path) -> None:
    deep = place / ("long" * 30)
    deep.mkdir()
    deep.chmod(0o711)
    cluster = Cluster(folder=deep / "database")
    cluster.socket_folder.symlink_to(place)
    try:
        with pytest.raises(CannotContinue, match="Move it away"):
            cluster.start()
    finally:
        cluster.socket_folder.unlink()


def test_a_home_that_the_database_may_not_enter_is_named(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    stranger = Account(name="stranger", uid=54321, gid=54321)
    assert barred_at(closed / "home", stranger) == closed
    assert barred_at(place / "home", stranger) is None


def test_programs_that_the_account_cannot_reach_are_copied_beside_the_data(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    hidden = closed / "installation"
    hidden.symlink_to(binaries.find_binaries().parent)
    account = database_account(place / "database")
    beside = place / "database"
    beside.mkdir()
    os.chown(beside, account.uid, account.gid)
    found = binaries.runnable_binaries(hidden / "bin", account=account, beside=beside)
    assert (found / "postgres").exists()
    assert found.is_relative_to(beside) == account.switches
    assert mode(closed) == 0o700
