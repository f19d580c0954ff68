"""What people type stays text: on pages, in letters and in calendar files."""

import pytest
from django.test import Client
from icalendar import Calendar
from laws.test_roles_meet_urls import addresses
from stage.everybody import everybody

from teleward.access.models import Organisation, Pass, Patient, Person
from teleward.consult.models import Guest, Note, Visit

TYPED = "<b/x>'\"&\r\nATTENDEE:x"


@pytest.mark.parametrize("who", ["host", "reception", "administrator", "privacy-officer", "patient", "guest"])
@pytest.mark.django_db
def test_what_people_type_is_never_markup(who: str) -> None:
    house = everybody()
    Patient.objects.update(given_name=TYPED, family_name=TYPED)
    Person.objects.update(name=TYPED)
    Organisation.objects.update(name=TYPED, short_name=TYPED, telephone=TYPED[:40])
    Visit.objects.update(host_name=TYPED)
    Note.objects.update(author_name=TYPED)
    for named in (Guest, Pass):
        named.objects.update(name=TYPED)
    browser: Client = house.browsers[who]()
    shown = 0
    for address in addresses(house.ids):
        answer = browser.get(f"{address.path}?next=%3Cb/x%3E", headers={"accept-language": "en"})
        if answer.headers["Content-Type"].startswith("text/html"):
            assert b"<b/x>" not in answer.content, address.path
            shown += b"&lt;b/x&gt;" in answer.content
        if answer.headers["Content-Type"].startswith("text/calendar"):
            (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
            assert "ATTENDEE" not in event
            assert "<b/x>" in event["SUMMARY"]
    assert shown > 1
