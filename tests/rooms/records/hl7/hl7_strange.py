"""Bytes that nobody ought to send: noise, half messages, messages with something wrong in the middle."""

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy
from rooms.records.hl7.hl7_messages import admit, merged, schedule

GOOD = (admit(), admit(event="A08"), schedule(), schedule(event="S15"), merged())
SIGNS = some.sampled_from(
    [b"|", b"^", b"~", b"\\", b"&", b"\r", b"\n", b"\x00", b"\x0b", b"\x1c", b'""', b"\xff"]
)
WORDS = some.sampled_from(
    [
        b"MSH|",
        b"PID|",
        b"|20261",
        b"+9999",
        b"\\X",
        b"\\X00\\",
        b"UNICODE UTF-16",
        b"99999999999999",
        b"|" * 99,
    ]
)
PIECES = SIGNS | WORDS | some.binary(max_size=12)


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
