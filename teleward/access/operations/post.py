"""Letters of this room: the way in, and word that a way in has changed. Nothing about health, no details."""

from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from teleward.access.actions import Action
from teleward.access.grants import Grant, record
from teleward.access.models import Person, StaffInvitation
from teleward.access.operations.invitations import fresh_link
from teleward.kernel.mail import mail_is_sent


@transaction.atomic
def send_invitation(*, grant: Grant, invitation: UUID) -> None:
    """Makes the link and sends it, unless the invitation is over. If sending fails, nothing has changed."""
    grant.must_cover(Action.STAFF_INVITE)
    rows = StaffInvitation.objects.select_for_update(of=("self",)).select_related("organisation", "patient")
    row = rows.filter(id=invitation, accepted_at=None, withdrawn_at=None).first()
    if row is None or not mail_is_sent():
        return
    language = row.patient.language if row.patient else row.organisation.language
    with translation.override(language):
        subject = _("Your access to %(clinic)s") % {"clinic": row.organisation.name}
        facts = {"name": row.name, "clinic": row.organisation.name, "link": fresh_link(row)}
        text = _(
            "Hello %(name)s,\n\n%(clinic)s has invited you to sign in. "
            "Open this link within seven days; it works once:\n\n%(link)s\n\n"
            "If you do not know why you received this, please do nothing."
        )
        record(grant=grant, detail={"sent": str(row.id)})
        _send(row.email, subject, text % facts)


def tell_of_change(*, grant: Grant) -> None:
    """Tells the subject that a way to sign in has changed. Which one is to be seen only after signing in."""
    grant.must_cover(Action.CREDENTIAL_READ)
    person = Person.objects.select_related("organisation").filter(id=grant.about).first()
    if person is None or not mail_is_sent():
        return
    with translation.override(person.language):
        subject = _("A way to sign in to your account has changed")
        text = _(
            "Hello %(name)s,\n\na way to sign in to your account at %(clinic)s "
            "has just been added, changed or switched off.\n\nIf that was you, all is well. "
            "If not, please call %(clinic)s at once%(telephone)s and look at “My sign-in” in Teleward."
        )
        number = person.organisation.telephone
        facts = {
            "name": person.name,
            "clinic": person.organisation.name,
            "telephone": f" ({number})" if number else "",
        }
        _send(person.email, subject, text % facts)


def _send(address: str, subject: str, text: str) -> None:
    EmailMessage(subject=subject, body=text, to=[address]).send()
