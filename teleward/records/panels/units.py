"""Units as people write them, for the UCUM that programs write."""

import re

SIGNS = {
    "mm[Hg]": "mmHg",
    "Cel": "°C",
    "[degF]": "°F",
    "[lb_av]": "lb",
    "[in_i]": "in",
    "[IU]": "IU",
    "m2": "m²",
    "mm3": "mm³",
    "deg": "°",
}
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
POWER = re.compile(r"10[*^](-?\d+)")
MICRO = re.compile(r"^u(?=(?:g|l|L|m|mol|kat|IU|V)$)")


def sign(unit: str) -> str:
    """How people write this unit, `10⁹/L` for `10*9/L`; an unknown one as it is."""
    return "/".join(_part(part) for part in unit.split("/"))


def _part(part: str) -> str:
    known = SIGNS.get(part) or POWER.sub(lambda found: f"10{found[1].translate(RAISED)}", part)
    return MICRO.sub("µ", known.replace("[IU]", "IU"))
