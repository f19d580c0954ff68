"""What a program can read about how to connect (SMART App Launch 2.2, `.well-known/smart-configuration`)."""

from . import places
from .assertions import ALGORITHMS
from .scopes import CONTEXT

CAPABILITIES = (
    "launch-ehr",
    "launch-standalone",
    "client-public",
    "client-confidential-asymmetric",
    "sso-openid-connect",
    "context-ehr-patient",
    "context-standalone-patient",
    "permission-offline",
    "permission-online",
    "permission-patient",
    "permission-user",
    "permission-v1",
    "permission-v2",
)
WAYS = ("authorization_code", "client_credentials", "refresh_token")
Said = dict[str, object]


def smart_configuration() -> Said:
    """The document, for whoever serves it: at the root and under the FHIR base."""
    proof = {"private_key_jwt": list(ALGORITHMS)}
    return {
        **_both(),
        "capabilities": list(CAPABILITIES),
        "token_endpoint_auth_methods_supported": [*proof, "none"],
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "grant_types_supported": list(WAYS),
        "scopes_supported": [*CONTEXT, "patient/*.cruds", "user/*.cruds", "system/*.cruds"],
        "code_challenge_methods_supported": ["S256"],
    }


def openid_configuration() -> Said:
    """The same for libraries that know OpenID Connect."""
    return {
        **_both(),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": list(CONTEXT),
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "none"],
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "fhirUser", "profile"],
    }


def _both() -> Said:
    here = places.origin()
    return {
        "issuer": here,
        "jwks_uri": f"{here}/oauth/keys/",
        "authorization_endpoint": f"{here}/oauth/authorize/",
        "token_endpoint": places.token(),
        "introspection_endpoint": f"{here}/oauth/introspect/",
        "revocation_endpoint": f"{here}/oauth/revoke/",
        "management_endpoint": f"{here}/account/apps/",
        "response_types_supported": ["code"],
        "authorization_response_iss_parameter_supported": True,
    }
