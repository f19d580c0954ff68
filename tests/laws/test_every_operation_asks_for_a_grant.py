"""Nothing outside a room calls its operations and queries without the proof that a gate was passed."""

from pathlib import Path

import pytest

from architecture.asks import Breach, breaches
from architecture.syntax import read


def test_every_operation_and_query_asks_for_a_grant_and_covers_it_first() -> None:
    assert list(breaches(read())) == []


VIEW = "from teleward.consult.operations.notes import read_note\n"
COVERED = "def read_note(*, grant):\n    grant.must_cover(1)\n    return Note.objects.get()\n"
PLACE = "teleward.consult.operations.notes.read_note"
NO_GRANT = "is used outside its room's operations and queries, but asks for no keyword-only grant"
LATE = "does not cover its grant before it reaches for data"


def _breaches(tmp_path: Path, **sources: str) -> list[Breach]:
    files = {"consult/operations/notes": sources["operation"], "consult/views": sources.get("view", VIEW)}
    for name, source in files.items():
        path = tmp_path / "teleward" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return list(breaches(read(tmp_path / "teleward")))


def test_an_operation_that_asks_and_covers_passes(tmp_path: Path) -> None:
    assert _breaches(tmp_path, operation=COVERED) == []


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ("def read_note(*, note): ...", NO_GRANT),
        ("def read_note(grant): ...", NO_GRANT),
        ("def read_note(*, grant):\n    return Note.objects.get()", LATE),
        ("def read_note(*, grant):\n    Note.objects.get()\n    grant.must_cover(1)", LATE),
        ("def read_note(*, grant):\n    rows(ALL, [])\n    grant.must_cover(1)", LATE),
        ("def read_note(*, grant):\n    return Note.objects.filter(patient=whose(grant))", LATE),
        ("def read_note(*, grant):\n    other.must_cover(1)", LATE),
    ],
)
def test_an_operation_that_does_not_ask_or_covers_late_is_caught(
    tmp_path: Path, operation: str, fault: str
) -> None:
    assert _breaches(tmp_path, operation=operation) == [Breach(PLACE, fault)]


@pytest.mark.parametrize(
    "view",
    [
        "from teleward.consult.operations import notes\nnotes.read_note()",
        "from teleward.consult import operations\noperations.read_note()",
        "from .operations.notes import read_note as other",
        "import teleward.consult.operations.notes\nteleward.consult.operations.notes.read_note()",
        "import teleward.consult.operations.notes as work\nwork.read_note()",
        "def later():\n    from teleward.consult.operations.notes import read_note",
    ],
)
def test_it_is_caught_however_it_is_imported(tmp_path: Path, view: str) -> None:
    assert _breaches(tmp_path, operation="def read_note(): ...", view=view) == [Breach(PLACE, NO_GRANT)]


def test_inner_work_of_a_room_may_pass_rows_around_without_a_grant(tmp_path: Path) -> None:
    assert _breaches(tmp_path, operation="def read_note(row): ...", view="") == []


def test_a_function_may_say_why_it_needs_no_grant(tmp_path: Path) -> None:
    assert _breaches(tmp_path, operation='@without_grant("the way in")\ndef read_note(): ...') == []


BY_ITSELF = "def _all(grant):\n    return Note.objects.all()\ndef _two(grant):\n    return _all(grant), 2\n"
HANDS_ON = "def read_note(*, grant):\n    others(grant=grant)\n    return _two(grant)"


@pytest.mark.parametrize(
    ("operation", "is_caught"),
    [
        (BY_ITSELF + HANDS_ON, True),
        (BY_ITSELF + HANDS_ON.replace("return _two(grant)", "_two(grant)\n    grant.must_cover(1)"), True),
        (BY_ITSELF + HANDS_ON.replace("others(grant=grant)", "grant.must_cover(1)"), False),
        (BY_ITSELF.replace("return Note", "grant.must_cover(1)\n    return Note") + HANDS_ON, False),
    ],
    ids=["never", "late", "first", "inside"],
)
def test_who_hands_a_grant_on_covers_it_before_a_private_function_reaches_for_data(
    tmp_path: Path, operation: str, *, is_caught: bool
) -> None:
    assert _breaches(tmp_path, operation=operation) == ([Breach(PLACE, LATE)] if is_caught else [])


def test_a_function_may_hand_its_whole_grant_on(tmp_path: Path) -> None:
    assert _breaches(tmp_path, operation="def read_note(*, grant):\n    return other(grant=grant)") == []
