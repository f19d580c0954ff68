"""`teleward blocklist`: passwords known to be stolen, from a list of the operator's."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from teleward.command.house import inside, open_house
from teleward.command.refusal import CannotContinue

CHUNK = 1 << 20
SAY_EVERY = 1_000_000  # lines


def add_to(names: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = names.add_parser("blocklist", help="refuse passwords that are known to be stolen")
    verbs = parser.add_subparsers(required=True, metavar="import")
    reading = verbs.add_parser("import", help="read a list in place of the one before")
    reading.add_argument("file", help="on each line a password, or SHA-1 as HASH or HASH:count; - for stdin")
    reading.add_argument("--lines", type=int, default=0, help="at most so many lines; needed for -")
    reading.add_argument(
        "--seen-at-least", type=int, default=1, metavar="N", help="leave out what was seen less often"
    )
    reading.add_argument(
        "--false-positives", type=float, default=0.0, metavar="SHARE", help="instead of the policy's"
    )
    reading.set_defaults(run=run_import)


def run_import(chosen: argparse.Namespace) -> int:
    """Read the list, and say how it went."""
    share = chosen.false_positives
    if share and not 0 < share < 1:
        raise CannotContinue("The share of false positives lies between 0 and 1, such as 0.00001.")
    with _opened(chosen) as (file, lines), open_house():
        print(
            inside("stolen_passwords").read(
                lines=_told(file), entries=lines, seen_at_least=chosen.seen_at_least, false_positives=share
            )
        )
    return 0


@contextmanager
def _opened(chosen: argparse.Namespace) -> Iterator[tuple[BinaryIO, int]]:
    if chosen.file == "-":
        if chosen.lines < 1:
            raise CannotContinue("Say how many lines come at most: --lines N.")
        yield sys.stdin.buffer, chosen.lines
        return
    path = Path(chosen.file)
    if not path.is_file():
        raise CannotContinue(f"There is no file {chosen.file}.")
    with path.open("rb") as file:
        yield file, chosen.lines or _count(path)


def _count(path: Path) -> int:
    """The lines of a file, the last one without an end too."""
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(CHUNK), b"")) + 1


def _told(file: BinaryIO) -> Iterator[bytes]:
    """The lines, with a word to the terminal every million."""
    for number, line in enumerate(file, start=1):
        if number % SAY_EVERY == 0:
            print(f"{number // SAY_EVERY} million lines read", file=sys.stderr, flush=True)
        yield line
