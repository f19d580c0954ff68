"""Sending word that is due: to the patient unless two people hold it back, to the person at eight."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import formats

from teleward.access.grants import Action, Grant
from teleward.access.queries.people import organisation
from teleward.access.queries.reach import Reach, reach_of_patient, reach_of_person
from teleward.access.queries.safeguards import held_until
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.kernel.mail import mail_is_set_up
from teleward.kernel.one_by_one import one_by_one
from teleward.kernel.openings import without_grant
from teleward.watch.letters import letter
from teleward.watch.models import Notice, NoticeKey

TO_STAFF = "was-it-you"


@without_grant("Ids only: the job asks the gate about each case next.")
def cases_with_word_due(*, at: datetime | None = None) -> list[UUID]:
    """Cases of which somebody has to be told now. Word to a patient that is held back is not due."""
    rows = NoticeKey.objects.select_related("case").filter(done_at=None, due_at__lte=at or now())
    due = [row.case_id for row in rows.order_by("due_at") if not _is_held(row)]
    return list(dict.fromkeys(due))


def tell(*, grant: Grant) -> None:
    """Sends all word that is due about the case of the grant. What could not be sent is still due."""
    grant.must_cover(Action.CASE_READ)
    due = Notice.objects.filter(case=grant.about, done_at=None, due_at__lte=now())
    notices = list(due.order_by("due_at").values_list("id", flat=True))
    one_by_one(lambda notice: _tell_one(grant, notice), notices)


@transaction.atomic
def _tell_one(grant: Grant, notice: UUID) -> None:
    rows = Notice.objects.select_for_update(of=("self",), skip_locked=True).select_related("case")
    row = rows.filter(id=notice, done_at=None).first()
    if row is None or _is_held(row):
        return
    to = _reach(grant, row)
    row.how = "mail" if to.email and mail_is_set_up() else "page"
    row.done_at = now()
    row.save(update_fields=["how", "done_at"])
    if row.how == "mail":
        _send(row, to)


def _is_held(row: Notice | NoticeKey) -> bool:
    return row.says != TO_STAFF and held_until(patient=row.case.patient_id) is not None


def _reach(grant: Grant, row: Notice) -> Reach:
    if row.says != TO_STAFF:
        return reach_of_patient(grant=grant)
    if row.case.person_id is None:
        raise NotFound
    return reach_of_person(grant=grant, person=row.case.person_id)


def _send(row: Notice, to: Reach) -> None:
    practice = organisation(organisation_id=row.case.organisation_id)
    local = row.case.opened_at.astimezone(ZoneInfo(practice.time_zone))
    clock = formats.time_format(local, "H:i")
    written = letter(says=row.says, practice=practice, language=to.language, clock=clock)
    EmailMessage(subject=written.subject, body=written.text, to=[to.email]).send()
