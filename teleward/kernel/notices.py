"""Word from a transaction to every live socket, on every process: PostgreSQL NOTIFY, ids only."""

import json
import uuid

from django.db import connection

CHANNEL = "teleward"


def notify(topic: str, **ids: uuid.UUID) -> None:
    """Sends `topic` with its ids to all listeners when the transaction commits."""
    payload = json.dumps({"topic": topic, "ids": {name: str(value) for name, value in ids.items()}})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
