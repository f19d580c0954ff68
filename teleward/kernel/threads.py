"""Database connections of threads that live as long as the server."""

from typing import Final

from django.db import close_old_connections, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# of one thread: a page must not keep the calls' messages waiting for 5 ms each time
TURN_SECONDS: Final = 0.0005


class ThreadConnections:
    """Knows the connections that a pool's threads opened, so that ending the pool leaves none behind."""

    def __init__(self) -> None:
        self._opened: set[BaseDatabaseWrapper] = set()

    def before(self) -> None:
        """In a thread, before it works: a connection that is broken or too old is dropped."""
        close_old_connections()

    def after(self) -> None:
        """In a thread, after it worked."""
        for connection in connections.all(initialized_only=True):
            self._opened.add(connection)
        close_old_connections()

    def close(self) -> None:
        """Close all of them; the threads must have ended."""
        for connection in self._opened:
            connection.inc_thread_sharing()
            connection.close()
        self._opened.clear()
