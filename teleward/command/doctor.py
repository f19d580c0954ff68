"""`teleward doctor`: what is well and what to do, one line each."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from teleward.command.house import inside, open_house


@dataclass(frozen=True)
class Finding:
    """The answer of one check. `advice` is empty when all is well."""

    about: str
    state: str
    advice: str = ""

    def __str__(self) -> str:
        mark = "ok  " if not self.advice else "look"
        return f"{mark} {self.about}: {self.state}" + (f" {self.advice}" if self.advice else "")


def add_to(names: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = names.add_parser("doctor", help="check the installation and say what to do")
    parser.set_defaults(run=run)


def run(_chosen: argparse.Namespace) -> int:
    """Check everything; the exit code is 1 when something needs a look."""
    with open_house() as home:
        findings: Iterator[Finding] = inside("checkup").examine(home)
        ill = 0
        for finding in findings:
            print(finding, flush=True)
            ill += bool(finding.advice)
    print("All is well." if not ill else f"{ill} of these need a look.")
    return 1 if ill else 0
