"""Closing a case by what was found; and the member of staff who says that it was not them."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, NotCovered, record
from teleward.access.queries.glass import glass
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish
from teleward.watch.models import OUTCOMES, Case, Denial, Notice, Review
from teleward.watch.queries.cases import WORDS

SHORTEST, LONGEST = 15, 4000
JUSTIFIED, GAP = OUTCOMES[0], OUTCOMES[1]


class AlreadyReviewed(Problem):
    """The case has its answer."""

    code = "watch:already-reviewed"
    status = 409
    message = _("This case has been answered already. Reload the page to see the answer.")


class ReviewIncomplete(Problem):
    """No outcome, no words, or a gap without the rule that has it."""

    code = "watch:review-incomplete"
    status = 422
    message = _(
        "Choose what you found, write at least 15 characters for the patient, "
        "and name the rule if one is missing or lets through too much."
    )


class OwnAccess(Problem):
    """Nobody reviews what they did themselves, or agreed to as the second person."""

    code = "watch:own-access"
    status = 403
    message = _("This access was your own. Somebody else has to look at it.")


@transaction.atomic
def review(*, grant: Grant, outcome: str, words: str, policy: str = "") -> None:
    """What was found, with words for the patient. `policy` is the rule, where the outcome is a gap.

    Raises NotFound, OwnAccess, AlreadyReviewed or ReviewIncomplete.
    """
    grant.must_cover(Action.CASE_REVIEW)
    by = grant.actor.id
    if by is None:
        raise NotCovered
    case = _open(grant, by)
    said, rule = words.strip(), policy.strip() if outcome == GAP else ""
    if outcome not in OUTCOMES or not SHORTEST <= len(said) <= LONGEST or (outcome == GAP and not rule):
        raise ReviewIncomplete
    Review.objects.create(
        case=case,
        outcome=outcome,
        policy=rule[:60],
        words=seal(patient=case.patient_id, plaintext=said.encode(), context=WORDS),
        by_id=by,
    )
    if case.kind == "emergency" or outcome != JUSTIFIED:
        Notice.objects.create(case=case, says="outcome", due_at=now())
    publish(Event.CASE_REVIEWED, case=case.id)
    record(grant=grant, detail={"outcome": outcome, "policy_at_fault": rule[:60]})


@transaction.atomic
def say_it_was_not_me(*, grant: Grant, case: UUID) -> None:
    """The person in whose name the record was opened says that it was not them. Raises NotFound."""
    grant.must_cover(Action.CASE_ANSWER, subject=grant.actor.id)
    row = Case.objects.filter(id=case, person=grant.about, kind="emergency").first()
    if row is None:
        raise NotFound
    _denial, made = Denial.objects.get_or_create(case=row)
    if made:
        record(grant=grant, detail={"denied": str(row.id)})


def _open(grant: Grant, by: UUID) -> Case:
    row = Case.objects.select_for_update(of=("self",)).filter(id=grant.about).exclude(kind="report").first()
    if row is None:
        raise NotFound
    if by in _involved(grant, row):
        raise OwnAccess
    if Review.objects.filter(case=row).exists():
        raise AlreadyReviewed
    return row


def _involved(grant: Grant, case: Case) -> set[UUID | None]:
    second = glass(grant=grant, glass=case.about).second if case.kind == "emergency" else None
    return {case.person_id, second} - {None}
