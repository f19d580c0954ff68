"""What is answered to a program that asks wrongly: the codes of RFC 6749, and our own word for the ledger."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from teleward.kernel.errors import Problem


class ProgramRefused(Problem):
    """`error` is the word of the protocol, `reason` the one of the ledger and of `error_description`."""

    code = "access:program-refused"
    status = 400
    message = _("This program asked in a way that is not allowed. Please tell whoever makes it.")
    error: ClassVar[str] = "invalid_request"
    is_told: ClassVar[bool] = True  # to the ledger

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class InvalidRequest(ProgramRefused):
    """Something is missing, twice there or not readable."""

    code = "access:program-asks-wrongly"


class InvalidClient(ProgramRefused):
    """It did not prove who it is."""

    code = "access:program-unknown"
    status = 401
    message = _("This program is not connected here. Please tell your practice.")
    error = "invalid_client"


class InvalidGrant(ProgramRefused):
    """The code or the refresh token is wrong, over or used."""

    code = "access:program-key-over"
    error = "invalid_grant"


class InvalidScope(ProgramRefused):
    """It asks for what nobody has, or for nothing it may have."""

    code = "access:program-scope"
    error = "invalid_scope"


class UnauthorizedClient(ProgramRefused):
    """It may not ask in this way."""

    code = "access:program-way"
    error = "unauthorized_client"


class UnsupportedGrantType(ProgramRefused):
    """There is no such way."""

    code = "access:program-no-such-way"
    error = "unsupported_grant_type"


class UnsupportedResponseType(ProgramRefused):
    """Only codes are handed out."""

    code = "access:program-no-such-answer"
    error = "unsupported_response_type"


class InvalidRequestTooOften(ProgramRefused):
    """More requests than anybody needs (`slow_down`, RFC 8628 3.5)."""

    code = "access:program-too-often"
    status = 429
    message = _("This program asks too often. It should wait a moment and try again.")
    error = "slow_down"


class NetworkWaits(InvalidRequestTooOften):
    """Too many proofs from this network were wrong. It looked at nothing, so nothing is written."""

    code = "access:program-network-waits"
    is_told = False
