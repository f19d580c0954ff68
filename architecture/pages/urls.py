"""Every address, with the gate it passes or the reason it is open."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from architecture.tables import code, table

HEAD = """# Addresses

Every page asks the gate for an action before it answers; the few that do not say why. The WebSocket
`/live/visits/<visit>` passes the same gate before it is accepted: see [signalling](signalling.md).
"""


def write() -> str:
    """The page of all addresses in the order in which Django tries them."""
    rows = list(_rows(get_resolver().url_patterns, "/"))
    return f"{HEAD}\n{table(['address', 'name', 'gate', 'open because'], rows)}\n"


def _rows(patterns: list[URLPattern | URLResolver], prefix: str, space: str = "") -> Iterator[list[str]]:
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from _rows(pattern.url_patterns, route, inner)
        else:
            yield _row(pattern, route, space)


def _row(pattern: URLPattern, route: str, space: str) -> list[str]:
    gate = str(getattr(pattern.callback, "gated_by", ""))
    name = f"{space}{pattern.name}" if pattern.name else ""
    return [code(route), code(name), code(gate), str(getattr(pattern.callback, "open_because", ""))]
