"""A request of a gateway and what goes back: JSON both ways, with the server's time in every answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from starlette.types import Receive, Scope, Send

from teleward.access.grants import Circumstances
from teleward.devices.queries.credentials import CredentialInvalid
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem

JSON = "application/json"
_encode = msgspec.json.Encoder(enc_hook=str).encode


class BodyNotSpoken(Problem):
    """The body is no JSON."""

    code = "devices:body-format"
    status = 415
    message = _("Readings are taken as JSON. Please send application/json.")


class MethodNotOffered(Problem):
    """Only POST is."""

    code = "devices:method"
    status = 405
    message = _("Readings are sent with POST. Please check the program.")


class TooOften(Problem):
    """More than the gateway may send, or more than the server takes at once. `wait` in seconds."""

    code = "devices:too-often"
    status = 429
    message = _("This is too often. Please wait a moment and send it again.")

    def __init__(self, wait: int = 1) -> None:
        super().__init__()
        self.wait = wait


class Failed(Problem):
    """A fault of ours."""

    code = "devices:failed"
    status = 500
    message = _("Something went wrong on our side. Please send it again in a moment.")


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request, its body whole."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    client: str = ""

    @property
    def circumstances(self) -> Circumstances:
        """For the ledger."""
        return Circumstances(
            request_id=self.headers.get("x-request-id", ""), client_address=self.client, via="api"
        )

    @property
    def token(self) -> str:
        """The signed word. Raises CredentialInvalid where there is none."""
        kind, _space, token = self.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise CredentialInvalid("none")
        return token.strip()

    @property
    def encoding(self) -> str:
        """How the body is packed."""
        return self.headers.get("content-encoding", "").strip().lower()

    @property
    def language(self) -> str:
        """German where it is asked for first, else English."""
        wanted = self.headers.get("accept-language", "en").split(",")[0].split(";")[0].split("-")[0].strip()
        return wanted if wanted in {"de", "en"} else "en"


async def request_of(scope: Scope, receive: Receive) -> Request:
    """The request. Raises MethodNotOffered or BodyNotSpoken."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    request = Request(
        method=scope["method"],
        path=str(scope["path"]),
        headers=headers,
        body=await _body(receive),
        client=scope["client"][0] if scope.get("client") else "",
    )
    if request.method != "POST":
        raise MethodNotOffered
    if headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise BodyNotSpoken
    return request


async def _body(receive: Receive) -> bytes:
    """All of it: the edge has it whole and bounded already."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = bool(message.get("more_body", False))
    return body


async def answer(send: Send, said: Mapping[str, Any], *, language: str) -> None:
    """What was asked for."""
    with translation.override(language):
        body = _encode({**said, "server_time": now()})
    await _sent(send, 200, body, {})


async def refuse(send: Send, problem: Problem, *, language: str) -> None:
    """What was wrong: a stable code, and a sentence."""
    said: dict[str, Any] = {"code": problem.code, "server_time": now()}
    headers = {"retry-after": str(problem.wait)} if isinstance(problem, TooOften) else {}
    if isinstance(problem, CredentialInvalid):
        said["reason"] = problem.reason
        headers = {"www-authenticate": 'Bearer error="invalid_token"'}
    with translation.override(language):
        said["message"] = str(problem.message)
    await _sent(send, problem.status, _encode(said), headers)


async def _sent(send: Send, status: int, body: bytes, more: Mapping[str, str]) -> None:
    headers = {"content-type": JSON, "cache-control": "no-store", "content-length": str(len(body)), **more}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
