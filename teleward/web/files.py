"""Static files, natively: a call loads many at once, and none of them has to wait for a page's thread."""

from collections.abc import Iterable
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send
from whitenoise.middleware import WhiteNoiseMiddleware

from teleward.web.safety import file_headers

COMPARING: Final = frozenset({"ETag", "Last-Modified"})
ASKED: Final = (b"if-none-match", b"if-modified-since", b"accept-encoding", b"range")


class Files:
    """What lies under STATIC_ROOT, found and described by WhiteNoise; anything else is for `otherwise`."""

    def __init__(self, otherwise: ASGIApp) -> None:
        self._files: dict[str, Any] = WhiteNoiseMiddleware(_nothing).files
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the file, if there is one of this name."""
        file = self._files.get(scope["path"])
        if file is None:
            await self._otherwise(scope, receive, send)
            return
        answer = file.get_response(scope["method"], _asked(scope))
        told = _needed(answer.headers)
        headers = [*told, *file_headers(dict(told).get("Content-Type", "")).items()]
        await send(
            {
                "type": "http.response.start",
                "status": int(answer.status),
                "headers": [
                    (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
                ],
            }
        )
        await send({"type": "http.response.body", "body": _content(answer.file)})


def _needed(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """A file named by its hash is never asked for again, so what would compare it stays away."""
    told = list(headers)
    if not any("immutable" in value for name, value in told if name == "Cache-Control"):
        return told
    return [(name, value) for name, value in told if name not in COMPARING]


def _asked(scope: Scope) -> dict[str, str]:
    """The few headers that decide what is answered, named as WSGI names them."""
    return {
        f"HTTP_{name.decode().upper().replace('-', '_')}": value.decode("latin-1")
        for name, value in scope["headers"]
        if name in ASKED
    }


def _content(file: Any) -> bytes:  # noqa: ANN401 - WhiteNoise's own kinds of file
    if file is None:
        return b""
    with file:
        content: bytes = file.read()
        return content


def _nothing(_request: object) -> None:
    """WhiteNoise is asked for its list of files only."""
