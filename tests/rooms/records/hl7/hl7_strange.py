"""Bytes that nobody ought to send: noise, half messages, messages with something wrong in the middle."""

from random import Random

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy
from rooms.records.hl7.hl7_messages import admit, merged, schedule

GOOD = (admit(), admit(event="A08"), schedule(), schedule(event="S15"), merged())
SIGNS = [*(bytes([each]) for each in b"|^~\\&\r\n"), b'""']
UNTAKEN = [b"\x00", b"\x0b", b"\x1c", b"\xff"]
WORDS = [b"MSH|", b"PID|", b"|20261", b"+9999", b"\\X", b"\\X00\\", b"UNICODE UTF-16", b"9" * 14, b"|" * 99]
PIECES = some.sampled_from([*SIGNS, *UNTAKEN, *WORDS]) | some.binary(max_size=12)
AT_ONCE = 100  # messages of one seed


@some.composite
def broken(draw: some.DrawFn) -> bytes:
    """A good message with pieces put in, taken out or put in the place of others."""
    raw = draw(some.sampled_from(GOOD))
    for _change in range(draw(some.integers(1, 4))):
        begin = draw(some.integers(0, len(raw)))
        end = begin + draw(some.integers(0, 12))
        raw = raw[:begin] + draw(PIECES) + raw[end:]
    return raw


def built() -> SearchStrategy[bytes]:
    """A first line that is right, and whatever after it."""
    lines = some.lists(some.builds(b"".join, some.lists(PIECES, max_size=12)), max_size=6)
    return some.builds(lambda rest: b"\r".join([GOOD[0].split(b"\r")[0], *rest]), lines)


def strange() -> SearchStrategy[bytes]:
    """All of these."""
    return broken() | built() | some.binary(max_size=200)


@some.composite
def many_strange(draw: some.DrawFn) -> list[bytes]:
    """A hundred messages of one seed: a thousandth of the work for each, and they do not shrink."""
    seeded = Random(draw(some.integers(0, 2**64)))  # noqa: S311 - for tests
    return [_spoiled(seeded) for _message in range(AT_ONCE)]


def _spoiled(chance: Random) -> bytes:
    raw = chance.choice(GOOD)
    for _change in range(chance.randint(1, 4)):
        begin = chance.randint(0, len(raw))
        letters = bytes(chance.choices(range(32, 127), k=chance.randint(0, 12)))
        piece = chance.choice([*SIGNS, *SIGNS, *WORDS, chance.choice(UNTAKEN), letters, letters, letters])
        raw = raw[:begin] + piece + raw[begin + chance.randint(0, 12) :]
    return raw
