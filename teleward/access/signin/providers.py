"""The identity providers of this installation, from a file that only its owner writes."""

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NEEDED = ("name", "issuer", "client_id", "client_secret")
HERE = frozenset({"127.0.0.1", "localhost"})


@dataclass(frozen=True, kw_only=True)
class Provider:
    """One OpenID Connect provider. The sets hold `acr` values and what the operator knows them to mean."""

    slug: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    two_factors: frozenset[str] = frozenset()
    phishing_resistant: frozenset[str] = frozenset()
    device_bound: frozenset[str] = frozenset()


def providers() -> tuple[Provider, ...]:
    """All of them, in the order of the file; none without a file. Raises ImproperlyConfigured."""
    path = Path(settings.PROVIDERS)
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return ()
    return _read(path, changed)


def provider_called(slug: str) -> Provider | None:
    """The provider of this name in addresses."""
    return next((provider for provider in providers() if provider.slug == slug), None)


def is_safe(address: str) -> bool:
    """Whether what is sent there stays between us: TLS, or this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> tuple[Provider, ...]:
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(_provider(slug, entry) for slug, entry in entries.items())


def _provider(slug: str, entry: dict[str, object]) -> Provider:
    given = {name: str(entry.get(name, "")) for name in NEEDED}
    missing = [name for name, value in given.items() if not value]
    if missing or not is_safe(given["issuer"]):
        raise ImproperlyConfigured(
            f"The provider {slug} needs an https issuer, and: {', '.join(missing) or 'nothing else'}."
        )
    return Provider(
        slug=slug,
        name=given["name"],
        issuer=given["issuer"],
        client_id=given["client_id"],
        client_secret=given["client_secret"],
        two_factors=_words(entry.get("two_factors")),
        phishing_resistant=_words(entry.get("phishing_resistant")),
        device_bound=_words(entry.get("device_bound")),
    )


def _words(value: object) -> frozenset[str]:
    return frozenset(str(word) for word in value) if isinstance(value, list) else frozenset()
