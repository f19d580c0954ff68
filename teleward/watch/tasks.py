"""Jobs of this room: word that was held back or waits for the evening."""

from teleward.access.grants import Action
from teleward.kernel.jobs import job
from teleward.kernel.one_by_one import one_by_one
from teleward.watch.operations.by_itself import grant_for_case
from teleward.watch.operations.notices import cases_with_word_due, tell


@job("watch.tell", passes=Action.CASE_READ.value, periodic="*/5 * * * *")
def tell_what_is_due(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands over the planned time
    """Every five minutes: who has to be told something about a case is told."""
    one_by_one(lambda case: tell(grant=grant_for_case(case=case)), cases_with_word_due())
