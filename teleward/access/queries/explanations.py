"""Why an access was allowed, in words: one text for the patient, one for staff. The policy's id is the key.

`%(date)s` stands where the policy rests on dated evidence.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teleward.kernel.openings import without_grant

FOR_PATIENT: dict[str, Promise] = {
    "p-consult": _("because they hold your consultation of %(date)s, or stand in for who does"),
    "p-appointment": _("because of your consultation with them on %(date)s"),
    "p-team": _("because they have been on your care team since %(date)s"),
    "p-cover": _("because from %(date)s they stood in for somebody who looks after you"),
    "p-referral": _("because they were asked for advice about you on %(date)s"),
    "p-message": _("because you wrote to the practice on %(date)s"),
    "p-device": _("because one of your devices sent a reading on %(date)s that had to be looked at"),
    "p-treated": _(
        "because you are a patient of theirs or of a colleague they stand in for, "
        "with an appointment on %(date)s"
    ),
    "p-day": _("because they prepare or follow up your appointment of %(date)s"),
    "p-call": _("because they set up a call with you for %(date)s"),
    "p-pharmacy": _("because of your prescription of %(date)s"),
    "p-interpreter": _("because they interpret in your consultation of %(date)s"),
    "p-desk": _("because the practice looks after your appointment of %(date)s"),
    "p-desk-account": _("because the practice looks after your appointment of %(date)s"),
    "p-second-the-account": _("because a second person makes sure who you are before your account is opened"),
    "p-registration": _("because they entered you as a patient on %(date)s"),
    "p-one-person": _("because they make sure that nobody has two files here"),
    "p-booking": _("because they look after the appointments of the practice"),
    "p-billing": _("because the bill for your visit of %(date)s was prepared; no notes were opened"),
    "p-staff-admin": _("because they look after the accounts of the practice"),
    "p-recertify": _("because they check who still needs access"),
    "p-research": _("because of a study that counts without names"),
    "p-reason": _("because of a reason they gave on %(date)s; we could not match it to an appointment"),
    "p-breakglass": _("as an emergency access that began on %(date)s; our privacy officer checks each one"),
    "p-break-the-glass": _("because they said it was an emergency; our privacy officer checks each one"),
    "p-second-the-glass": _("because a closed record is opened by two people only"),
    "p-give-a-reason": _("because nothing else explained why they needed to"),
    "p-second-the-closing": _("because closing a record takes two people"),
    "p-listed-patient": _("because they look after the appointments of the practice"),
    "p-listed-visit": _("because they look after the appointments of the practice"),
    "p-alerts": _("because they look after the readings of patients"),
    "p-listed-alert": _("because they look after your readings"),
    "p-kin": _("because they note who belongs to whose family here"),
    "p-own-kin": _("because they said that you belong to their family"),
    "p-privacy-officer": _("because they watch over the privacy of patients here"),
    "p-guest": _("because they were invited to this consultation"),
    "p-guest-patient": _("because they were invited to this consultation"),
    "p-claim": _("because the link allows it"),
    "p-self": _("because these are your own data"),
    "p-self-visit": _("because these are your own data"),
    "p-self-objection": _("because these are your own data"),
    "p-proxy": _("because you gave them access to your page on %(date)s"),
    "p-proxy-ledger": _("because on %(date)s you allowed them to see who saw your data"),
    "p-proxy-readings": _("because on %(date)s you allowed them to see your readings"),
    "p-own-account": _("because it is their own account"),
    "p-own-account-patient": _("because it is their own account"),
    "p-sign-in": _("because anybody may sign in"),
    "p-device-readings": _("because this device was paired with you"),
    "p-app-patient": _("because they use this app"),
    "p-app-user": _("because they use this app"),
    "p-system-client": _("because the practice connected this program"),
    "p-system-client-practice": _("because the practice connected this program"),
    "p-client-directory": _("because the practice connected this program"),
    "p-client-token": _("because the practice connected this program"),
    "p-self-record": _("because these are your own data"),
    "p-self-app": _("because you decide which apps may see your data"),
    "p-own-app": _("because everybody decides which apps may act for them"),
    "p-directory": _("because they work here"),
    "p-directory-account": _("because you are a patient here"),
    "p-forms": _("because they look after the texts of the practice"),
    "p-apps": _("because they look after the accounts of the practice"),
    "p-apps-seen": _("because they watch over the privacy of patients here"),
    "p-system": _("because this happens by itself"),
}

FOR_STAFF: dict[str, Promise] = {
    "p-consult": _("You hold the visit of %(date)s, or stand in for who does."),
    "p-appointment": _("You have an appointment with this patient: %(date)s."),
    "p-team": _("You have been on this patient's care team since %(date)s."),
    "p-cover": _("Since %(date)s you stand in for a colleague who looks after this patient."),
    "p-referral": _("You were asked for advice about this patient on %(date)s."),
    "p-message": _("This patient wrote on %(date)s."),
    "p-device": _("A device of this patient raised an alert on %(date)s."),
    "p-treated": _(
        "You, or a colleague you stand in for, have or lately had an appointment with this patient: "
        "%(date)s. It opens no notes by itself."
    ),
    "p-day": _("You prepare or follow up an appointment of this patient: %(date)s. You see no notes."),
    "p-call": _(
        "You set up a call with this patient for %(date)s. "
        "Earlier notes open once the patient comes by an invitation that was sent to them."
    ),
    "p-pharmacy": _("A prescription of %(date)s is to be dispensed."),
    "p-interpreter": _("You interpret in the visit of %(date)s."),
    "p-desk": _("The patient has an appointment here: %(date)s. You see the appointment, not the notes."),
    "p-desk-account": _(
        "The patient has an appointment here: %(date)s. You may invite them to their account."
    ),
    "p-second-the-account": _("Your role may confirm who a patient is before an account is opened."),
    "p-registration": _("You entered this patient on %(date)s and may finish the entry for a day."),
    "p-one-person": _("Your role enters patients and sees to it that nobody has two files."),
    "p-booking": _("Your role looks after the appointments of the practice."),
    "p-billing": _("A claim of %(date)s is open. Clinical notes stay closed."),
    "p-staff-admin": _("You look after the accounts of the practice."),
    "p-recertify": _("You check who still needs access."),
    "p-research": _("You may ask for counts, never for rows."),
    "p-reason": _("You gave a reason on %(date)s. The patient sees it."),
    "p-breakglass": _("Emergency access since %(date)s: this patient, read only. The patient sees it."),
    "p-break-the-glass": _("In an emergency your role may open a record. The patient sees it."),
    "p-second-the-glass": _("Your role may second the opening of a closed record."),
    "p-give-a-reason": _("Your role may say in one line why it needs an entry."),
    "p-second-the-closing": _("Your role may agree to the closing of a record."),
    "p-listed-patient": _("Your role sees the list of patients."),
    "p-listed-visit": _("Your role sees the list of the day."),
    "p-alerts": _("Your role looks after readings of patients."),
    "p-listed-alert": _("You have to do with this patient, or were told of the alert."),
    "p-kin": _("You note who belongs to whose family here."),
    "p-own-kin": _("You name your own family."),
    "p-privacy-officer": _("You watch over the privacy of patients here."),
    "p-guest": _("Invited to this visit."),
    "p-guest-patient": _("The patient of this visit."),
    "p-claim": _("Whoever holds an invitation may open it."),
    "p-self": _("The patient's own page."),
    "p-self-visit": _("The patient's own visit."),
    "p-self-objection": _("The patient's own report."),
    "p-proxy": _("The patient gave this person access on %(date)s."),
    "p-proxy-ledger": _("The patient allowed this person on %(date)s to see who saw the data."),
    "p-proxy-readings": _("The patient allowed this person on %(date)s to see the readings."),
    "p-own-account": _("Your own account."),
    "p-own-account-patient": _("The person's own account."),
    "p-sign-in": _("Anybody may try to sign in."),
    "p-device-readings": _("A device that was paired with this patient."),
    "p-app-patient": _("An app, for the patient it was opened for, as far as its user may see them."),
    "p-app-user": _("An app, as far as its user may see the patient."),
    "p-system-client": _("A connected program that works by itself."),
    "p-system-client-practice": _("A connected program that works by itself, for the whole practice."),
    "p-client-directory": _("Who works here, where and when is open to connected programs."),
    "p-client-token": _("A connected program gets a key for a while."),
    "p-self-record": _("The patient's own record."),
    "p-self-app": _("The patient decides about their apps."),
    "p-own-app": _("You decide which apps may act for you."),
    "p-directory": _("Who works here, where and when is open to everybody who does."),
    "p-directory-account": _("Who works here, where and when is open to its patients."),
    "p-forms": _("You look after the questionnaires and templates of the practice."),
    "p-apps": _("You look after the programs of the practice."),
    "p-apps-seen": _("You watch over the privacy of patients here."),
    "p-system": _("A job of the server itself."),
}
FORBIDS: dict[str, Promise] = {
    "f-deactivated": _("The account was closed."),
    "f-deactivated-account": _("The account was closed."),
    "f-one-factor": _("A second factor was missing."),
    "f-one-factor-account": _("A second factor was missing."),
    "f-locked": _("The session was locked."),
    "f-locked-account": _("The session was locked."),
    "f-stale": _("This needs a sign-in that is only minutes old."),
    "f-stale-account": _("This needs a sign-in that is only minutes old."),
    "f-new-account": _("The account is new: what takes data along or lets others in waits for 72 hours."),
    "f-own-record": _("Nobody opens their own record through the pages of the staff."),
    "f-family": _("Nobody opens the record of their own family."),
    "f-restricted": _("This record is restricted to those who treat the patient."),
    "f-closed": _("This record is closed; opening it takes two people."),
    "f-sensitive": _("This part is especially sensitive and needs a tie of one's own to the patient."),
    "f-billing": _("Whoever bills does not read clinical notes."),
    "f-unmanaged": _("Nothing is exported to a browser that the practice does not look after."),
    "f-stolen-password": _("The password turned out to be stolen and had to be changed first."),
    "f-stolen-password-account": _("The password turned out to be stolen and had to be changed first."),
    "f-weak-for-administration": _("Giving others rights needs a proof that no false page can borrow."),
    "f-weak-for-glass": _("Emergency access needs a proof that no false page can borrow."),
    "f-restricted-listed": _("A restricted person stands in no list of those who do not treat them."),
    "f-closed-listed": _("A closed record stands in no list of those who do not treat the person."),
}


@without_grant("the words of a rule are nobody's data")
def because(*, policy: str, date: str = "") -> str:
    """Why, for the patient, to go after what was done; empty where the policy is not known.

    `date` is that of the evidence, in words of the reader's language.
    """
    return _filled(FOR_PATIENT, policy, date)


@without_grant("the words of a rule are nobody's data")
def for_staff(*, policy: str, date: str = "") -> str:
    """Why, as a sentence for a member of staff or an officer; for a forbid, why not."""
    return _filled(FORBIDS if policy.startswith("f-") else FOR_STAFF, policy, date)


def _filled(texts: dict[str, Promise], policy: str, date: str) -> str:
    return str(texts[policy]) % {"date": date} if policy in texts else ""
