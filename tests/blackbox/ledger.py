"""The ledger as the privacy officer takes it along: FHIR AuditEvents, read back into plain words."""

import gzip
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from blackbox.day import Day


@dataclass(frozen=True)
class Told:
    """One event. `words` are the entry's own: action, outcome, policy, policy_set, request_id, details."""

    event: dict[str, Any]
    words: dict[str, str]

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.event["recorded"])

    @property
    def who(self) -> str:
        """A reference, or an identifier; empty for nobody and for the server."""
        asked = [agent["who"] for agent in self.event["agent"] if agent["requestor"]]
        return (
            str(asked[0].get("reference") or asked[0].get("identifier", {}).get("value", "")) if asked else ""
        )

    @property
    def address(self) -> str:
        clients = [one for one in self.event["agent"] if one["who"].get("display", "").endswith(" client")]
        return str(clients[0]["network"]["address"])

    @property
    def purpose(self) -> str:
        return str(self.event["purposeOfEvent"][0]["coding"][0]["code"])

    @property
    def patient(self) -> str:
        whose = [
            one["what"]["reference"] for one in self.event["entity"] if one.get("role", {}).get("code") == "1"
        ]
        return whose[0].removeprefix("Patient/") if whose else ""


def whole_ledger(day: Day) -> list[Told]:
    """Everything, in its order."""
    today = datetime.now(UTC).date()  # noqa: TID251 - the day on the officer's wall
    first, last = today - timedelta(days=1), today + timedelta(days=1)
    answer = day.officer.post("/ledger/export/", first=first.isoformat(), last=last.isoformat())
    assert answer.status_code == 200, answer.text[:2000]
    return [_told(json.loads(line)) for line in gzip.decompress(answer.content).splitlines()]


def _told(event: dict[str, Any]) -> Told:
    details = (entity.get("detail", []) for entity in event["entity"])
    return Told(event, {one["type"]: one["valueString"] for detail in details for one in detail})
