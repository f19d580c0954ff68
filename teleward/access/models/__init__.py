"""Who there is, how they prove it, and what they have to do with each other."""

from .credentials import AuthenticatorApp, Challenge, OneTimeLink, Passkey, RecoveryCode, SignInFailure
from .passes import Pass, PassClaim, PassRevocation
from .patients import Patient
from .people import Deactivation, Organisation, Person, Role, StaffInvitation
from .sessions import Session
from .standings import Standing

__all__ = [
    "AuthenticatorApp",
    "Challenge",
    "Deactivation",
    "OneTimeLink",
    "Organisation",
    "Pass",
    "PassClaim",
    "PassRevocation",
    "Passkey",
    "Patient",
    "Person",
    "RecoveryCode",
    "Role",
    "Session",
    "SignInFailure",
    "StaffInvitation",
    "Standing",
]
