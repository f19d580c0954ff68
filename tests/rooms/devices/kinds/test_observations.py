"""What a reading becomes in the chart: Observations that follow the profiles they name; nothing made up."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from rooms.devices.kinds.frames import cases, told

from bench.frames import spoiled
from teleward.devices.kinds import KINDS, About, Unreadable
from teleward.devices.kinds.glucose.context import DRUGS, FOODS, HEALTH, MEALS, TESTERS
from teleward.devices.kinds.glucose.decoding import PLACES
from teleward.devices.kinds.glucose.saying import QUESTIONS
from teleward.devices.readings import Reading, decode, encode
from teleward.records.fhir.profiles.checking import check_claims
from teleward.records.fhir.reading import read

Json = dict[str, Any]
ABOUT = About(
    patient=UUID("0192f000-0000-7000-8000-000000000001"),
    device=UUID("0192f000-0000-7000-8000-000000000002"),
    encounter=UUID("0192f000-0000-7000-8000-000000000003"),
)
RECEIVED = "2026-11-22T10:00:02.120Z"


def reading(kind: str, said: Json) -> Reading:
    """The reading as a receiver sends it on, read strictly."""
    plain = {name: said[name] for name in ("values", "user", "flags", "waveform")}
    at = said["measured_at"]
    sent = {
        "id": "0192f000-0000-7000-8000-000000000004",
        "kind": kind,
        "source": "device",
        "received_at": RECEIVED,
        "measured_at": at and at.removesuffix("Z") + "Z",
        "sequence": said["sequence"] or 0,
    }
    return decode(json.dumps(sent | plain))


def observations(kind: str, **said: Any) -> list[Json]:
    nothing: Json = {"values": [], "user": None, "flags": [], "waveform": None, "measured_at": None}
    made = KINDS[kind].observe(reading(kind, nothing | {"sequence": None} | said), ABOUT)
    return [json.loads(encode(body)) for body in made]


def of_the_known(kind: str) -> Iterator[Json]:
    for name, case in cases():
        if name == kind and "says" in case:
            yield from (case["says"], *case["says"]["more"])


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_said_of_a_known_frame_follows_the_profiles_it_names(kind: str) -> None:
    made = [body for said in of_the_known(kind) for body in KINDS[kind].observe(reading(kind, said), ABOUT)]
    assert made
    assert [check_claims(read("Observation", encode(body))) for body in made] == [()] * len(made)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_a_frame_says_is_a_reading_that_may_travel(kind: str) -> None:
    for sent in spoiled(kind, 400, seed=11):
        try:
            measured = KINDS[kind].decode(*sent)
        except Unreadable:
            continue
        assert reading(kind, told(measured)).kind == kind


def codes(body: Json) -> set[str]:
    return {coding["code"] for coding in body["code"]["coding"]}


def quantity(code: str, unit: str, value: str) -> Json:
    return {"code": code, "unit": unit, "value": value}


def test_blood_pressure_is_a_panel_with_both_values_and_a_pulse_of_its_own() -> None:
    values = [
        quantity("8480-6", "mm[Hg]", "138"),
        quantity("8462-4", "mm[Hg]", "88"),
        quantity("8867-4", "/min", "60"),
    ]
    panel, pulse = observations("blood-pressure", values=values)
    assert {"85354-9", "75367002", "150020"} <= codes(panel)
    assert [part["valueQuantity"]["value"] for part in panel["component"]] == [138, 88]
    assert {"8867-4", "149546"} <= codes(pulse)
    assert "valueQuantity" not in panel


def test_a_pressure_without_a_number_says_why_and_the_panel_keeps_both() -> None:
    values: list[Json] = [{"code": "8480-6", "unit": "mm[Hg]", "absent": "not-at-this-resolution"}]
    (panel,) = observations("blood-pressure", values=values)
    systolic, diastolic = (part["dataAbsentReason"] for part in panel["component"])
    assert (systolic["coding"][0]["code"], systolic["text"]) == ("not-a-number", "not-at-this-resolution")
    assert diastolic["coding"][0]["code"] == "not-performed"


@pytest.mark.parametrize("kind", KINDS)
def test_where_nothing_was_measured_nothing_is_charted(kind: str) -> None:
    assert observations(kind, flags=["measuring"]) == []


def test_oxygen_stands_under_both_of_its_codes() -> None:
    (oxygen,) = observations("pulse-oximeter", values=[quantity("59408-5", "%", "97.9")])
    assert {"2708-6", "59408-5", "150456"} <= codes(oxygen)
    assert oxygen["valueQuantity"]["value"] == 97.9


def test_a_number_keeps_the_digits_it_was_measured_with() -> None:
    sent = reading("thermometer", next(of_the_known("thermometer")))
    (body,) = KINDS["thermometer"].observe(sent, ABOUT)
    assert body["valueQuantity"]["value"] == Decimal("37.60")
    assert b'"value":37.60,' in encode(body)
    assert body["bodySite"]["coding"] == [{"system": "http://snomed.info/sct", "code": "7569003"}]


@pytest.mark.parametrize(
    ("original", "flags", "code", "value"),
    [
        (("0.00096", "kg/L"), [], "41653-7", (96, "mg/dL")),
        (("0.00535", "mol/L"), ["capillary-whole-blood"], "14743-9", (5.35, "mmol/L")),
        (("5.3", "mmol/L"), [], "14743-9", (5.3, "mmol/L")),
        (("0.00096", "kg/L"), ["venous-plasma"], "2339-0", (96, "mg/dL")),
        (("0.0053", "mol/L"), ["arterial-plasma"], "15074-8", (5.3, "mmol/L")),
        (("0.00096", "kg/L"), ["interstitial-fluid"], "99504-3", (96, "mg/dL")),
    ],
)
def test_glucose_is_charted_as_it_was_measured(
    original: tuple[str, str], flags: list[str], code: str, value: tuple[float, str]
) -> None:
    said = quantity("41653-7", "mg/dL", "96")
    said["original"] = {"value": original[0], "unit": original[1]}
    (body,) = observations("glucose", values=[said], flags=flags)
    assert code in codes(body)
    assert (body["valueQuantity"]["value"], body["valueQuantity"]["code"]) == value


def test_what_the_person_told_the_meter_stands_beside_the_measurement() -> None:
    flags = ["capillary-plasma", "from-earlobe", "dinner", "after-meal", "slightly-ill", "premixed-insulin"]
    (body,) = observations("glucose", values=[quantity("41653-7", "mg/dL", "96")], flags=flags)
    coded = {
        part["code"]["coding"][0]["code"]: part["valueCodeableConcept"]["coding"][0]["code"]
        for part in body["component"]
    }
    assert coded["8417864"] == "8417872"  # meal context, after a meal: as in HL7's guide for such devices
    assert set(coded) == {"8417844", "8417764", "8417864", "8417820", "8417796"}


def test_what_has_no_certain_code_is_text() -> None:
    (body,) = observations("glucose", values=[quantity("41653-7", "mg/dL", "96")], flags=["bedtime"])
    assert [part["valueCodeableConcept"] for part in body["component"]] == [{"text": "bedtime"}]


def test_each_word_of_a_context_has_a_component_but_exercise() -> None:
    told_apart = {flag for _text, answers in QUESTIONS.values() for flag in answers}
    words = (FOODS, MEALS, TESTERS, HEALTH, DRUGS)
    places = {place for (place,) in PLACES.values()}
    assert told_apart == {word for each in words for word in each.values()} | places


def test_a_sensors_trend_and_quality_stand_beside_its_glucose() -> None:
    values = [quantity("99504-3", "mg/dL", "120"), quantity("8418008", "mg/dL/min", "-2.4")]
    made = observations("continuous-glucose", values=[*values, quantity("glucose-quality", "%", "99.7")])
    glucose, trend, quality = made
    assert {"99504-3", "160212"} <= codes(glucose)
    assert codes(trend) == {"8418008"}
    assert trend["valueQuantity"]["code"] == "mg/dL/min"
    assert quality["code"] == {"text": "Quality of the glucose measurement"}


def test_an_ecg_is_samples_of_each_lead_with_its_breaks() -> None:
    wave = {"hertz": 250, "factor": "0.001", "unit": "mV", "leads": [[0, -12, 250], [1, -32768, 2], [3]]}
    (body,) = observations("ecg", waveform=wave)
    first, second, _third = (part["valueSampledData"] for part in body["component"])
    assert (first["period"], first["factor"], first["dimensions"]) == (4, 0.001, 1)
    assert (first["data"], second["data"]) == ("0 -12 250", "1 E 2")
    leads = [part["code"]["coding"][0]["code"] for part in body["component"]]
    assert leads == ["131329", "131330", "131389"]


def test_it_says_whose_it_is_by_what_where_and_when_by_the_devices_clock() -> None:
    values = [quantity("29463-7", "kg", "70.000")]
    (dated,) = observations("weight", values=values, measured_at="2026-11-22T09:58:00")
    (undated,) = observations("weight", values=values, flags=["unknown-user"])
    assert dated["subject"] == {"reference": f"Patient/{ABOUT.patient}"}
    assert dated["encounter"] == {"reference": f"Encounter/{ABOUT.encounter}"}
    assert dated["device"] == {"reference": f"Device/{ABOUT.device}"}
    assert dated["effectiveDateTime"] == "2026-11-22T09:58:00+00:00"
    assert undated["effectiveDateTime"] == "2026-11-22T10:00:02.120000+00:00"
    assert "unknown-user" in undated["note"][0]["text"]
