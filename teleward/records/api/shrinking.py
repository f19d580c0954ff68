"""Less of a resource than there is: `_elements` and `_summary`, without touching a digit of the rest."""

from functools import cache

import msgspec

from teleward.records.fhir.r4.summary import NEEDED, SUMMARY

SUBSETTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
ALWAYS = frozenset({"resourceType", "id", "meta"})
_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
_encode = msgspec.json.Encoder().encode


def shrunk(body: bytes, *, kind: str, summary: str, elements: frozenset[str]) -> bytes:
    """The body with what was asked for, marked as less than all. What is wanted whole stays as it is."""
    if not elements and summary in {"", "false"}:
        return body
    parts = _decoder.decode(body)
    kept = {name: part for name, part in parts.items() if _stays(kind, name, summary, elements)}
    meta = msgspec.json.decode(kept.get("meta", b"{}"))
    meta["tag"] = [*meta.get("tag", []), SUBSETTED]
    kept["meta"] = msgspec.Raw(_encode(meta))
    return _encode(kept)


def _stays(kind: str, name: str, summary: str, elements: frozenset[str]) -> bool:
    """What a resource needs, and what changes the sense of the rest, is always there (R4, search.html)."""
    bare = name.lstrip("_")
    if bare in ALWAYS or _is_in(NEEDED[kind], bare):
        return True
    if elements:
        return bare in elements or any(_is_of(each, bare) for each in elements)
    if summary == "text":
        return bare == "text"
    return bare != "text" if summary == "data" else _is_in(SUMMARY[kind], bare)


@cache
def _is_in(listed: str, name: str) -> bool:
    plain, choices = set(listed.split()), [each for each in listed.split() if each.endswith("[x]")]
    return name in plain or any(_is_of(each.removesuffix("[x]"), name) for each in choices)


def _is_of(stem: str, name: str) -> bool:
    """Whether it is one type of a choice: `valueQuantity` of `value`."""
    rest = name.removeprefix(stem)
    return rest != name and rest[:1].isupper()
