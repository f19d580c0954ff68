"""Erasing what entries say, where law asks for it. Their commitment stays, and with it every proof."""

from uuid import UUID

import psycopg


def erase(*, connection: psycopg.Connection[tuple[object, ...]], patient: UUID) -> int:
    """Empties body and salt of all entries of a patient; how many. As the tables' owner, for good.

    Numbers, leaves and places stay, so that the chain and the tree can be checked as before. The daily heads
    stay too: they hold numbers and a patient's id, which leads nowhere once the record is gone.
    """
    row = connection.execute("SELECT audit_erase(%s)", [patient]).fetchone()
    return int(str(row[0])) if row else 0
