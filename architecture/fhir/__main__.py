"""Writes `teleward/records/fhir/r4/` from the published definitions.

`python -m architecture.fhir <the npm package>`; see `definitions.py` for where it comes from.
"""

import subprocess
import sys
from pathlib import Path

from architecture.fhir.definitions import Definitions
from architecture.fhir.files import every_file
from architecture.rooms import ROOT

TARGET = ROOT / "teleward" / "records" / "fhir" / "r4"


def write(package: Path, target: Path) -> None:
    """Writes every file of the target anew."""
    for old in target.glob("*.py"):
        old.unlink()
    for new in every_file(Definitions(package)):
        (target / f"{new.name}.py").write_text(new.text)
    ruff = [sys.executable, "-m", "ruff"]
    subprocess.run([*ruff, "check", "--silent", "--fix", str(target)], check=False)  # noqa: S603 - our own checker
    subprocess.run([*ruff, "format", "--quiet", str(target)], check=True)  # noqa: S603 - our own formatter


if __name__ == "__main__":
    write(Path(sys.argv[1]), TARGET)
