"""The server's side of docs/reference/readings-api.md: strict, in memory, as unreliable as a test asks."""

import gzip
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from teleward.devices import readings
from teleward.devices.judging import fault
from teleward.devices.kinds import KINDS
from teleward.kernel.clock import now

CODE = "K7QW2M9XTR"
PAIRING = "019a0000-0000-7000-8000-00000000b001"
MOST = 1_000_000
Json = dict[str, Any]
Said = tuple[int, Json, dict[str, str]]


class Refused(Exception):
    """An answer that is none of 200."""

    def __init__(self, status: int, code: str, reason: str = "", **headers: str) -> None:
        self.said: Said = (status, {"code": code, "message": f"About {code}.", "reason": reason}, headers)


@dataclass
class Intake:
    """A server on 127.0.0.1. `before` and `after` are asked at each batch: before it is kept, and after."""

    kept: dict[int, readings.Reading] = field(default_factory=dict)
    keys: list[ECKey] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    batches: list[int] = field(default_factory=list)
    told: list[Json] = field(default_factory=list)  # by who pairs
    ahead: timedelta = field(default_factory=timedelta)  # its clock, of ours
    ended: bool = False
    erased: bool = False
    unreadable: set[int] = field(default_factory=set)  # numbers that make a batch unreadable
    before: Callable[[Self], None] = lambda _intake: None
    after: Callable[[Self], None] = lambda _intake: None
    changed: threading.Condition = field(default_factory=threading.Condition)
    port: int = 0
    called: str = ""

    def __enter__(self) -> Self:
        """It answers."""
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", self.port), type("Bound", (Handler,), {"intake": self})
        )
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        """The port is shut; what was kept is kept."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def address(self) -> str:
        """As it calls itself."""
        return self.called or self.origin

    def time(self) -> datetime:
        """By its own clock."""
        return now() + self.ahead

    def wait_for(self, *, kept: int) -> None:
        """Until so many readings are kept."""
        self.wait(lambda: len(self.kept) >= kept)

    def wait(self, true: Callable[[], bool]) -> None:
        """Until this is true; it is looked at after each request."""
        with self.changed:
            assert self.changed.wait_for(true, 20), (len(self.kept), self.batches)

    def answer(self, path: str, headers: Any, body: bytes) -> Said:
        """One request."""
        if path == "/healthz":
            return 200, {}, {}
        try:
            with self.changed:
                said = getattr(self, f"_{path.removeprefix('/devices/')}")(headers, body)
                return 200, {"server_time": self.time().isoformat(), **said}, {}
        except Refused as refused:
            status, said, more = refused.said
            return status, {"server_time": self.time().isoformat(), **said}, more
        finally:
            with self.changed:
                self.changed.notify_all()

    def _pair(self, _headers: Any, body: bytes) -> Json:
        said = json.loads(body)
        if said["code"] != CODE or self.keys:
            raise Refused(404, "devices:code-unknown")
        assert set(said) == {"code", "public_key", "name", "software"}
        self.told.append(said)
        self.keys = [_public(said["public_key"])]
        return {"pairing": PAIRING, "kinds": sorted(KINDS)}

    def _key(self, headers: Any, body: bytes) -> Json:
        self._signed(headers)
        self.before(self)
        key = _public(json.loads(body)["public_key"])
        if key.thumbprint() in [each.thumbprint() for each in self.keys]:
            raise Refused(422, "devices:key-unusable")
        self.keys.append(key)
        self.after(self)
        return {}

    def _readings(self, headers: Any, body: bytes) -> Json:
        self._signed(headers)
        if self.erased:
            raise Refused(410, "kernel:key-destroyed")
        self.before(self)
        taken = _unpacked(headers, body)
        if self.unreadable & {reading.sequence for reading in taken}:
            raise Refused(400, "devices:body-unreadable")
        self.batches.append(len(taken))
        answers = [self._took(reading) for reading in taken]
        self.after(self)
        return {"answers": answers}

    def _took(self, reading: readings.Reading) -> Json:
        said = {"id": str(reading.id), "sequence": reading.sequence}
        if reading.sequence in self.kept:
            assert self.kept[reading.sequence] == reading, "a number was given twice, or a reading changed"
            return {**said, "status": "already"}
        if why := fault(reading, KINDS[reading.kind]):
            return {**said, "status": "refused", "code": f"devices:{why}", "message": "Not plausible."}
        self.kept[reading.sequence] = reading
        return {**said, "status": "kept"}

    def _signed(self, headers: Any) -> None:
        token = str(headers["Authorization"]).removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, self.keys[-1], ["ES256"]).claims
        except (JoseError, ValueError) as failure:
            raise Refused(401, "devices:credential", "signature") from failure
        assert claims["exp"] - claims["iat"] <= 60
        wrong = {
            "unknown": self.ended,
            "audience": claims["aud"] != self.address(),
            "time": not claims["iat"] - 60 <= self.time().timestamp() < claims["exp"] + 60,
            "used": claims["jti"] in self.seen,
        }
        if any(wrong.values()):
            raise Refused(401, "devices:credential", next(reason for reason, is_so in wrong.items() if is_so))
        assert claims["iss"] == claims["sub"] == PAIRING
        self.seen.add(claims["jti"])


def _public(jwk: Json) -> ECKey:
    assert set(jwk) == {"kty", "crv", "x", "y"}, "nothing but the public half"
    return ECKey.import_key(jwk)


def _unpacked(headers: Any, body: bytes) -> list[readings.Reading]:
    plain = gzip.decompress(body) if headers["Content-Encoding"] == "gzip" else body
    if len(plain) > MOST:
        raise Refused(413, "devices:too-much")
    try:
        each = msgspec.json.decode(plain, type=dict[str, list[msgspec.Raw]])["readings"]
        return [readings.decode(one) for one in each]
    except msgspec.DecodeError as wrong:
        raise Refused(400, "devices:unreadable") from wrong


class Handler(BaseHTTPRequestHandler):
    """HTTP around an intake."""

    intake: Intake

    def do_POST(self) -> None:
        self._say(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def do_GET(self) -> None:
        self._say(b"")

    def _say(self, body: bytes) -> None:
        try:
            status, said, headers = self.intake.answer(self.path, self.headers, body)
        except ConnectionError:  # a test cut the line before the answer
            self.close_connection = True
            return
        content = json.dumps(said).encode()
        date = format_datetime(self.intake.time().astimezone(UTC), usegmt=True)
        self.send_response_only(status)
        for name, value in {"Date": date, "Content-Length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)
