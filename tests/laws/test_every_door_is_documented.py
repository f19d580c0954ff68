"""Every public function behind a door says what it does, in a docstring of its own."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from architecture.rooms import PACKAGE, rooms
from architecture.syntax import Module, functions, read

DOORS = {"operations", "queries", "grants", "ledger", "live"}
ROOM_README_LINES = range(5, 41)


def _silent(modules: Iterable[Module]) -> Iterator[str]:
    for module in modules:
        if len(module.parts) > 1 and module.parts[1] in DOORS:
            for function in functions(module.tree):
                if not function.name.startswith("_") and not ast.get_docstring(function):
                    yield f"{module.dotted}.{function.name}"


def test_every_public_function_of_a_door_says_what_it_does() -> None:
    assert list(_silent(read())) == []


def test_a_silent_function_is_caught_and_a_private_one_may_be_silent(tmp_path: Path) -> None:
    source = 'def said():\n    """Says it."""\ndef silent(): ...\ndef _inner(): ...\n'
    planted = Module(tmp_path, "teleward.consult.operations.notes", ast.parse(source))
    assert list(_silent([planted])) == ["teleward.consult.operations.notes.silent"]


def _rooms_without_a_short_readme(package: Path, names: Iterable[str]) -> Iterator[str]:
    for room in names:
        readme = package / room / "README.md"
        lines = readme.read_text().splitlines() if readme.exists() else []
        if len(lines) not in ROOM_README_LINES:
            yield room


def test_every_room_has_a_short_readme() -> None:
    assert list(_rooms_without_a_short_readme(PACKAGE, rooms())) == []


def test_a_room_without_a_readme_or_with_a_long_one_is_caught(tmp_path: Path) -> None:
    for room, lines in (("fine", 10), ("wordy", 80)):
        (tmp_path / room).mkdir()
        (tmp_path / room / "README.md").write_text("line\n" * lines)
    assert list(_rooms_without_a_short_readme(tmp_path, ["bare", "fine", "wordy"])) == ["bare", "wordy"]
