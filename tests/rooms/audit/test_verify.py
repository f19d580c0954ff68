"""What a patient took home is checked without the practice, without a network and without Teleward."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from rooms.audit.histories import History, cosigner, signer

from teleward.audit import verify
from teleward.kernel.ids import new_id

RFC_8032 = [  # section 7.1: public key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595b"
            "be24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb430"
            "2aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716e"
            "d28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_signatures_of_rfc_8032_hold_and_a_changed_bit_does_not(
    public: str, message: str, signature: str
) -> None:
    key, text, made = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert verify.ed25519_holds(key, made, text)
    assert not verify.ed25519_holds(key, made, text + b"!")
    for at in (0, 31, 32, 63):
        assert not verify.ed25519_holds(key, made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :], text)
    assert not verify.ed25519_holds(bytes(32), made, text)
    assert not verify.ed25519_holds(key, made[:63], text)
    more = (int.from_bytes(made[32:], "little") + verify.ORDER).to_bytes(32, "little")
    assert not verify.ed25519_holds(key, made[:32] + more, text)


@settings(max_examples=40, deadline=None)  # none of this is about time
@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=200))
def test_the_signatures_of_another_implementation_hold(seed: bytes, message: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public = key.public_key().public_bytes_raw()
    assert verify.ed25519_holds(public, key.sign(message), message)
    assert not verify.ed25519_holds(public, key.sign(message), message + b"\x00")


@pytest.fixture
def me() -> UUID:
    return new_id()


@pytest.fixture
def history(me: UUID) -> History:
    history = History()
    for number in range(11):
        history.write(me if number % 3 == 0 else new_id(), policy="p-appointment")
    return history


Save = Callable[[str], Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Writes a proof file and says where."""

    def write(text: str) -> Path:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.teleward-proof.json"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def of(history: History, me: UUID) -> list[Any]:
    return [entry for entry in history.entries if entry.patient == me]


def test_an_honest_file_holds_and_says_where_each_entry_stands(
    history: History, me: UUID, save: Save, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(history.file(of(history, me), history.witnessed()))
    assert verify.main([str(path)]) == 0
    told = capsys.readouterr().out
    assert (
        "Entry 1 (2026-11-22 10:01:00+00:00, access:patient:read, allow, TREAT) stands at place 1 of 11."
        in told
    )
    assert "Entry 4" in told
    assert "The witness witness.example/w1 saw this ledger on 2026-11-21 at 22:26 UTC." in told
    assert "compare it with the published one" in told
    assert signer().vkey in told
    assert verify.main([str(path), "--key", signer().vkey]) == 0
    assert "compare" not in capsys.readouterr().out


def test_without_a_witness_it_says_so(
    history: History, me: UUID, save: Save, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify.main([str(save(history.file(of(history, me), history.signed())))]) == 0
    assert "No witness has seen this ledger" in capsys.readouterr().out
    stranger = cosigner("somebody").vkey
    path = save(history.file(of(history, me), history.witnessed()))
    assert verify.main([str(path), "--witness", stranger]) == 0
    assert "No witness has seen this ledger" in capsys.readouterr().out


Change = Callable[[dict[str, Any]], object]
CHANGES: dict[str, tuple[Change, str]] = {
    "a word": (lambda e: e.update(body=e["body"].replace("read", "list")), "Entry 2 was changed"),
    "a number": (lambda e: e.update(number=9), "Entry 9 was changed"),
    "the salt": (lambda e: e.update(salt="A" * 22 + "=="), "Entry 2 was changed"),
    "the leaf before": (lambda e: e.update(previous="A" * 43 + "="), "Entry 2 was changed"),
    "the leaf of an erased entry": (
        lambda e: e.update(body="", salt="", leaf="A" * 43 + "="),
        "Entry 2 is not in the ledger that was signed",
    ),
    "the place": (
        lambda e: e.update(proof=e["proof"].replace("index 3", "index 2")),
        "Entry 2 is not in the",
    ),
    "the signature": (
        lambda e: e.update(proof=e["proof"].replace("\n11\n", "\n12\n")),
        "was not signed with",
    ),
    "half a file": (lambda e: e.pop("proof"), "a part of it is missing"),
    "a proof that is none": (lambda e: e.update(proof="hello"), "a part of it is missing"),
    "a letter that is none": (lambda e: e.update(leaf="Ä" * 44), "a part of it is missing"),
    "a leaf too short": (lambda e: e.update(leaf="AAAA"), "damaged"),
}


@pytest.mark.parametrize(("change", "told"), CHANGES.values(), ids=CHANGES)
def test_every_change_is_found_and_named(
    history: History, me: UUID, save: Save, capsys: pytest.CaptureFixture[str], change: Change, told: str
) -> None:
    file = json.loads(history.file(of(history, me), history.witnessed()))
    change(file["entries"][1])
    assert verify.main([str(save(json.dumps(file)))]) == 1
    assert told in capsys.readouterr().out


def test_entries_that_do_not_follow_one_another_are_found(
    history: History, me: UUID, save: Save, capsys: pytest.CaptureFixture[str]
) -> None:
    file = json.loads(history.file(of(history, me), history.signed()))
    erased = {"salt": "", "body": ""}
    file["entries"] = [entry | erased for entry in file["entries"]]
    file["entries"][2]["previous"] = file["entries"][0]["leaf"]
    assert verify.main([str(save(json.dumps(file)))]) == 1
    assert "Entry 3 does not follow entry 2" in capsys.readouterr().out
    file["entries"][2:] = [file["entries"][1]]
    assert verify.main([str(save(json.dumps(file)))]) == 1
    assert "Entry 2 is there twice" in capsys.readouterr().out


def test_a_file_may_hold_some_entries_some_erased_and_some_waiting(
    history: History, me: UUID, save: Save, capsys: pytest.CaptureFixture[str]
) -> None:
    file = json.loads(history.file(of(history, me), history.signed()))
    del file["entries"][1]
    file["entries"][0] |= {"salt": "", "body": ""}
    file["entries"][-1] |= {"proof": ""}
    assert verify.main([str(save(json.dumps(file)))]) == 0
    told = capsys.readouterr().out
    assert "Entry 1 (its words were erased or held back) stands at place 1 of 11." in told
    assert "Between entry 1 and entry 3 are others." in told
    assert "Entry 4 is new and not in the signed ledger yet" in told
    file["entries"] = file["entries"][-1:]
    assert verify.main([str(save(json.dumps(file)))]) == 1


def test_a_ledger_signed_with_another_key_than_the_published_one_is_refused(
    history: History, me: UUID, save: Save, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(history.file(of(history, me), history.witnessed()))
    assert verify.main([str(path), "--key", signer("stranger").vkey]) == 1
    assert "was not signed with the key" in capsys.readouterr().out
    assert verify.main([str(path), "--key", signer().vkey[:-1] + "A"]) == 1
    assert "a letter in it is wrong" in capsys.readouterr().out


def test_two_files_of_two_ledgers_are_evidence(
    history: History, me: UUID, save: Save, capsys: pytest.CaptureFixture[str]
) -> None:
    other = History(list(history.entries[:-1]))
    other.write(new_id())
    files = [save(one.file(of(one, me)[:3], one.signed())) for one in (history, other)]
    assert [verify.main([str(one)]) for one in files] == [0, 0]
    assert verify.main([str(one) for one in files]) == 1
    assert "practice.example/ledger has signed two different ledgers of 11 entries" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "other"}', "\x00", '{"format":"teleward-proof/v1"}']
)
def test_what_is_not_a_proof_file_proves_nothing(
    save: Save, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    assert verify.main([str(save(text))]) == 1
    assert "This is not a proof file" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_said_to_be_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify.main([str(tmp_path / "lost")]) == 1
    assert "No such file" in capsys.readouterr().out


def test_the_verifier_runs_alone_without_teleward_and_without_any_package(
    history: History, me: UUID, save: Save, tmp_path: Path
) -> None:
    path = save(history.file(of(history, me), history.witnessed()))
    alone = shutil.copy(verify.__file__, tmp_path / "alone.py")
    ran = subprocess.run(
        [sys.executable, "-I", "-S", alone, path], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.endswith("Everything that could be checked holds.\n")
