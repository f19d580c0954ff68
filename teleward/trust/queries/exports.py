"""Everything that is kept about one patient, to take along: as a document and as FHIR."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from teleward.access.grants import Action, Grant
from teleward.access.queries.identifiers import identifiers
from teleward.access.queries.naming import naming_for
from teleward.access.queries.patients import PatientCard, contact, patient
from teleward.access.queries.people import OrganisationCard, organisation
from teleward.access.queries.proxies import proxies_of_patient
from teleward.audit import queries as ledger
from teleward.audit.queries.events import events_of_patient
from teleward.consult.queries.receipts import consents_of_patient
from teleward.consult.queries.visits import visits_of_patient
from teleward.kernel.clock import now
from teleward.records.queries.naming import as_told
from teleward.records.queries.resources import whole
from teleward.trust.kinds import what_for
from teleward.trust.paper import Document, Section
from teleward.trust.queries.keeping import kept_of_patient
from teleward.trust.queries.telling import is_held, patient_of, telling, told

MOST = 5000  # newest entries of the ledger on paper
EMPTY = ""
_decode = msgspec.json.Decoder(float_hook=Decimal).decode  # every digit as it was written
_encode = msgspec.json.Encoder(decimal_format="number").encode


def document(*, grant: Grant) -> Document:
    """What is kept about the patient of the grant and who saw it, in the language of the reader."""
    grant.must_cover(Action.WINDOW_EXPORT)
    practice = organisation(organisation_id=grant.organisation)
    zone = ZoneInfo(practice.time_zone)
    who = patient(grant=grant, patient_id=patient_of(grant))
    lead = gettext("From %(practice)s, about %(name)s, on %(day)s.") % {
        "practice": practice.name,
        "name": who.name,
        "day": _day(now().astimezone(zone)),
    }
    return Document(
        title=gettext("What is kept about you"),
        lead=lead,
        practice=practice.name,
        language=get_language() or practice.language,
        sections=[
            _person(grant, who),
            _visits(grant, zone),
            _consents(grant, zone),
            _accesses(grant),
            _sharing(grant, zone),
            _kept(grant),
        ],
    )


def bundle(*, grant: Grant) -> bytes:
    """A FHIR R4 Bundle of type collection: the patient, every resource kept, and who saw it (IHE BALP)."""
    grant.must_cover(Action.WINDOW_EXPORT)
    who = patient(grant=grant, patient_id=patient_of(grant))
    called = naming_for(reader=grant.actor, organisation=grant.organisation)
    kept = [as_told(resource=_decode(version.body), called=called) for version in whole(grant=grant)]
    practice = organisation(organisation_id=grant.organisation)
    resources = [_patient_resource(grant, who), _organisation_resource(practice), *kept, *_events(grant)]
    made = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": now().isoformat(),
        "entry": [_entry(resource) for resource in resources],
    }
    return msgspec.json.format(_encode(made), indent=1)


def _events(grant: Grant) -> Iterator[dict[str, object]]:
    """Who saw the data, as IHE BALP AuditEvents; what is held back for safety stays away here as well."""
    known, about = telling(grant=grant), patient_of(grant)
    held = {str(entry.id) for entry in ledger.whole_chain(patient=about) if is_held(known, entry.facts)}
    events = events_of_patient(patient=about, origin=settings.ORIGIN)
    return (event for event in events if event["id"] not in held)


def _entry(resource: dict[str, object]) -> dict[str, object]:
    return {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}


def _patient_resource(grant: Grant, who: PatientCard) -> dict[str, object]:
    reached = contact(grant=grant, patient_id=who.id)
    ways = [("email", reached.email), ("phone", reached.telephone)]
    return {
        "resourceType": "Patient",
        "id": str(who.id),
        "name": [{"use": "official", "family": who.family_name, "given": who.given_name.split()}],
        "birthDate": who.born_on.isoformat(),
        "communication": [
            {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": who.language}]}, "preferred": True}
        ],
        "managingOrganization": {"reference": f"Organization/{grant.organisation}"},
        **({"telecom": telecom} if (telecom := _telecom(ways)) else {}),
        **({"identifier": numbers} if (numbers := _numbers(grant, who)) else {}),
    }


def _numbers(grant: Grant, who: PatientCard) -> list[dict[str, str]]:
    found = identifiers(grant=grant, patient=who.id)
    return [{"system": number.system, "value": number.value} for number in found]


def _telecom(ways: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"system": system, "value": value} for system, value in ways if value]


def _organisation_resource(practice: OrganisationCard) -> dict[str, object]:
    return {"resourceType": "Organization", "id": str(practice.id), "name": practice.name}


def _person(grant: Grant, who: PatientCard) -> Section:
    reached = contact(grant=grant, patient_id=who.id)
    rows = [
        (gettext("Name"), who.name),
        (gettext("Date of birth"), _day(who.born_on)),
        (gettext("E-mail address"), reached.email or "-"),
        (gettext("Telephone"), reached.telephone or "-"),
        *((gettext("Number"), f"{number['value']} ({number['system']})") for number in _numbers(grant, who)),
    ]
    heads = (gettext("What"), gettext("What we know"))
    return Section(title=gettext("About you"), heads=heads, widths=(1, 2), rows=rows, empty=EMPTY)


def _visits(grant: Grant, zone: ZoneInfo) -> Section:
    rows = [
        (_moment(visit.starts_at.astimezone(zone)), visit.host_name, str(visit.minutes))
        for visit in visits_of_patient(grant=grant)
    ]
    return Section(
        title=gettext("Your appointments"),
        heads=(gettext("When"), gettext("With whom"), gettext("Planned minutes")),
        widths=(3, 3, 2),
        rows=rows,
        empty=gettext("There is no appointment."),
    )


def _consents(grant: Grant, zone: ZoneInfo) -> Section:
    rows = [
        (
            _moment(consent.given_at.astimezone(zone)),
            consent.host_name,
            _moment(consent.withdrawn_at.astimezone(zone)) if consent.withdrawn_at else "-",
        )
        for consent in consents_of_patient(grant=grant)
    ]
    return Section(
        title=gettext("What you agreed to"),
        heads=(gettext("Agreed"), gettext("Consultation with"), gettext("Taken back")),
        widths=(3, 3, 3),
        rows=rows,
        empty=gettext("You have not been asked to agree to anything yet."),
    )


def _accesses(grant: Grant) -> Section:
    entries = islice(ledger.whole_chain(patient=patient_of(grant)), MOST)
    listed = told(telling=telling(grant=grant), entries=entries)
    rows = [
        (_moment(each.at), each.sentence, what_for(each.purpose) if each.purpose else "-") for each in listed
    ]
    return Section(
        title=gettext("Who saw your data"),
        lead=gettext("The newest come first. On your page you can check that this list is complete."),
        heads=(gettext("When"), gettext("Who did what, and why"), gettext("What for")),
        widths=(2, 5, 2),
        rows=rows,
        empty=gettext("Nobody opened your data."),
    )


def _sharing(grant: Grant, zone: ZoneInfo) -> Section:
    rows = [
        (
            card.name,
            _moment(card.given_at.astimezone(zone)),
            _moment(card.ended_at.astimezone(zone)) if card.ended_at else "-",
        )
        for card in proxies_of_patient(grant=grant)
    ]
    return Section(
        title=gettext("Whom you gave access to your page"),
        heads=(gettext("Who"), gettext("Since"), gettext("Taken back")),
        widths=(3, 3, 3),
        rows=rows,
        empty=gettext("Nobody but you can see your page."),
    )


def _kept(grant: Grant) -> Section:
    rows = [
        (each.rule.words, _day(each.until) if each.until else "-", f"{each.rule.why} ({each.rule.law})")
        for each in kept_of_patient(grant=grant)
    ]
    return Section(
        title=gettext("What is kept, and until when"),
        heads=(gettext("What"), gettext("Until when"), gettext("Why")),
        widths=(3, 2, 5),
        rows=rows,
        empty=EMPTY,
    )


def _moment(at: datetime) -> str:
    return str(date_format(at, "DATETIME_FORMAT"))


def _day(at: date) -> str:
    return str(date_format(at, "DATE_FORMAT"))
