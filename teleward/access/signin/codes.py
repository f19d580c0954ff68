"""Codes a person types: six digits of an authenticator app, and recovery codes from paper."""

import base64
import hmac
import secrets
from datetime import datetime
from math import ceil

import pyotp
import segno
from django.utils.safestring import SafeString

from teleward.access.signin.limits import CODE

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no letter that looks like a digit
_BITS = 5
_GROUP = 4
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})


def new_secret() -> bytes:
    """A secret for an authenticator app: 160 bits."""
    return secrets.token_bytes(20)


def secret_text(secret: bytes) -> str:
    """The secret as a person types it into an app: base 32 in groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[i : i + _GROUP] for i in range(0, len(text), _GROUP))


def enrolment_uri(*, secret: bytes, account: str, clinic: str) -> str:
    """What the QR code says to an authenticator app."""
    return _totp(secret).provisioning_uri(name=account, issuer_name=clinic)


def qr_svg(uri: str) -> SafeString:
    """The QR code as an inline SVG, on a white ground of its own."""
    return SafeString(
        segno.make(uri, micro=False).svg_inline(
            scale=4, border=4, dark="#000", light="#fff", svgclass="tw-qr", lineclass=None
        )
    )


def step_of(*, secret: bytes, code: str, at: datetime, after: int) -> int | None:
    """The time step this code belongs to, within the drift and later than `after`, the last step used."""
    typed = "".join(code.split())
    if len(typed) != CODE.digits or not (typed.isascii() and typed.isdigit()):
        return None
    now = int(at.timestamp()) // CODE.step
    steps = [s for s in range(now - CODE.drift, now + CODE.drift + 1) if _matches(secret, s, typed)]
    return next((s for s in steps if s > after), None)


def new_recovery_code() -> str:
    """One recovery code, for example 7K2M-Q0XA-93TD-HP4W: 80 bits."""
    length = ceil(CODE.recovery_bits / _BITS)
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(length))
    return "-".join(letters[i : i + _GROUP] for i in range(0, length, _GROUP))


def canonical_recovery_code(typed: str) -> str:
    """What a person meant when typing a recovery code: spaces, hyphens, case and lookalikes do not matter."""
    return "".join(c for c in typed.upper().translate(_LOOKALIKES) if c.isalnum())


def looks_like_recovery_code(typed: str) -> bool:
    """Whether this is long enough to be a recovery code rather than six digits."""
    return len(canonical_recovery_code(typed)) > CODE.digits


def _totp(secret: bytes) -> pyotp.TOTP:
    return pyotp.TOTP(base64.b32encode(secret).decode(), digits=CODE.digits, interval=CODE.step)


def _matches(secret: bytes, step: int, typed: str) -> bool:
    return hmac.compare_digest(_totp(secret).generate_otp(step), typed)
