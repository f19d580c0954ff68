"""`teleward user`: let somebody in, or end their access, from the server's own terminal."""

import argparse

from teleward.command.house import inside, open_house


def add_to(names: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = names.add_parser("user", help="invite staff, or end somebody's access")
    verbs = parser.add_subparsers(required=True, metavar="invite|deactivate")
    invite = verbs.add_parser("invite", help="make a new member of staff and print their way in")
    invite.add_argument("email")
    invite.add_argument("--name", required=True, help="as patients will read it")
    invite.add_argument(
        "--role", action="append", required=True, help="physician, nurse, reception, …; may be repeated"
    )
    invite.add_argument("--language", default="en", choices=["en", "de"])
    invite.add_argument(
        "--practice", default="", help="name of the practice; needed for the very first person"
    )
    invite.add_argument("--time-zone", default="Europe/Berlin", help="of a new practice")
    invite.set_defaults(run=run_invite)
    deactivate = verbs.add_parser("deactivate", help="end somebody's access within two seconds")
    deactivate.add_argument("email")
    deactivate.add_argument("--reason", required=True)
    deactivate.set_defaults(run=run_deactivate)


def run_invite(chosen: argparse.Namespace) -> int:
    """Invite, and print the link."""
    with open_house():
        inside("schema").migrate()
        print(inside("staff").invite(chosen))
    return 0


def run_deactivate(chosen: argparse.Namespace) -> int:
    """End the access, and say so."""
    with open_house():
        print(inside("staff").deactivate(email=chosen.email, reason=chosen.reason))
    return 0
