"""Whether the daily heads stand in the ledger and fit the chains they speak of."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from teleward.audit.queries.auditing.findings import Connection, Finding, streamed

LISTED = """
SELECT d.patient, d.day::text, d.pn, d.leaf, d.event, c.leaf, h.body, h.id IS NULL
FROM audit_daily d LEFT JOIN audit_event c ON c.patient = d.patient AND c.pn = d.pn
LEFT JOIN audit_event h ON h.id = d.event
"""
UNLISTED = """
SELECT e.body FROM audit_event e WHERE e.patient IS NULL AND e.body LIKE '{"action":"audit:head:keep"%%'
AND NOT EXISTS (SELECT FROM audit_daily d WHERE d.event = e.id)
"""
COUNTED = "SELECT leaf FROM audit_event WHERE patient = %s AND pn = %s"


def check(connection: Connection) -> Iterator[Finding]:
    """Heads against chains, both ways: also those whose row was taken away."""
    for patient, day, number, leaf, _event, found, body, is_gone in streamed(connection, LISTED):
        if is_gone or not _says(body, patient, number, leaf):
            told = f"The head of {day} for patient {patient} is not the one in the ledger."
            yield Finding(kind="head", sentence=told)
        if found != leaf:
            yield _cut(patient, day, number)
    for (body,) in list(streamed(connection, UNLISTED)):
        yield from _unlisted(connection, json.loads(body))


def _unlisted(connection: Connection, said: dict[str, Any]) -> Iterator[Finding]:
    patient, head = said["subject_id"], said["detail"]
    yield Finding(
        kind="head", sentence=f"The head of {head['day']} for patient {patient} was removed from the list."
    )
    row = connection.execute(COUNTED, [patient, head["number"]]).fetchone()
    if row is None or row[0].hex() != head["leaf"]:
        yield _cut(patient, head["day"], head["number"])


def _says(body: str | None, patient: UUID, number: int, leaf: bytes) -> bool:
    if body is None:
        return False
    said = json.loads(body)
    wanted = (str(patient), number, leaf.hex())
    return (said["subject_id"], said["detail"]["number"], said["detail"]["leaf"]) == wanted


def _cut(patient: object, day: str, number: int) -> Finding:
    told = f"On {day} patient {patient} had {number} entries. The last of them is gone or another one now."
    return Finding(kind="head", sentence=told)
