"""A witness signs what only grew, and keeps what contradicts itself."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rooms.audit.histories import ORIGIN, History, cosigner, signer

from teleward.audit.formats.cosignatures import cosignatures_in, seen_at
from teleward.audit.formats.encodings import Malformed
from teleward.audit.formats.notes import Note
from teleward.audit.witnessing.memory import Memory
from teleward.audit.witnessing.requests import AddCheckpoint
from teleward.audit.witnessing.witness import Answer, Witness
from teleward.kernel.ids import new_id

SPEC = (  # the example of C2SP tlog-witness
    "old 20852014\n"
    "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
    "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
    "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
    "\n"
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9"
    "nTo+zyWE+xeMcTOAYQ8=\n"
)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    memory = Memory(tmp_path / "memory.sqlite3")
    memory.watch(origin=ORIGIN, vkey=signer().vkey)
    yield memory
    memory.close()


@pytest.fixture
def witness(memory: Memory) -> Witness:
    return Witness(cosigner(), memory)


@pytest.fixture
def history() -> History:
    history, patient = History(), new_id()
    for _ in range(9):
        history.write(patient)
    return history


def asked(history: History, old: int, size: int, note: str = "") -> bytes:
    path = tuple(history.consistency(old, size)) if old <= size else ()
    return str(AddCheckpoint(old, path, note or history.signed(size))).encode()


def rewritten(history: History, at: int = 2) -> History:
    """The same number of entries, one of them others words, all signed anew with the true key."""
    other = History()
    for number, entry in enumerate(history.entries):
        other.write(entry.patient, **({"action": "access:patient:list"} if number == at else {}))
    return other


def test_the_example_of_the_specification_is_read_and_written_as_it_stands() -> None:
    request = AddCheckpoint.parse(SPEC.encode())
    assert (request.old, len(request.path)) == (20852014, 4)
    assert request.note.startswith("example.com/behind-the-sofa\n20852163\n")
    assert str(request) == SPEC


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 1\n\n",
        b"old 01\n\nx\n",
        b"old -1\n\nx\n",
        b"new 1\n\nx\n",
        b"old 1\nAAAA\n\nx\n",
        b"old 1\n" + b"A" * 43 + b"=\n" * 64 + b"\nx\n",
        b"old 1\n\n\xff\n",
    ],
)
def test_what_is_no_request_is_answered_with_400(witness: Witness, body: bytes) -> None:
    assert witness.add_checkpoint(body).status == 400


def test_an_honest_log_is_signed_from_its_first_checkpoint_on(witness: Witness, history: History) -> None:
    for old, size in ((0, 1), (1, 4), (4, 4), (4, 9)):
        answer = witness.add_checkpoint(asked(history, old, size))
        assert answer.status == 200
        note = Note(history.text(size), cosignatures_in(answer=answer.text))
        assert seen_at(note=str(note), witness=witness.cosigner.verifier) > 1_700_000_000
    assert seen_at(note=witness.latest(origin=ORIGIN), witness=witness.cosigner.verifier)
    assert witness.memory.evidence() == []


def test_whoever_does_not_know_how_far_we_saw_is_told(witness: Witness, history: History) -> None:
    witness.add_checkpoint(asked(history, 0, 4))
    for old in (0, 3, 5):
        assert witness.add_checkpoint(asked(history, old, 9)) == Answer(409, "4\n", "text/x.tlog.size")


def test_a_log_nobody_asked_us_to_watch_is_not_known(witness: Witness, history: History) -> None:
    stranger = signer("stranger", "stranger.example")
    note = stranger.sign(history.text(1, "stranger.example"))
    assert witness.add_checkpoint(asked(history, 0, 1, note)).status == 404


def test_only_the_logs_own_key_speaks_for_it(witness: Witness, history: History) -> None:
    forged = history.signed(1, by=signer("stranger"))
    assert witness.add_checkpoint(asked(history, 0, 1, forged)).status == 403
    true = Note.parse(history.signed(1))
    false = replace(true.signatures[0], value=bytes(64))
    for note in (Note(true.text, (false,)), true.with_signatures([false])):
        assert witness.add_checkpoint(asked(history, 0, 1, str(note))).status == 403
    both = true.with_signatures(Note.parse(forged).signatures)
    assert witness.add_checkpoint(asked(history, 0, 1, str(both))).status == 200
    assert witness.memory.evidence() == []


def test_a_second_key_of_a_log_may_sign_too(witness: Witness, history: History) -> None:
    witness.memory.watch(origin=ORIGIN, vkey=signer("next year").vkey)
    assert witness.add_checkpoint(asked(history, 0, 1)).status == 200
    later = history.signed(2, by=signer("next year"))
    assert witness.add_checkpoint(asked(history, 1, 2, later)).status == 200


def test_a_log_that_shrinks_is_refused(witness: Witness, history: History) -> None:
    witness.add_checkpoint(asked(history, 0, 9))
    assert witness.add_checkpoint(asked(history, 9, 4)).status == 400
    assert witness.add_checkpoint(asked(history, 4, 4)) == Answer(409, "9\n", "text/x.tlog.size")
    assert witness.add_checkpoint(asked(history, 9, 9)).status == 200


def test_a_rewritten_entry_signed_with_the_true_key_is_refused_and_kept(
    witness: Witness, history: History
) -> None:
    witness.add_checkpoint(asked(history, 0, 4))
    other = rewritten(history)
    request = asked(other, 4, 9)
    assert witness.add_checkpoint(request).status == 422
    (kept,) = witness.memory.evidence()
    assert kept.request == request.decode()
    assert kept.held == witness.latest(origin=ORIGIN)
    assert signer().verifier.check(AddCheckpoint.parse(kept.request.encode()).note)
    assert signer().verifier.check(kept.held)
    assert witness.add_checkpoint(asked(history, 4, 9)).status == 200


def test_two_ledgers_of_one_size_are_refused_and_kept_once(witness: Witness, history: History) -> None:
    witness.add_checkpoint(asked(history, 0, 4))
    for _ in range(3):
        assert witness.add_checkpoint(asked(rewritten(history), 4, 4)).status == 422
    assert len(witness.memory.evidence()) == 1


def test_a_fork_of_a_size_long_passed_is_kept_although_it_is_not_where_we_are(
    witness: Witness, history: History
) -> None:
    witness.add_checkpoint(asked(history, 0, 4))
    witness.add_checkpoint(asked(history, 4, 9))
    assert witness.add_checkpoint(asked(rewritten(history), 0, 4)).status == 409
    assert len(witness.memory.evidence()) == 1


def test_a_proof_where_none_is_asked_for_is_refused(witness: Witness, history: History) -> None:
    extra = str(AddCheckpoint(0, (bytes(32),), history.signed(1))).encode()
    assert witness.add_checkpoint(extra).status == 422


def test_an_empty_log_has_one_root(witness: Witness) -> None:
    for root, status in (("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", 200), ("A" * 43 + "=", 422)):
        note = signer().sign(f"{ORIGIN}\n0\n{root}\n")
        assert witness.add_checkpoint(str(AddCheckpoint(0, (), note)).encode()).status == status


def test_a_clock_set_back_does_not_sign_the_past(memory: Memory, history: History) -> None:
    told, clock = [], iter((1000, 900, 1001))
    witness = Witness(cosigner(), memory, seconds=lambda: next(clock))
    for old in (0, 1, 1):
        lines = cosignatures_in(answer=witness.add_checkpoint(asked(history, old, 1)).text)
        told.append(seen_at(note=str(Note(history.text(1), lines)), witness=witness.cosigner.verifier))
    assert told == [1000, 1000, 1001]


def test_what_was_begun_and_not_finished_is_forgotten(memory: Memory, history: History) -> None:
    def broken() -> int:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        Witness(cosigner(), memory, seconds=broken).add_checkpoint(asked(history, 0, 4))
    assert Witness(cosigner(), memory).add_checkpoint(asked(history, 0, 9)).status == 200


def test_a_witness_that_starts_again_remembers(tmp_path: Path, history: History) -> None:
    first = Memory(tmp_path / "memory.sqlite3")
    first.watch(origin=ORIGIN, vkey=signer().vkey)
    assert Witness(cosigner(), first).add_checkpoint(asked(history, 0, 4)).status == 200
    first.close()
    again = Witness(cosigner(), Memory(tmp_path / "memory.sqlite3"))
    assert again.add_checkpoint(asked(rewritten(history), 4, 9)).status == 422
    again.memory.close()


def test_a_request_with_a_checkpoint_that_is_none_is_malformed() -> None:
    with pytest.raises(Malformed):
        Note.parse(AddCheckpoint.parse(b"old 0\n\nx\n").note)
