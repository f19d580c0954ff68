"""The lasting part of a German insurance number: a letter, eight digits and a check digit (§ 290 SGB V)."""

import re

SYSTEM = "http://fhir.de/sid/gkv/kvid-10"
SHAPE = re.compile(r"[A-Z][0-9]{9}")


def fits(number: str) -> bool:
    """Whether the check digit belongs to the rest. The letter counts as its place in the alphabet."""
    digits = f"{ord(number[0]) - ord('A') + 1:02}{number[1:9]}"
    weighed = (int(digit) * (1 + place % 2) for place, digit in enumerate(digits))
    return sum(each // 10 + each % 10 for each in weighed) % 10 == int(number[9])
