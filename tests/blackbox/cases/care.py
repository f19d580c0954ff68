"""The desk, the chart and the consultation."""

import re
from datetime import UTC, datetime, timedelta

import httpx
from blackbox.browser import path_of
from blackbox.case import ID, Case, Kind, get, post
from blackbox.day import Day

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()  # noqa: TID251 - as on the wall
P, V = "/patients/{patient}/", "/visits/{visit}/"
LOADED = {"loaded_for": "{patient}"}  # for whom the page with the form was opened
JONAS = {
    "given_name": "Jonas",
    "family_name": "Ebbing",
    "born_on": "1979-05-23",
    "language": "en",
    "email": "jonas@example.org",
}
KNEE: dict[str, object] = {
    "patient": "{patient}",
    "host": "{doctor}",
    "day": TOMORROW,
    "clock": "10:00",
    "minutes": "15",
    "modes": ["video", "audio", "text", "phone"],
    "purpose": "Knee",
}


def remove_the_relative(day: Day, by: str) -> httpx.Response:
    page = day.who(by).get(V.format(**day.made)).text
    relative = re.findall(f"/guests/{ID}/removal/", page)[0]
    return day.who(by).post(f"/visits/{day.made['visit']}/guests/{relative}/removal/")


def ask_for_the_link(day: Day, by: str) -> httpx.Response:
    page = day.who(by).get(V.format(**day.made)).text
    guest = re.findall(f'name="guest" value="{ID}"', page)[0]
    deed = post(
        V + "invitations/",
        guest=guest,
        channel="shown",
        keeps="link",
        at=r"(http://localhost:\d+/join/[\w-]+/)",
    )
    return deed(day, by)


def look_at_the_link(day: Day, by: str) -> httpx.Response:
    return day.who(by).get(path_of(day.made["link"]))


def press_the_link(day: Day, by: str) -> httpx.Response:
    return day.who(by).post(path_of(day.made["link"]), mode="video", agreed="on", company="")


CASES = [
    Case(Kind.CREATE, "a patient", "desk",
         post("/patients/new/", keeps="patient", at=f"/patients/{ID}/", **JONAS),
         "access:patient:create done p-booking HOPERAT", "patient"),
    Case(Kind.CREATE, "an appointment", "desk",
         post("/visits/new/", keeps="visit", at=f"/visits/{ID}/", **KNEE),
         "consult:visit:book done p-booking HOPERAT", "patient"),
    Case(Kind.CREATE, "a call at once", "doctor", post(P + "call/", keeps="call", at=f"/visits/{ID}/room/"),
         "consult:visit:book done p-booking HOPERAT", "patient"),
    Case(Kind.LIST, "the day", "nurse", get("/day/"),
         "consult:visit:list allow p-booking HOPERAT"),
    Case(Kind.LIST, "who stands in the day", "doctor", get(f"/day/?date={TOMORROW}"),
         "consult:visit:list listed p-booking HOPERAT", "patient"),
    Case(Kind.LIST, "the patients", "nurse", get("/patients/"),
         "access:patient:list listed p-booking HOPERAT", "patient"),
    Case(Kind.LIST, "the patients, for somebody who may not", "admin", get("/patients/"),
         "access:patient:list deny - HOPERAT"),
    Case(Kind.SEARCH, "a patient", "desk", post("/patients/", q="Ebbing"),
         "access:patient:list done p-booking HOPERAT", detail={"detail.typed": "6", "detail.found": "1"}),
    Case(Kind.SEARCH, "nobody of this name", "desk", post("/patients/", q="Zz"),
         "access:patient:list done p-booking HOPERAT", detail={"detail.typed": "2", "detail.found": "0"}),
    Case(Kind.SEARCH, "for an appointment", "nurse", post("/visits/new/for/", q="Jon"),
         "access:patient:list done p-booking HOPERAT", detail={"detail.typed": "3"}),
    Case(Kind.SEARCH, "for whom to keep closer", "officer", post("/tiers/", q="Ebb"),
         "access:patient:list done p-privacy-officer HCOMPL", detail={"detail.found": "1"}),
    Case(Kind.READ, "a patient's entry", "doctor", get(P),
         "access:patient:read allow p-appointment TREAT", "patient"),
    Case(Kind.READ, "their appointments", "desk", get(P + "visits/"),
         "access:patient:read allow p-desk HOPERAT", "patient"),
    Case(Kind.READ, "how to reach them", "desk", get(P + "contact/"),
         "access:patient:read allow p-desk HOPERAT", "patient"),
    Case(Kind.READ, "their notes", "doctor", get(P + "notes/"),
         "consult:note:read allow p-appointment TREAT", "patient"),
    Case(Kind.READ, "their notes, for somebody who may not", "desk", get(P + "notes/"),
         "consult:note:read deny - TREAT", "patient"),
    Case(Kind.READ, "an entry, for nobody signed in", "nobody", get(P),
         "access:patient:read deny - HOPERAT"),
    Case(Kind.READ, "an appointment", "desk", get(V),
         "consult:visit:read allow p-desk HOPERAT", "patient"),
    Case(Kind.READ, "what it is about", "doctor", get(V + "purpose/"),
         "consult:note:read allow p-consult TREAT", "patient"),
    Case(Kind.READ, "the room", "doctor", get(V + "room/"),
         "consult:visit:host allow p-consult TREAT", "patient"),
    Case(Kind.CREATE, "a note", "doctor", post(V + "note/", text="Knee", after="0", **LOADED),
         "consult:note:write done p-consult TREAT", "patient"),
    Case(Kind.CHANGE, "the note", "doctor", post(V + "note/", text="Left knee", after="1", **LOADED),
         "consult:note:write allow p-consult TREAT", "patient"),
    Case(Kind.READ, "its versions", "doctor", get(V + "note/{doctor}/versions/"),
         "consult:note:read allow p-consult TREAT", "patient"),
    Case(Kind.CHANGE, "how it was made sure who it is", "doctor",
         post(V + "identity/", how="known", who="", **LOADED),
         "consult:visit:identify done p-consult TREAT", "patient"),
    Case(Kind.PRINT, "the notes", "doctor", get(P + "print/"),
         "records:resource:print allow p-appointment TREAT", "patient"),
    Case(Kind.PRINT, "the notes, for somebody who may not", "nurse", get(P + "print/"),
         "records:resource:print deny - TREAT", "patient"),
    Case(Kind.EXPORT, "the record, on any browser", "doctor", post(P + "export/"),
         "records:resource:export deny f-unmanaged TREAT", "patient"),
    Case(Kind.CREATE, "a relative's seat", "desk",
         post(V + "guests/", role="relative", name="Deniz", language="en"),
         "consult:visit:invite done p-desk HOPERAT", "patient"),
    Case(Kind.DELETE, "the relative's seat", "desk", remove_the_relative,
         "consult:visit:invite done p-desk HOPERAT", "patient", detail={"detail.removed": "relative"}),
    Case(Kind.CREATE, "the patient's link", "desk", ask_for_the_link,
         "consult:visit:invite done p-desk HOPERAT", "patient"),
    Case(Kind.READ, "what the link says", "nobody", look_at_the_link,
         "consult:visit:claim allow p-claim TREAT", "patient"),
    Case(Kind.CONSENT, "given", "guest", press_the_link,
         "consult:visit:consent done p-guest-patient TREAT", "patient"),
    Case(Kind.CONSENT, "looked at by the patient", "guest", get("/visit/consent/"),
         "consult:visit:consent allow p-guest-patient TREAT", "patient"),
    Case(Kind.CONSENT, "looked at by the doctor", "doctor", get(V + "consent/"),
         "consult:visit:consent allow p-consult TREAT", "patient"),
    Case(Kind.CHANGE, "how to talk", "guest", post("/visit/choice/", mode="audio", reason="tired"),
         "consult:visit:prepare allow p-guest TREAT", "patient"),
    Case(Kind.READ, "the overview of the consultation", "guest", get("/visit/receipt/"),
         "consult:receipt:read allow p-guest-patient TREAT", "patient"),
    Case(Kind.EXPORT, "the appointment as a calendar file", "guest", get("/visit/appointment.ics"),
         "consult:visit:prepare allow p-guest TREAT", "patient"),
    Case(Kind.CONSENT, "withdrawn", "guest", post("/visit/consent/withdrawal/"),
         "consult:visit:consent done p-guest-patient TREAT", "patient"),
]  # fmt: skip
ENDINGS = [
    Case(Kind.CHANGE, "a call that is over", "doctor",
         post("/visits/{call}/ending/", disposition="no-show", **LOADED),
         "consult:visit:end allow p-consult TREAT", "patient"),
    Case(Kind.DELETE, "an appointment", "desk", post(V + "cancellation/", reason="clinic"),
         "consult:visit:cancel done p-desk HOPERAT", "patient"),
]  # fmt: skip
