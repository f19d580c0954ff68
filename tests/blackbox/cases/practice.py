"""Who may do what, emergencies, and what the patient does on their own page."""

import re
import time
from datetime import UTC, datetime

import httpx
from blackbox.browser import found
from blackbox.case import ID, Case, Kind, get, post
from blackbox.day import Day

P, STAFF, PATIENT = "/patients/{patient}/", "/staff/{nurse}/", "patient"
TODAY = datetime.now(UTC).date().isoformat()  # noqa: TID251 - as on the wall
NEWCOMER = {"name": "Neu Hier", "email": "neu@example.org", "roles": ["nurse"], "by": "shown"}
JUSTIFIED = "You were brought in by ambulance."
WORDS = "Found unconscious at home, the ambulance asks"


def mark(day: Day, by: str) -> httpx.Response:
    """The browser becomes the practice's, by the administrator's code."""
    page = day.admin.post("/staff/browsers/new/", label="Room 2")
    code = found(r"<code>([0-9 ]+)</code>", page.text).replace(" ", "")
    return day.who(by).post("/browser/", code=code)


def withdraw_it(day: Day, by: str) -> httpx.Response:
    page = day.who(by).get("/staff/").text
    return day.who(by).post(found(f"(/staff/invitations/{ID}/withdrawal/)", page))


def end_the_role(day: Day, by: str) -> httpx.Response:
    roles = re.findall(f"/roles/{ID}/end/", day.who(by).get(STAFF.format(**day.made)).text)
    return day.who(by).post(f"/staff/{day.nurse.id}/roles/{roles[-1]}/end/", last="")


def object_to_the_first(day: Day, by: str) -> httpx.Response:
    entry = found(f"/window/accesses/{ID}/objection/", day.who(by).get("/window/accesses/").text)
    return day.who(by).post(f"/window/accesses/{entry}/objection/", words="I do not know this person.")


def read_the_objection(day: Day, by: str) -> httpx.Response:
    day.made["objection"] = found(f"/objections/{ID}/", day.who(by).get("/objections/").text)
    return day.who(by).get("/objections/{objection}/".format(**day.made))


def break_the_glass(day: Day, by: str) -> httpx.Response:
    day.who(by).browser.sign_in()  # a proof of this moment
    return day.who(by).post(P.format(**day.made) + "emergency/", code="emergency", words=WORDS)


def end_it(day: Day, by: str) -> httpx.Response:
    day.made["glass"] = found(f"/emergencies/{ID}/end/", day.who(by).get(P.format(**day.made)).text)
    return day.who(by).post("/emergencies/{glass}/end/".format(**day.made))


def read_the_case(day: Day, by: str) -> httpx.Response:
    """The case is made by a job, a moment later."""
    day.made["case"] = until_found(day, by, "/watch/", f"/watch/cases/{ID}/")
    return day.who(by).get("/watch/cases/{case}/".format(**day.made))


def until_found(day: Day, by: str, path: str, pattern: str) -> str:
    deadline = time.monotonic() + 20
    while not (seen := re.search(pattern, day.who(by).get(path).text)):
        assert time.monotonic() < deadline, pattern
        time.sleep(0.1)
    return seen[1]


CASES = [
    Case(Kind.LIST, "the staff", "admin", get("/staff/"),
         "access:staff:list allow p-staff-admin HSYSADMIN"),
    Case(Kind.LIST, "the cases to review", "officer", get("/watch/"),
         "watch:case:list allow p-privacy-officer HCOMPL"),
    Case(Kind.LIST, "whose record is kept closer", "officer", get("/tiers/"),
         "access:tier:list allow p-privacy-officer HCOMPL"),
    Case(Kind.READ, "how often glass is broken", "officer", get("/watch/"),
         "watch:figures:read allow p-privacy-officer HCOMPL"),
    Case(Kind.READ, "one's own sign-ins", "doctor", get("/account/"),
         "access:credential:read allow p-own-account HSYSADMIN"),
    Case(Kind.CREATE, "an invitation to work here", "admin", post("/staff/invitations/new/", **NEWCOMER),
         "access:staff:invite done p-staff-admin HSYSADMIN"),
    Case(Kind.DELETE, "that invitation", "admin", withdraw_it,
         "access:staff:invite done p-staff-admin HSYSADMIN"),
    Case(Kind.PERMISSION_CHANGE, "a role given", "admin",
         post(STAFF + "roles/new/", role="reception", first=TODAY),
         "access:staff:change done p-staff-admin HSYSADMIN"),
    Case(Kind.PERMISSION_CHANGE, "a role ended", "admin", end_the_role,
         "access:staff:change done p-staff-admin HSYSADMIN"),
    Case(Kind.PERMISSION_CHANGE, "a browser marked as the practice's", "officer", mark,
         "access:browser:trust done - HSYSADMIN"),
    Case(Kind.PERMISSION_CHANGE, "a record restricted", "officer",
         post(P + "tier/", tier="restricted", reason="request"),
         "access:tier:change done p-privacy-officer HCOMPL", "patient"),
    Case(Kind.PERMISSION_CHANGE, "a record as usual again", "officer", post(P + "tier/", do="lift"),
         "access:tier:change done p-privacy-officer HCOMPL", "patient"),
    Case(Kind.BREAK_GLASS, "a reason instead", "colleague", post(P + "reason/", words="Asked by telephone"),
         "access:reason:give done p-give-a-reason TREAT", "patient"),
    Case(Kind.BREAK_GLASS, "broken", "colleague", break_the_glass,
         "access:glass:break done p-break-the-glass BTG", "patient", detail={"detail.code": "emergency"}),
    Case(Kind.BREAK_GLASS, "the record read behind it", "colleague", get(P + "notes/"),
         "consult:note:read allow p-breakglass BTG", "patient"),
    Case(Kind.BREAK_GLASS, "ended", "colleague", end_it,
         "access:glass:end done p-break-the-glass BTG", "patient"),
    Case(Kind.BREAK_GLASS, "looked at by the privacy officer", "officer", read_the_case,
         "watch:case:read allow p-privacy-officer HCOMPL", "patient"),
    Case(Kind.BREAK_GLASS, "reviewed", "officer",
         post("/watch/cases/{case}/review/", outcome="justified", words=JUSTIFIED),
         "watch:case:review done p-privacy-officer HCOMPL", "patient"),
]  # fmt: skip
WINDOW = [
    Case(Kind.READ, "one's own page", PATIENT, get("/window/"),
         "trust:window:open allow p-self PATRQT", "patient"),
    Case(Kind.READ, "who saw one's data", PATIENT, get("/window/accesses/"),
         "trust:ledger:read allow p-self PATRQT", "patient"),
    Case(Kind.EXPORT, "the proofs of it", PATIENT, get("/window/accesses/proof-file/?first=9&last=1"),
         "trust:ledger:read allow p-self PATRQT", "patient"),
    Case(Kind.EXPORT, "everything, for a program", PATIENT, post("/window/export/fhir/"),
         "trust:window:export done p-self PATRQT", "patient"),
    Case(Kind.PRINT, "everything, as a paper", PATIENT, post("/window/export/pdf/"),
         "trust:window:export done p-self PATRQT", "patient"),
    Case(Kind.CREATE, "a report that something looks wrong", PATIENT, object_to_the_first,
         "trust:objection:open done p-self PATRQT", "patient"),
    Case(Kind.LIST, "the reports", "officer", get("/objections/"),
         "trust:objection:list listed p-privacy-officer HCOMPL", "patient"),
    Case(Kind.READ, "a report", "officer", read_the_objection,
         "trust:objection:read allow p-privacy-officer HCOMPL", "patient"),
    Case(Kind.CHANGE, "a report answered", "officer",
         post("/objections/{objection}/answer/", finding="justified", words="It was your appointment."),
         "trust:objection:answer done p-privacy-officer HCOMPL", "patient"),
    Case(Kind.PERMISSION_CHANGE, "a page opened to somebody", PATIENT,
         post("/window/sharing/new/", label="my daughter", scope="page"),
         "access:proxy:change done p-self PATRQT", "patient"),
    Case(Kind.CREATE, "a request for erasure", PATIENT, post("/window/erasure/", words="All that can go"),
         "trust:erasure:ask done p-self PATRQT", "patient"),
    Case(Kind.LIST, "the requests for erasure", "officer", get("/erasures/"),
         "trust:erasure:list listed p-privacy-officer HCOMPL", "patient"),
    Case(Kind.CHANGE, "how one signs in", PATIENT, post("/account/recovery-codes/"),
         "access:credential:change done p-own-account-patient HSYSADMIN"),
]  # fmt: skip
