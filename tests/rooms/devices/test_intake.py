"""Readings from home: kept once, answered one by one, durable with their entry in the ledger."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.db.utils import ProgrammingError
from stage.home import Gateway, Home, instant, paired

from teleward.audit.queries import of_patient
from teleward.devices.numbers import MOST_PIECES, numbers_of
from teleward.devices.operations.housekeeping import look_ahead
from teleward.kernel.clock import now


def kept(home: Home, gateway: Gateway) -> list[int]:
    """The numbers that stand in the table."""
    rows = home.owner.execute(
        "SELECT sequence FROM devices_homereading WHERE pairing = %s ORDER BY 1", [gateway.pairing]
    )
    return [number for (number,) in rows]


def test_a_reading_is_kept_once_however_often_it_comes(home: Home, gateway: Gateway) -> None:
    reading = gateway.reading()
    first, again = gateway.answers(reading), gateway.answers(reading, reading)
    assert first == [{"id": reading["id"], "sequence": 1, "status": "kept"}]
    assert again == [{"id": reading["id"], "sequence": 1, "status": "already"}] * 2
    assert kept(home, gateway) == [1]


def test_each_gateway_counts_its_own_readings(home: Home, gateway: Gateway) -> None:
    other = paired(home.server, home.stage)
    both = [(each, each.reading()) for each in (gateway, other)]
    assert [each.answers(reading)[0]["status"] for each, reading in both] == ["kept", "kept"]
    assert [each.answers(reading)[0]["status"] for each, reading in both] == ["already", "already"]
    assert other.answers({**both[0][1], "id": str(uuid4())})[0]["code"] == "devices:number-used"


def test_the_same_batches_at_once_are_kept_exactly_once(home: Home, gateway: Gateway) -> None:
    readings = [gateway.reading() for _one in range(40)]
    shifted = [readings[number : number + 20] for number in (0, 5, 10, 15, 20)] * 2
    with ThreadPoolExecutor(10) as pool:
        answers = [each for found in pool.map(lambda some: gateway.answers(*some), shifted) for each in found]
    assert sorted(each["sequence"] for each in answers if each["status"] == "kept") == list(range(1, 41))
    assert {each["status"] for each in answers} == {"kept", "already"}
    assert kept(home, gateway) == list(range(1, 41))


def test_a_number_counts_once_also_with_another_content(gateway: Gateway) -> None:
    reading = gateway.reading()
    gateway.answers(reading)
    changed = reading | {"values": [{"code": "29463-7", "value": "99", "unit": "kg"}]}
    (answer,) = gateway.answers(changed)
    assert (answer["status"], answer["code"]) == ("refused", "devices:number-used")


WRONG = {
    "in-the-future": {"measured_at": instant(now() + timedelta(days=2))},
    "too-old": {"measured_at": instant(now() - timedelta(days=400))},
    "unit-not-of-the-code": {"values": [{"code": "29463-7", "value": "72.5", "unit": "g"}]},
    "code-of-another-kind": {"values": [{"code": "8867-4", "value": "72", "unit": "/min"}]},
    "not-plausible": {"values": [{"code": "29463-7", "value": "7250", "unit": "kg"}]},
    "special-value": {"values": [{"code": "29463-7", "value": "NaN", "unit": "kg"}]},
    "kind-not-known": {"kind": "crystal-ball"},
    "names-a-patient": {"patient": str(uuid4())},
    "number-far": {"sequence": 5_000_000},
    "nothing-measured": {"values": []},
    "unreadable": {"surprise": 1},
}


@pytest.mark.parametrize("why", WRONG)
def test_a_reading_that_is_refused_says_why_and_the_others_stand(
    home: Home, gateway: Gateway, why: str
) -> None:
    good, bad = gateway.reading(), gateway.reading(**WRONG[why])
    first, second = gateway.answers(good, bad)
    assert first["status"] == "kept"
    assert (second["status"], second["code"]) == ("refused", f"devices:{why}")
    assert second["message"].endswith(".")
    assert kept(home, gateway) == [good["sequence"]]


def test_a_sign_for_no_number_is_kept_as_a_reason_and_never_as_a_value(home: Home, gateway: Gateway) -> None:
    before = home.points("29463-7")
    absent = [{"code": "29463-7", "unit": "kg", "absent": "not-a-number"}]
    (answer,) = gateway.answers(gateway.reading(values=absent))
    assert answer["status"] == "kept"
    assert home.points("29463-7") == before


def test_what_was_kept_is_sealed_and_read_again_under_a_grant(home: Home, gateway: Gateway) -> None:
    before = home.points("29463-7")
    gateway.answers(gateway.reading(values=[{"code": "29463-7", "value": "81.25", "unit": "kg"}]))
    assert [point.value for point in home.points("29463-7")[len(before) :]] == ["81.25"]
    ((sealed,),) = home.owner.execute(
        "SELECT sealed FROM devices_homereading WHERE pairing = %s", [gateway.pairing]
    ).fetchall()
    assert b"81.25" not in bytes(sealed)


def test_each_batch_has_one_entry_with_its_number_and_hash(home: Home, gateway: Gateway) -> None:
    good, bad = gateway.reading(), gateway.reading(kind="crystal-ball")
    body = json.dumps({"readings": [good, bad]}).encode()
    answer = gateway.server.post("/devices/readings", body, authorization=f"Bearer {gateway.token()}")
    assert answer.status_code == 200
    facts = [entry.facts for entry in of_patient(patient=home.stage.patient.id)]
    (entry,) = [each for each in facts if each["detail"].get("sha256") == sha256(body).hexdigest()]
    assert (entry["actor_kind"], entry["actor_id"], entry["outcome"]) == ("Device", gateway.pairing, "done")
    assert [entry["detail"][name] for name in ("kept", "already", "refused")] == [1, 0, 1]
    assert entry["policy"] == "p-device-readings"


def test_both_clocks_and_how_far_the_gateways_is_ahead_are_kept(home: Home, gateway: Gateway) -> None:
    at = int(now().timestamp()) + 30
    reading = gateway.reading()
    gateway.send(reading, token=gateway.token(iat=at, exp=at + 55), battery=41)
    ((skew,),) = home.owner.execute(
        "SELECT skew FROM devices_batch WHERE pairing_id = %s", [gateway.pairing]
    ).fetchall()
    assert 28_000 < skew < 31_000
    (card,) = [each for each in home.cards() if str(each.id) == gateway.pairing]
    assert (card.name, card.battery, card.ahead) == ("Küche", 41, round(skew / 1000))


def test_numbers_that_never_came_are_passed_over_when_there_are_too_many(
    home: Home, gateway: Gateway
) -> None:
    gaps = [gateway.reading(sequence=number) for number in range(2, 2 * MOST_PIECES + 12, 2)]
    gateway.answers(*gaps)
    first, last = gateway.answers(gateway.reading(sequence=3), gateway.reading(sequence=2 * MOST_PIECES + 9))
    assert (first["status"], first["code"]) == ("refused", "devices:number-passed")
    assert last["status"] == "kept"
    ((numbers,),) = home.owner.execute(
        "SELECT numbers::text FROM devices_taken WHERE pairing_id = %s", [gateway.pairing]
    ).fetchall()
    assert len(numbers_of(numbers).pieces) <= MOST_PIECES


def test_a_month_that_nobody_made_a_place_for_gets_one(home: Home, gateway: Gateway) -> None:
    with time_machine.travel(datetime(2031, 3, 31, 23, 59, 59, tzinfo=UTC)):
        (answer,) = gateway.answers(gateway.reading())
    assert answer["status"] == "kept"
    part = "SELECT tableoid::regclass::text FROM devices_homereading WHERE pairing = %s"
    assert home.owner.execute(part, [gateway.pairing]).fetchall() == [("devices_homereading_2031_03",)]
    fences = "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = %s"
    assert home.owner.execute(fences, ["devices_homereading_2031_03"]).fetchone() == (True,)


def test_each_night_there_is_room_for_the_months_to_come(home: Home, gateway: Gateway) -> None:
    gateway.send()
    year = now().year + 6
    with time_machine.travel(datetime(year, 1, 31, tzinfo=UTC)):
        look_ahead()
    parts = "SELECT relname FROM pg_class WHERE relname LIKE 'devices_homereading_2%' AND relkind = 'r'"
    made = {name for (name,) in home.owner.execute(parts).fetchall()}
    assert {
        f"devices_homereading_{year}_01",
        f"devices_homereading_{year}_02",  # 31 days after the 31st is March
        f"devices_homereading_{year}_03",
    } <= made
    assert home.owner.execute("SELECT count(*) FROM devices_seenword").fetchone() == (0,)


def test_the_application_changes_nothing_that_was_kept(home: Home, gateway: Gateway) -> None:
    gateway.answers(gateway.reading())
    for change in ("UPDATE devices_homereading SET at = now()", "UPDATE devices_batch SET kept = 0"):
        with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute(change)
