"""The witness's judgement (C2SP tlog-witness, add-checkpoint): cosign what only grew, refuse the rest."""

from collections.abc import Callable
from dataclasses import dataclass

from teleward.audit import tree
from teleward.audit.formats.checkpoints import Checkpoint
from teleward.audit.formats.cosignatures import Cosigner
from teleward.audit.formats.encodings import Malformed
from teleward.audit.formats.notes import Note, NotSigned, Verifier
from teleward.audit.witnessing.memory import Evidence, Memory, Seen
from teleward.audit.witnessing.requests import SIZE_TYPE, AddCheckpoint
from teleward.kernel.clock import now

TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """What goes back: an HTTP status and a text."""

    status: int
    text: str
    kind: str = TEXT


class Refused(Exception):
    """The request is answered with this and changes nothing but, perhaps, the evidence."""

    def __init__(self, status: int, text: str, kind: str = TEXT) -> None:
        super().__init__(text)
        self.answer = Answer(status, text, kind)


@dataclass(frozen=True)
class Witness:
    """A key and a memory. `seconds` gives the time in seconds since 1970."""

    cosigner: Cosigner
    memory: Memory
    seconds: Callable[[], int] = lambda: int(now().timestamp())

    def add_checkpoint(self, body: bytes) -> Answer:
        """Cosigns the checkpoint in the request when its log only grew since we last looked."""
        try:
            asked = AddCheckpoint.parse(body)
            head = Checkpoint.parse(Note.parse(asked.note).text)
            self._must_be_signed(asked.note, head)
            _must(asked.old <= head.size, 400, "The old size is larger than the checkpoint.\n")
            with self.memory.changing():
                answer = self._judged(asked, head)
        except Malformed as wrong:
            return Answer(400, f"{wrong}\n")
        except Refused as refused:
            return refused.answer
        return answer

    def latest(self, *, origin: str) -> str:
        """The largest checkpoint we cosigned for this log, with our line under it; empty when none."""
        with self.memory.changing():  # not before it is on the disk
            seen = self.memory.latest(origin=origin)
        return seen.note if seen else ""

    def _must_be_signed(self, note: str, head: Checkpoint) -> None:
        keys = self.memory.keys_of(origin=head.origin)
        _must(bool(keys), 404, "This log is not watched here.\n")
        signed = 0
        for key in keys:
            verifier = Verifier.from_vkey(key)
            try:
                signed += bool(verifier.check(note))
            except NotSigned:
                _must(not verifier.claims(Note.parse(note)), 403, "A signature is false.\n")
        _must(signed > 0, 403, "No key that is trusted for this log has signed.\n")

    def _judged(self, asked: AddCheckpoint, head: Checkpoint) -> Answer:
        latest = self.memory.latest(origin=head.origin) or Seen(0, tree.EMPTY_ROOT, "", 0)
        known = self.memory.of_size(origin=head.origin, size=head.size)
        if known and known.root != head.root:
            return self._accused(asked, head, known, latest)
        if asked.old != latest.size:
            return Answer(409, f"{latest.size}\n", SIZE_TYPE)
        if not _extends(asked, head, latest):
            return self._accused(asked, head, latest, latest)
        return self._cosigned(asked, head, latest)

    def _accused(self, asked: AddCheckpoint, head: Checkpoint, held: Seen, latest: Seen) -> Answer:
        self.memory.accuse(Evidence(head.origin, str(asked), held.note, self.seconds()))
        if asked.old != latest.size:
            return Answer(409, f"{latest.size}\n", SIZE_TYPE)
        return Answer(422, f"This is not the log that had {held.size} entries.\n")

    def _cosigned(self, asked: AddCheckpoint, head: Checkpoint, latest: Seen) -> Answer:
        at = max(self.seconds(), latest.at)  # a clock set back does not make us sign the past
        line = self.cosigner.cosign(text=head.text, at=at)
        note = str(Note.parse(asked.note).with_signatures([line]))
        self.memory.keep(origin=head.origin, seen=Seen(head.size, head.root, note, at))
        return Answer(200, line.line)


def _extends(asked: AddCheckpoint, head: Checkpoint, latest: Seen) -> bool:
    if head.size == 0 and head.root != tree.EMPTY_ROOT:
        return False
    return tree.is_consistent(
        old=latest.size, new=head.size, path=asked.path, old_root=latest.root, new_root=head.root
    )


def _must(holds: bool, status: int, text: str) -> None:  # noqa: FBT001 - private, and reads as a sentence
    if not holds:
        raise Refused(status, text)
