"""`teleward gateway`: at the patient's home, from their devices to their practice."""

import argparse
from pathlib import Path

from teleward.command.gateway import adding, forgetting, joining, running, status

VERBS = (joining, adding, running, status, forgetting)


def add_to(names: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = names.add_parser("gateway", help="at home: send the readings of a patient's own devices")
    parser.add_argument("--folder", type=Path, help="what it keeps; default: gateway/ in the home")
    verbs = parser.add_subparsers(required=True, metavar="pair|add|remove|run|status|forget")
    for verb in VERBS:
        verb.add_to(verbs)
