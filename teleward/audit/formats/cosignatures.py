"""Cosignatures (C2SP tlog-cosignature, Ed25519): a witness saw this checkpoint, and when.

Signed are `cosignature/v1`, `time <seconds since 1970>` and the text of the checkpoint; the line under the
note holds the time as 8 bytes before the 64 of the signature.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from teleward.audit.formats.encodings import Malformed
from teleward.audit.formats.notes import COSIGNATURE, Note, Signature, Verifier, checked_name

TIME_BYTES = 8
LATEST = 2**63 - 1


@dataclass(frozen=True)
class Cosigner:
    """A witness's name and private key. One key serves one name: the message does not say the name."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """What others need to check our cosignatures."""
        return Verifier(checked_name(self.name), self.key.public_key().public_bytes_raw(), COSIGNATURE)

    @property
    def vkey(self) -> str:
        """The verifier as one line that a person can copy."""
        return self.verifier.vkey

    def cosign(self, *, text: str, at: int) -> Signature:
        """The cosignature of a checkpoint's text; `at` in whole seconds since 1970."""
        value = at.to_bytes(TIME_BYTES, "big") + self.key.sign(_message(text, at))
        return Signature(self.name, self.verifier.key_id, value)


def witness_of(vkey: str) -> Verifier:
    """The witness's verifier from its key on one line. Raises Malformed."""
    return Verifier.from_vkey(vkey, COSIGNATURE)


def seen_at(*, note: str, witness: Verifier) -> int:
    """When the witness cosigned the note, in seconds since 1970; the latest of several lines.

    Raises Malformed, NotSigned.
    """
    read = Note.parse(note)
    return max(_checked(witness, signature, read.text) for signature in witness.of(read))


def cosignatures_in(*, answer: str) -> tuple[Signature, ...]:
    """The lines of a witness's answer; nothing is verified. Raises Malformed."""
    if not answer.endswith("\n"):
        raise Malformed("the last line of the answer is not ended")
    return tuple(Signature.parse(line) for line in answer.removesuffix("\n").split("\n"))


def _checked(witness: Verifier, signature: Signature, text: str) -> int:
    at = int.from_bytes(signature.value[:TIME_BYTES], "big")
    if at > LATEST:
        raise Malformed("a cosignature from beyond time")
    witness.verify(signature=signature.value[TIME_BYTES:], message=_message(text, at))
    return at


def _message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()
