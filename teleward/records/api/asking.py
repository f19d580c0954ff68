"""Who asks: a program by its bearer token, or somebody signed in, from our own pages and only to look."""

from collections.abc import Callable, Sequence

from django.http import parse_cookie

from teleward.access.grants import NOBODY, Actor
from teleward.access.operations.sessions import COOKIE, actor_of_session
from teleward.access.queries.tokens import TokenInvalid, asker_async

from .ahead import Ahead
from .desk import Desk
from .messages import Request

LOOKS = frozenset({"GET", "HEAD"})
Known = Callable[..., Actor | None]  # takes `token`, `address`; None where it is no token of that kind


async def asker_of(request: Request, ahead: Ahead, desk: Desk, known: Sequence[Known] = ()) -> Actor:
    """Who asks; NOBODY where nothing proves it. `known`: signed words. Raises TokenInvalid or TooFast."""
    kind, _space, token = request.headers.get("authorization", "").partition(" ")
    if kind:
        if kind.lower() != "bearer" or not token:
            raise TokenInvalid
        for each in known if is_signed(token) else ():
            actor: Actor | None = await desk(each, token=token.strip(), address=request.client)
            if actor is not None:
                return actor
        return await asker_async(ask=ahead.ask, token=token.strip(), address=request.client)
    cookie = parse_cookie(request.headers.get("cookie", "")).get(COOKIE, "")
    if cookie and _is_from_our_pages(request):
        return await desk(actor_of_session, secret=cookie)
    return NOBODY


def is_signed(token: str) -> bool:
    """Whether it could be a signed word (RFC 7515, 7.1): three parts. Our own tokens have no dot."""
    return token.count(".") == 2


def _is_from_our_pages(request: Request) -> bool:
    """A browser says so in a header that no page can set."""
    return request.method in LOOKS and request.headers.get("sec-fetch-site") == "same-origin"
