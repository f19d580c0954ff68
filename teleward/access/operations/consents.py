"""A person allows an app to act for them, says no, or takes it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from teleward.access.actions import Action
from teleward.access.actors import Actor, ActorKind
from teleward.access.grants import Grant, NotCovered, record
from teleward.access.models import AppCode, AppGrant, AppLaunch, Client, Session
from teleward.access.operations.client_proofs import known
from teleward.access.operations.tokens import end_given
from teleward.access.signin.limits import SESSION
from teleward.access.smart import places
from teleward.access.smart.limits import CODE_LASTS, LAUNCH_LASTS, OFFLINE_LASTS
from teleward.access.smart.problems import InvalidClient
from teleward.access.smart.questions import (
    AppUnknown,
    NotAllowed,
    Question,
    Registered,
    question_in,
    sent_back,
    with_answer,
)
from teleward.access.smart.words import Said, in_words
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.kernel.ids import new_token, token_hash
from teleward.kernel.openings import without_grant


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What a person is asked, in words, and what has to be known before they can be asked."""

    question: Question
    name: str
    what_for: str
    said: tuple[Said, ...]
    knows_who: bool  # the app hears who they are
    patient: UUID | None  # whom it is about; None where it is about nobody or has to be chosen
    must_choose: bool
    until: datetime
    lasts: bool


@without_grant("It reads what an app asks, and finds whom its launch was opened for; nothing is shown.")
def consent_for(*, asked: Mapping[str, str], actor: Actor, chosen: UUID | None = None) -> Consent:
    """The consent that is asked for. Raises AppUnknown, or SentBack with where the app hears what is wrong.

    `chosen`: the patient a member of staff picked. A patient's app is about the patient.
    """
    client = _client(asked, actor)
    question = question_in(asked, _registered(client))
    patient = _patient(question, client, actor, chosen)
    return Consent(
        question=question,
        name=client.name,
        what_for=client.what_for,
        said=in_words(question.granted),
        knows_who="openid" in question.granted.context,
        patient=patient,
        must_choose=question.wants_patient and patient is None,
        until=_until(question, actor),
        lasts=question.lasts,
    )


@transaction.atomic
def allow(*, grant: Grant, consent: Consent, about: Grant | None = None) -> str:
    """The person says yes. Returns where the browser goes, with the code. Raises SentBack, NotCovered.

    `about`: the proof that this member of staff may open the patient the app is opened for.
    """
    grant.must_cover(Action.APP_ALLOW)
    if consent.must_choose or not _may_be_about(grant, consent, about):
        raise NotCovered
    question, code = consent.question, new_token()
    given = AppGrant.objects.create(
        client_id=UUID(question.client),
        person_id=_person(grant.actor),
        patient_id=consent.patient,
        session_id=None if question.lasts else grant.actor.session,
        scopes=str(question.granted),
        aal=grant.actor.aal,
        method=grant.actor.method,
        ends_at=consent.until,
    )
    AppCode.objects.create(
        code_hash=token_hash(code),
        given=given,
        redirect_uri=question.redirect_uri,
        challenge=question.challenge,
        nonce=question.nonce,
        expires_at=now() + CODE_LASTS,
    )
    if not _is_first_use(question):
        raise sent_back(question.redirect_uri, question.state, NotAllowed("launch-over"))
    detail = {"app": question.client, "scopes": given.scopes, "consent": str(given.id)}
    record(grant=grant, detail=detail)
    if about is not None:
        record(grant=about, detail=detail)
    return question.answer(code=code)


def deny(*, grant: Grant, consent: Consent) -> str:
    """The person says no. Returns where the browser goes."""
    grant.must_cover(Action.APP_ALLOW)
    record(grant=grant, detail={"app": consent.question.client, "said": "no"})
    refused = sent_back(consent.question.redirect_uri, consent.question.state, NotAllowed("person"))
    return refused.address


@transaction.atomic
def take_back(*, grant: Grant, given: UUID) -> None:
    """What the person allowed an app is over, and every key that rests on it. Raises NotFound."""
    grant.must_cover(Action.APP_WITHDRAW)
    row = AppGrant.objects.select_for_update().filter(id=given, person_id=_person(grant.actor)).first()
    if row is None or row.ended_at is not None:
        raise NotFound
    keys = end_given(row, because="taken-back", by=grant.actor.id)
    record(grant=grant, detail={"app": str(row.client_id), "consent": str(row.id), "keys": keys})


def open_app(*, grant: Grant, client: UUID) -> str:
    """Opens an app for the patient of the grant. Returns where the browser goes. Raises NotFound."""
    grant.must_cover(Action.PATIENT_READ)
    row = Client.objects.filter(id=client, organisation_id=grant.organisation, end=None).first()
    if row is None or not row.launch_url:
        raise NotFound
    word = new_token()
    AppLaunch.objects.create(
        launch_hash=token_hash(word),
        client=row,
        person_id=_person(grant.actor),
        patient_id=grant.about,
        expires_at=now() + LAUNCH_LASTS,
    )
    record(grant=grant, detail={"app": str(client), "way": "launch"})
    return with_answer(row.launch_url, launch=word, iss=places.fhir())


def _person(actor: Actor) -> UUID:
    if actor.id is None:
        raise NotCovered
    return actor.id


def _client(asked: Mapping[str, str], actor: Actor) -> Client:
    try:
        client = known(asked.get("client_id", ""))
    except InvalidClient as unknown:
        raise AppUnknown from unknown
    if client.organisation_id != actor.organisation:
        raise AppUnknown
    return client


def _registered(client: Client) -> Registered:
    return Registered(kind=client.kind, redirect_uris=tuple(client.redirect_uris), scopes=client.scopes)


def _patient(question: Question, client: Client, actor: Actor, chosen: UUID | None) -> UUID | None:
    if not question.wants_patient:
        return None
    if actor.kind is ActorKind.PATIENT:
        return actor.patient
    if not question.launch:
        return chosen
    found = _launches(question).filter(client=client, person_id=_person(actor)).first()
    if found is None:
        raise sent_back(question.redirect_uri, question.state, NotAllowed("launch-over"))
    return found.patient_id


def _launches(question: Question) -> QuerySet[AppLaunch]:
    open_ones = AppLaunch.objects.filter(used_at=None, expires_at__gt=now())
    return open_ones.filter(launch_hash=token_hash(question.launch))


def _is_first_use(question: Question) -> bool:
    """Whether no other yes used up the launch in the meantime; an app that opened itself has none."""
    return not question.launch or _launches(question).update(used_at=now()) == 1


def _until(question: Question, actor: Actor) -> datetime:
    if question.lasts:
        return now() + OFFLINE_LASTS
    begun = Session.objects.filter(id__in=[actor.session]).values_list("begun_at", flat=True).first()
    return (begun or now()) + SESSION.overall


def _may_be_about(grant: Grant, consent: Consent, about: Grant | None) -> bool:
    """Whether the patient is the asker's own, or one that this member of staff was let in to."""
    if consent.patient is None:
        return about is None
    if grant.actor.kind is ActorKind.PATIENT:
        return consent.patient == grant.subject.patient
    return about is not None and about.action is Action.PATIENT_READ and about.about == consent.patient
