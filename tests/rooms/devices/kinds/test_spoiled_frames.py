"""Frames that no device should send: each is read or refused with a reason, and the browser agrees.

The full count is a bench (`python -m bench frames`).
"""

import re
from pathlib import Path

import pytest
from rooms.devices.kinds import frames

from bench.frames import in_the_browser, outcome, spoiled
from teleward.devices.kinds import KINDS, Measured

DOCUMENT = Path(__file__).parents[4] / "docs" / "reference" / "device-kinds.md"
SHARE = 300  # of each kind
SEED = 20261122  # another one than the bench has


@pytest.mark.parametrize("name", KINDS)
def test_every_frame_is_read_or_refused_with_a_reason_that_is_explained(name: str) -> None:
    explained = set(re.findall(r"^\| `([a-z-]+)` \|", DOCUMENT.read_text(), re.MULTILINE)) | {"read"}
    decode = KINDS[name].decoder()
    assert {outcome(decode, sent) for sent in spoiled(name, SHARE * 3, SEED)} <= explained


def test_the_browser_says_the_same_of_every_frame() -> None:
    sent = [(name, *each) for name in KINDS for each in spoiled(name, SHARE, SEED)]
    connections = {name: kind.decoder() for name, kind in KINDS.items()}
    assert in_the_browser(sent) == [frames.outcome(connections[name], *each) for name, *each in sent]


def broken(_characteristic: str, _frame: bytes) -> Measured:
    raise ZeroDivisionError


def test_a_decoder_that_falls_over_is_counted() -> None:
    assert outcome(broken, ("2A35", b"")) == "crash ZeroDivisionError"
