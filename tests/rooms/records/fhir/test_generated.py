"""What is written from HL7's definitions is what lies here: nobody changed it, nothing is left over."""

from pathlib import Path

import pytest

from architecture.fhir.__main__ import ROOM, SEAL, seal
from architecture.fhir.definitions import PACKAGE, SHA256


def written() -> list[Path]:
    return [*sorted((ROOM / "r4").glob("*.py")), ROOM / "profiles" / "vital_signs.py"]


def test_every_written_file_is_as_it_was_written() -> None:
    assert seal(written()) == SEAL.read_text()


def test_every_written_file_names_the_definitions_it_was_written_from() -> None:
    files = [path for path in written() if path.name != "__init__.py"]
    assert len(files) > 50
    for path in files:
        assert f"{PACKAGE}, sha256 {SHA256[:16]}" in path.read_text(), path


def test_a_change_by_hand_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("architecture.fhir.__main__.ROOM", tmp_path)
    (tmp_path / "r4").mkdir()
    changed = tmp_path / "r4" / "patient.py"
    changed.write_bytes((ROOM / "r4" / "patient.py").read_bytes())
    assert seal([changed]) in SEAL.read_text()
    changed.write_bytes(changed.read_bytes() + b"# by hand\n")
    assert seal([changed]) not in SEAL.read_text()
