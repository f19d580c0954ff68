"""FHIR with the other side: what is searched for goes in bodies, never in addresses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from teleward.kernel.outward import Answer, Question
from teleward.records.connections.kind import Link

from .limits import MOST_BYTES, PATIENCE
from .tokens import FORM, forget, token_for
from .wire import Json, asked, encoded, must_be_good, object_in

JSON = "application/fhir+json"
UNAUTHORISED = 401
SAME = "urn:ietf:rfc:3986"  # FHIR R4, datatypes.html#Identifier: the system of what is a URI by itself


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request under the other side's address."""

    method: str
    path: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a search gave on its first page."""

    resources: tuple[Json, ...]
    has_more: bool


def told(link: Link, method: str, path: str, resource: Json, headers: Mapping[str, str]) -> Answer:
    """What the other side answers to a resource of ours. Raises Refused or Unreachable."""
    said = {"Content-Type": JSON, "Prefer": "return=minimal", **headers}
    call = Call(method=method, path=path, body=encoded(resource), headers=said)
    answer = _with_key(link, call)
    must_be_good(answer)
    return answer


def search(link: Link, kind: str, wanted: Mapping[str, str]) -> Found:
    """The resources of a type that fit. Raises Refused or Unreachable."""
    body, headers = urlencode(wanted).encode(), {"Content-Type": FORM}
    call = Call(method="POST", path=f"{kind}/_search", body=body, headers=headers)
    answer = _with_key(link, call)
    must_be_good(answer)
    bundle = object_in(answer)
    relations = {each.get("relation") for each in objects(bundle.get("link"))}
    return Found(resources=tuple(_matches(bundle, kind)), has_more="next" in relations)


def address_of(link: Link, reference: str) -> str:
    """A reference of the other side without its own address: `Patient/17`."""
    return reference.removeprefix(f"{link.address}/").partition("/_history/")[0]


def objects(value: object) -> list[Json]:
    """The objects of a list, where it is one."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _matches(bundle: Json, kind: str) -> Iterator[Json]:
    for entry in objects(bundle.get("entry")):
        found = entry.get("resource")
        if isinstance(found, dict) and found.get("resourceType") == kind:
            yield found


def _with_key(link: Link, call: Call) -> Answer:
    """With the key we have; with a new one where that is not taken any more."""
    answer = _once(link, call)
    if answer.status != UNAUTHORISED:
        return answer
    forget(link)
    return _once(link, call)


def _once(link: Link, call: Call) -> Answer:
    key = token_for(link)
    question = Question(
        method=call.method,
        address=f"{link.address}/{call.path}",
        headers={"Accept": JSON, "Authorization": f"Bearer {key}", **call.headers},
        body=call.body,
        patience=PATIENCE,
        most=MOST_BYTES,
        near=True,
    )
    return asked(question)
