"""Checkpoints (C2SP tlog-checkpoint): which log, how many entries, and the root of the tree over them."""

from dataclasses import dataclass

from teleward.audit.formats.encodings import Malformed, to_base64, to_hash, to_number
from teleward.audit.formats.notes import Note, Verifier

LEAST_LINES = 3


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: `origin` is its name, `size` its entries, `root` the 32 bytes over them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What is signed."""
        return "".join(
            f"{line}\n" for line in (self.origin, self.size, to_base64(self.root), *self.extensions)
        )

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """From the text of a note, or from a whole note, signatures unseen. Raises Malformed."""
        lines = (text.rpartition("\n\n")[0] + "\n" if "\n\n" in text else text).split("\n")
        if len(lines) <= LEAST_LINES or lines.pop() or not all(lines):
            raise Malformed("not a checkpoint: origin, size, root, each on its line")
        origin, size, root, *extensions = lines
        return cls(origin, to_number(size), to_hash(root), tuple(extensions))


def opened(*, note: str, verifier: Verifier) -> Checkpoint:
    """The checkpoint in a note, once the key of the log has signed it. Raises Malformed, NotSigned."""
    return Checkpoint.parse(verifier.check(note))


def origin_of(*, note: str) -> str:
    """Which log the note says it is of; nothing is verified. Raises Malformed."""
    return Checkpoint.parse(Note.parse(note).text).origin
