"""Asking a witness over HTTP to cosign a checkpoint, and believing only what its key has signed."""

import encodings.idna  # noqa: F401 - names of hosts need it, and a process without rights cannot load it later
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from teleward.audit.formats.checkpoints import Checkpoint
from teleward.audit.formats.cosignatures import cosignatures_in, seen_at, witness_of
from teleward.audit.formats.encodings import Malformed, to_number
from teleward.audit.formats.notes import Note, NotSigned, Signature, Verifier
from teleward.audit.witnessing.requests import PATH, SIZE_TYPE, AddCheckpoint

TIMEOUT = 10.0  # seconds
MOST_BYTES = 64 * 1024  # of an answer
CONFLICT = 409
Path = Callable[[int, int], Sequence[bytes]]  # old size, new size -> the consistency proof


class WitnessAway(Exception):
    """The witness could not be reached or gave no answer that can be read; ask again later."""


class WitnessRefused(Exception):
    """The witness will not cosign: `status` as in the protocol. 422: it has seen another ledger."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"{status}: {words}")
        self.status = status


@dataclass(frozen=True)
class KnownWitness:
    """Where a witness is asked (`url`, https or this machine) and its key on one line."""

    url: str
    vkey: str

    @property
    def verifier(self) -> Verifier:
        """Its key. Raises Malformed."""
        return witness_of(self.vkey)

    @classmethod
    def parse(cls, told: str) -> "KnownWitness":
        """From `vkey url`, as it stands in a setting. Raises Malformed."""
        vkey, _, url = told.strip().partition(" ")
        witness_of(vkey)
        if not url.strip().startswith(("https://", "http://")):
            raise Malformed("a witness is named by its key, a space and its address")
        return cls(url.strip().rstrip("/"), vkey)


@dataclass(frozen=True)
class _Answer:
    status: int
    kind: str
    text: str


def cosigned(*, witness: KnownWitness, note: str, seen: int, path: Path) -> tuple[Signature, ...]:
    """The witness's lines for this checkpoint; `seen` is the size it saw last, as far as we know.

    Where it knows another size it is asked once more from there. Raises WitnessAway, WitnessRefused.
    """
    size = Checkpoint.parse(note).size
    answer = _asked(witness, AddCheckpoint(seen, tuple(path(seen, size)) if seen <= size else (), note))
    if answer.status == CONFLICT and answer.kind.startswith(SIZE_TYPE):
        known = _size(answer.text)
        if known > size:
            raise WitnessRefused(CONFLICT, f"it has seen {known} entries, this ledger has {size}")
        answer = _asked(witness, AddCheckpoint(known, tuple(path(known, size)), note))
    if answer.status != http.HTTPStatus.OK:
        raise WitnessRefused(answer.status, answer.text.strip()[:200])
    return _believed(witness, note, answer.text)


def latest_seen(*, witness: KnownWitness, log: str) -> str:
    """The largest checkpoint this witness cosigned for a log (SHA-256 of its origin, hexadecimal), or "".

    Raises WitnessAway; NotSigned when the witness's key has not signed what came back.
    """
    answer = _exchanged(urllib.request.Request(f"{witness.url}/{log}/checkpoint"))  # noqa: S310 - see KnownWitness.parse
    if answer.status != http.HTTPStatus.OK:
        return ""
    try:
        seen_at(note=answer.text, witness=witness.verifier)
    except Malformed as error:
        raise WitnessAway("its answer cannot be read") from error
    return answer.text


def _believed(witness: KnownWitness, note: str, text: str) -> tuple[Signature, ...]:
    try:
        lines = cosignatures_in(answer=text)
        whole = Note(Note.parse(note).text, lines)
        seen_at(note=str(whole), witness=witness.verifier)
        return witness.verifier.of(whole)
    except (Malformed, NotSigned) as error:
        raise WitnessAway("its answer is not signed by its key") from error


def _size(text: str) -> int:
    try:
        return to_number(text.strip())
    except Malformed as error:
        raise WitnessAway("its answer cannot be read") from error


def _asked(witness: KnownWitness, request: AddCheckpoint) -> _Answer:
    body = str(request).encode()
    return _exchanged(urllib.request.Request(witness.url + PATH, body, method="POST"))  # noqa: S310 - see KnownWitness.parse


def _exchanged(request: urllib.request.Request) -> _Answer:
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as came:  # noqa: S310 - see KnownWitness.parse
            return _Answer(came.status, came.headers.get_content_type(), came.read(MOST_BYTES).decode())
    except urllib.error.HTTPError as error:
        with error:
            return _Answer(error.code, error.headers.get_content_type(), error.read(MOST_BYTES).decode())
    except (OSError, http.client.HTTPException, UnicodeDecodeError) as error:
        raise WitnessAway(type(error).__name__) from error
