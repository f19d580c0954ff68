"""Frames of which others have written down what they say."""

from typing import Any

import pytest
from rooms.devices.kinds.frames import cases, outcome

from teleward.devices.kinds import KINDS

KNOWN = list(cases())


@pytest.mark.parametrize(("kind", "case"), KNOWN, ids=[f"{kind}: {case['name']}" for kind, case in KNOWN])
def test_a_known_frame_says_what_is_written_of_it(kind: str, case: dict[str, Any]) -> None:
    decode = KINDS[kind].decoder()
    for characteristic, frame in case.get("before", ()):
        outcome(decode, characteristic, bytes.fromhex(frame))
    said = outcome(decode, case["characteristic"], bytes.fromhex(case["frame"]))
    assert said == {key: case[key] for key in ("says", "refused") if key in case}


def test_each_kind_has_known_frames() -> None:
    assert {kind for kind, _case in KNOWN} == set(KINDS)
