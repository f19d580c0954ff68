"""`teleward ledger restore`, once the house is open: compares, replays, or begins anew; never silently."""

import argparse
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg

from teleward.audit.formats.checkpoints import Checkpoint, opened
from teleward.audit.formats.encodings import Malformed
from teleward.audit.formats.notes import NotSigned, Verifier
from teleward.audit.formats.proofs import FIRST_LINE, TlogProof
from teleward.audit.operations.publishing import known_witnesses
from teleward.audit.operations.restoring import (
    BEHIND,
    WHOLE,
    Connection,
    NotReplayed,
    Standing,
    begin_anew,
    replay,
    standing,
)
from teleward.audit.witnessing.client import WitnessAway, latest_seen
from teleward.command.home import Home
from teleward.command.log_key import KEY, PUBLIC, SIGNED, load_signer, public_key
from teleward.command.refusal import CannotContinue

SAID = {
    WHOLE: "The ledger holds everything that is known to have been signed ({size} entries). Nothing to do.",
    BEHIND: "The ledger ends at entry {size}, but {known} were signed: it is an older copy.",
    "other": "The ledger does not hold what was signed: somebody changed it. Keep this database as it is.",
}
WAYS = """Two ways on (docs/how-to/restore-the-ledger.md):
  teleward ledger restore --from URL            bring what is missing from a newer copy
  teleward ledger restore --new-origin REASON   begin a new ledger that names this one"""


def restore(home: Home, chosen: argparse.Namespace) -> int:
    """Compare; then replay or begin anew, where asked. 0 when all is well at the end."""
    old = public_key(home.sequencer)
    if not old:
        raise CannotContinue(
            f"There is no key in {home.sequencer}: bring the folder back from your copy first."
        )
    known = list(_known(home, Verifier.from_vkey(old), chosen.checkpoint))
    with _connected(os.environ["TELEWARD_OWNER_DATABASE_URL"]) as connection:
        stands = standing(connection=connection, known=known)
        print(SAID[stands.state].format(size=stands.size, known=stands.known.size if stands.known else 0))
        if stands.state != WHOLE and chosen.new_origin:
            return _begin(home, stands, old, chosen.new_origin)
        if stands.state == BEHIND and chosen.copy:
            return _replay(connection, chosen.copy, stands)
    if stands.state != WHOLE:
        print(WAYS)
    return 0 if stands.state == WHOLE else 1


def _known(home: Home, key: Verifier, files: list[Path]) -> Iterator[Checkpoint]:
    """What the sequencer remembers, what witnesses have seen, and what was kept in files."""
    if (home.sequencer / SIGNED).exists():
        yield Checkpoint.parse((home.sequencer / SIGNED).read_text())
    log = hashlib.sha256(key.name.encode()).hexdigest()
    for witness in known_witnesses(told=os.environ.get("TELEWARD_WITNESSES", "")):
        try:
            note = latest_seen(witness=witness, log=log)
        except (WitnessAway, NotSigned) as trouble:
            raise CannotContinue(
                f"The witness {witness.verifier.name} did not answer: {trouble}."
            ) from trouble
        if note:
            print(f"The witness {witness.verifier.name} has seen {Checkpoint.parse(note).size} entries.")
            yield opened(note=note, verifier=key)
    for file in files:
        yield _from_file(file, key)


def _from_file(file: Path, key: Verifier) -> Checkpoint:
    try:
        text = file.read_text()
        return opened(
            note=TlogProof.parse(text).checkpoint if text.startswith(FIRST_LINE) else text, verifier=key
        )
    except (OSError, Malformed, NotSigned) as trouble:
        raise CannotContinue(
            f"{file} holds no checkpoint that this ledger's key has signed: {trouble}."
        ) from trouble


def _replay(connection: Connection, url: str, stands: Standing) -> int:
    assert stands.known  # noqa: S101 - a ledger is behind something
    try:
        with _connected(url) as copy:
            count = replay(connection=connection, copy=copy, known=stands.known)
    except NotReplayed as trouble:
        raise CannotContinue(f"{trouble} Nothing was changed.") from trouble
    print(f"{count} entries were brought back; the tree is the one that was signed. Start Teleward.")
    return 0


def _begin(home: Home, stands: Standing, old: str, reason: str) -> int:
    """The old key and what it signed are put aside, a new one is made, and the entry that says so written."""
    origin = old.split("+", maxsplit=1)[0]
    aside = home.sequencer / f"before-{origin.rpartition('/')[2]}"
    aside.mkdir(mode=0o700)
    for name in (KEY, PUBLIC, SIGNED):
        if (home.sequencer / name).exists():
            (home.sequencer / name).rename(aside / name)
    signer = load_signer(home.sequencer, host=origin.partition("/")[0])
    _belong_to_its_owner(home.sequencer)
    begin_anew(stands=stands, old=old, new=signer.vkey, reason=reason)
    print(f"A new ledger begins: {signer.vkey}")
    print(f"The old key lies in {aside}. Give the new one to your witnesses, and tell your patients.")
    print("Their pages will say that the ledger's name has changed, until they agree to the new one.")
    return 0


def _connected(url: str) -> Connection:
    return psycopg.connect(url, autocommit=True)


def _belong_to_its_owner(folder: Path) -> None:
    """What root has made here is for the account that seals."""
    owner = folder.stat()
    for path in folder.rglob("*") if os.geteuid() == 0 else ():
        os.chown(path, owner.st_uid, owner.st_gid)
