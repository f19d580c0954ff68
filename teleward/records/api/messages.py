"""A request and an answer, as the rest of the API sees them."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from starlette.types import Receive, Scope, Send

from .problems import FormatNotSpoken, SearchNotUnderstood

JSON = "application/fhir+json; charset=utf-8"
TYPES = {"application/fhir+json", "application/json", "text/json", "json", "*/*", "application/*", "text/*"}
FORM = "application/x-www-form-urlencoded"
VERSIONS = {"", "4.0", "4.0.1"}
MOST_FIELDS = 100
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One interaction: method, address below the root, what it asks, what it brings."""

    method: str
    path: tuple[str, ...]
    query: Pairs = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    client: str = ""

    @property
    def id(self) -> str:
        """The X-Request-Id."""
        return self.headers.get("x-request-id", "")

    @property
    def raw_query(self) -> str:
        """What is asked, as one text."""
        return urlencode(self.query)

    def one(self, name: str) -> str:
        """The last value of a parameter, or nothing."""
        return next((value for key, value in reversed(self.query) if key == name), "")

    def preference(self, name: str) -> str:
        """What `Prefer` says about this, such as `return`."""
        parts = (part.strip().partition("=") for part in self.headers.get("prefer", "").split(","))
        for part in parts:
            for key, _equals, value in (part, *(p.strip().partition("=") for p in part[2].split(";"))):
                if key.strip().lower() == name:
                    return value.partition(";")[0].strip().strip('"')
        return ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What goes back. A `stream` is sent piece by piece instead of a body."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: AsyncIterator[bytes] | None = None


def root() -> str:
    """The address of the API."""
    return f"{settings.ORIGIN}/fhir"


async def request_of(scope: Scope, receive: Receive) -> Request:
    """The request; its body is whole already, as the edge has it. Raises SearchNotUnderstood."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    path = str(scope["path"])[len(str(scope.get("root_path", ""))) :]
    query, body = pairs_of(scope["query_string"].decode("latin-1")), await _body(receive)
    if scope["method"] == "POST" and headers.get("content-type", "").partition(";")[0].strip() == FORM:
        query, body = (*query, *pairs_of(_text(body))), b""
    return Request(
        method=scope["method"],
        path=tuple(part for part in path.split("/") if part),
        query=query,
        headers=headers,
        body=body,
        client=scope["client"][0] if scope.get("client") else "",
    )


def pairs_of(text: str) -> Pairs:
    """The parameters of a query. Raises SearchNotUnderstood."""
    try:
        return tuple(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"))
    except (ValueError, UnicodeError) as unreadable:
        raise SearchNotUnderstood("The query could not be read.") from unreadable


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as unreadable:
        raise SearchNotUnderstood("The form could not be read.") from unreadable


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = bool(message.get("more_body", False))
    return body


def must_speak_json(request: Request) -> None:
    """JSON is what there is, of FHIR R4. Raises FormatNotSpoken."""
    wanted = request.one("_format") or request.headers.get("accept", "")
    offers = [each.strip() for each in wanted.split(",")] if wanted else ["*/*"]
    if not any(_is_ours(offer) for offer in offers):
        raise FormatNotSpoken


def _is_ours(offer: str) -> bool:
    kind, *details = (part.strip().replace(" ", "+") for part in offer.lower().split(";"))
    said = dict(detail.partition("=")[::2] for detail in details)
    return kind in TYPES and said.get("fhirversion", "") in VERSIONS


async def send_answer(answer: Answer, send: Send, *, head: bool) -> None:
    """Sends it, with what every answer says."""
    said = {name.lower(): value for name, value in answer.headers.items()}
    headers = {"content-type": JSON, "cache-control": "no-store", "x-content-type-options": "nosniff", **said}
    if answer.status in {204, 304}:
        headers.pop("content-type")
    elif answer.stream is None:
        headers["content-length"] = str(len(answer.body))
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    if answer.stream is not None and not head:
        async for piece in answer.stream:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b"" if head or answer.stream else answer.body})
