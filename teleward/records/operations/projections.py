"""The doors by which a consultation reaches the chart: facts come in, FHIR R4 resources are kept."""

from teleward.access.grants import Action, Grant
from teleward.records.fhir.phrases import concept, instant, minutes, period, reference
from teleward.records.fhir.r4.appointment import Appointment, AppointmentParticipant
from teleward.records.fhir.r4.coded import CodeableConcept, Coding
from teleward.records.fhir.r4.communication import Communication
from teleward.records.fhir.r4.consent import Consent, ConsentProvision
from teleward.records.fhir.r4.encounter import Encounter, EncounterParticipant
from teleward.records.fhir.r4.extension import Extension
from teleward.records.fhir.r4.referring import Reference
from teleward.records.operations.facts import (
    AppointmentFacts,
    Attendance,
    CommunicationFacts,
    ConsentFacts,
    EncounterFacts,
)
from teleward.records.operations.versions import keep

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
PARTICIPATION = f"{TERMINOLOGY}/v3-ParticipationType"
VIRTUAL = Coding(system=f"{TERMINOLOGY}/v3-ActCode", code="VR", display="virtual")
VIRTUAL_SERVICE = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.virtualService"
PARTICIPANT = f"{TERMINOLOGY}/participant-type"
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
    resource = Appointment(
        id=str(facts.id),
        status=facts.status,  # type: ignore[arg-type]  # checked by the round trip of the tests
        start=instant(facts.starts_at),
        end=instant(facts.ends_at),
        minutes_duration=int((facts.ends_at - facts.starts_at).total_seconds() // 60),
        created=instant(facts.booked_at),
        cancelation_reason=_cancellation(facts),
        participant=(
            AppointmentParticipant(actor=reference("Patient", grant.subject.patient), status="accepted"),
            AppointmentParticipant(actor=_individual(facts.host), status="accepted", type=(TYPES["host"],)),
        ),
        extension=(_virtual(facts.lobby),),
    )
    return keep(grant=grant, resource=resource)


def project_encounter(*, grant: Grant, facts: EncounterFacts) -> int:
    """Keeps the encounter, of class VR; returns the version."""
    grant.must_cover(Action.RECORD_WRITE)
    people = tuple(
        EncounterParticipant(individual=_individual(who), type=(TYPES[who.role],)) for who in facts.people
    )
    resource = Encounter(
        id=str(facts.id),
        status="finished" if facts.happened else "cancelled",
        class_=VIRTUAL,
        subject=reference("Patient", grant.subject.patient),
        participant=people,
        appointment=(reference("Appointment", facts.id),),
        period=period(facts.started_at, facts.ended_at) if facts.happened else None,
        length=minutes(facts.minutes) if facts.happened else None,
        service_provider=reference("Organization", grant.subject.organisation),
    )
    return keep(grant=grant, resource=resource)


def project_consent(*, grant: Grant, facts: ConsentFacts) -> int:
    """Keeps the consent, inactive once it was taken back; returns the version."""
    grant.must_cover(Action.RECORD_WRITE)
    patient = reference("Patient", grant.subject.patient)
    resource = Consent(
        id=str(facts.id),
        status="inactive" if facts.withdrawn_at else "active",
        scope=concept(f"{TERMINOLOGY}/consentscope", "patient-privacy", "Privacy Consent"),
        category=(concept("http://loinc.org", "59284-0", "Consent Document"),),
        patient=patient,
        date_time=instant(facts.given_at),
        performer=(patient,),
        organization=(reference("Organization", grant.subject.organisation),),
        policy_rule=CodeableConcept(text=f"Teleward consent text {facts.version}"),
        provision=ConsentProvision(type="permit", period=period(facts.given_at, facts.withdrawn_at)),
    )
    return keep(grant=grant, resource=resource)


def project_communication(*, grant: Grant, facts: CommunicationFacts) -> int:
    """Keeps that an invitation was sent; returns the version."""
    grant.must_cover(Action.RECORD_WRITE)
    patient = reference("Patient", grant.subject.patient)
    code, display = MEDIA[facts.channel]
    resource = Communication(
        id=str(facts.id),
        status="completed",
        category=(concept(f"{TERMINOLOGY}/communication-category", "notification", "Notification"),),
        medium=(concept(f"{TERMINOLOGY}/v3-ParticipationMode", code, display),),
        subject=patient,
        about=(reference("Appointment", facts.appointment),),
        sent=instant(facts.sent_at),
        recipient=(patient if facts.recipient == "patient" else Reference(display=facts.recipient),),
        sender=reference("Organization", grant.subject.organisation),
    )
    return keep(grant=grant, resource=resource)


def _individual(who: Attendance) -> Reference:
    return reference("Practitioner", who.person, who.name) if who.person else Reference(display=who.name)


def _cancellation(facts: AppointmentFacts) -> CodeableConcept | None:
    if facts.status != "cancelled":
        return None
    code, display = ("pat", "Patient") if facts.cancelled_by_patient else ("prov", "Provider")
    return concept(f"{TERMINOLOGY}/appointment-cancellation-reason", code, display)


def _virtual(lobby: str) -> Extension:
    kind = Coding(system="urn:ietf:rfc:3986", code="https://www.w3.org/TR/webrtc/", display="WebRTC")
    parts = (
        Extension(url="channelType", value_coding=kind),
        Extension(url="address", value_url=lobby),
        Extension(url="maxParticipants", value_positive_int=4),
    )
    return Extension(url=VIRTUAL_SERVICE, extension=parts)
