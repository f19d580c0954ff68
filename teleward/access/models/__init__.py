"""Who there is, how they prove it, and what they have to do with each other."""

from .accounts import AccountRequest, ContactChange
from .apps import AppCode, AppGrant, AppLaunch, AppToken, Client, ClientEnd, SeenAssertion, SigningKey
from .browsers import BrowserCode, ManagedBrowser
from .credentials import AuthenticatorApp, Challenge, OneTimeLink, Passkey, RecoveryCode, SignInFailure
from .federation import ExternalIdentity
from .identifiers import PatientIdentifier, PatientIdentifierKey
from .keys import (
    GlassKey,
    HoldKey,
    OfferKey,
    PatientKey,
    ReasonKey,
    RestrictionKey,
)
from .lifecycle import BreachedPassword, Confirmation, LastUse, PlannedLeaving
from .merging import Likeness, Merge, MergeKey, Proposal
from .naming import NamingRule
from .offers import ProxyOffer
from .passes import Pass, PassClaim, PassRevocation
from .patients import Patient
from .people import Deactivation, Organisation, Person, Role, StaffInvitation
from .policies import PolicySet
from .sessions import Session
from .standings import CloserVisit, Cover, Kinship, Proxy, Standing
from .tiers import BrokenGlass, Loosening, Restriction, SafeguardingHold, TypedReason

__all__ = [
    "AccountRequest",
    "AppCode",
    "AppGrant",
    "AppLaunch",
    "AppToken",
    "AuthenticatorApp",
    "BreachedPassword",
    "BrokenGlass",
    "BrowserCode",
    "Challenge",
    "Client",
    "ClientEnd",
    "CloserVisit",
    "Confirmation",
    "ContactChange",
    "Cover",
    "Deactivation",
    "ExternalIdentity",
    "GlassKey",
    "HoldKey",
    "Kinship",
    "LastUse",
    "Likeness",
    "Loosening",
    "ManagedBrowser",
    "Merge",
    "MergeKey",
    "NamingRule",
    "OfferKey",
    "OneTimeLink",
    "Organisation",
    "Pass",
    "PassClaim",
    "PassRevocation",
    "Passkey",
    "Patient",
    "PatientIdentifier",
    "PatientIdentifierKey",
    "PatientKey",
    "Person",
    "PlannedLeaving",
    "PolicySet",
    "Proposal",
    "Proxy",
    "ProxyOffer",
    "ReasonKey",
    "RecoveryCode",
    "Restriction",
    "RestrictionKey",
    "Role",
    "SafeguardingHold",
    "SeenAssertion",
    "Session",
    "SignInFailure",
    "SigningKey",
    "StaffInvitation",
    "Standing",
    "TypedReason",
]
