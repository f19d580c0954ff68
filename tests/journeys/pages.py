"""The pages that are looked at one by one, with the names of their pictures."""

from playwright.sync_api import Page

PUBLIC = ("/", "/protection/", "/terms/", "/design/", "/sign-in/")
ACCOUNT = (
    "/account/",
    "/account/passkeys/new/",
    "/account/password/",
    "/account/password/change/",
    "/account/confirm/",
    "/staff/",
    "/staff/invitations/new/",
    "/staff/{person}/deactivation/",
    "/patients/{patient}/account/",
)
PRACTICE = (
    ("/day/", "day"),
    ("/patients/", "patients"),
    ("/patients/new/", "patients-new"),
    ("/patients/{patient}/", "patient"),
    ("/patients/{patient}/visits/", "patient-visits"),
    ("/patients/{patient}/notes/", "patient-notes"),
    ("/patients/{patient}/contact/", "patient-contact"),
    ("/patients/{patient}/summary/", "patient-summary"),
    ("/patients/{patient}/timeline/", "patient-timeline"),
    ("/templates/", "templates"),
    ("/questionnaires/", "questionnaires"),
    ("/patients/{patient}/contact/change/", "contact-change"),
    ("/patients/{patient}/account/second/", "account-second"),
    ("/patients/{patient}/numbers/", "patient-numbers"),
    ("/patients/{patient}/same/", "patient-same"),
    ("/patients/{patient}/same/{other}/", "side-by-side"),
    ("/patients/possibly-the-same/", "possibly-the-same"),
    ("/patients/{patient}/elsewhere/", "patient-elsewhere"),
    ("/devices/patients/{patient}/pairings/", "patient-devices"),
    ("/devices/patients/{patient}/trend/", "patient-trend"),
    ("/devices/patients/{patient}/limits/", "patient-limits"),
    ("/devices/alerts/", "alerts"),
    ("/records/documents/{patient}/", "patient-documents"),
    ("/visits/tables/", "visits-table"),
    ("/account/calendar/", "account-calendar"),
    ("/imports/", "imports"),
    ("/imports/new/", "imports-new"),
    ("/systems/", "systems"),
    ("/systems/new/fhir/", "systems-new"),
    ("/visits/new/", "visits-new-patient"),
    ("/visits/new/?patient={patient}", "visits-new"),
    ("/visits/{visit}/", "visit"),
    ("/visits/{visit}/cancellation/", "visit-cancellation"),
    ("/visits/{visit}/purpose/", "visit-purpose"),
    ("/visits/{visit}/identity/", "visit-identity"),
    ("/visits/{visit}/consent/", "visit-consent"),
    ("/visits/{visit}/note/", "visit-note"),
    ("/visits/{visit}/questions/", "visit-questions"),
    ("/visits/{visit}/orders/", "visit-orders"),
    ("/visits/{visit}/ending/", "visit-ending"),
    ("/devices/beside/{visit}/", "visit-measured-now"),
)


def asks(page: Page, text: str) -> None:
    """Begins a questionnaire and opens the page of its first question, with that typed."""
    page.goto("/questionnaires/new/")
    page.fill("[name=title]", text)
    page.press("[name=title]", "Enter")
    page.locator("#built form[action$='/new/'] button").click()
    page.fill("#id_text", text)
    page.locator("#preview", has_text=text).wait_for()


def searched(page: Page, name: str) -> None:
    """Looks for whom an appointment is, and waits for who is found."""
    page.goto("/visits/new/")
    page.fill("#q", name)
    page.press("#q", "Enter")
    page.locator("#found a").first.wait_for()
