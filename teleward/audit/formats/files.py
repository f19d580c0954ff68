"""The proof file a patient takes along (docs/reference/proof-file.md): entries, their proofs, the keys."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from teleward.audit.formats.encodings import to_base64

FORMAT = "teleward-proof/v1"
ENDING = ".teleward-proof.json"


@dataclass(frozen=True, kw_only=True)
class ProvenEntry:
    """One entry of a patient's chain, and its place in the tree.

    `salt` and `body` are empty where they were erased or are held back; `proof` is the text of a
    tlog-proof, empty while the entry waits for its place.
    """

    number: int
    previous: bytes  # 32 bytes: the leaf before
    leaf: bytes  # 32 bytes
    salt: bytes  # 16 bytes
    body: str
    proof: str


def proof_file(*, log: str, witnesses: Sequence[str], entries: Sequence[ProvenEntry]) -> str:
    """The text of the file; `log` and `witnesses` are keys on one line each (vkeys)."""
    told = {
        "format": FORMAT,
        "log": log,
        "witnesses": list(witnesses),
        "entries": [_told(e) for e in entries],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _told(entry: ProvenEntry) -> dict[str, int | str]:
    return {
        "number": entry.number,
        "previous": to_base64(entry.previous),
        "leaf": to_base64(entry.leaf),
        "salt": to_base64(entry.salt),
        "body": entry.body,
        "proof": entry.proof,
    }
