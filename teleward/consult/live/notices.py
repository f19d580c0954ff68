"""Hears what other transactions and processes say: PostgreSQL LISTEN, ids only."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

from django.db import connections
from psycopg import AsyncConnection, Error, sql

from teleward.kernel.notices import CHANNEL

HEARTBEAT_SECONDS: Final = 5
PAUSE_SECONDS: Final = 0.25
_log = logging.getLogger(__name__)

Heard = Callable[[str, dict[str, UUID]], Awaitable[None]]
Gap = Callable[[], Awaitable[None]]


async def listen(*, heard: Heard, gap: Gap) -> None:
    """Hands every notice to `heard`, for ever; after each connection `gap` asks what may have been missed."""
    while True:
        try:
            async with await AsyncConnection.connect(autocommit=True, **_address()) as connection:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                await gap()
                await _hear(connection, heard)
        except (Error, OSError) as error:
            _log.warning(
                "The database connection for notices was lost (%s); trying again.", type(error).__name__
            )
        await asyncio.sleep(PAUSE_SECONDS)


async def _hear(connection: AsyncConnection[Any], heard: Heard) -> None:
    while True:
        async for notice in connection.notifies(timeout=HEARTBEAT_SECONDS):
            await _hand_over(notice.payload, heard)
        async with asyncio.timeout(HEARTBEAT_SECONDS):  # `wait_for` may overlook being cancelled
            await connection.execute("SELECT 1")


async def _hand_over(payload: str, heard: Heard) -> None:
    try:
        said = json.loads(payload)
        topic, ids = str(said["topic"]), {name: UUID(value) for name, value in said["ids"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        _log.warning("A notice could not be read and was passed over.")
        return
    await heard(topic, ids)


def _address() -> dict[str, Any]:
    """Where Django's default database is, in psycopg's words."""
    place = connections["default"].settings_dict
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return {ours: place[theirs] for ours, theirs in named.items() if place[theirs]}
