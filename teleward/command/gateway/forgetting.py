"""`teleward gateway forget`: key, pairing and readings are gone from this computer."""

import argparse
import shutil

from teleward.command.gateway.folder import Folder, open_folder, settle
from teleward.command.gateway.spool import open_spool
from teleward.command.refusal import CannotContinue


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = verbs.add_parser("forget", help="remove key, pairing and readings from this computer")
    parser.add_argument("--even-unsent", action="store_true", help="also readings that were not sent")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """The pairing goes first: whatever happens then, nothing is sent with half of the rest."""
    folder = open_folder(chosen.folder)
    with folder.alone():
        if not chosen.even_unsent and (waiting := _waiting(folder)):
            raise CannotContinue(
                f"Readings that are not sent yet: {waiting}. Let `teleward gateway run` send them, or: "
                "teleward gateway forget --even-unsent"
            )
        for path in (folder.pairing, folder.key, folder.next_key, *folder.path.glob("spool.sqlite3*")):
            path.unlink(missing_ok=True)
        shutil.rmtree(folder.refused, ignore_errors=True)
        settle(folder.path)
    print("Forgotten. Tell the practice as well, so that they end the pairing.")
    return 0


def _waiting(folder: Folder) -> int:
    if not folder.spool.exists():
        return 0
    spool = open_spool(folder.spool)
    waiting = spool.waiting()
    spool.close()
    return waiting
