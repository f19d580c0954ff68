"""What an app asks a person through their browser (RFC 6749 4.1.1, RFC 7636, SMART App Launch 2.2), checked.

Until the app and its own address are known to belong together nothing is sent anywhere (`AppUnknown`); after
that each fault goes back to the app in the word of the protocol (`SentBack`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from teleward.kernel.errors import Problem

from . import places, scopes
from .problems import (
    InvalidRequest,
    InvalidScope,
    ProgramRefused,
    UnauthorizedClient,
    UnsupportedResponseType,
)

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # RFC 7636 4.2: SHA-256 in base64url
NAMES = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "aud",
    "launch",
    "code_challenge",
    "code_challenge_method",
    "nonce",
)
LONGEST = 500  # of state, nonce and launch
BACKEND = "backend"


class AppUnknown(Problem):
    """No such app here, or it asks to be answered at an address that is not its own."""

    code = "access:app-unknown"
    status = 400
    message = _(
        "We do not know this app, or it came with a wrong address. Nothing was sent to it. "
        "Start the app again; if that does not help, tell your practice."
    )


class SentBack(Exception):
    """The app hears at its own address what was wrong."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(reason)
        self.address = address
        self.reason = reason


class NotAllowed(ProgramRefused):
    """The person said no, or may not say yes."""

    code = "access:app-not-allowed"
    status = 403
    error = "access_denied"


@dataclass(frozen=True, kw_only=True)
class Registered:
    """What an administrator wrote down about the app."""

    kind: str
    redirect_uris: tuple[str, ...]
    scopes: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question that may be put to a person."""

    client: str
    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    launch: str
    granted: scopes.Scopes

    @property
    def wants_patient(self) -> bool:
        """Whether it is about one patient, who has to be known."""
        one = bool(self.granted.context & {"launch", "launch/patient"})
        return one or any(scope.level == "patient" for scope in self.granted.clinical)

    @property
    def lasts(self) -> bool:
        """Whether it goes on after the person has signed out."""
        return "offline_access" in self.granted.context

    def answer(self, **said: str) -> str:
        """The app's own address with an answer (RFC 9207: and with who we are)."""
        return with_answer(self.redirect_uri, state=self.state, **said)


def question_in(asked: Mapping[str, str], known: Registered | None) -> Question:
    """The question, cut to what the app may have at most. Raises AppUnknown or SentBack."""
    back = asked.get("redirect_uri", "")
    if known is None or known.kind == BACKEND or back not in known.redirect_uris:
        raise AppUnknown
    try:
        return _checked(asked, known)
    except ProgramRefused as refused:
        raise sent_back(back, asked.get("state", ""), refused) from refused


def sent_back(address: str, state: str, refused: ProgramRefused) -> SentBack:
    """A refusal on its way to the app."""
    said = {"error": refused.error, "error_description": refused.reason}
    return SentBack(with_answer(address, state=state[:LONGEST], **said), refused.reason)


def with_answer(address: str, **said: str) -> str:
    """An address of an app with more in its query, what was there kept."""
    more = urlencode({"iss": places.origin(), **{name: value for name, value in said.items() if value}})
    return f"{address}{'&' if '?' in address else '?'}{more}"


def _checked(asked: Mapping[str, str], known: Registered) -> Question:
    _check_form(asked)
    _check_proof(asked)
    if asked.get("aud", "").rstrip("/") != places.fhir():
        raise InvalidRequest("audience")
    granted = _granted(asked, known)
    return Question(
        client=asked["client_id"],
        redirect_uri=asked["redirect_uri"],
        state=asked["state"],
        nonce=asked.get("nonce", ""),
        challenge=asked["code_challenge"],
        launch=asked.get("launch", ""),
        granted=granted,
    )


def _check_form(asked: Mapping[str, str]) -> None:
    if asked.get("response_type") != "code":
        raise UnsupportedResponseType("response-type")
    if not asked.get("state"):
        raise InvalidRequest("no-state")
    if any(len(asked.get(name, "")) > LONGEST for name in ("state", "nonce", "launch")):
        raise InvalidRequest("too-long")


def _check_proof(asked: Mapping[str, str]) -> None:
    if asked.get("code_challenge_method") != "S256":
        raise InvalidRequest("challenge-method")
    if not CHALLENGE.fullmatch(asked.get("code_challenge", "")):
        raise InvalidRequest("challenge")


def _granted(asked: Mapping[str, str], known: Registered) -> scopes.Scopes:
    try:
        wanted = scopes.read(asked.get("scope", ""))
        granted = scopes.cut(wanted, scopes.read(known.scopes)).only("patient", "user")
    except scopes.ScopeUnknown as unknown:
        raise InvalidScope("unknown-scope") from unknown
    if granted.is_empty:
        raise InvalidScope("nothing-allowed")
    if "launch" in granted.context and not asked.get("launch"):
        raise UnauthorizedClient("no-launch")
    return granted
