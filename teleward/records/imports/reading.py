"""A file of another system taken apart: one item for each resource, whatever is wrong with it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from teleward.records.fhir.primitives import exact

from .limits import MOST_BYTES, MOST_RESOURCES
from .problems import BundleOfOtherKind, ImportEmpty, ImportRefused, ImportTooLarge

BUNDLES = frozenset({"collection", "transaction", "batch"})
TYPE = re.compile(r"[A-Za-z]{1,64}")
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One resource as it came: `number` is its line or entry, from 1. None: not readable."""

    number: int
    said: Json | None
    full_url: str = ""
    method: str = ""

    @property
    def kind(self) -> str:
        """Its type, or "" where it says none."""
        said = str((self.said or {}).get("resourceType", ""))
        return said if TYPE.fullmatch(said) else ""

    @property
    def names(self) -> tuple[str, ...]:
        """What others of the file may call it."""
        own = (self.said or {}).get("id")
        names = (self.full_url, f"{self.kind}/{own}" if own else "")
        return tuple(name.encode(errors="replace").decode() for name in names if name)


def items_of(content: bytes) -> list[Item]:
    """Every resource of a bundle or of NDJSON. Raises ImportRefused, whose kinds say what to do."""
    if len(content) > MOST_BYTES:
        raise ImportTooLarge
    whole = _object(content)
    found = list(_lines(content)) if whole is None or _is_one_line(whole) else list(_entries(whole))
    if len(found) > MOST_RESOURCES:
        raise ImportTooLarge
    if not found:
        raise ImportEmpty
    if all(item.said is None for item in found):
        raise ImportRefused
    return found


def _is_one_line(whole: Json) -> bool:
    """NDJSON of one line: a resource that is no bundle."""
    return whole.get("resourceType") != "Bundle"


def _entries(bundle: Json) -> Iterator[Item]:
    if bundle.get("type") not in BUNDLES:
        raise BundleOfOtherKind
    entries = bundle.get("entry")
    for number, entry in enumerate(entries if isinstance(entries, list) else [], start=1):
        told = entry if isinstance(entry, dict) else {}
        said, asked = told.get("resource"), told.get("request")
        yield Item(
            number=number,
            said=said if isinstance(said, dict) else None,
            full_url=str(told.get("fullUrl", "")),
            method=str(asked.get("method", "")) if isinstance(asked, dict) else "",
        )


def _lines(content: bytes) -> Iterator[Item]:
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            yield Item(number=number, said=_object(line))


def _object(text: bytes) -> Json | None:
    """The object that the JSON is, every digit kept; None where it is none, or says something twice."""
    try:
        found = json.loads(text, parse_float=exact, parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _once(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(pairs)
    return found


def _no_number(constant: str) -> None:
    raise ValueError(constant)
