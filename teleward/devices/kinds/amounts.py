"""Values with their units: as measured, or converted once, with what was measured kept beside it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from teleward.devices.kinds.frame import Number
from teleward.devices.kinds.kind import Unreadable, Value

PLAIN = re.compile(r"-?\d{1,12}(\.\d{1,12})?")  # as a reading may carry it


@dataclass(frozen=True)
class Conversion:
    """(number + plus) x times, rounded to `digits` after the point; or moved by `tens`, which is exact."""

    times: Fraction = Fraction(1)
    plus: int = 0
    digits: int = 0
    tens: int | None = None


# 1 mmHg = 133.322387415 Pa (ISO 80000-4); 1 lb = 0.45359237 kg and 1 in = 2.54 cm (of 1959, exact);
# glucose 180.156 g/mol (IUPAC atomic weights)
CONVERSIONS = {
    ("kPa", "mm[Hg]"): Conversion(Fraction(10**12, 133322387415)),
    ("kg/L", "mg/dL"): Conversion(tens=5),
    ("mol/L", "mg/dL"): Conversion(Fraction(180156, 10)),
    ("mmol/L", "mg/dL"): Conversion(Fraction(180156, 10000)),
    ("[degF]", "Cel"): Conversion(Fraction(5, 9), plus=-32, digits=2),
    ("[lb_av]", "kg"): Conversion(Fraction(45359237, 10**8), digits=2),
    ("m", "cm"): Conversion(tens=2),
    ("[in_i]", "cm"): Conversion(Fraction(254, 100), digits=1),
    ("s/1024", "ms"): Conversion(Fraction(1000, 1024), digits=2),
}


def value(code: str, number: Number, unit: str, *, measured_in: str = "") -> Value:
    """The value, in `unit`; `measured_in` is the unit of `number` where it is another.

    Raises `Unreadable`: out-of-scale.
    """
    if isinstance(number, str):
        return Value(code=code, unit=unit, absent=number)
    if measured_in in ("", unit):
        return Value(code=code, unit=unit, value=text(number))
    told = text(_converted(number, CONVERSIONS[measured_in, unit]))
    return Value(code=code, unit=unit, value=told, original=(text(number), measured_in))


def text(number: Decimal) -> str:
    """The decimal without an exponent, with every digit measured. Raises `Unreadable`: out-of-scale."""
    plain = format(number, "f")
    if not PLAIN.fullmatch(plain):
        raise Unreadable("out-of-scale")
    return plain


def _converted(number: Decimal, how: Conversion) -> Decimal:
    if how.tens is not None:
        return number.scaleb(how.tens)
    exact = (Fraction(number) + how.plus) * how.times * 10**how.digits
    nearest = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return Decimal(nearest if exact >= 0 else -nearest).scaleb(-how.digits)
