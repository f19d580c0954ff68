"""Notes, checkpoints, cosignatures and proofs against answers that others published."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from teleward.audit.formats.checkpoints import Checkpoint, opened, origin_of
from teleward.audit.formats.cosignatures import Cosigner, cosignatures_in, seen_at, witness_of
from teleward.audit.formats.encodings import Malformed, to_base64, to_number
from teleward.audit.formats.notes import Note, NotSigned, Signer, Verifier
from teleward.audit.formats.proofs import TlogProof

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[2] / "vectors/ledger.json").read_text())

# Go's golang.org/x/mod/sumdb/note: the keys and the note of its documentation
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SEED = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETERS_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6Ryy"
    "BwJnAM=\n"
)
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
# C2SP signed-note, "Verifier keys"
FOO = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
FOOS_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu7"
    "2IneyaQM=\n"
)
# a checkpoint of a public certificate log of 2026, cosigned by a public witness
ARCHE = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
REMORA = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
ARCHES_NOTE = (
    "arche2025h1.staging.ct.transparency.dev\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n"
    "— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urb"
    "llzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=\n"
    "— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75"
    "MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
    "— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU"
    "/zZ0WBxtqB0DrAWfBw==\n"
)


def key_of(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(VECTORS[seed]))


@pytest.mark.parametrize("vkey", [PETER, ENOCH, FOO, ARCHE, VECTORS["log_vkey"]])
def test_a_key_is_read_and_written_as_others_write_it(vkey: str) -> None:
    assert Verifier.from_vkey(vkey).vkey == vkey


@pytest.mark.parametrize("vkey", [REMORA, VECTORS["witness_vkey"]])
def test_so_is_a_witnesss(vkey: str) -> None:
    assert witness_of(vkey).vkey == vkey


@pytest.mark.parametrize("at", range(0, len(PETER), 3))
def test_a_key_with_a_slip_in_it_is_refused(at: int) -> None:
    with pytest.raises(Malformed):
        Verifier.from_vkey(PETER[:at] + chr(ord(PETER[at]) + 1) + PETER[at + 1 :])


@pytest.mark.parametrize(
    "vkey",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",  # from Go's own test
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  # from Go's own test
        REMORA,
        "",
        "PeterNeumann",
    ],
)
def test_a_key_of_another_kind_or_length_is_refused(vkey: str) -> None:
    with pytest.raises(Malformed):
        Verifier.from_vkey(vkey)


@pytest.mark.parametrize(("note", "vkey"), [(PETERS_NOTE, PETER), (FOOS_NOTE, FOO), (ARCHES_NOTE, ARCHE)])
def test_notes_of_others_are_verified(note: str, vkey: str) -> None:
    assert Verifier.from_vkey(vkey).check(note) == note.rpartition("\n\n")[0] + "\n"
    assert str(Note.parse(note)) == note


def test_our_signature_is_byte_for_byte_that_of_gos_signer() -> None:
    seed = to_bytes(PETERS_SEED.split("+", 4)[4])[1:]
    signer = Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(seed))
    assert signer.vkey == PETER
    assert signer.sign(PETERS_NOTE.rpartition("\n\n")[0] + "\n") == PETERS_NOTE


def to_bytes(encoded: str) -> bytes:
    return Note.parse(f"x\n\n— x {encoded}\n").signatures[0].key_id + (
        Note.parse(f"x\n\n— x {encoded}\n").signatures[0].value
    )


def test_a_changed_text_or_a_strangers_key_is_not_signed() -> None:
    with pytest.raises(NotSigned, match="false"):
        Verifier.from_vkey(PETER).check(PETERS_NOTE.replace("your problem", "our problem"))
    with pytest.raises(NotSigned, match="no signature"):
        Verifier.from_vkey(ENOCH).check(PETERS_NOTE)


def test_a_false_line_in_a_known_name_spoils_the_note_and_an_unknown_one_does_not() -> None:
    note = Note.parse(PETERS_NOTE)
    (true,) = note.signatures
    stranger = Note.parse(FOOS_NOTE).signatures[0]
    assert Verifier.from_vkey(PETER).check(str(note.with_signatures([stranger]))) == note.text
    false = type(true)(true.name, true.key_id, bytes(64))
    with pytest.raises(NotSigned, match="false"):
        Verifier.from_vkey(PETER).check(str(note.with_signatures([false])))


@pytest.mark.parametrize(
    "whole",
    [
        "",
        "text\n",
        "text\n\nno dash x08g\n",
        "text\n\n— name\n",
        "text\n\n— name x08g\n",  # an id without a signature
        "text\n\n— na+me x08go/ZJ\n",
        "text\n\n— name x08go/ZJ",  # not ended
        "te\rxt\n\n— name x08go/ZJ\n",
        "text\n\n— name x08go/ZJkuB=\n",  # another spelling of the same bytes
        "text\n\n" + "— name x08go/ZJ\n" * 65,
    ],
)
def test_what_is_not_a_note_is_refused(whole: str) -> None:
    with pytest.raises(Malformed):
        Note.parse(whole)


def test_a_text_without_its_last_newline_is_not_signed() -> None:
    with pytest.raises(Malformed):
        Signer("a", key_of("log_key")).sign("text")


@pytest.mark.parametrize("known", VECTORS["checkpoints"], ids=lambda known: str(known["size"]))
def test_our_checkpoints_are_those_of_another_implementation(known: dict[str, Any]) -> None:
    signer = Signer(VECTORS["origin"], key_of("log_key"))
    cosigner = Cosigner(VECTORS["witness"], key_of("witness_key"))
    checkpoint = opened(note=known["note"], verifier=signer.verifier)
    assert (checkpoint.origin, checkpoint.size) == (VECTORS["origin"], known["size"])
    assert to_base64(checkpoint.root) == known["root"]
    note = signer.sign(checkpoint.text)
    assert note == known["note"]
    line = cosigner.cosign(text=checkpoint.text, at=VECTORS["at"])
    assert str(Note.parse(note).with_signatures([line])) == known["cosigned"]
    assert seen_at(note=known["cosigned"], witness=witness_of(VECTORS["witness_vkey"])) == VECTORS["at"]


def test_a_public_witness_saw_a_public_log_at_a_second() -> None:
    assert seen_at(note=ARCHES_NOTE, witness=witness_of(REMORA)) == 1779573024
    assert opened(note=ARCHES_NOTE, verifier=Verifier.from_vkey(ARCHE)).size == 1432088532


def test_a_cosignature_vouches_for_its_time_and_its_text() -> None:
    cosigner = Cosigner("w", key_of("witness_key"))
    text = Checkpoint("log", 1, bytes(32)).text
    later = cosigner.cosign(text=text, at=6)
    dated = type(later)(later.name, later.key_id, (7).to_bytes(8, "big") + later.value[8:])
    for note in (Note(text, (dated,)), Note(text.replace("log", "lag"), (later,))):
        with pytest.raises(NotSigned):
            seen_at(note=str(note), witness=cosigner.verifier)
    with pytest.raises(NotSigned):
        seen_at(note=PETERS_NOTE, witness=cosigner.verifier)
    with pytest.raises(Malformed, match="time"):
        seen_at(
            note=str(Note(text, (type(later)(later.name, later.key_id, b"\xff" * 72),))),
            witness=cosigner.verifier,
        )


def test_an_answer_of_a_witness_is_lines() -> None:
    lines = [Cosigner(name, key_of("witness_key")).cosign(text="a\n", at=1) for name in ("v", "w")]
    assert cosignatures_in(answer="".join(one.line for one in lines)) == tuple(lines)
    for answer in ("", "\n", lines[0].line.rstrip("\n"), "<html>\n"):
        with pytest.raises(Malformed):
            cosignatures_in(answer=answer)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n1\n",
        "\n1\n" + to_base64(bytes(32)) + "\n",
        "log\n01\n" + to_base64(bytes(32)) + "\n",
        "log\n-1\n" + to_base64(bytes(32)) + "\n",
        "log\n٣\n" + to_base64(bytes(32)) + "\n",
        "log\n9223372036854775808\n" + to_base64(bytes(32)) + "\n",
        "log\n1\n" + to_base64(bytes(31)) + "\n",
        "log\n1\n" + to_base64(bytes(32)),
    ],
)
def test_what_is_not_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        Checkpoint.parse(text)


def test_a_checkpoint_keeps_lines_it_does_not_know() -> None:
    text = "log\n0\n" + to_base64(sha256(b"").digest()) + "\nmore\n"
    assert Checkpoint.parse(text).extensions == ("more",)
    assert Checkpoint.parse(text).text == text
    assert origin_of(note=ARCHES_NOTE) == "arche2025h1.staging.ct.transparency.dev"


HASHES = (sha256(b"hash1").digest(), sha256(b"hash2").digest())


@pytest.mark.parametrize(  # from the tests of transparency-dev/formats, proof
    ("proof", "text"),
    [
        (
            TlogProof(5, HASHES, "test checkpoint\n"),
            f"index 5\n{to_base64(HASHES[0])}\n{to_base64(HASHES[1])}\n\ntest checkpoint\n",
        ),
        (
            TlogProof(10, HASHES[:1], "checkpoint data\n", b"extra information"),
            f"extra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 10\n{to_base64(HASHES[0])}\n\ncheckpoint data\n",
        ),
        (TlogProof(0, (), "checkpoint\n"), "index 0\n\ncheckpoint\n"),
    ],
)
def test_a_proof_is_written_and_read_as_others_do(proof: TlogProof, text: str) -> None:
    whole = f"c2sp.org/tlog-proof@v1\n{text}"
    assert str(proof) == whole
    assert TlogProof.parse(whole) == proof


@pytest.mark.parametrize(
    "whole",
    [
        "wrong-header\nindex 0\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nextra !!notbase64!!\nindex 0\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\n\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex notanumber\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex -5\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n!!notbase64!!\n\ncheckpoint\n",
        f"c2sp.org/tlog-proof@v1\nindex 0\n{to_base64(bytes(64))}\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + "a" * 65 * 1024 + "\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + f"{to_base64(bytes(32))}\n" * 64 + "\ncheckpoint\n",
    ],
)
def test_what_is_not_a_proof_is_refused(whole: str) -> None:
    with pytest.raises(Malformed):
        TlogProof.parse(whole)


def test_a_number_has_one_spelling() -> None:
    assert [to_number(text) for text in ("0", "7", "9223372036854775807")] == [0, 7, 2**63 - 1]
    for text in ("", "00", "+1", " 1", "1_0", "1e3"):
        with pytest.raises(Malformed):
            to_number(text)
