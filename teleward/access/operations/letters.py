"""Letters to a patient about their account and address, to every address on file. No name, no details."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Grant, record
from teleward.access.models import Patient
from teleward.access.queries.patients import addresses_before, contact
from teleward.access.queries.safeguards import held_until
from teleward.kernel.mail import mail_is_sent


@dataclass(frozen=True)
class Letter:
    """What is said: `clinic` and `telephone` are filled in."""

    subject: str | Promise
    text: str | Promise


OFFERED = Letter(
    _("An account at %(clinic)s"),
    _(
        "Hello,\n\n%(clinic)s has just made a link with which you can open an account of your own. "
        "It shows you who opened your data.\n\nIf you did not ask for it, or if somebody else received "
        "the link, please call %(clinic)s at once%(telephone)s."
    ),
)
OPENED = Letter(
    _("An account at %(clinic)s"),
    _(
        "Hello,\n\nan account in your name has just been opened at %(clinic)s. For the first three days "
        "nothing can be downloaded there, and nobody else can be let in.\n\n"
        "If that was not you, please call %(clinic)s at once%(telephone)s."
    ),
)
REPLACED = Letter(
    _("Your address at %(clinic)s"),
    _(
        "Hello,\n\n%(clinic)s will write to another e-mail address from now on, and no longer to this one."
        "\n\nIf you did not ask for that, please call %(clinic)s at once%(telephone)s."
    ),
)


def tell_of_account(*, grant: Grant) -> None:
    """Tells the grant's patient that somebody made a way to an account of theirs."""
    grant.must_cover(Action.ACCOUNT_OPEN)
    _write(grant, OFFERED, _every_address(grant))


def tell_of_opening(*, grant: Grant) -> None:
    """Tells the grant's patient that an account was opened in their name."""
    grant.must_cover(Action.ACCOUNT_OPEN)
    _write(grant, OPENED, _every_address(grant))


def tell_of_new_address(*, grant: Grant, change: UUID) -> None:
    """Tells the address that was replaced, unless two people hold back word to this patient."""
    grant.must_cover(Action.PATIENT_CHANGE)
    if held_until(patient=grant.about):
        record(grant=grant, detail={"letter": "held back"})
        return
    _write(grant, REPLACED, addresses_before(grant=grant, change=change))


def _every_address(grant: Grant) -> list[str]:
    """The address on file, and those that it replaced lately; these not while word is held back."""
    on_file = contact(grant=grant, patient_id=grant.about).email
    before = [] if held_until(patient=grant.about) else addresses_before(grant=grant)
    return [each for each in dict.fromkeys([on_file, *before]) if each]


def _write(grant: Grant, letter: Letter, addresses: Iterable[str]) -> None:
    if not mail_is_sent():
        return
    patient = Patient.objects.select_related("organisation").get(id=grant.about)
    clinic = patient.organisation
    telephone = f" ({clinic.telephone})" if clinic.telephone else ""
    for address in addresses:
        with translation.override(patient.language):
            facts = {"clinic": clinic.name, "telephone": telephone}
            subject, text = str(letter.subject) % facts, str(letter.text) % facts
        EmailMessage(subject=subject, body=text, to=[address]).send()
