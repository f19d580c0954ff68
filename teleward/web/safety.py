"""What each response tells the browser to refuse: the headers, and why each has the value it has."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from teleward.access.grants import ActorKind

ROOM_PAGE = re.compile(r"/visits/[0-9a-f-]{36}/room/|/visit/(room/)?")
NEVER_NEEDED = (
    "accelerometer",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
ROOM_NEEDS = ("camera", "microphone", "display-capture")
BY_RADIO = "bluetooth"  # named where it is needed alone: browsers without it complain of the word
PLAIN = ("text/javascript", "text/css")
ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    # With "no-referrer" a browser sends `Origin: null` with our own forms, and the check against
    # forged requests could not tell them from a stranger's. "same-origin" tells no one else either.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def is_room_page(request: HttpRequest) -> bool:
    """Whether this is a page of the call: the only ones that may ask for camera, microphone and devices."""
    return bool(ROOM_PAGE.fullmatch(request.path))


def uses_htmx(request: HttpRequest) -> bool:
    """Whether the page loads htmx: the pages of staff, but never a call."""
    actor = getattr(request, "actor", None)
    return actor is not None and actor.kind is ActorKind.STAFF and not is_room_page(request)


def content_security_policy(request: HttpRequest) -> str:
    """The policy: nothing but our own files, no inline script or style, no frame, no other host."""
    rules = [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        f"connect-src 'self' {_socket_origin()}",
        "font-src 'none'",
        " ".join(["form-action 'self'", *getattr(request, "form_leads_to", ())]),
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    ]
    if not uses_htmx(request):  # htmx writes HTML; everywhere else a string never becomes markup or script
        rules += ["require-trusted-types-for 'script'", "trusted-types 'none'"]
    if _is_https():
        rules.append("upgrade-insecure-requests")
    return "; ".join(rules)


def permissions_policy(request: HttpRequest) -> str:
    """Camera, microphone, screen and devices by radio for the pages of the call alone; payment for none."""
    allowed = "(self)" if is_room_page(request) else "()"
    needed = (*ROOM_NEEDS, BY_RADIO) if is_room_page(request) else ROOM_NEEDS
    rules = [f"{feature}={allowed}" for feature in needed]
    return ", ".join(rules + [f"{feature}=()" for feature in NEVER_NEEDED])


def safety_headers(request: HttpRequest) -> dict[str, str]:
    """Every safety header of a response to this request, by name."""
    return _of_a_page(request) | _transport()


def file_headers(kind: str) -> dict[str, str]:
    """Those of a static file of this media type. It obeys the page that loads it, and a call loads many.

    A picture may be opened alone, and then runs nothing. Programs and styles are plain text in a window.
    """
    policy = {} if kind.startswith(PLAIN) else {"Content-Security-Policy": "default-src 'none'"}
    return policy | {"X-Content-Type-Options": "nosniff"} | _transport()


def data_headers() -> dict[str, str]:
    """Those of an answer that a script reads: it is no page, so nothing has to be allowed or refused it."""
    return {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"} | ALWAYS | _transport()


def part_headers() -> dict[str, str]:
    """Those of a part that a script asked for by a header of its own: it never stands alone in a window."""
    return {
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    } | _transport()


def _transport() -> dict[str, str]:
    return {"Strict-Transport-Security": "max-age=63072000"} if _is_https() else {}


def _of_a_page(request: HttpRequest) -> dict[str, str]:
    return {
        "Content-Security-Policy": content_security_policy(request),
        "Permissions-Policy": permissions_policy(request),
    } | ALWAYS


def _is_https() -> bool:
    return str(settings.ORIGIN).startswith("https://")


def _socket_origin() -> str:
    """The address of our own WebSocket, which older browsers do not count as 'self'."""
    parts = urlsplit(str(settings.ORIGIN))
    return f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}"
