"""The witness as a process of its own, asked over HTTP by the ledger's own client and by a bare one."""

import hashlib
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

import pytest
from ground.processes import plain_environment
from rooms.audit.histories import signer
from rooms.audit.witness.service import NAME, Log, Service

from teleward.audit.formats.cosignatures import Cosigner, seen_at
from teleward.audit.formats.encodings import Malformed
from teleward.audit.formats.notes import Note, NotSigned
from teleward.audit.witnessing.client import KnownWitness, WitnessAway, WitnessRefused, latest_seen
from teleward.audit.witnessing.requests import MOST_BYTES
from teleward.command import main


def _status(url: str, body: bytes) -> tuple[int, str | None]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body), timeout=20) as answer:
            return answer.status, answer.headers["Content-Type"]
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers["Content-Type"]


def test_an_honest_log_grows_and_is_signed_every_time(witness: KnownWitness, origin: str) -> None:
    log, seen = Log(origin), 0
    for more in (1, 3, 300, 1):
        log.grow(more)
        lines = log.signed_by(witness, seen)
        note = str(Note.parse(log.note()).with_signatures(lines))
        assert seen_at(note=note, witness=witness.verifier) > 1_700_000_000
        seen = len(log.history.entries)
    latest = latest_seen(witness=witness, log=hashlib.sha256(origin.encode()).hexdigest())
    assert latest.startswith(f"{origin}\n305\n")


def test_a_rewritten_entry_signed_anew_with_the_true_key_is_422_and_the_honest_log_goes_on(
    service: Service, witness: KnownWitness, origin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    honest, false = Log(origin).grow(5), Log(origin).grow(4, action="access:patient:list")
    honest.signed_by(witness, 0, 3)
    with pytest.raises(WitnessRefused) as refused:
        false.signed_by(witness, 3, 4)
    assert refused.value.status == 422
    with pytest.raises(WitnessRefused) as refused:
        false.signed_by(witness, 3, 3)
    assert refused.value.status == 422
    assert honest.signed_by(witness, 3)
    capsys.readouterr()
    assert main.main([*service.words, "evidence"]) == 1
    told = capsys.readouterr().out
    assert told.count(f"The ledger {origin} contradicts itself") == 2
    assert false.note(4) in told
    assert honest.note(3) in told


def test_a_log_brought_back_from_an_old_copy_is_not_signed(witness: KnownWitness, origin: str) -> None:
    log = Log(origin).grow(6)
    log.signed_by(witness, 0)
    with pytest.raises(WitnessRefused, match="it has seen 6 entries, this ledger has 4") as refused:
        log.signed_by(witness, 0, 4)
    assert refused.value.status == 409
    with pytest.raises(WitnessRefused) as refused:
        log.signed_by(witness, 6, 4)
    assert refused.value.status == 400


def test_a_ledger_that_forgot_how_far_the_witness_saw_asks_once_more(
    witness: KnownWitness, origin: str
) -> None:
    log = Log(origin).grow(6)
    log.signed_by(witness, 0, 4)
    assert log.signed_by(witness, 0)
    assert log.signed_by(witness, 2)


def test_strangers_and_noise_get_the_answers_of_the_specification(
    service: Service, witness: KnownWitness
) -> None:
    url = f"{service.url}/add-checkpoint"
    unknown = Log("nobody.example").grow(1)
    assert _status(url, b"hello")[0] == 400
    assert _status(url, f"old 0\n\n{unknown.note()}".encode())[0] == 404
    assert _status(url, b"x" * (MOST_BYTES + 1))[0] == 413
    assert _status(f"{service.url}/elsewhere", b"")[0] == 404
    with pytest.raises(WitnessRefused, match="404"):
        unknown.signed_by(witness, 0)
    assert latest_seen(witness=witness, log="00" * 32) == ""
    with urllib.request.urlopen(service.url, timeout=20) as about:
        assert witness.vkey in about.read().decode()


def test_the_size_in_a_conflict_has_its_own_content_type(witness: KnownWitness, origin: str) -> None:
    log = Log(origin).grow(3)
    log.signed_by(witness, 0, 2)
    body = f"old 0\n\n{log.note()}".encode()
    assert _status(f"{witness.url}/add-checkpoint", body) == (409, "text/x.tlog.size")


def test_of_requests_at_the_same_moment_none_takes_the_log_back(witness: KnownWitness, origin: str) -> None:
    log = Log(origin).grow(20)
    log.signed_by(witness, 0, 1)

    def ask(size: int) -> None:
        body = "\n".join(["old 1", *_base64(log.history.consistency(1, size)), "", log.note(size)])
        answers.append(_status(f"{witness.url}/add-checkpoint", body.encode())[0])

    answers: list[int] = []
    threads = [threading.Thread(target=ask, args=(size,)) for size in range(2, 12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, *[409] * 9]


def _base64(path: Sequence[bytes]) -> list[str]:
    return [b64encode(one).decode() for one in path]


def test_a_witness_killed_at_any_moment_remembers_what_it_signed(tmp_path: Path, origin: str) -> None:
    service, log = Service(tmp_path / "killed").make(), Log(origin).grow(4)
    assert main.main([*service.words, "add-log", signer(name=origin).vkey]) == 0
    service.start()
    log.signed_by(service.known, 0, 2)
    service.kill()
    with pytest.raises(WitnessAway):
        log.signed_by(service.known, 2)
    service.start()
    try:
        with pytest.raises(WitnessRefused, match="422"):
            Log(origin).grow(4, action="x").signed_by(service.known, 2)
        assert log.signed_by(service.known, 2)
    finally:
        service.kill()


def test_a_witness_that_lost_its_memory_does_not_serve(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service = Service(tmp_path / "lost").make()
    assert (tmp_path / "lost/key").stat().st_mode & 0o077 == 0
    (tmp_path / "lost/memory.sqlite3").unlink()
    assert main.main([*service.words, "serve"]) == 1
    assert "one that forgot could sign a second history" in capsys.readouterr().err


def test_a_witness_without_a_key_or_a_name_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service = Service(tmp_path / "new")
    told = []
    for words in (["serve"], ["key"], ["key", "--name", "with space"]):
        assert main.main([*service.words, *words]) == 1
        told.append(capsys.readouterr().err)
    assert "teleward witness key --name" in told[0]
    assert "Say how the witness is called" in told[1]
    assert "Say how the witness is called" in told[2]
    service.make()
    first = capsys.readouterr().out
    assert first.startswith(f"{NAME}+")
    assert main.main([*service.words, "key"]) == 0
    assert capsys.readouterr().out == first == f"{service.known.vkey}\n"
    assert main.main([*service.words, "add-log", "hello"]) == 1
    assert "not the public key of a ledger" in capsys.readouterr().err
    assert main.main([*service.words, "evidence"]) == 0
    assert capsys.readouterr().out == "0 contradictions were seen.\n"


def test_the_answer_of_another_key_is_not_believed(
    witness: KnownWitness, origin: str, somebody: Cosigner
) -> None:
    log, other = Log(origin).grow(2), KnownWitness(witness.url, somebody.vkey)
    with pytest.raises(WitnessAway, match="not signed by its key"):
        log.signed_by(other, 0)
    with pytest.raises(NotSigned):
        latest_seen(witness=other, log=hashlib.sha256(origin.encode()).hexdigest())


@pytest.mark.parametrize("told", ["", "hello", "hello https://w.example", "{vkey} ftp://w.example", "{vkey}"])
def test_a_witness_is_named_by_its_key_and_its_address(witness: KnownWitness, told: str) -> None:
    with pytest.raises(Malformed):
        KnownWitness.parse(told.replace("{vkey}", witness.vkey))
    assert KnownWitness.parse(f" {witness.vkey} {witness.url}/ ") == witness


WITHOUT_RIGHTS = """
import sys
from teleward.audit.witnessing.client import KnownWitness, cosigned
sys.path.clear(), sys.meta_path.clear(), sys.path_importer_cache.clear()
url, vkey, note = sys.argv[1:]
print(len(cosigned(witness=KnownWitness(url, vkey), note=note, seen=0, path=lambda old, new: ())))
"""


def test_a_process_that_gave_up_its_rights_and_can_load_nothing_still_reaches_its_witness(
    witness: KnownWitness, origin: str
) -> None:
    by_name = witness.url.replace("127.0.0.1", "localhost")
    command = [sys.executable, "-c", WITHOUT_RIGHTS, by_name, witness.vkey, Log(origin).grow(1).note()]
    ran = subprocess.run(command, env=plain_environment(), capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("1\n", "")
