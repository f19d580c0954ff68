"""Our own addresses, as programs know them."""

from django.conf import settings


def origin() -> str:
    """Where we are, which is also the issuer of identity tokens."""
    return str(settings.ORIGIN)


def fhir() -> str:
    """The FHIR base: `aud` of an authorization request, `iss` of a launch."""
    return f"{origin()}/fhir"


def token() -> str:
    """The token endpoint: `aud` of a client's signed word."""
    return f"{origin()}/oauth/token/"
