"""Frames that make a decoder fall over, out of 100,000 spoiled ones for each kind of device.

A decoder may say what a frame says or refuse it with a reason; anything else is a crash. The frames are the
known ones of tests/vectors/devices with bits turned, cut off, prolonged or put together anew, and noise (seed
1810), all of a kind over one connection. The browser's decoders read the same frames in Node; where they and
ours part, that is counted as well.
"""

import json
import random
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.figures import Figure
from teleward.devices.kinds import KINDS, Unreadable
from teleward.devices.kinds.kind import Decode

EACH = 100_000
TESTS = Path(__file__).parents[1] / "tests"
VECTORS = TESTS / "vectors" / "devices"
BROWSER = TESTS / "js" / "devices" / "kinds.js"
Sent = tuple[str, bytes]  # characteristic, frame
EDGES = (0x07FE, 0x07FF, 0x0800, 0x0801, 0x0802, 0x7FFF, 0x8000, 0xFFFF, 0)


def measure() -> list[Figure]:
    crashes = parted = 0
    for kind in KINDS:
        frames = list(spoiled(kind, EACH))
        decode = KINDS[kind].decoder()
        ours = [outcome(decode, sent) for sent in frames]
        theirs = in_the_browser((kind, *sent) for sent in frames)
        print(kind, dict(Counter(ours).most_common()))
        crashes += sum(word.startswith("crash") for word in ours)
        parted += sum(one != other.get("refused", "read") for one, other in zip(ours, theirs, strict=True))
    unit = f"of {EACH} frames of each of {len(KINDS)} kinds"
    return [
        Figure(name="crashes", value=crashes, unit=unit, goal="0"),
        Figure(name="read-otherwise-by-the-browser", value=parted, unit=unit, goal="0"),
    ]


def in_the_browser(frames: Iterable[tuple[str, str, bytes]]) -> list[dict[str, Any]]:
    """What the browser's decoder of the kind says of each frame; a crash ends it all."""
    lines = "\n".join(f"{kind} {characteristic} {frame.hex()}" for kind, characteristic, frame in frames)
    ran = subprocess.run(["node", BROWSER], input=lines, capture_output=True, text=True, check=True)  # noqa: S603, S607 - our own module
    return [json.loads(line) for line in ran.stdout.splitlines()]


def outcome(decode: Decode, sent: Sent) -> str:
    """`read`, the reason of a refusal, or `crash` with what it was."""
    try:
        decode(*sent)
    except Unreadable as unreadable:
        return unreadable.reason
    except Exception as crash:  # noqa: BLE001 - whatever it is, it is what is counted
        return f"crash {type(crash).__name__}"
    return "read"


def spoiled(kind: str, number: int, seed: int = 1810) -> Iterator[Sent]:
    """So many frames, the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - a seed for a bench, no secret
    cases = json.loads((VECTORS / f"{kind}.json").read_text())["cases"]
    pairs = [
        each for case in cases for each in (*case.get("before", ()), (case["characteristic"], case["frame"]))
    ]
    known = [(characteristic, bytes.fromhex(frame)) for characteristic, frame in pairs]
    ways = (_turned, _cut, _prolonged, _edged, _noise, _dressed, _as_it_is)
    for _ in range(number):
        characteristic, frame = chance.choice(known)
        yield characteristic, chance.choice(ways)(chance, frame)


def _turned(chance: random.Random, frame: bytes) -> bytes:
    octets = bytearray(frame or b"\0")
    for _ in range(chance.randint(1, 4)):
        octets[chance.randrange(len(octets))] ^= 1 << chance.randrange(8)
    return bytes(octets)


def _cut(chance: random.Random, frame: bytes) -> bytes:
    return frame[: chance.randint(0, len(frame))]


def _prolonged(chance: random.Random, frame: bytes) -> bytes:
    return frame + chance.randbytes(chance.randint(1, 600 if chance.random() < 0.05 else 30))


def _edged(chance: random.Random, frame: bytes) -> bytes:
    at = chance.randint(0, max(len(frame) - 2, 0))
    return frame[:at] + chance.choice(EDGES).to_bytes(2, "little") + frame[at + 2 :]


def _noise(chance: random.Random, _frame: bytes) -> bytes:
    return chance.randbytes(chance.randint(0, 40))


def _dressed(chance: random.Random, frame: bytes) -> bytes:
    """Noise behind the beginning of a frame that is known."""
    return frame[: chance.randint(1, 4)] + chance.randbytes(chance.randint(0, 40))


def _as_it_is(_chance: random.Random, frame: bytes) -> bytes:
    return frame
