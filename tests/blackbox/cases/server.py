"""What happens to the server itself: nobody asks for it over HTTP, and it is in the ledger all the same."""

import shutil
import time
from pathlib import Path

from blackbox.case import Case, Kind
from blackbox.day import Day
from blackbox.ledger import whole_ledger

import teleward

PATIENCE = 30.0  # seconds


def nothing(_day: Day, _by: str) -> None:
    """It happened when the server started for the first time."""


def start_with_other_policies(day: Day, _by: str) -> None:
    """An operator changes a policy file and starts again."""
    house = day.clinic.folder / "house"
    shutil.copytree(Path(teleward.__file__).parent / "access" / "policies", house / "policies")
    with (house / "policies" / "0-forbid.cedar").open("a") as file:
        file.write("// Changed by the operator.\n")
    _mirror(Path(teleward.__file__).parent, house / "teleward", but={"access"})
    _mirror(Path(teleward.__file__).parent / "access", house / "teleward" / "access", but={"policies"})
    (house / "teleward" / "access" / "policies").symlink_to(house / "policies")
    day.clinic.up.stop()
    day.clinic.up.environment["PYTHONPATH"] = str(house)
    day.clinic.up.start()


def _mirror(source: Path, target: Path, *, but: set[str]) -> None:
    target.mkdir(parents=True)
    for each in source.iterdir():
        if each.name not in but | {"__pycache__"}:
            (target / each.name).symlink_to(each)


class Move:
    """The clock of the machine is set; done once the server has noticed."""

    def __init__(self, seconds: int, by_so_much: int) -> None:
        self.seconds, self.moved = seconds, by_so_much

    def __call__(self, day: Day, _by: str) -> None:
        day.clock.write_text(str(self.seconds))
        deadline = time.monotonic() + PATIENCE
        while not any(told.words.get("detail.moved") == str(self.moved) for told in whole_ledger(day)):
            assert time.monotonic() < deadline, f"nobody noticed {self.moved} seconds"
            time.sleep(0.2)


CASES = [
    Case(Kind.POLICY_CHANGE, "the first policies", "server", nothing,
         "access:policy:change done p-system HSYSADMIN", detail={"via": "job"}),
    Case(Kind.POLICY_CHANGE, "other policies than last time", "server", start_with_other_policies,
         "access:policy:change done p-system HSYSADMIN", detail={"via": "job"}),
    Case(Kind.CLOCK_CHANGE, "forward", "server", Move(90, 90),
         "audit:clock:change done p-system HCOMPL", detail={"detail.moved": "90"}),
    Case(Kind.CLOCK_CHANGE, "and back", "server", Move(0, -90),
         "audit:clock:change done p-system HCOMPL", detail={"detail.moved": "-90"}),
]  # fmt: skip
