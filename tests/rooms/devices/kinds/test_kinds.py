"""What a kind is: its names, its limits, and what belongs to a measurement from elsewhere."""

import re
from decimal import Decimal

import pytest
from rooms.devices.kinds.frames import VECTORS, cases

from teleward.devices.flags import FLAGS
from teleward.devices.kinds import KINDS, Measured
from teleward.devices.kinds.glucose.decoding import joined
from teleward.devices.kinds.kind import Kind

DOCUMENT = VECTORS.parents[2] / "docs" / "reference" / "device-kinds.md"
BROWSER = VECTORS.parents[2] / "teleward" / "devices" / "static" / "devices" / "kinds"
GLUCOSE_AT_TEN = bytes.fromhex("120200EA070B160A00008AB011")
FASTING_SAID_OF_IT = bytes.fromhex("02020003")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_browser_knows_the_kind_by_the_same_names(kind: Kind) -> None:
    module = (BROWSER / f"{kind.name}.js").read_text()
    assert f'export const name = "{kind.name}";' in module
    assert f'export const service = "{kind.service}";' in module
    listed = ", ".join(f'"{each}"' for each in kind.characteristics)
    assert f"export const characteristics = [{listed}];" in module


def test_of_two_that_say_the_same_the_browser_prefers_the_same_one() -> None:
    listening = (BROWSER.parent / "patient" / "instrument.js").read_text()
    ours = {old: new for kind in KINDS.values() for old, new in kind.newer.items()}
    assert dict(re.findall(r'"(2\w{3})": "(2\w{3})"', listening)) == ours


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_limit_is_one_and_is_written_down(kind: Kind) -> None:
    written = DOCUMENT.read_text()
    for each in kind.quantities:
        assert each.lowest < each.highest
        assert f"| {each.lowest}–{each.highest} {each.unit} | {each.jump or '–'} |" in written  # noqa: RUF001 - as the table has it


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_known_value_has_a_code_and_unit_of_its_kind(kind: Kind) -> None:
    said = [case["says"] for name, case in cases() if name == kind.name and "says" in case]
    found = {(value["code"], value["unit"]) for one in said for value in one["values"]}
    assert found <= {(each.code, each.unit) for each in kind.quantities}


def test_every_flag_that_is_written_down_has_its_words() -> None:
    table = DOCUMENT.read_text().partition("## Flags")[2].partition("## In the chart")[0]
    assert set(re.findall(r"`([a-z-]+)`", table)) == set(FLAGS)


def test_every_flag_of_a_known_frame_is_written_down() -> None:
    written = set(re.findall(r"`([a-z-]+)`", DOCUMENT.read_text()))
    said = {flag for _kind, case in cases() for flag in case.get("says", {}).get("flags", ())}
    assert said <= written


def test_what_was_said_of_a_measurement_joins_it() -> None:
    decode = KINDS["glucose"].decode
    measured, about = decode("2A18", GLUCOSE_AT_TEN), decode("2A34", FASTING_SAID_OF_IT)
    assert joined(measured, about).flags == ("capillary-whole-blood", "from-finger", "fasting")
    assert joined(measured, about).values == measured.values


def test_what_was_said_of_another_measurement_does_not() -> None:
    measured = KINDS["glucose"].decode("2A18", GLUCOSE_AT_TEN)
    assert joined(measured, Measured(values=(), sequence=3, flags=("fasting",))) == measured


def test_a_value_and_what_was_measured_are_the_same() -> None:
    value = KINDS["blood-pressure"].decode("2A35", bytes.fromhex("01B8F050005000")).values[0]
    assert (value.value, value.original) == ("138", ("18.4", "kPa"))
    assert round(Decimal("18.4") * 1000 / Decimal("133.322387415")) == Decimal(value.value)
