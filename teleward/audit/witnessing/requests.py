"""What a ledger sends to a witness: from which size on, the proof that nothing changed, the checkpoint.

old 42
base64 of each hash of the consistency proof
(empty)
the signed checkpoint
"""

from dataclasses import dataclass

from teleward.audit.formats.encodings import Malformed, to_base64, to_number
from teleward.audit.formats.proofs import hashes

PATH = "/add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"  # content type of the answer that names the size a witness has seen
MOST_BYTES = 256 * 1024


@dataclass(frozen=True)
class AddCheckpoint:
    """`old` is the size the witness saw last, `path` leads from there to the checkpoint in `note`."""

    old: int
    path: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        return "\n".join([f"old {self.old}", *map(to_base64, self.path), "", self.note])

    @classmethod
    def parse(cls, body: bytes) -> "AddCheckpoint":
        """From the body of a request; nothing is verified. Raises Malformed."""
        try:
            above, empty, note = body.decode().partition("\n\n")
        except UnicodeDecodeError as error:
            raise Malformed("not UTF-8") from error
        first, *lines = above.split("\n")
        if not empty or not first.startswith("old "):
            raise Malformed("not a request: it begins otherwise, or has no checkpoint")
        return cls(to_number(first.removeprefix("old ")), hashes(lines), note)
