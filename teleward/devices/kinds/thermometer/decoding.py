"""Body temperature: Health Thermometer Service 1.0, 0x2A1C and 0x2A1E."""

from teleward.devices.kinds.amounts import value
from teleward.devices.kinds.frame import Frame, short
from teleward.devices.kinds.kind import Measured, Unreadable

MEASUREMENT, INTERMEDIATE = "2A1C", "2A1E"
TEMPERATURE = "8310-5"
FAHRENHEIT, DATED, SITED = 1, 2, 4
SITES = dict(
    enumerate(
        ("armpit", "body", "ear", "finger", "gastrointestinal", "mouth", "rectum", "toe", "eardrum"), start=1
    )
)


def decode(characteristic: str, octets: bytes) -> Measured:
    """One measurement. The temperature while the device still measures is none: it says that it measures."""
    if short(characteristic) not in {MEASUREMENT, INTERMEDIATE}:
        raise Unreadable("unknown-characteristic")
    said = _measurement(Frame(octets))
    return said if short(characteristic) == MEASUREMENT else Measured(values=(), flags=("measuring",))


def _measurement(frame: Frame) -> Measured:
    flags = frame.whole(1)
    unit = "[degF]" if flags & FAHRENHEIT else "Cel"
    temperature = value(TEMPERATURE, frame.float(), "Cel", measured_in=unit)
    moment = frame.date() if flags & DATED else None
    site = SITES.get(frame.whole(1)) if flags & SITED else None
    return Measured(values=(temperature,), measured_at=moment, flags=(f"site-{site}",) if site else ())
