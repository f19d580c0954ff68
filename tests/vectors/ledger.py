"""Known answers for the ledger's formats, written by another implementation: aics-tlog (Apache-2.0).

It asks for Python 3.12, so it runs apart: `pip install aics-tlog==0.2.1`, then
`python tests/vectors/ledger.py > tests/vectors/ledger.json`.
"""

import hashlib
import json
import sys
from base64 import b64encode
from typing import Any

from aics_tlog import (  # type: ignore[import-not-found]  # the other implementation is not installed here
    Checkpoint,
    MerkleTree,
    Note,
    cosignature_vkey,
    format_vkey,
    sign_checkpoint,
    sign_cosignature,
    vkey_from_ed25519,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN, WITNESS, AT = "practice.example/ledger", "witness.example/w1", 1767000000
SIZES = (1, 2, 3, 4, 7, 8, 11, 16, 64, 100, 255, 256, 257, 300)


def b64(value: bytes) -> str:
    return b64encode(value).decode()


def key_of(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())


def entry(number: int) -> bytes:
    return hashlib.sha256(f"entry {number}".encode()).digest()


def checkpoint(tree: MerkleTree, size: int) -> dict[str, Any]:
    log, witness, root = key_of("log"), key_of("witness"), tree.root(size)
    signed = sign_checkpoint(Checkpoint(ORIGIN, size, root), log, ORIGIN)
    _at, line = sign_cosignature(witness, WITNESS, AT, ORIGIN, size, root)
    cosigned = Note(text=signed.text, signatures=(*signed.signatures, line))
    return {"size": size, "root": b64(root), "note": signed.serialise(), "cosigned": cosigned.serialise()}


def answers() -> dict[str, Any]:
    tree = MerkleTree([entry(number) for number in range(max(SIZES))])
    return {
        "origin": ORIGIN,
        "witness": WITNESS,
        "at": AT,
        "log_key": key_of("log").private_bytes_raw().hex(),
        "witness_key": key_of("witness").private_bytes_raw().hex(),
        "log_vkey": format_vkey(vkey_from_ed25519(ORIGIN, key_of("log").public_key())),
        "witness_vkey": format_vkey(cosignature_vkey(WITNESS, key_of("witness").public_key())),
        "checkpoints": [checkpoint(tree, size) for size in SIZES],
        "inclusion": [
            {"index": at, "size": size, "path": [b64(one) for one in tree.inclusion_proof(at, size)]}
            for size in SIZES
            for at in sorted({0, size // 2, size - 1})
        ],
        "consistency": [
            {"old": old, "size": size, "path": [b64(one) for one in tree.consistency_proof(old, size)]}
            for old in SIZES
            for size in SIZES
            if old < size
        ],
    }


if __name__ == "__main__":
    json.dump(answers(), sys.stdout, indent=1)
    sys.stdout.write("\n")
