"""Which policies are in force: a change of them is told to the ledger before anybody is judged by them."""

from django.db import connection, transaction

from teleward.access.grants import Action, Grant, record
from teleward.access.models import PolicySet
from teleward.access.operations.people import system_grant
from teleward.access.policy import rules
from teleward.kernel.openings import without_grant

ONE_AT_A_TIME = 7285  # an advisory lock: several processes may start at once


@without_grant("It compares two hashes; what follows has its own grant.")
def notice_policy_change() -> bool:
    """Tells the ledger if the policies are not those of the last start. Returns whether it did."""
    if _in_force() == rules().digest:
        return False
    grant = system_grant(action=Action.POLICY_CHANGE, organisation=None, via="job")
    return keep_policy_set(grant=grant)


@transaction.atomic
def keep_policy_set(*, grant: Grant) -> bool:
    """Keeps the hash of the policies in force, both hashes in the ledger. False if another was first."""
    grant.must_cover(Action.POLICY_CHANGE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    before, after = _in_force(), rules().digest
    if before == after:
        return False
    PolicySet.objects.create(digest=after)
    record(grant=grant, detail={"before": before, "after": after})
    return True


def _in_force() -> str:
    newest = PolicySet.objects.order_by("-since", "-id").values_list("digest", flat=True).first()
    return newest or ""
