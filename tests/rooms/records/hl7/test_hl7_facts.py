"""What messages say: people, merges, appointments, times; and what we answer and write."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import hl7
import pytest
from rooms.records.hl7.hl7_messages import PID, admit, head, merged, message, schedule

from teleward.records.hl7.building import acknowledgement
from teleward.records.hl7.facts import Admission, Merge, Scheduling
from teleward.records.hl7.framing import END, START, Frames, framed
from teleward.records.hl7.kinds import said
from teleward.records.hl7.moments import moment, written
from teleward.records.hl7.reading import read
from teleward.records.hl7.reasons import MessageRefused, Reason

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def of(raw: bytes) -> Admission | Merge | Scheduling:
    return said(read(raw), zone=BERLIN, otherwise=NOON)


def refusal(raw: bytes) -> tuple[Reason, str]:
    with pytest.raises(MessageRefused) as refused:
        of(raw)
    return refused.value.reason, refused.value.place


def test_a_patient_has_numbers_a_legal_name_a_birthday_and_ways_to_be_reached() -> None:
    found = of(admit())
    assert isinstance(found, Admission)
    who = found.patient
    assert (who.family_name, who.given_name, who.born_on) == ("Müller", "Änne Käthe", date(1954, 3, 21))
    assert (who.language, who.email, who.telephone) == ("de", "anne@example.org", "+49 30 555123")
    first, second = who.numbers
    assert (first.value, first.namespace, first.kind) == ("4711", "HAUS", "MR")
    assert (second.value, second.universal, second.kind) == ("T000000015", "1.2.276.0.76.4.8", "NH")
    assert found.said_at == datetime(2026, 11, 22, 9, 15, tzinfo=UTC)


def test_a_name_is_one_line_and_an_address_one_that_can_be_written_to() -> None:
    loose = "PID|1||1||Mül\\.br\\ler^Än\tne||19540321||||||^NET^Internet^a@b\\.br\\c.de~^NET^Internet^nobody@"
    found = of(message(head("ADT^A08"), loose))
    assert isinstance(found, Admission)
    who = found.patient
    assert (who.family_name, who.given_name, who.email) == ("Mül ler", "Än ne", "")
    endless = f"PID|1||1||Müller^Änne||19540321||||||^NET^Internet^a@{'b.' * 130}de"
    long = of(message(head("ADT^A08"), endless))  # cut, it would be somebody else's
    assert isinstance(long, Admission)
    assert long.patient.email == ""


def test_the_event_says_when_before_the_header_and_the_header_before_our_clock() -> None:
    by_event = message(head("ADT^A08", at="20261122"), "EVN|A08|202611221000+0000", PID)
    assert of(by_event).said_at == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert of(message(head("ADT^A08", at="20261122"), PID)).said_at == datetime(2026, 11, 21, 23, tzinfo=UTC)
    assert of(message(head("ADT^A08", at=""), PID)).said_at == NOON


@pytest.mark.parametrize("event", ["A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08"])
def test_each_admission_says_who_the_patient_is(event: str) -> None:
    assert isinstance(of(admit(event=event)), Admission)


def test_a_merge_names_who_is_kept_and_the_number_that_is_gone() -> None:
    found = of(merged(kept="1", gone="2"))
    assert isinstance(found, Merge)
    assert ([each.value for each in found.patient.numbers], [each.value for each in found.gone]) == (
        ["1"],
        ["2"],
    )
    assert refusal(message(head("ADT^A40"), PID)) == (Reason.SEGMENT_MISSING, "MRG")


@pytest.mark.parametrize(
    ("event", "deed"),
    [
        ("S12", "book"),
        ("S13", "book"),
        ("S14", "book"),
        ("S15", "cancel"),
        ("S17", "cancel"),
        ("S26", "missed"),
    ],
)
def test_an_appointment_has_a_deed_numbers_a_time_and_somebody_to_see(event: str, deed: str) -> None:
    found = of(schedule(event=event))
    assert isinstance(found, Scheduling)
    assert (found.deed, found.numbers) == (deed, ("filler:KIS:F77", "placer:KIS:P1"))
    assert (found.starts_at, found.minutes) == (datetime(2026, 12, 1, 8, 30, tzinfo=UTC), 30)
    assert found.reason == "Kontrolle & Befund"
    assert [(each.number, each.family_name) for each in found.with_whom] == [("123", "Wolf")]


@pytest.mark.parametrize(
    ("sch", "after"),
    [
        ("SCH||F1|||||||||^^^202612010930^202612011000", ()),
        ("SCH||F1|||||||30|MIN", ("TQ1|1||||||202612010930",)),
        ("SCH||F1", ("TQ1|1||||||202612010930|202612011000",)),
        ("SCH||F1", ("RGS|1", "AIS|1||X|202612010930|||0.5|HR")),
        ("SCH||F1", ("RGS|1", "AIG|1||123^Wolf|||||202612010930|||1800|SEC")),
        ("SCH||F1", ("RGS|1", "AIL|1||R1|||202612010930|||30")),
        ("SCH||F1", ("RGS|1", "AIP|1|D|9|||202601010000|||99", "AIP|2|A|123|||202612010930|||30|MIN")),
    ],
)
def test_the_time_is_found_wherever_a_version_puts_it(sch: str, after: tuple[str, ...]) -> None:
    found = of(message(head("SIU^S12"), sch, PID, *after))
    assert isinstance(found, Scheduling)
    assert (found.starts_at, found.minutes) == (datetime(2026, 12, 1, 8, 30, tzinfo=UTC), 30)


@pytest.mark.parametrize(
    ("raw", "reason", "place"),
    [
        (message(head("ORU^R01"), PID), Reason.TYPE_UNSUPPORTED, "MSH-9"),
        (message(head("ADT^A11"), PID), Reason.EVENT_UNSUPPORTED, "MSH-9"),
        (admit().replace(b"|P|2.5.1", b"|T|2.5.1"), Reason.NOT_FOR_REAL, "MSH-11"),
        (admit().replace(b"|P|2.5.1", b"|P|3.0"), Reason.VERSION_UNSUPPORTED, "MSH-12"),
        (message(head("ADT^A08"), "PV1|1"), Reason.SEGMENT_MISSING, "PID"),
        (message(head("ADT^A08"), "PID|1||||Wolf"), Reason.FIELD_MISSING, "PID-3"),
        (message(head("ADT^A08"), "PID|1||1"), Reason.FIELD_MISSING, "PID-5"),
        (message(head("ADT^A08"), "PID|1||1||Wolf||19540231"), Reason.TIME_WRONG, "PID-7"),
        (schedule(starts="gestern"), Reason.TIME_WRONG, "SCH-11"),
        (schedule(starts="20261201"), Reason.TIME_WRONG, "SCH-11"),
        (schedule(starts="202610250230"), Reason.TIME_UNCLEAR, "SCH-11"),
        (schedule(starts="202603290230"), Reason.TIME_UNCLEAR, "SCH-11"),
        (schedule(minutes="long"), Reason.VALUE_WRONG, "SCH-9"),
        (schedule(minutes="0"), Reason.VALUE_WRONG, "SCH-9"),
        (message(head("SIU^S12"), "SCH|", PID), Reason.FIELD_MISSING, "SCH-2"),
    ],
)
def test_what_cannot_be_taken_says_why_and_where(raw: bytes, reason: Reason, place: str) -> None:
    assert refusal(raw) == (reason, place)


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("2026", "year"),
        ("202612", "month"),
        ("20261201", "day"),
        ("2026120109", "hour"),
        ("202612010930", "minute"),
        ("20261201093015", "second"),
        ("20261201093015.1234+0100", "part"),
    ],
)
def test_a_time_is_as_exact_as_it_was_written(text: str, precision: str) -> None:
    assert moment(text).precision == precision
    assert moment(text).has_time is (precision in {"minute", "second", "part"})


@pytest.mark.parametrize(
    "text", ["26", "2026130", "20261301", "202612012561", "2026+2500", "20261201T0930", "१२३४"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(MessageRefused):
        moment(text)


def test_a_time_is_written_with_its_offset() -> None:
    assert written(datetime(2026, 12, 1, 9, 30, tzinfo=BERLIN)) == "20261201093000+0100"


def answered(raw: bytes, reason: Reason | None, place: str = "") -> hl7.Message:
    return hl7.parse(
        acknowledgement(
            to=read(raw), facility="PRAXIS", control_id="A1", at=NOON, reason=reason, place=place
        ).decode()
    )


def test_an_acknowledgement_is_read_by_others_and_names_the_message() -> None:
    found = answered(admit("4"), None)
    assert str(found["MSA"][0]) == "MSA|AA|4"
    assert (found["MSH.3"], found["MSH.5"], found["MSH.9.1"], found["MSH.12"]) == (
        "TELEWARD",
        "KIS",
        "ACK",
        "2.5.1",
    )


def test_a_refusal_says_why_where_and_by_whose_code_and_nothing_of_the_patient() -> None:
    found = answered(admit("5"), Reason.PATIENT_UNKNOWN, "PID-3")
    error = found["ERR"][0]
    assert str(found["MSA"][0][1]) == "AE"
    assert (str(error[2]), str(error[3]), str(error[4])) == ("PID^1^3", "204^^HL70357", "E")
    assert str(error[5]).startswith("patient-unknown")
    assert not {"Müller", "4711", "1954"} & set(str(found).replace("^", "|").split("|"))


def test_a_message_of_a_kind_that_is_not_ours_is_rejected() -> None:
    assert str(answered(admit(), Reason.EVENT_UNSUPPORTED, "MSH-9")["MSA"][0][1]) == "AR"


def test_an_answer_is_in_the_character_set_of_the_question() -> None:
    raw = message(head("ADT^A08", number="ä", charset="8859/1"), PID, codec="latin-1")
    sent = acknowledgement(to=read(raw), facility="Praxis Süd", control_id="1", at=NOON, reason=None)
    assert "|ä" in sent.decode("latin-1")
    assert "8859/1" in sent.decode("latin-1")


def test_what_is_no_message_is_answered_too() -> None:
    sent = acknowledgement(to=None, facility="P", control_id="1", at=NOON, reason=Reason.NOT_HL7)
    assert b"\rMSA|AR||" in sent


def test_messages_come_in_any_pieces() -> None:
    wire = b"\r\n" + framed(b"one") + framed(b"two") + b"\r" + framed(b"three")
    for size in (1, 2, 3, 7, 100):
        frames, found = Frames(), list[bytes]()
        for begin in range(0, len(wire), size):
            found += frames.feed(wire[begin : begin + size])
        assert found == [b"one", b"two", b"three"]


def test_a_message_that_was_cut_off_is_forgotten_when_the_next_begins() -> None:
    assert list(Frames().feed(START + b"half of" + framed(b"whole"))) == [b"whole"]
    assert list(Frames().feed(START + b"not yet" + END[:1])) == []


def test_a_message_without_an_end_is_not_collected_for_ever() -> None:
    frames = Frames(most=100)
    assert list(frames.feed(START + b"x" * 90)) == []
    with pytest.raises(MessageRefused):
        list(frames.feed(b"x" * 20))
    with pytest.raises(MessageRefused):
        list(Frames(most=10).feed(framed(b"x" * 11)))


def test_noise_without_a_beginning_is_not_collected_at_all() -> None:
    frames = Frames(most=100)
    for _piece in range(50):
        assert list(frames.feed(b"noise" * 10)) == []
    assert list(frames.feed(framed(b"one"))) == [b"one"]
