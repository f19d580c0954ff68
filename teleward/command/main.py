"""`teleward`: the commands of an installation."""

import argparse
import sys
from collections.abc import Sequence

from teleward.command import blocklist, doctor, gateway, ledger, policy, sequencer, up, user, verify, witness
from teleward.command.refusal import CannotContinue

COMMANDS = (up, doctor, user, blocklist, ledger, policy, sequencer, verify, witness, gateway)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="teleward", description="Telehealth that a patient can check.")
    names = parser.add_subparsers(required=True, metavar="command")
    for command in COMMANDS:
        command.add_to(names)
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except CannotContinue as refusal:
        print(refusal, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
