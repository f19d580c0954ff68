"""`teleward sequencer`: gives the ledger's entries their place in the tree and signs it."""

import argparse
import os
import pwd
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import psycopg

from teleward.audit.formats.encodings import Malformed
from teleward.audit.formats.notes import Signer
from teleward.audit.operations.publishing import asking, known_witnesses
from teleward.audit.operations.rounds import Rounds, connected
from teleward.audit.operations.sequencing import Diverged
from teleward.audit.witnessing.client import KnownWitness
from teleward.audit.witnessing.publisher import Publisher
from teleward.command.account import Account, make_private
from teleward.command.child import become, kept_alive, start_child, stop_child
from teleward.command.cluster import Cluster
from teleward.command.home import Home, open_home
from teleward.command.log_key import SIGNED, load_signer
from teleward.command.refusal import CannotContinue

URL = "TELEWARD_SEQUENCER_DATABASE_URL"
WITNESSES = "TELEWARD_WITNESSES"
KEPT = ("PATH", "PYTHONPATH", "SSL_CERT_FILE", WITNESSES)  # of the environment; no key of the pages
AGAIN, LATER = 2.0, 30.0  # seconds until the next try: the database was away; somebody has to look


def add_to(names: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = names.add_parser("sequencer", help="seal the ledger, where `teleward up` does not do it")
    parser.add_argument("--folder", type=Path, help="where the key lies; default: sequencer/ in the home")
    parser.add_argument("--account", default="", help="become this account before the key is opened")
    parser.add_argument("--host", default="localhost", help="name of the practice's server, for a new key")
    parser.add_argument("--interval", type=float, default=1.0, help="seconds between two checkpoints (1)")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> NoReturn:
    """Seal until a signal ends it. It, or the child that does the work, may be killed at any moment."""
    home = open_home()
    folder: Path = chosen.folder or home.sequencer
    url = os.environ.get(URL) or _embedded(home)
    if chosen.account:
        become(_account(chosen.account))
    signer = load_signer(folder, host=chosen.host)
    witnesses = _witnesses()
    _say(f"Sealing as {signer.vkey}")

    def work() -> None:
        with asking(url=url, witnesses=witnesses) as publisher:
            while True:
                _seal(url, signer, folder, publisher, chosen.interval)

    kept_alive(work, pause=AGAIN)


def _seal(url: str, signer: Signer, folder: Path, publisher: Publisher, interval: float) -> None:
    """Until something is in the way: says what, and waits."""
    try:
        with connected(url) as connection:
            rounds = Rounds(connection=connection, signer=signer, memory=folder / SIGNED, interval=interval)
            rounds.published = lambda _connection: publisher.wake()
            if rounds.begin():
                rounds.for_ever()
        time.sleep(AGAIN)
    except Diverged as trouble:
        _say(f"Nothing is signed any more. {trouble}")
        time.sleep(LATER)
    except psycopg.OperationalError:
        _say("The database does not answer.")
        time.sleep(AGAIN)


def _witnesses() -> tuple[KnownWitness, ...]:
    try:
        return known_witnesses(told=os.environ.get(WITNESSES, ""))
    except Malformed as wrong:
        raise CannotContinue(f"{WITNESSES} is not a list of keys and addresses: {wrong}.") from wrong


def take_address() -> str | None:
    """Where the sequencer finds the database, taken out of our own environment: what serves pages forgets it.

    Empty for the embedded database; None where a real one was named, but none for the sequencer.
    """
    given = os.environ.pop(URL, "")
    return given or (None if os.environ.get("TELEWARD_DATABASE_URL") else "")


@contextmanager
def running(home: Home, *, told: str | None, origin: str) -> Iterator[None]:
    """The sequencer as a child, from the main thread; it ends with the block and with this process."""
    if told is None:
        print(f"Nobody seals the ledger here: {URL} is not set.", file=sys.stderr)
        yield
        return
    cluster = Cluster(folder=home.database)
    account, url = cluster.sealing, told or cluster.sequencer_url
    make_private(home.sequencer, account)
    place = ["--folder", str(home.sequencer), "--host", urlsplit(origin).hostname or "localhost"]
    other = ["--account", account.name] if account.switches else []
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment |= {"TELEWARD_HOME": str(home.folder), URL: url, "LC_ALL": "C.UTF-8"}
    with (home.sequencer / "log").open("ab") as log:
        command = [sys.executable, "-m", "teleward.command.main", "sequencer", *place, *other]
        child = start_child(command, output=log, environment=environment)
    try:
        yield
    finally:
        stop_child(child, signal.SIGTERM)


def _embedded(home: Home) -> str:
    cluster = Cluster(folder=home.database)
    if not cluster.is_running:
        raise CannotContinue(f"The database does not run. Start `teleward up`, or set {URL}.")
    return cluster.sequencer_url


def _account(name: str) -> Account:
    try:
        entry = pwd.getpwnam(name)
    except KeyError as missing:
        raise CannotContinue(f"This machine has no account named {name}.") from missing
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _say(sentence: str) -> None:
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime())} {sentence}", flush=True)
