"""Each word that a decoder can say is there for people, in English and German; none is there for nothing."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import get_args
from uuid import UUID

import polib
import pytest
from django.utils import translation
from rooms.devices.kinds.frames import VECTORS, Json, cases

from teleward.devices.flags import FLAGS
from teleward.devices.kinds import KINDS, Unreadable
from teleward.devices.kinds.frame import SPECIAL
from teleward.devices.readings import Absent, decode

ROOT = VECTORS.parents[2]
ROOM = ROOT / "teleward" / "devices"
DOCUMENT = (ROOT / "docs" / "reference" / "device-kinds.md").read_text()
GERMAN = polib.pofile(ROOM / "locale" / "de" / "LC_MESSAGES" / "django.po")
SHORT = 24  # octets
NOT_OF_A_DEVICE = {"photo-of-display"}  # said by the page where somebody typed


@cache
def sayable() -> frozenset[str]:
    """Every flag of the known frames, and of those that say some with each octet in turn as all it can be."""
    known = {flag for _kind, case in cases() for flag in _flags(case)}
    found = (flag for kind in KINDS for frame in _telling(kind) for flag in _said(kind, *frame))
    return frozenset(known | set(found))


def _flags(case: Json) -> set[str]:
    return set(case.get("says", {}).get("flags", ()))


def _telling(kind: str) -> list[tuple[str, bytes]]:
    """Known frames of the kind that say something and are no curve."""
    of_kind = [case for name, case in cases() if name == kind and _flags(case) - {"start-unknown"}]
    frames = [(case["characteristic"], bytes.fromhex(case["frame"])) for case in of_kind]
    return [(characteristic, frame) for characteristic, frame in frames if len(frame) < SHORT]


def _said(kind: str, characteristic: str, frame: bytes) -> Iterator[str]:
    for at in range(len(frame)):
        for octet in range(256):
            with suppress(Unreadable):
                changed = frame[:at] + bytes((octet,)) + frame[at + 1 :]
                yield from KINDS[kind].decode(characteristic, changed).flags


def test_every_flag_that_a_device_can_say_has_words_and_every_word_is_said() -> None:
    assert sayable() == set(FLAGS) - NOT_OF_A_DEVICE


def test_the_words_of_every_flag_are_there_in_german() -> None:
    with translation.override(None):  # as they are written down
        entries = {flag: GERMAN.find(str(words)) for flag, words in FLAGS.items()}
    assert [flag for flag, entry in entries.items() if not (entry and entry.msgstr) or entry.fuzzy] == []


def test_all_that_one_frame_can_say_fits_a_reading() -> None:
    sensor = KINDS["continuous-glucose"].decoder()
    sensor("2AAB", bytes(2))
    everything = list(sensor("2AA7", bytes.fromhex("09E05A00FFFFFFFFFF")).flags)
    assert len(everything) == 22
    sent = {
        "id": str(UUID(int=1)),
        "kind": "continuous-glucose",
        "source": "device",
        "values": [],
        "flags": everything,
    }
    assert decode(json.dumps(sent | {"received_at": "2026-11-22T10:00:00Z"})).flags == everything
    assert "said.length <= 24" in (ROOM / "static" / "devices" / "checking.js").read_text()


def test_every_reason_is_explained_has_a_known_frame_and_is_one_of_both_twins() -> None:
    table = DOCUMENT.partition("## Reasons")[2].partition("## Flags")[0]
    explained = set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE))
    python = "".join(path.read_text() for path in (ROOM / "kinds").rglob("*.py"))
    browser = "".join(path.read_text() for path in (ROOM / "static" / "devices" / "kinds").glob("*.js"))
    assert set(re.findall(r'Unreadable\("([a-z-]+)"\)', python)) == explained
    assert set(re.findall(r'refuse\("([a-z-]+)"\)', browser)) == explained
    assert {case["refused"] for _kind, case in cases() if "refused" in case} == explained


@pytest.mark.parametrize("page", ["guest", "host"])
def test_every_way_to_have_no_number_has_words_on_both_sides(page: str) -> None:
    words = (ROOM / "templates" / "devices" / page / "words.html").read_text()
    shown = dict(re.findall(r'data-word="absent-([a-z-]+)">{% translate "(.+?)" %}', words))
    assert set(shown) == set(SPECIAL.values()) == set(get_args(Absent))
    assert all(GERMAN.find(english).msgstr for english in shown.values())
