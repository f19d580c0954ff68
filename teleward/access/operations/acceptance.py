"""Accepting an invitation, by a passkey or by password and app: it makes the person and signs them in."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation

from teleward.access.actions import Action
from teleward.access.grants import Circumstances
from teleward.access.models import Patient, Person, Role, StaffInvitation
from teleward.access.operations.challenges import Kind, ask_browser, take_answer
from teleward.access.operations.entries import note
from teleward.access.operations.invitations import InvitationOver, living_invitation, waiting_invitation
from teleward.access.operations.one_time_codes import (
    Enrolment,
    about,
    check_password_and_code,
    new_enrolment,
    shown_enrolment,
    store_password_and_app,
)
from teleward.access.operations.passkeys import store_passkey
from teleward.access.operations.people import AddressTaken
from teleward.access.operations.proofs import BOUND_TO_ONE_DEVICE, TWO_FACTORS, PasskeyNotAccepted, Proof
from teleward.access.operations.providers import Arrival, keep_identity, proof_of
from teleward.access.operations.sessions import BegunSession
from teleward.access.operations.signin import sign_in
from teleward.access.operations.ways_back import begin_anew
from teleward.access.signin.ceremonies import CeremonyFailed, NewKey, creation_options, finish_creation
from teleward.kernel.clock import now
from teleward.kernel.events import Event, publish
from teleward.kernel.fence import open_for
from teleward.kernel.ids import new_id
from teleward.kernel.openings import without_grant


@without_grant("The link is the invited person's own; it shows only what was said to them.")
def ask_for_first_passkey(*, token: str) -> dict[str, Any]:
    """What the browser needs to make the invited person's first passkey. Raises InvitationOver."""
    row = living_invitation(token)
    person = row.person_id or new_id()
    challenge = ask_browser(kind=Kind.PASSKEY_NEW, state={"invitation": str(row.id), "person": str(person)})
    return creation_options(challenge=challenge, person=person, email=row.email, name=row.name)


@without_grant("The way in: it ends in the gate or in a refusal, and the ledger has both.")
def accept_by_passkey(
    *, token: str, response: dict[str, Any], label: str, circumstances: Circumstances, user_agent: str
) -> BegunSession:
    """Makes the person and signs them in. Raises InvitationOver, PasskeyNotAccepted or AddressTaken."""
    key, state = _first_key(response)
    with transaction.atomic():
        row = living_invitation(token, locked=True)
        if state.get("invitation") != str(row.id):
            raise PasskeyNotAccepted
        person = _accept(row, circumstances, UUID(state["person"]))
        store_passkey(person=person, key=key, label=label)
    aal = TWO_FACTORS if key.is_backup_eligible else BOUND_TO_ONE_DEVICE
    proof = Proof(person=person.id, method="passkey", aal=aal)
    return sign_in(proof=proof, circumstances=circumstances, user_agent=user_agent)


@without_grant("The link is the invited person's own; it shows only what was said to them.")
def enrolment_for_invited(*, token: str, sealed: str = "") -> Enrolment:
    """The secret to show to the invited person; with `sealed` the same as before. Raises InvitationOver."""
    row = living_invitation(token)
    if sealed:
        return shown_enrolment(sealed=sealed, account=row.email, clinic=row.organisation.short_name)
    return new_enrolment(account=row.email, clinic=row.organisation.short_name)


@without_grant("The way in: it ends in the gate or in a refusal, and the ledger has both.")
def accept_by_password(
    *, token: str, password: str, sealed: str, code: str, circumstances: Circumstances, user_agent: str
) -> BegunSession:
    """The same with password and app. Raises InvitationOver, PasswordTooWeak, CodeWrong or AddressTaken."""
    row = living_invitation(token)
    known = about(row.name, row.email, row.organisation)
    check_password_and_code(password=password, about=known, sealed=sealed, account=row.email, code=code)
    with transaction.atomic():
        row = living_invitation(token, locked=True)
        person = _accept(row, circumstances, new_id())
        store_password_and_app(person=person, password=password, sealed=sealed, code=code)
    proof = Proof(person=person.id, method="password", aal=TWO_FACTORS)
    return sign_in(proof=proof, circumstances=circumstances, user_agent=user_agent)


@without_grant("The way in: it ends in the gate or in a refusal, and the ledger has both.")
def accept_by_provider(*, arrival: Arrival, circumstances: Circumstances, user_agent: str) -> BegunSession:
    """The same with an account at a provider. Raises InvitationOver, OneFactorOnly or LinkedElsewhere."""
    made = new_id()
    proof_of(made, arrival.identity, circumstances)
    with transaction.atomic():
        row = waiting_invitation(arrival.whose if arrival.errand == "invitation" else None)
        person = _accept(row, circumstances, made)
        keep_identity(person=person, identity=arrival.identity)
    proof = proof_of(person.id, arrival.identity, circumstances, person)
    return sign_in(proof=proof, circumstances=circumstances, user_agent=user_agent)


def _first_key(response: dict[str, Any]) -> tuple[NewKey, dict[str, Any]]:
    try:
        challenge, state = take_answer(kind=Kind.PASSKEY_NEW, response=response)
        return finish_creation(challenge=challenge, response=response), state
    except CeremonyFailed as failed:
        raise PasskeyNotAccepted from failed


def _accept(row: StaffInvitation, circumstances: Circumstances, person_id: UUID) -> Person:
    """The person the invitation was for, with their roles, inside the caller's transaction."""
    if row.person_id:
        return begin_anew(row=row, circumstances=circumstances)
    if Person.objects.filter(email__iexact=row.email).exists():
        raise AddressTaken
    person = Person.objects.create(
        id=person_id,
        organisation=row.organisation,
        email=row.email,
        name=row.name,
        language=translation.get_language() or row.organisation.language,
    )
    Role.objects.bulk_create([Role(person=person, name=name, given_by=row.invited_by) for name in row.roles])
    if row.patient_id and not _is_given(row.patient_id, person):
        raise InvitationOver
    row.accepted_at, row.accepted_as = now(), person
    row.save(update_fields=["accepted_at", "accepted_as"])
    if row.patient_id:
        publish(Event.ACCOUNT_OPENED, patient=row.patient_id)
    action = Action.ACCOUNT_OPEN if row.patient_id else Action.STAFF_INVITE
    note(
        action=action,
        outcome="done",
        circumstances=circumstances,
        person=person,
        patient=row.patient_id,
        detail={"accepted": str(row.id)},
    )
    return person


def _is_given(patient: UUID, person: Person) -> bool:
    """Whether the patient's entry, which had no account, is this person's now: the link is the way in."""
    open_for(practice=person.organisation_id)
    return bool(Patient.objects.filter(id=patient, person=None).update(person=person))
