"""Writes `teleward/records/fhir/r4/`, and a file of `profiles/`, from the published definitions.

`python -m architecture.fhir <the npm package>`; see `definitions.py` for where it comes from.
"""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from architecture.fhir.definitions import Definitions
from architecture.fhir.files import every_file
from architecture.fhir.profiles import files
from architecture.fhir.writing import File
from architecture.rooms import ROOT

ROOM = ROOT / "teleward" / "records" / "fhir"
SEAL = ROOT / "architecture" / "fhir" / "written.txt"


def write(package: Path, room: Path) -> list[Path]:
    """Writes every file anew; returns which."""
    definitions = Definitions(package)
    found = [(room / "r4", new) for new in every_file(definitions)]
    found += [(room / "profiles", new) for new in files(definitions)]
    written = [_put(folder, new) for folder, new in found]
    for old in set((room / "r4").glob("*.py")) - set(written):
        old.unlink()
    ruff, names = [sys.executable, "-m", "ruff"], list(map(str, written))
    subprocess.run([*ruff, "check", "--silent", "--fix", *names], check=False)  # noqa: S603 - our own checker
    subprocess.run([*ruff, "format", "--quiet", *names], check=True)  # noqa: S603 - our own formatter
    return written


def seal(written: list[Path]) -> str:
    """One line per written file with its hash, so that a change by hand is seen without the package."""
    hashes = {path.relative_to(ROOM).as_posix(): sha256(path.read_bytes()).hexdigest() for path in written}
    return "".join(f"{hashed}  {path}\n" for path, hashed in sorted(hashes.items()))


def _put(folder: Path, new: File) -> Path:
    path = folder / f"{new.name}.py"
    path.write_text(new.text)
    return path


if __name__ == "__main__":
    SEAL.write_text(seal(write(Path(sys.argv[1]), ROOM)))
