"""Frames that no device should send: each is read or refused with a reason, and the browser agrees.

The full count is a bench (`python -m bench frames`).
"""

import re
from pathlib import Path

import pytest
from rooms.devices.kinds import frames

from bench.frames import in_the_browser, outcome, spoiled
from teleward.devices.kinds import KINDS, kind
from teleward.devices.kinds.blood_pressure import decoding

DOCUMENT = Path(__file__).parents[4] / "docs" / "reference" / "device-kinds.md"
SHARE = 300  # of each kind
SEED = 20261122  # another one than the bench has


@pytest.mark.parametrize("name", KINDS)
def test_every_frame_is_read_or_refused_with_a_reason_that_is_explained(name: str) -> None:
    explained = set(re.findall(r"^\| `([a-z-]+)` \|", DOCUMENT.read_text(), re.MULTILINE)) | {"read"}
    assert {outcome(name, sent) for sent in spoiled(name, SHARE * 3, SEED)} <= explained


def test_the_browser_says_the_same_of_every_frame() -> None:
    sent = [(name, *each) for name in KINDS for each in spoiled(name, SHARE, SEED)]
    assert in_the_browser(sent) == [frames.outcome(*each) for each in sent]


def test_a_decoder_that_falls_over_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = vars(KINDS["blood-pressure"]) | {"decode": lambda *_frame: 1 // 0}
    del broken["by_code"]
    monkeypatch.setattr("bench.frames.KINDS", {"blood-pressure": kind.Kind(**broken)})
    assert outcome("blood-pressure", (decoding.MEASUREMENT, b"")) == "crash ZeroDivisionError"
