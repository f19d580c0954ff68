"""consult-sas-v1 a second time, from its document alone: known answers for tests/js/call/words.test.js."""

import hashlib
import json
import sys
from typing import Any


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()


def answer(visit: str, initiator: bytes, responder: bytes, nonce_i: bytes, nonce_r: bytes) -> dict[str, Any]:
    context = sha(b"consult-sas-v1", visit.encode(), initiator, responder)
    short = sha(b"sas", context, nonce_i, nonce_r)
    first = int.from_bytes(short[:6], "big")
    return {
        "visit": visit,
        "initiator": initiator.hex(),
        "responder": responder.hex(),
        "nonceI": nonce_i.hex(),
        "nonceR": nonce_r.hex(),
        "context": context.hex(),
        "commitment": sha(b"commit", context, nonce_i).hex(),
        "evidence": sha(initiator, responder).hex(),
        "words": list(short[:4]),
        "digits": f"{int.from_bytes(short[:4], 'big'):010d}",
        "emoji": [(first >> (42 - 6 * at)) & 63 for at in range(7)],
    }


def answers() -> list[dict[str, Any]]:
    def bytes_of(label: str, number: int) -> bytes:
        return hashlib.sha256(f"{label} {number}".encode()).digest()

    return [
        answer(
            f"00000000-0000-7000-8000-{number:012d}" if number else "",
            bytes_of("initiator", number),
            bytes_of("responder", number),
            bytes_of("nonce I", number),
            bytes_of("nonce R", number),
        )
        for number in range(24)
    ]


if __name__ == "__main__":
    json.dump(answers(), sys.stdout, indent=1)
