"""A signed ledger a second time, from RFC 9162 and C2SP alone: answers for tests/js/trust/verify.test.js."""

import hashlib
import json
import sys
from base64 import b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORIGIN = "praxis.example/teleward"
SIZES = (1, 2, 3, 5, 7, 8, 9, 16, 17, 33, 65)
LOG_KEY, WITNESS_KEY = 1, 4


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def text(data: bytes) -> str:
    return b64encode(data).decode()


def largest_power_below(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)


def tree(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1 over leaf hashes."""
    if len(leaves) == 1:
        return leaves[0]
    split = largest_power_below(len(leaves))
    return sha(b"\x01", tree(leaves[:split]), tree(leaves[split:]))


def inclusion(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 9162 §2.1.3.1."""
    if len(leaves) == 1:
        return []
    split = largest_power_below(len(leaves))
    if index < split:
        return [*inclusion(index, leaves[:split]), tree(leaves[split:])]
    return [*inclusion(index - split, leaves[split:]), tree(leaves[:split])]


def consistency(older: int, leaves: list[bytes], *, is_whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 9162 §2.1.4.1."""
    if older == len(leaves):
        return [] if is_whole else [tree(leaves)]
    split = largest_power_below(len(leaves))
    if older <= split:
        return [*consistency(older, leaves[:split], is_whole=is_whole), tree(leaves[split:])]
    return [*consistency(older - split, leaves[split:], is_whole=False), tree(leaves[:split])]


def signer(label: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha(label.encode()))


def key_line(name: str, label: str, kind: int) -> str:
    coded = bytes([kind]) + signer(label).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    known = sha(f"{name}\n".encode(), coded)[:4]
    return f"{name}+{known.hex()}+{text(coded)}"


def signature(name: str, label: str, kind: int, signed: str, time: bytes = b"") -> str:
    known = bytes.fromhex(key_line(name, label, kind).split("+")[1])
    return f"— {name} {text(known + time + signer(label).sign(signed.encode()))}\n"


def checkpoint(leaves: list[bytes], label: str = "log", origin: str = ORIGIN) -> str:
    body = f"{origin}\n{len(leaves)}\n{text(tree(leaves))}\n"
    time = 1_795_300_000 + len(leaves)
    witnessed = f"cosignature/v1\ntime {time}\n{body}"
    return (
        body
        + "\n"
        + signature(origin, label, LOG_KEY, body)
        + signature("witness.example", "witness", WITNESS_KEY, witnessed, time.to_bytes(8, "big"))
    )


def chain(patient: str, count: int) -> list[dict[str, Any]]:
    """A patient's entries, oldest first."""
    before, entries = bytes(32), []
    for number in range(1, count + 1):
        body = json.dumps({"action": "access:patient:read", "at": f"2026-11-{number:02d} 10:00:00+00:00",
                           "outcome": "allow", "patient": patient, "who": "Ayşe Łukasz Nguyễn"},
                          ensure_ascii=False, sort_keys=True, separators=(",", ":"))  # fmt: skip
        salt = sha(patient.encode(), str(number).encode())[:16]
        entry = sha(salt, number.to_bytes(8, "big"), before, body.encode())
        leaf = sha(b"\x00", entry)
        entries.append({"number": number, "prev": text(before), "leaf": text(leaf), "salt": text(salt),
                        "body": body, "raw": leaf})  # fmt: skip
        before = leaf
    return entries


def answers() -> dict[str, Any]:
    """One patient with nine entries, mixed with those of others; proofs at every size."""
    mine, others = chain("one", 9), chain("other", 56)
    order: list[bytes] = []
    for number, other in enumerate(others):
        order.append(other["raw"])
        if number % 7 == 0 and number // 7 < len(mine):
            order.append(mine[number // 7]["raw"])
    order.append(mine[8]["raw"])
    return {
        "key": key_line(ORIGIN, "log", LOG_KEY),
        "witness": key_line("witness.example", "witness", WITNESS_KEY),
        "stranger": key_line(ORIGIN, "stranger", LOG_KEY),
        "forged": checkpoint(order, "stranger"),
        "moved": checkpoint(order, "log", "praxis.example/new"),
        "movedKey": key_line("praxis.example/new", "log", LOG_KEY),
        "checkpoints": {size: checkpoint(order[:size]) for size in SIZES},
        "consistency": {f"{older}-{newer}": [text(part) for part in consistency(older, order[:newer])]
                        for newer in SIZES for older in SIZES if older <= newer},
        "inclusion": {f"{index}-{size}": [text(part) for part in inclusion(index, order[:size])]
                      for size in SIZES for index in range(size)},
        "order": [text(leaf) for leaf in order],
        "entries": [{name: value for name, value in entry.items() if name != "raw"}
                    | {"index": order.index(entry["raw"])} for entry in mine],
    }  # fmt: skip


if __name__ == "__main__":
    json.dump(answers(), sys.stdout, indent=0, ensure_ascii=False)
    sys.stdout.write("\n")
