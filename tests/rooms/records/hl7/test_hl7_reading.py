"""Reading: any delimiters, any character set of MSH-18, any bytes at all; and as another reader reads it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import hl7
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from rooms.records.hl7.hl7_messages import PID, admit, head, message
from rooms.records.hl7.hl7_strange import strange

from teleward.records.hl7.charsets import CODECS, NAMES
from teleward.records.hl7.escapes import USUAL, Delimiters, escaped, plain
from teleward.records.hl7.kinds import said
from teleward.records.hl7.reading import MOST_SEGMENTS, read
from teleward.records.hl7.reasons import CODES, REJECTED, WORDS, MessageRefused, Reason

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def refusal(raw: bytes, otherwise: str = "ASCII") -> tuple[Reason, str]:
    with pytest.raises(MessageRefused) as refused:
        read(raw, otherwise=otherwise)
    return refused.value.reason, refused.value.place


def test_a_message_is_read_by_segment_field_repetition_and_component() -> None:
    found = read(admit("77"))
    patient = found.needed("PID")
    assert (found.kind, found.control_id, found.charset) == ("ADT^A04", "77", "UNICODE UTF-8")
    assert [each.part(1) for each in patient.repetitions(3)] == ["4711", "T000000015"]
    assert patient.repetitions(3)[1].part(4, 2) == "1.2.276.0.76.4.8"
    assert (patient.text(5), patient.text(5, 2), patient.text(5, 9)) == ("Müller", "Änne", "")
    assert patient.text(99) == ""
    assert found.first("OBX") is None


def test_what_another_reader_reads_we_read() -> None:
    raw = admit().decode()
    theirs, ours = hl7.parse(raw), read(raw.encode())
    for segment, line in zip(theirs, ours.segments, strict=True):
        assert str(segment[0]) == line.name
        for number in range(1, len(segment)):
            if (line.name, number) != ("MSH", 1):
                assert str(segment[number]) == line.raw(number), (line.name, number)
    assert theirs.extract_field("PID", 1, 3, 2, 4, 2) == ours.needed("PID").repetitions(3)[1].part(4, 2)


def test_the_delimiters_are_those_of_the_message() -> None:
    raw = b"MSH#*!/%#KIS#HAUS#T#P#20261122##ADT*A08#5#P#2.5\rPID#1##1***A%1.2%ISO!2##Bei/S/spiel*B/E/e\r"
    patient = read(raw).needed("PID")
    assert [each.part(1) for each in patient.repetitions(3)] == ["1", "2"]
    assert patient.field(3).part(4, 2) == "1.2"
    assert (patient.text(5), patient.text(5, 2)) == ("Bei*spiel", "B/e")


@pytest.mark.parametrize("name", NAMES)
def test_each_character_set_that_is_named_is_read(name: str) -> None:
    codec = CODECS[name]
    letters = {"GB 18030-2000": "王", "BIG-5": "王", "KS X 1001": "김"}.get(name, "")
    if name.startswith("8859/"):
        letters = bytes([0xE2, 0xE4]).decode(codec)
    said = letters or "Mueller"
    raw = message(head("ADT^A08", charset=name), f"PID|1||1||{said}", codec=codec)
    assert read(raw).needed("PID").text(5) == said


def test_without_a_name_it_is_the_character_set_of_the_sender() -> None:
    raw = message(head("ADT^A08", charset=""), "PID|1||1||Müller", codec="latin-1")
    assert read(raw, otherwise="8859/1").needed("PID").text(5) == "Müller"
    assert refusal(raw) == (Reason.CHARSET_BROKEN, "MSH-18")


@pytest.mark.parametrize("name", ["UNICODE UTF-16", "UNICODE UTF-32", "JIS X 9999", "ISO IR87", "utf_7"])
def test_a_character_set_that_is_not_known_is_refused_and_not_guessed(name: str) -> None:
    assert refusal(message(head("ADT^A08", charset=name), "PID|1")) == (Reason.CHARSET_UNKNOWN, "MSH-18")


def test_letters_of_another_character_set_are_refused_and_not_replaced() -> None:
    raw = message(head("ADT^A08"), "PID|1||1||Müller", codec="latin-1")
    assert refusal(raw) == (Reason.CHARSET_BROKEN, "MSH-18")


def test_signs_that_no_database_takes_are_refused_also_when_they_are_escaped() -> None:
    assert refusal(message(head("ADT^A08"), "PID|1||1||A\x00B"))[0] is Reason.CHARSET_BROKEN
    assert read(message(head("ADT^A08"), "PID|1||1||A\\X00\\B")).needed("PID").text(5) == "AB"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("A\\F\\B", "A|B"),
        ("A\\S\\B\\T\\C\\R\\D\\E\\", "A^B&C~D\\"),
        ("one\\.br\\two", "one\ntwo"),
        ("\\H\\loud\\N\\ low", "loud low"),
        ("\\X4D\\\\XC3BC\\ller", "Müller"),
        ("\\XZZ\\", "\\XZZ\\"),
        ("\\Z9\\own", "\\Z9\\own"),
        ("C:\\folder", "C:\\folder"),
    ],
)
def test_escape_sequences_mean_what_the_standard_says(written: str, meant: str) -> None:
    assert plain(written) == meant


@given(some.text(some.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\x85")))
@settings(max_examples=60)
def test_what_is_escaped_is_read_back(text: str) -> None:
    assert plain(escaped(text)) == text
    assert not set(escaped(text).replace("\\", "")) & set("|^~&")


def test_other_line_ends_are_taken_where_there_is_no_carriage_return() -> None:
    raw = admit().replace(b"\r", b"\n")
    assert [each.name for each in read(raw).segments] == ["MSH", "EVN", "PID", "PV1"]
    assert [each.name for each in read(admit().replace(b"\r", b"\r\n")).segments] == [
        "MSH",
        "EVN",
        "PID",
        "PV1",
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\r",
        b"MSH",
        b"MSH|",
        b"MSH|^~\\&",
        b"MSH|^^^^|A",
        b"PID|1\r",
        b"msh|^~\\&|",
        b"GET / HTTP/1.1\r\n",
    ],
)
def test_what_is_no_message_is_refused(raw: bytes) -> None:
    assert refusal(raw)[0] in {Reason.NOT_HL7, Reason.FIELD_MISSING}


def test_what_is_too_much_is_refused() -> None:
    assert refusal(message(head("ADT^A08"), *["NTE|1"] * MOST_SEGMENTS))[0] is Reason.TOO_LARGE
    assert refusal(message(head("ADT^A08"), "PID" + "|" * 600))[0] is Reason.TOO_LARGE
    assert refusal(message(head("ADT^A08", number="9" * 300)))[0] is Reason.TOO_LARGE
    assert refusal(b"M" * (1 << 20 | 1))[0] is Reason.TOO_LARGE


def test_a_message_without_its_number_is_refused_with_the_place() -> None:
    assert refusal(message(head("ADT^A08", number=""), PID)) == (Reason.FIELD_MISSING, "MSH-10")


def of(raw: bytes) -> str:
    try:
        said(read(raw), zone=BERLIN, otherwise=NOON)
    except MessageRefused as refused:
        return refused.reason
    return "said"


@given(strange())
@settings(max_examples=300)
def test_whatever_comes_is_a_message_or_a_refusal_and_nothing_else(raw: bytes) -> None:
    assert of(raw) in {"said", *Reason}


def test_every_reason_has_its_code_and_its_sentence() -> None:
    assert set(CODES) == set(WORDS) == set(Reason)
    assert set(Reason) >= REJECTED
    assert Delimiters() == USUAL
