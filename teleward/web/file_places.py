"""Who may bring a file at this moment: each is in memory while it comes, so there are few places.

A cookie is easily made up. Whose cookie is known has a share of the places; who is no staff shares it with
all others of the same network, for links to visits go round. All strangers together have one: theirs may be a
session that ended, and its page says so.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from django.db import Error
from django.http.cookie import parse_cookie

from teleward.access.grants import NOBODY, ActorKind
from teleward.access.operations.sessions import COOKIE as SESSION_COOKIE
from teleward.access.operations.sessions import actor_of_session
from teleward.access.queries.passes import COOKIE as VISIT_COOKIE
from teleward.access.queries.passes import actor_of_pass
from teleward.kernel.fence import serving
from teleward.kernel.networks import network_of
from teleward.kernel.threads import ThreadConnections

KNOWN_AT_ONCE: Final = 4
OF_ONE_PERSON: Final = 2
OF_ONE_NETWORK: Final = 2  # of patients and their guests; a practice has one network for all of its staff
STRANGERS_AT_ONCE: Final = 1
STRANGER: Final = ""
STAFF: Final = ActorKind.STAFF.value
Who = Callable[[str], Awaitable[str]]  # the person behind a Cookie header, or STRANGER


async def nobody_known(_cookies: str) -> str:
    """For who asks no database."""
    return STRANGER


class NoPlace(Exception):
    """Others bring files already."""


class FilePlaces:
    """The places, and who has them."""

    def __init__(self, who: Who) -> None:
        self._who = who
        self._taken: Counter[str] = Counter()
        self._networks: Counter[str] = Counter()  # of who is no staff

    @asynccontextmanager
    async def one(self, cookies: str, address: str) -> AsyncIterator[None]:
        """While a file comes from this address. Raises NoPlace."""
        name = await self._who(cookies)
        network = network_of(address) if _is_outside(name) else STAFF
        if not self._is_free_for(name, network):
            raise NoPlace
        self._taken[name] += 1
        self._networks[network] += 1
        try:
            yield
        finally:
            self._taken -= Counter((name,))  # nobody is remembered who has none
            self._networks -= Counter((network,))

    def _is_free_for(self, name: str, network: str) -> bool:
        if name == STRANGER:
            return self._taken[STRANGER] < STRANGERS_AT_ONCE
        if network != STAFF and self._networks[network] >= OF_ONE_NETWORK:
            return False
        known = self._taken.total() - self._taken[STRANGER]
        return known < KNOWN_AT_ONCE and self._taken[name] < OF_ONE_PERSON


def _is_outside(name: str) -> bool:
    return name != STRANGER and not name.startswith(f"{STAFF} ")


class Acquaintances:
    """Looks a cookie up, in a thread."""

    def __init__(self) -> None:
        self._connections = ThreadConnections()

    async def who(self, cookies: str) -> str:
        """The person whose cookie this is; STRANGER where nobody knows it."""
        return await asyncio.to_thread(self._looked_up, cookies)

    def close(self) -> None:
        """Once nothing is asked any more."""
        self._connections.close()

    def _looked_up(self, cookies: str) -> str:
        self._connections.before()
        try:
            with serving():
                return holder(cookies)
        except Error:
            return STRANGER
        finally:
            self._connections.after()


def holder(cookies: str) -> str:
    """The person who is signed in with one of these cookies, or whose visit one of them opens."""
    said = parse_cookie(cookies)
    actor = NOBODY
    if SESSION_COOKIE in said:
        actor = actor_of_session(secret=said[SESSION_COOKIE], is_sign=False)
    if actor is NOBODY and VISIT_COOKIE in said:
        actor = actor_of_pass(cookie=said[VISIT_COOKIE])
    return STRANGER if actor is NOBODY else f"{actor.kind} {actor.id}"
