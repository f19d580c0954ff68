"""Where the rooms lie on disk."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "teleward"


def rooms() -> list[str]:
    """The names of all rooms, in alphabetical order."""
    return sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


def python_files(room: str) -> Iterator[Path]:
    """Each Python module of a room, migrations left out."""
    for path in sorted((PACKAGE / room).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def templates(room: str) -> Iterator[Path]:
    """Each template of a room: pages and the texts of messages sent out."""
    for path in sorted((PACKAGE / room).glob("templates/**/*")):
        if path.suffix in {".html", ".txt"}:
            yield path


def name(path: Path) -> str:
    """The path as it is named from the top of the repository, with forward slashes."""
    return path.relative_to(ROOT).as_posix()
