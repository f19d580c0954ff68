"""A demonstration practice for an empty database, made through the rooms' doors under the system's grants."""

from uuid import UUID

from teleward.access.grants import Action, Subject
from teleward.access.operations.one_time_links import issue_one_time_link
from teleward.access.operations.people import add_person, found_organisation, system_grant
from teleward.access.queries.people import only_organisation, staff_names
from teleward.command.demo.appointments import book_slots, invitation
from teleward.command.demo.charts import fill_charts
from teleward.command.demo.desk import Practice
from teleward.command.demo.patients import account, find_patient, register_patients
from teleward.command.demo.people import PATIENTS, PRACTICE, STAFF, Staff
from teleward.command.demo.readings import measure_at_home


def open_practice() -> list[str]:
    """Make the invented practice if there is none at all; the lines to print, with fresh links into it."""
    found = only_organisation()
    if found is not None and found.name != PRACTICE["name"]:
        return []
    practice = _present(found.id) if found else _make()
    guest, reader = PATIENTS[0], PATIENTS[1]
    return [
        "Sign in as (each link works once, for ten minutes, on this computer):",
        *(
            f"  {person.name}, {person.does}\n    {_way_in(practice, practice.staff[person.name])}"
            for person in STAFF
        ),
        "",
        f"Join as the patient {guest.given_name} {guest.family_name}, who sees {STAFF[0].name}:",
        f"    {invitation(practice, find_patient(practice, guest))}",
        "",
        f"Look as the patient {reader.given_name} {reader.family_name} who saw the record, and check it:",
        f"    {_way_in(practice, account(practice, reader))}",
        "",
    ]


def _make() -> Practice:
    founding = system_grant(action=Action.STAFF_INVITE, organisation=None)
    organisation = found_organisation(grant=founding, **PRACTICE)
    hiring = system_grant(action=Action.STAFF_INVITE, organisation=organisation)
    for person in STAFF:
        add_person(
            grant=hiring,
            organisation=organisation,
            name=person.name,
            email=person.email,
            roles=person.roles,
            language=person.language,
        )
    practice = _present(organisation)
    everyone = register_patients(practice)
    book_slots(practice, everyone)
    fill_charts(practice, everyone)
    measure_at_home(practice, everyone)
    return practice


def _present(organisation: UUID) -> Practice:
    ids = {name.name: person for person, name in staff_names(organisation_id=organisation).items()}
    return Practice(organisation=organisation, zone=PRACTICE["time_zone"], staff=ids)


def _lines(practice: Practice, person: Staff) -> tuple[str, str]:
    return f"  {person.name}, {person.does}", f"    {_way_in(practice, practice.staff[person.name])}"


def _way_in(practice: Practice, who: UUID) -> str:
    subject = Subject(kind="Person", id=who, organisation=practice.organisation)
    grant = system_grant(action=Action.SIGN_IN, organisation=practice.organisation, subject=subject)
    return issue_one_time_link(grant=grant, person=who)
