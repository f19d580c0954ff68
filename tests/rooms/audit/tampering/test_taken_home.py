"""The file that the patient's page hands out, checked at home by the stand-alone verifier."""

from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from rooms.audit.conftest import entry_about
from rooms.audit.histories import cosigner

from teleward.audit import queries, verify
from teleward.audit.formats.notes import Note, Signer
from teleward.audit.ledger import append
from teleward.audit.operations.rounds import Rounds
from teleward.trust.queries.proofs import _file


def _taken(patient: UUID, path: Path) -> Path:
    path.write_text(_file(queries.of_patient(patient=patient), lambda entry: entry.is_erased))
    return path


def test_what_the_page_hands_out_holds_at_home_until_somebody_changes_the_ledger(
    rounds: Rounds,
    owner_connection: psycopg.Connection,
    patient: UUID,
    signer: Signer,
    settings: object,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.WITNESS_KEYS = [cosigner().vkey]  # type: ignore[attr-defined]  # pytest-django's
    for about in (patient, None, patient, patient):
        append(entry=entry_about(about))
    rounds.go()
    append(entry=entry_about(patient))
    newest = queries.latest_checkpoint()
    assert newest
    line = cosigner().cosign(text=Note.parse(newest.note).text, at=1_795_300_000)
    owner_connection.execute("UPDATE audit_checkpoint SET cosignatures = %s", [line.line])
    honest = _taken(patient, tmp_path / "honest")
    assert verify.main([str(honest), "--key", signer.vkey]) == 0
    told = capsys.readouterr().out
    assert [f"Entry {number} (" in told for number in (1, 2, 3)] == [True] * 3
    assert "Entry 4 is new and not in the signed ledger yet" in told
    assert "The witness witness.example/w1 saw this ledger" in told
    owner_connection.execute("ALTER TABLE audit_event DISABLE TRIGGER ALL")
    owner_connection.execute("UPDATE audit_event SET body = replace(body, 'TREAT', 'HPAYMT') WHERE pn = 2")
    assert verify.main([str(_taken(patient, tmp_path / "later")), "--key", signer.vkey]) == 1
    assert "Entry 2 was changed" in capsys.readouterr().out
    assert verify.main([str(honest), "--key", signer.vkey]) == 0
