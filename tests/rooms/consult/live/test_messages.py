"""What the server understands, and what it refuses, of a frame from a client."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teleward.consult.live import messages as m
from teleward.consult.live.problems import Malformed, TooLarge, UnknownType
from teleward.kernel.errors import Problem

PEER = "0123456789abcdef" * 2
EVIDENCE = "ab" * 32

WHOLE: dict[str, dict[str, Any]] = {
    "hello": {"version": 1, "peer": PEER},
    "ping": {"n": 7},
    "arrive": {
        "mode": "video",
        "company": ["my daughter"],
        "check": {"path": "direct", "camera": True, "microphone": True, "speaker": False},
    },
    "admit": {"peer": PEER},
    "turn-away": {"peer": PEER},
    "relay": {"to": PEER, "id": 1, "body": {"kind": "offer", "sdp": "v=0"}},
    "ice": {},
    "media": {"mode": "audio", "microphone": True, "camera": False, "screen": False},
    "path": {"peer": PEER, "path": "relayed"},
    "words": {"peer": PEER, "run": 1, "outcome": "same", "form": "words", "evidence": EVIDENCE},
    "leave": {},
}


def frame(kind: str, **changes: Any) -> str:
    return json.dumps({"type": kind, **WHOLE[kind], **changes})


def test_every_message_type_has_an_example_here() -> None:
    assert {m.tag(kind) for kind in m.MESSAGES} == WHOLE.keys()


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_message_is_understood(kind: str) -> None:
    assert m.tag(type(m.decode(frame(kind)))) == kind


@pytest.mark.parametrize("kind", WHOLE)
def test_a_field_that_is_not_in_the_protocol_is_refused(kind: str) -> None:
    with pytest.raises(Malformed):
        m.decode(frame(kind, surprise=1))


@pytest.mark.parametrize(("kind", "name"), [(k, n) for k, fields in WHOLE.items() for n in fields])
def test_a_field_of_the_wrong_kind_is_refused(kind: str, name: str) -> None:
    for wrong in (None, [], "\x00", 1.5, {"a": 1}):
        if (kind, name, wrong) != ("arrive", "company", []) and (kind, name, wrong) != (
            "arrive",
            "check",
            None,
        ):
            with pytest.raises(Malformed):
                m.decode(frame(kind, **{name: wrong}))


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("hello", {"version": 2}),
        ("hello", {"peer": PEER.upper()}),
        ("hello", {"peer": PEER[1:]}),
        ("hello", {"peer": PEER + "\n"}),
        ("ping", {"n": -1}),
        ("ping", {"n": 2**53}),
        ("arrive", {"mode": "hologram"}),
        ("arrive", {"company": ["x" * 81]}),
        ("arrive", {"company": [""]}),
        ("arrive", {"company": ["x"] * 7}),
        ("relay", {"id": -1}),
        ("relay", {"body": {"kind": "chat", "text": "hello"}}),
        ("relay", {"body": {"sdp": "v=0"}}),
        ("path", {"path": "none"}),
        ("words", {"run": 4}),
        ("words", {"run": 0}),
        ("words", {"evidence": "ab" * 31}),
        ("words", {"form": "song"}),
    ],
)
def test_a_value_out_of_bounds_is_refused(kind: str, changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        m.decode(frame(kind, **changes))


@pytest.mark.parametrize("kind", ["shutdown", "welcome", "error", "", "Hello", "hello "])
def test_an_unknown_type_is_refused_by_name(kind: str) -> None:
    with pytest.raises(UnknownType):
        m.decode(json.dumps({"type": kind, "n": 1}))


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[]", "1", '"ping"', "{}", '{"type": 1}', "\ud800", "\x00", "[" * 5000]
)
def test_what_is_no_message_at_all_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        m.decode(text)


def test_a_frame_may_have_32_kibibytes_and_not_one_more() -> None:
    filler = " " * (m.FRAME_BYTES - len(frame("ping")))
    assert m.decode(frame("ping") + filler) == m.Ping(n=7)
    with pytest.raises(TooLarge):
        m.decode(frame("ping") + filler + " ")


def test_a_body_may_have_16_kibibytes_and_not_one_more() -> None:
    room = m.BODY_BYTES - len('{"kind": "offer", "sdp": ""}')
    assert isinstance(m.decode(frame("relay", body={"kind": "offer", "sdp": "x" * room})), m.Relay)
    with pytest.raises(TooLarge):
        m.decode(frame("relay", body={"kind": "offer", "sdp": "x" * (room + 1)}))


def test_size_is_counted_in_bytes_and_not_in_letters() -> None:
    with pytest.raises(TooLarge):
        m.decode(
            json.dumps({"type": "arrive", "mode": "video", "company": ["€" * 11_000]}, ensure_ascii=False)
        )


def test_a_deeply_nested_body_is_passed_on_or_refused_but_breaks_nothing() -> None:
    nested = "[" * 3000 + "]" * 3000
    deep = frame("relay", body="HERE").replace('"HERE"', f'{{"kind": "offer", "x": {nested}}}')
    with suppress(Malformed):
        m.decode(deep)


ATOMS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40)
ANYTHING = ATOMS | st.lists(ATOMS, max_size=3) | st.dictionaries(st.text(max_size=8), ATOMS, max_size=3)
CHANGES = st.dictionaries(
    st.sampled_from(["type", "peer", "to", "id", "body", "mode", "n"]), ANYTHING, max_size=3
)
REFUSALS = {"", "live:malformed", "live:unknown-type", "live:too-large"}


def refusal(frame: str | bytes) -> str:
    """The code of the refusal, nothing when the frame was understood."""
    try:
        m.decode(frame)
    except Problem as problem:
        return problem.code
    return ""


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(sorted(WHOLE)), CHANGES)
def test_a_changed_message_is_understood_or_refused_by_a_stable_code(
    kind: str, changes: dict[str, Any]
) -> None:
    assert refusal(json.dumps({"type": kind, **WHOLE[kind], **changes})) in REFUSALS


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text() | st.binary())
def test_no_text_and_no_bytes_get_more_than_a_stable_refusal(noise: str | bytes) -> None:
    assert refusal(noise) in REFUSALS
