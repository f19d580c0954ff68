"""What waits for somebody as a second person: ids only, for the line at the top of their pages."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from teleward.access.actors import Actor
from teleward.access.queries.accounts import SECONDING as CONFIRMING
from teleward.access.queries.glass import WAITS
from teleward.access.signin.limits import ACCOUNT
from teleward.kernel.clock import now
from teleward.kernel.openings import without_grant
from teleward.kernel.prepared import rows

SECONDING = frozenset({"physician", "privacy-officer"})  # of records
# $1: the practice, $2: the reader, $3, $4: since when invitations and emergencies wait at the longest.
# They ask views of ids: before a grant the fence is shut.
ACCOUNTS = """
SELECT 'accounts', w.patient_id, w.asked_at FROM access_accountrequest_key w
JOIN access_patient_key k ON k.id = w.patient_id AND k.organisation_id = $1
WHERE w.needs_second AND w.seconded_at IS NULL AND w.ended_at IS NULL AND w.asked_at > $3
  AND ($2::uuid IS NULL OR w.asked_by_id IS DISTINCT FROM $2)
"""
RECORDS = """
UNION ALL
SELECT 'glasses', w.id, w.asked_at FROM access_brokenglass_key w
JOIN access_patient_key k ON k.id = w.patient_id AND k.organisation_id = $1
JOIN access_session s ON s.id = w.session AND s.ended_at IS NULL
WHERE w.opened_at IS NULL AND w.ended_at IS NULL AND w.asked_at > $4
  AND ($2::uuid IS NULL OR w.person_id <> $2)
UNION ALL
SELECT 'closings', w.patient_id, w.set_at FROM access_restriction_key w
JOIN access_patient_key k ON k.id = w.patient_id AND k.organisation_id = $1
WHERE w.tier = 'closed' AND w.seconded_at IS NULL AND w.lifted_at IS NULL
  AND ($2::uuid IS NULL OR w.set_by_id <> $2)
UNION ALL
SELECT 'loosenings', w.patient_id, w.asked_at FROM access_loosening_key w
JOIN access_patient_key k ON k.id = w.patient_id AND k.organisation_id = $1
WHERE w.answered_at IS NULL AND ($2::uuid IS NULL OR w.asked_by_id <> $2)
"""
FOR_THE_DESK = f"{ACCOUNTS} ORDER BY 3".encode()
FOR_SECONDS = f"{ACCOUNTS} {RECORDS} ORDER BY 3".encode()


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Emergencies with closed records, and patients whose record or account somebody decides about."""

    asked: bool = False  # whether this reader can be a second person at all
    glasses: tuple[UUID, ...] = ()
    closings: tuple[UUID, ...] = ()
    loosenings: tuple[UUID, ...] = ()
    accounts: tuple[UUID, ...] = ()


NOTHING_WAITS = Waiting()


@without_grant("Ids of what waits, nobody's name; opening one passes its own gate.")
def waiting_for(*, actor: Actor) -> Waiting:
    """What somebody else asked for and this person may agree to, the oldest first."""
    here, at = actor.organisation, now()
    if here is None or actor.locked or not actor.roles & CONFIRMING:
        return NOTHING_WAITS
    seconds = bool(actor.roles & SECONDING)
    values = [here, actor.id, at - ACCOUNT.asked, *([at - WAITS] if seconds else [])]
    found: dict[str, list[UUID]] = defaultdict(list)
    for kind, which, _at in rows(FOR_SECONDS if seconds else FOR_THE_DESK, values):
        found[kind].append(which)
    return Waiting(asked=True, **{kind: tuple(ids) for kind, ids in found.items()})
