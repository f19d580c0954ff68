"""The ways to prove who one is, and what each withstands."""

from enum import StrEnum

from teleward.access.signin.limits import Assurance


class Method(StrEnum):
    """How a proof was given; the word stands in the session and in the ledger."""

    PASSKEY = "passkey"
    PASSWORD = "password"  # noqa: S105 - with six digits of an app
    RECOVERY = "recovery"  # with a code from paper
    LINK = "link"  # of the server's own terminal, good on that machine only
    PROVIDER = "provider"
    PROVIDER_KEY = "provider-key"  # the provider says that the factor withstands phishing


WITHSTANDS_PHISHING = frozenset({Method.PASSKEY, Method.LINK, Method.PROVIDER_KEY})
BOUND_TO_ONE_DEVICE = 3  # assurance level, SP 800-63B-4


def assurance_of(method: str, aal: int) -> Assurance:
    """What a proof of this kind and level withstands. A level without a method says only how many factors."""
    if method and method not in WITHSTANDS_PHISHING:
        return Assurance.TWO_FACTORS
    if aal >= BOUND_TO_ONE_DEVICE:
        return Assurance.DEVICE_BOUND
    return Assurance.PHISHING_RESISTANT if method else Assurance.TWO_FACTORS
