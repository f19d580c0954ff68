"""Messages as other systems send them; all of it invented."""

from typing import Final

SAID: Final = "20261122101500+0100"
PID: Final = (
    "PID|1||4711^^^HAUS^MR~T000000015^^^&1.2.276.0.76.4.8&ISO^NH||Müller^Änne^Käthe^^Dr.^^L"
    "~Geborene^Alt^^^^^M||19540321|F|||Weg 1^^Ort||^PRN^PH^^49^30^555123~^NET^Internet^anne@example.org||de"
)
PV1: Final = "PV1|1|O|||||123^Wolf^Eva^^^Dr."


def message(*lines: str, codec: str = "utf-8") -> bytes:
    """The lines with the line ends of HL7."""
    return "".join(f"{line}\r" for line in lines).encode(codec)


def head(kind: str, number: str = "1", *, at: str = SAID, charset: str = "UNICODE UTF-8") -> str:
    """MSH."""
    return f"MSH|^~\\&|KIS|HAUS|TELEWARD|PRAXIS|{at}||{kind}|{number}|P|2.5.1||||||{charset}"


def admit(number: str = "1", *, event: str = "A04", pid: str = PID, at: str = SAID) -> bytes:
    """ADT."""
    return message(head(f"ADT^{event}^ADT_A01", number, at=at), f"EVN|{event}|{at}", pid, PV1)


def schedule(
    number: str = "1",
    *,
    event: str = "S12",
    starts: str = "20261201093000+0100",
    minutes: str = "30",
    pid: str = PID,
    filler: str = "F77",
    doctor: str = "123^Wolf^Eva",
    at: str = SAID,
) -> bytes:
    """SIU."""
    sch = f"SCH|P1^KIS|{filler}^KIS|||||^Kontrolle \\T\\ Befund||{minutes}|MIN|^^^{starts}"
    lines = (head(f"SIU^{event}^SIU_S12", number, at=at), sch, pid, "RGS|1|A", f"AIP|1|A|{doctor}")
    return message(*lines)


def merged(number: str = "9", *, kept: str = "4711", gone: str = "4712", at: str = SAID) -> bytes:
    """ADT^A40."""
    pid = f"PID|1||{kept}^^^HAUS^MR||Müller^Änne||19540321"
    return message(head("ADT^A40^ADT_A39", number, at=at), f"EVN|A40|{at}", pid, f"MRG|{gone}^^^HAUS^MR")
