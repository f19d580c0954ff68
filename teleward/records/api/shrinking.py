"""Less of a resource than there is: `_elements` and `_summary`, without touching a digit of the rest."""

import msgspec

SUBSETTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
ALWAYS = frozenset({"resourceType", "id", "meta"})
OF_TEXT = frozenset({"text", "status", "code"})
_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
_encode = msgspec.json.Encoder().encode


def shrunk(body: bytes, *, summary: str, elements: frozenset[str]) -> bytes:
    """The body with what was asked for, marked as less than all. What is wanted whole stays as it is."""
    if not elements and summary in {"", "false"}:
        return body
    parts = _decoder.decode(body)
    kept = {name: part for name, part in parts.items() if _stays(name, summary, elements)}
    meta = msgspec.json.decode(kept.get("meta", b"{}"))
    meta["tag"] = [*meta.get("tag", []), SUBSETTED]
    kept["meta"] = msgspec.Raw(_encode(meta))
    return _encode(kept)


def _stays(name: str, summary: str, elements: frozenset[str]) -> bool:
    if name in ALWAYS:
        return True
    if elements:
        return name.lstrip("_") in elements
    if summary == "text":
        return name in OF_TEXT
    return name != "text"
