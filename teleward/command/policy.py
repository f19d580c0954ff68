"""`teleward policy`: why an access was decided, whether the cases hold, what a change would change."""

import argparse
from pathlib import Path
from uuid import UUID

from teleward.command.house import inside, open_house

DAYS = 90


def add_to(names: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = names.add_parser("policy", help="explain decisions, test and compare the access policies")
    verbs = parser.add_subparsers(required=True, metavar="explain|test|diff")
    explain = verbs.add_parser("explain", help="why was this allowed or refused?")
    explain.add_argument("entry", type=UUID, help="id of the entry in the ledger")
    explain.add_argument("--language", default="en", choices=["en", "de"])
    explain.set_defaults(run=run_explain)
    test = verbs.add_parser("test", help="ask the policies every case")
    test.add_argument("--policies", type=Path, help="a folder with other policies (those in force)")
    test.add_argument("--cases", type=Path, help="a folder with other cases (those that come along)")
    test.set_defaults(run=run_test)
    diff = verbs.add_parser("diff", help="decide the past days again by other policies")
    diff.add_argument("policies", type=Path, help="a folder with *.cedar and schema.cedarschema")
    diff.add_argument("--days", type=int, default=DAYS, help=f"how far back ({DAYS})")
    diff.set_defaults(run=run_diff)


def run_explain(chosen: argparse.Namespace) -> int:
    """Print the explanation; 1 where the ledger has no such entry."""
    with open_house():
        return _say(inside("policy_review").explain(entry=chosen.entry, language=chosen.language))


def run_test(chosen: argparse.Namespace) -> int:
    """Print what does not hold; 1 where anything does not."""
    with open_house():
        return _say(inside("policy_review").test(policies=chosen.policies, folder=chosen.cases))


def run_diff(chosen: argparse.Namespace) -> int:
    """Print what would change; 1 where anything would."""
    with open_house():
        return _say(inside("policy_review").diff(policies=chosen.policies, days=chosen.days))


def _say(told: tuple[list[str], bool]) -> int:
    lines, is_well = told
    print(*lines, sep="\n")
    return 0 if is_well else 1
