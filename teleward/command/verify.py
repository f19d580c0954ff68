"""`teleward verify`: what a patient took home, checked offline; needs neither database nor settings."""

import argparse

from teleward.audit import verify


def add_to(names: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = names.add_parser("verify", help="check a proof file that a patient downloaded, offline")
    verify.add_arguments(parser)
    parser.set_defaults(run=verify.run)
