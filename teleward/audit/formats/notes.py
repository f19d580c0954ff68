"""Signed notes (C2SP signed-note): a text, an empty line, and a line for each signature.

text ending in a newline
(empty)
— name base64(key id || signature)

key id = SHA-256(name || 0x0A || kind || public key)[:4]
vkey   = name+hex(key id)+base64(kind || public key)
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from teleward.audit.formats.encodings import Malformed, from_base64, to_base64

DASH = "\N{EM DASH} "
ED25519 = 0x01  # kinds of signature that C2SP has assigned
COSIGNATURE = 0x04
ID_BYTES = 4
KEY_BYTES = 32
MOST_SIGNATURES = 64  # a reader has to accept sixteen


class NotSigned(ValueError):
    """No signature of a key we know stands under the note, or one of them is false."""


@dataclass(frozen=True)
class Signature:
    """One line under a note: whose key, its id, and what it wrote."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        """The line as it stands under the note, with its newline."""
        return f"{DASH}{self.name} {to_base64(self.key_id + self.value)}\n"

    @classmethod
    def parse(cls, line: str) -> "Signature":
        """From one line, without or with its newline. Raises Malformed."""
        name, space, encoded = line.removesuffix("\n").removeprefix(DASH).partition(" ")
        if not line.startswith(DASH) or not space:
            raise Malformed("not a signature line")
        value = from_base64(encoded)
        if len(value) <= ID_BYTES:
            raise Malformed("a signature without a signature")
        return cls(checked_name(name), value[:ID_BYTES], value[ID_BYTES:])


@dataclass(frozen=True)
class Note:
    """A text, ending in a newline, and the signatures under it. Nothing is verified yet."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __str__(self) -> str:
        return self.text + "\n" + "".join(signature.line for signature in self.signatures)

    def with_signatures(self, more: Iterable[Signature]) -> "Note":
        """The same text with these signatures after those it has; none twice."""
        return Note(self.text, tuple(dict.fromkeys([*self.signatures, *more])))

    @classmethod
    def parse(cls, whole: str) -> "Note":
        """Splits at the last empty line. Raises Malformed."""
        above, empty, below = whole.rpartition("\n\n")
        if not empty or not below.endswith("\n") or any(char < " " and char != "\n" for char in whole):
            raise Malformed("not a note: a text, an empty line and signatures, each line ended")
        lines = below.removesuffix("\n").split("\n")
        if len(lines) > MOST_SIGNATURES:
            raise Malformed("more signatures than anybody needs")
        return cls(above + "\n", tuple(Signature.parse(line) for line in lines))


@dataclass(frozen=True)
class Verifier:
    """A name and a public key that is trusted to sign under it."""

    name: str
    public: bytes
    kind: int = ED25519

    @property
    def key_id(self) -> bytes:
        """The four bytes that a signature line begins with."""
        told = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(told).digest()[:ID_BYTES]

    @property
    def vkey(self) -> str:
        """The key as one line that a person can copy."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.kind]) + self.public)}"

    @classmethod
    def from_vkey(cls, vkey: str, kind: int = ED25519) -> "Verifier":
        """From `name+id+key`. Raises Malformed when it is of another kind or its id is not its own."""
        name, _, rest = vkey.partition("+")
        told, _, encoded = rest.partition("+")
        key = from_base64(encoded)
        if len(key) != 1 + KEY_BYTES or key[0] != kind:
            raise Malformed("not an Ed25519 key of the expected kind")
        found = cls(checked_name(name), key[1:], kind)
        if found.key_id.hex() != told:
            raise Malformed("the id of the key is not its own")
        return found

    def claims(self, note: Note) -> tuple[Signature, ...]:
        """The lines under the note that stand there in this key's name, true or false."""
        return tuple(s for s in note.signatures if (s.name, s.key_id) == (self.name, self.key_id))

    def of(self, note: Note) -> tuple[Signature, ...]:
        """The lines in this key's name. Raises NotSigned if there is none."""
        found = self.claims(note)
        if not found:
            raise NotSigned(f"no signature of {self.name}")
        return found

    def verify(self, *, signature: bytes, message: bytes) -> None:
        """Raises NotSigned unless the key made this signature of this message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise NotSigned(f"the signature of {self.name} is false") from error

    def check(self, note: str) -> str:
        """The text of the note, once every line in this key's name is truly its own.

        Raises Malformed, NotSigned.
        """
        read = Note.parse(note)
        for signature in self.of(read):
            self.verify(signature=signature.value, message=read.text.encode())
        return read.text


@dataclass(frozen=True)
class Signer:
    """A name and the private key that signs notes under it."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """What others need to check our signatures."""
        return Verifier(checked_name(self.name), self.key.public_key().public_bytes_raw())

    @property
    def vkey(self) -> str:
        """The verifier as one line that a person can copy."""
        return self.verifier.vkey

    def sign(self, text: str) -> str:
        """The whole note: the text, which ends in a newline, and our signature. Raises Malformed."""
        if not text.endswith("\n"):
            raise Malformed("the text of a note ends in a newline")
        signature = Signature(self.name, self.verifier.key_id, self.key.sign(text.encode()))
        return str(Note(text, (signature,)))


def checked_name(name: str) -> str:
    """The name of a key: not empty, without spaces, plus or control characters. Raises Malformed."""
    if not name or "+" in name or any(char.isspace() or char < " " for char in name):
        raise Malformed("not the name of a key")
    return name
