"""Every environment variable the product reads, with what it is for."""

import re
import tomllib

from architecture.rooms import PACKAGE, ROOT
from architecture.tables import code, table

WORDS = ROOT / "architecture" / "pages" / "settings.toml"
VARIABLE = re.compile(r"\bTELEWARD_[A-Z][A-Z0-9_]*[A-Z]\b")
HEAD = """# Settings

Everything that differs between two installations is an environment variable. `teleward up` makes what it
can make itself (secrets, the embedded database) and keeps it in `TELEWARD_HOME`, readable by its owner
only. Nothing has an unsafe default: a value that is missing and needed stops the start with a sentence.
"""


def read_by_the_code() -> set[str]:
    """The names of all variables that stand in the code."""
    return {found for path in PACKAGE.rglob("*.py") for found in VARIABLE.findall(path.read_text())}


def words() -> dict[str, dict[str, str]]:
    """What is said about each variable."""
    said: dict[str, dict[str, str]] = tomllib.loads(WORDS.read_text())
    return said


def write() -> str:
    """The page of all settings, by name."""
    rows = [[code(name), said["default"], said["for"]] for name, said in sorted(words().items())]
    return f"{HEAD}\n{table(['variable', 'unless set', 'what it is for'], rows)}\n"
