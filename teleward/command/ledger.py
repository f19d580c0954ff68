"""`teleward ledger`: how the ledger stands, which key signs it, and whether all of it is as it was."""

import argparse
from pathlib import Path
from uuid import UUID

from teleward.command.house import inside, open_house


def add_to(names: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = names.add_parser("ledger", help="look after the ledger of who saw what")
    verbs = parser.add_subparsers(required=True, metavar="status|key|audit|erase|restore")
    status = verbs.add_parser("status", help="how many entries, and when they were sealed last")
    status.set_defaults(run=run_status)
    key = verbs.add_parser("key", help="print the public key, for witnesses and auditors")
    key.set_defaults(run=run_key)
    audit = verbs.add_parser(
        "audit", help="check every entry, leaf and signature; exits with 1 if any is wrong"
    )
    audit.add_argument(
        "--key", action="append", default=[], help="a public key that may have signed; may be repeated"
    )
    audit.set_defaults(run=run_audit)
    erase = verbs.add_parser("erase", help="empty what the entries about a patient say, for good")
    erase.add_argument("patient", type=UUID, help="the patient's id")
    erase.add_argument("--yes", action="store_true", help="do it; without this it only says what it would do")
    erase.set_defaults(run=run_erase)
    restore = verbs.add_parser(
        "restore", help="after a backup was brought back: what is missing, and the ways on"
    )
    restore.add_argument("--checkpoint", action="append", default=[], type=Path, metavar="FILE",
                         help="a signed checkpoint or proof kept elsewhere; may be repeated")  # fmt: skip
    ways = restore.add_mutually_exclusive_group()
    ways.add_argument("--from", dest="copy", metavar="URL", help="a newer copy of the database, as its owner")
    ways.add_argument("--new-origin", metavar="REASON", help="begin a new ledger that names the old one")
    restore.set_defaults(run=run_restore)


def run_status(_chosen: argparse.Namespace) -> int:
    """Say how it stands; the exit code is 1 when entries wait for a seal that does not come."""
    with open_house() as home:
        return int(inside("ledger_work").status(home))


def run_key(_chosen: argparse.Namespace) -> int:
    """Print the key."""
    with open_house() as home:
        return int(inside("ledger_work").key(home))


def run_audit(chosen: argparse.Namespace) -> int:
    """Check everything, with the rights of the tables' owner."""
    with open_house() as home:
        return int(inside("ledger_work").audit(home, chosen.key))


def run_erase(chosen: argparse.Namespace) -> int:
    """Erase, and say what stays."""
    with open_house():
        return int(inside("ledger_work").erase(chosen.patient, really=chosen.yes))


def run_restore(chosen: argparse.Namespace) -> int:
    """Say how the database stands against what was signed, and do what was asked."""
    with open_house() as home:
        return int(inside("ledger_restore").restore(home, chosen))
