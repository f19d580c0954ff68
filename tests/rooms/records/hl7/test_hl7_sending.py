"""What goes out over MLLP: appointments as SIU, readings as ORU, and what is made of each acknowledgement."""

import hashlib
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import hl7
import msgspec
import pytest
from rooms.records.hl7.hl7_certificates import Papers, papers
from rooms.records.hl7.hl7_wire import listens

from teleward.records.connections.kind import Item, Link, Refused, SettingFaulty, Unreachable
from teleward.records.connections.known import KINDS
from teleward.records.hl7.building import acknowledgement
from teleward.records.hl7.reading import read
from teleward.records.hl7.reasons import Reason
from teleward.records.queries.hl7.senders import Peer

MLLP = KINDS["mllp"]
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
SETTINGS = {"application": "PVS", "facility": "HAUS", "own_facility": "LINDENHOF", "fingerprint": ""}
PATIENT = {
    "resourceType": "Patient",
    "identifier": [
        {"system": "urn:uuid:0192aaaa-0000-7000-8000-000000000000#HA%26US", "value": "4711"},
        {"system": "http://fhir.de/sid/gkv/kvid-10", "value": "T000000015"},
    ],
    "name": [{"family": "Müller", "given": ["Änne", "Käthe"]}],
    "birthDate": "1954-03-21",
}
APPOINTMENT = {
    "resourceType": "Appointment",
    "status": "booked",
    "start": "2026-12-01T09:30:00+01:00",
    "end": "2026-12-01T10:00:00+01:00",
    "participant": [
        {"actor": {"reference": "Practitioner/1", "display": "Dr. Eva Wolf"}, "status": "accepted"}
    ],
}
MERCURY = {"unit": "mmHg", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}
PRESSURE = {
    "resourceType": "Observation",
    "status": "final",
    "effectiveDateTime": "2026-12-01T09:45:00+01:00",
    "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}], "text": "Blood | pressure"},
    "component": [
        {
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "valueQuantity": {"value": value, **MERCURY},
        }
        for code, value in (("8480-6", 138.50), ("8462-4", 88))
    ],
}


def item(body: dict[str, Any], *, version: int = 1, patient: dict[str, Any] = PATIENT) -> Item:
    encoded = msgspec.json.encode(body).replace(b"138.5", b"138.50")
    return Item(
        key="urn:uuid:0192bbbb-0000-7000-8000-000000000000",
        type=body["resourceType"],
        logical_id=UUID("0192bbbb-0000-7000-8000-000000000000"),
        version=version,
        happened_at=NOON,
        body=encoded,
        patient=msgspec.json.encode(patient),
    )


def link(port: int, scheme: str = "mllp", **settings: str) -> Link:
    address = f"{scheme}://localhost:{port}"
    nobody = UUID(int=0)
    kept = {**SETTINGS, **settings}
    return Link(id=nobody, organisation=nobody, kind="mllp", name="PVS", address=address, settings=kept)


class Other:
    """The other system: keeps what comes and answers as told."""

    def __init__(self, reason: Reason | None = None, change: Callable[[bytes], bytes] = bytes) -> None:
        self.got: list[bytes] = []
        self._reason, self._change = reason, change

    def __call__(self, peer: Peer, raw: bytes) -> bytes:
        self.got.append(raw)
        return self._change(
            acknowledgement(to=read(raw), facility="", control_id="1", at=NOON, reason=self._reason)
        )

    @property
    def message(self) -> hl7.Message:
        return hl7.parse(self.got[-1].decode())


def sent(body: dict[str, Any], **how: Any) -> hl7.Message:
    other = Other()
    with listens(other) as port:
        MLLP.send(connection=link(port), item=item(body, **how))
    return other.message


def test_an_appointment_is_read_by_others_as_what_it_is() -> None:
    found = sent(APPOINTMENT)
    assert str(found["MSH"][0][9]) == "SIU^S12^SIU_S12"
    assert (found["MSH.3"], found["MSH.4"], found["MSH.5"]) == ("TELEWARD", "LINDENHOF", "PVS")
    assert str(found["PID"][0][3]) == "4711^^^HA\\T\\US^MR~T000000015^^^&1.2.276.0.76.4.8&ISO^NH"
    assert str(found["PID"][0][5]) == "Müller^Änne^Käthe^^^^L"
    assert (str(found["SCH"][0][9]), str(found["SCH"][0][25])) == ("30", "Booked")
    assert str(found["SCH"][0][11]) == "^^^20261201093000+0100^20261201100000+0100"
    assert str(found["AIP"][0][3]) == "^Wolf^Dr. Eva"
    assert [str(each[0]) for each in found] == ["MSH", "SCH", "PID", "RGS", "AIP"]


@pytest.mark.parametrize(
    ("status", "version", "event"),
    [("booked", 2, "S14"), ("cancelled", 2, "S15"), ("noshow", 3, "S26"), ("fulfilled", 3, "S14")],
)
def test_what_became_of_an_appointment_is_its_event(status: str, version: int, event: str) -> None:
    assert str(sent({**APPOINTMENT, "status": status}, version=version)["MSH"][0][9][0][1]) == event


def test_a_reading_is_read_by_others_with_its_code_exact_value_unit_and_time() -> None:
    found = sent(PRESSURE)
    assert str(found["MSH"][0][9]) == "ORU^R01^ORU_R01"
    assert str(found["OBR"][0][4]) == "85354-9^Blood \\F\\ pressure^LN"
    values = [tuple(str(each[number]) for number in (2, 3, 5, 6, 11, 14)) for each in found["OBX"]]
    at = "20261201094500+0100"
    assert values == [
        ("NM", "8480-6^^LN", "138.50", "mm[Hg]^mmHg^UCUM", "F", at),
        ("NM", "8462-4^^LN", "88", "mm[Hg]^mmHg^UCUM", "F", at),
    ]
    assert [str(each[0]) for each in found] == ["MSH", "PID", "OBR", "OBX", "OBX"]


def test_a_second_try_has_the_number_of_the_first_and_another_version_its_own() -> None:
    numbers = [str(sent(APPOINTMENT, version=version)["MSH.10"]) for version in (1, 1, 2)]
    assert numbers[0] == numbers[1] != numbers[2]


def test_without_a_number_that_others_know_a_person_has_to_look() -> None:
    with pytest.raises(Refused) as refused:
        sent(APPOINTMENT, patient={**PATIENT, "identifier": []})
    assert refused.value.reason == "patient-unnamed"


@pytest.mark.parametrize(
    ("reason", "problem", "word", "said"),
    [
        (Reason.PATIENT_UNKNOWN, Refused, "not-taken", "AE 204"),
        (Reason.EVENT_UNSUPPORTED, Refused, "not-taken", "AR 201"),
        (Reason.OURS, Unreachable, "broken-there", "AE 207"),
    ],
)
def test_a_refusal_is_for_a_person_and_a_fault_there_for_later(
    reason: Reason, problem: type[Refused | Unreachable], word: str, said: str
) -> None:
    with listens(Other(reason)) as port, pytest.raises(problem) as raised:
        MLLP.send(connection=link(port), item=item(APPOINTMENT))
    assert (raised.value.reason, raised.value.said) == (word, said)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda _raw: b"hello", "unreadable"),
        (lambda raw: raw.replace(b"MSA|AA|", b"MSA|AA|X"), "unreadable"),
        (lambda raw: raw.replace(b"MSA", b"ZZZ"), "unreadable"),
        (lambda _raw: b"x" * 70_000, "too-much"),
    ],
    ids=["noise", "of-another", "no-msa", "too-long"],
)
def test_an_answer_that_is_none_is_no_yes(change: Callable[[bytes], bytes], word: str) -> None:
    with listens(Other(change=change)) as port, pytest.raises(Unreachable) as raised:
        MLLP.send(connection=link(port), item=item(APPOINTMENT))
    assert raised.value.reason == word


def test_who_does_not_answer_is_asked_again_later() -> None:
    with listens(Other()) as port:
        MLLP.test(connection=link(port))
    with pytest.raises(Unreachable):
        MLLP.test(connection=link(port))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return papers(tmp_path_factory.mktemp("hl7-out"))


def fingerprint(certificate: Path) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.read_text())).hexdigest()


def test_over_tls_only_the_certificate_with_the_fingerprint_gets_the_message(certificates: Papers) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates.server, certificates.server_key)
    other = Other()
    with listens(other, tls) as port:
        right = link(port, "mllps", fingerprint=fingerprint(certificates.server))
        MLLP.send(connection=right, item=item(APPOINTMENT))
        for wrong in (fingerprint(certificates.client), ""):
            with pytest.raises((Refused, Unreachable)):
                MLLP.send(connection=link(port, "mllps", fingerprint=wrong), item=item(APPOINTMENT))
    assert len(other.got) == 1


@pytest.mark.parametrize(
    ("address", "typed", "field"),
    [
        ("https://pvs.example", {}, "address"),
        ("mllps://pvs.example", {}, "address"),
        ("mllp://pvs.example:2575", {}, "address"),
        ("mllps://pvs.example:99999999", {}, "address"),
        ("mllps://pvs.example:2575", {"fingerprint": "abc"}, "fingerprint"),
        ("mllps://pvs.example:2575", {"application": " "}, "application"),
    ],
)
def test_what_was_typed_wrong_is_named(address: str, typed: dict[str, str], field: str) -> None:
    with pytest.raises(SettingFaulty) as faulty:
        MLLP.made(connection=UUID(int=0), address=address, typed={**SETTINGS, **typed})
    assert faulty.value.field == field
    made = MLLP.made(connection=UUID(int=0), address="mllps://pvs.example:2575", typed=SETTINGS)
    assert made.settings["own_facility"] == "LINDENHOF"
