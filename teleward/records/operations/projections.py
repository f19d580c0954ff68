"""The doors by which a consultation reaches the chart: facts come in, FHIR R4 resources are kept."""

from teleward.access.grants import Action, Grant
from teleward.records.fhir import appointment as a
from teleward.records.fhir import communication as m
from teleward.records.fhir import consent as c
from teleward.records.fhir import encounter as e
from teleward.records.fhir.datatypes import (
    PARTICIPATION,
    CodeableConcept,
    Coding,
    Extension,
    Period,
    Reference,
    concept,
    reference,
)
from teleward.records.operations.facts import (
    AppointmentFacts,
    Attendance,
    CommunicationFacts,
    ConsentFacts,
    EncounterFacts,
)
from teleward.records.operations.versions import keep

PARTICIPANT = "http://terminology.hl7.org/CodeSystem/participant-type"
TYPES = {
    "host": concept(PARTICIPATION, "PPRF", "primary performer"),
    "clinician": concept(PARTICIPATION, "SPRF", "secondary performer"),
    "relative": concept(PARTICIPATION, "PART", "Participation"),
    "interpreter": concept(PARTICIPANT, "translator", "Translator"),
}
MEDIA = {
    "email": ("EMAILWRIT", "email"),
    "sms": ("SMSWRIT", "SMS message"),
    "shown": ("PHYSICAL", "physical presence"),
}


def project_appointment(*, grant: Grant, facts: AppointmentFacts) -> int:
    """Keeps the appointment; returns the version."""
    grant.must_cover(Action.RECORD_WRITE)
    resource = a.Appointment(
        id=str(facts.id),
        status=facts.status,  # type: ignore[arg-type]  # checked by the round trip of the tests
        start=facts.starts_at,
        end=facts.ends_at,
        minutes_duration=int((facts.ends_at - facts.starts_at).total_seconds() // 60),
        created=facts.booked_at,
        cancelation_reason=_cancellation(facts),
        participant=(
            a.AppointmentParticipant(actor=reference("Patient", grant.subject.patient), status="accepted"),
            a.AppointmentParticipant(actor=_individual(facts.host), status="accepted", type=(TYPES["host"],)),
        ),
        extension=(_virtual(facts.lobby),),
    )
    return keep(grant=grant, resource=resource)


def project_encounter(*, grant: Grant, facts: EncounterFacts) -> int:
    """Keeps the encounter, of class VR; returns the version."""
    grant.must_cover(Action.RECORD_WRITE)
    people = tuple(
        e.EncounterParticipant(individual=_individual(who), type=(TYPES[who.role],)) for who in facts.people
    )
    resource = e.Encounter(
        id=str(facts.id),
        status="finished" if facts.happened else "cancelled",
        class_=e.VIRTUAL,
        subject=reference("Patient", grant.subject.patient),
        participant=people,
        appointment=(reference("Appointment", facts.id),),
        period=Period(start=facts.started_at, end=facts.ended_at) if facts.happened else None,
        length=e.minutes(facts.minutes) if facts.happened else None,
        service_provider=reference("Organization", grant.subject.organisation),
    )
    return keep(grant=grant, resource=resource)


def project_consent(*, grant: Grant, facts: ConsentFacts) -> int:
    """Keeps the consent, inactive once it was taken back; returns the version."""
    grant.must_cover(Action.RECORD_WRITE)
    patient = reference("Patient", grant.subject.patient)
    resource = c.Consent(
        id=str(facts.id),
        status="inactive" if facts.withdrawn_at else "active",
        scope=concept(c.SCOPE, "patient-privacy", "Privacy Consent"),
        category=(concept(c.LOINC, "59284-0", "Consent Document"),),
        patient=patient,
        date_time=facts.given_at,
        performer=(patient,),
        organization=(reference("Organization", grant.subject.organisation),),
        policy_rule=CodeableConcept(text=f"Teleward consent text {facts.version}"),
        provision=c.Provision(type="permit", period=Period(start=facts.given_at, end=facts.withdrawn_at)),
    )
    return keep(grant=grant, resource=resource)


def project_communication(*, grant: Grant, facts: CommunicationFacts) -> int:
    """Keeps that an invitation was sent; returns the version."""
    grant.must_cover(Action.RECORD_WRITE)
    patient = reference("Patient", grant.subject.patient)
    code, display = MEDIA[facts.channel]
    resource = m.Communication(
        id=str(facts.id),
        status="completed",
        category=(concept(m.CATEGORY, "notification", "Notification"),),
        medium=(concept(m.MODE, code, display),),
        subject=patient,
        about=(reference("Appointment", facts.appointment),),
        sent=facts.sent_at,
        recipient=(patient if facts.recipient == "patient" else Reference(display=facts.recipient),),
        sender=reference("Organization", grant.subject.organisation),
    )
    return keep(grant=grant, resource=resource)


def _individual(who: Attendance) -> Reference:
    return reference("Practitioner", who.person, who.name) if who.person else Reference(display=who.name)


def _cancellation(facts: AppointmentFacts) -> CodeableConcept | None:
    if facts.status != "cancelled":
        return None
    by_patient = bool(facts.cancelled_by_patient)
    return concept(a.CANCELLATION, *(("pat", "Patient") if by_patient else ("prov", "Provider")))


def _virtual(lobby: str) -> Extension:
    kind = Coding(system="urn:ietf:rfc:3986", code="https://www.w3.org/TR/webrtc/", display="WebRTC")
    parts = (
        Extension(url="channelType", value_coding=kind),
        Extension(url="address", value_url=lobby),
        Extension(url="maxParticipants", value_positive_int=4),
    )
    return Extension(url=a.VIRTUAL_SERVICE, extension=parts)
