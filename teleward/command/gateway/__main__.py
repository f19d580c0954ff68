"""`python -m teleward.command.gateway`: the same command without the rest of an installation in memory."""

import argparse
import sys

from teleward.command.gateway import add_to
from teleward.command.refusal import CannotContinue


def main() -> int:
    """Run `gateway …`; returns the exit code."""
    parser = argparse.ArgumentParser(prog="teleward")
    add_to(parser.add_subparsers(required=True, metavar="gateway"))
    chosen = parser.parse_args(["gateway", *sys.argv[1:]])
    try:
        return int(chosen.run(chosen))
    except CannotContinue as refusal:
        print(refusal, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
