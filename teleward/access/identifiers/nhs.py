"""The NHS number of England, Wales and the Isle of Man: nine digits and a check digit.

https://www.datadictionary.nhs.uk/attributes/nhs_number.html: modulus 11, weights ten to two.
"""

import re

SYSTEM = "https://fhir.nhs.uk/Id/nhs-number"
SHAPE = re.compile(r"[0-9]{10}")


def fits(number: str) -> bool:
    """Whether the check digit belongs to the rest. Ten is no digit: such numbers are not given out."""
    weighed = sum(int(digit) * (10 - place) for place, digit in enumerate(number[:9]))
    return -weighed % 11 == int(number[9])
