"""HL7's own vital-signs profiles of R4 as data."""

from collections.abc import Iterator
from dataclasses import fields

from architecture.fhir.definitions import Definitions
from architecture.fhir.valuesets import codes
from architecture.fhir.writing import ROOM, File, head
from teleward.records.fhir.profiles.shape import Limit, Profile, from_definition

VITAL_SIGNS = (
    "vitalsigns",
    "bp",
    "heartrate",
    "resprate",
    "oxygensat",
    "bodytemp",
    "bodyheight",
    "bodyweight",
    "bmi",
    "headcircum",
)
# The flow of oxygen, which US Core asks for in a component and the value set lacks; HL7's tests let it pass.
FLOW = ("L/min",)
UNITS = ("ucum-vitals-common", "ucum-bodytemp", "ucum-bodylength", "ucum-bodyweight")


def vital_signs(definitions: Definitions) -> File:
    """The file `profiles/vital_signs.py`."""
    addresses = [f"http://hl7.org/fhir/ValueSet/{unit}" for unit in UNITS]
    units = {at: tuple(code for _system, code in codes(definitions, at) or ()) for at in addresses}
    units[addresses[0]] += FLOW
    found = [from_definition(definitions.structures[name], units) for name in VITAL_SIGNS]
    body = "".join(f"    {_profile(profile)},\n" for profile in found)
    imports = f"from {ROOM}.profiles.shape import Limit, Profile\n"
    what = head("The vital signs", "https://hl7.org/fhir/R4/observation-vitalsigns.html")
    return File("vital_signs", f"{what}{imports}\nVITAL_SIGNS = (\n{body})\n")


def _profile(profile: Profile) -> str:
    limits = "".join(f"{_limit(limit)}, " for limit in profile.limits if _says(limit))
    return (
        f"Profile(url={profile.url!r}, type={profile.type!r}, parent={profile.parent!r}, limits=({limits}),)"
    )


def _says(limit: Limit) -> bool:
    return limit != Limit(id=limit.id)


def _limit(limit: Limit) -> str:
    bare = Limit(id="")
    said = (
        (f.name, getattr(limit, f.name))
        for f in fields(limit)
        if getattr(limit, f.name) != getattr(bare, f.name)
    )
    return f"Limit({', '.join(f'{name}={value!r}' for name, value in said)})"


def files(definitions: Definitions) -> Iterator[File]:
    """Every file of `profiles/` that is written."""
    yield vital_signs(definitions)
