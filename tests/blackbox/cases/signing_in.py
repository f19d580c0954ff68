"""Coming in, failing to, and going out."""

import httpx
from blackbox.browser import Browser, found, path_of
from blackbox.case import ID, Case, Kind, get, post
from blackbox.day import PASSWORD, Day

INVITATION = r"(http://localhost:\d+/sign-in/invitation/[\w-]+/)"


def with_passkey(day: Day, by: str) -> httpx.Response:
    return day.who(by).browser.sign_in()


def with_link(day: Day, by: str) -> httpx.Response:
    return day.who(by).browser.press(day.made["link_nurse"])


def with_first_step(day: Day, by: str) -> httpx.Response:
    day.nurse.browser.take_password(PASSWORD)
    return day.who(by).post("/sign-in/", email=day.nurse.email, password=PASSWORD)


def with_second_step(day: Day, by: str) -> httpx.Response:
    day.who(by).post("/sign-in/", email=day.nurse.email, password=PASSWORD)
    return day.who(by).post("/sign-in/code/", code=day.nurse.browser.digits())


def with_a_wrong_password(day: Day, by: str) -> httpx.Response:
    return day.who(by).post("/sign-in/", email=day.desk.email, password="the wrong one")


def with_wrong_digits(day: Day, by: str) -> httpx.Response:
    day.who(by).post("/sign-in/", email=day.nurse.email, password=PASSWORD)
    return day.who(by).post("/sign-in/code/", code="000000")


def with_a_phished_passkey(day: Day, by: str) -> httpx.Response:
    key = day.doctor.browser.key
    key.origin = "http://localhost.example"
    thief = day.who(by).browser
    thief.key = key
    answer = thief.sign_in()
    key.origin = day.origin
    return answer


def with_a_used_link(day: Day, by: str) -> httpx.Response:
    return day.who(by).browser.press(day.made["link_nurse"])


def as_the_invited(day: Day, by: str) -> httpx.Response:
    """The patient takes up the invitation to an account; the entry of the newcomer has no id before."""
    return day.who(by).browser.accept(day.made["account_link"])


def once_more_elsewhere(day: Day, by: str) -> httpx.Response:
    """A second browser of the same person, which the first then signs out."""
    other = Browser(day.origin)
    other.key = day.who(by).browser.key
    assert other.sign_in().status_code == 200
    other.close()
    return day.who(by).post("/account/sessions/others/end/")


def by_touching_again(day: Day, by: str) -> httpx.Response:
    browser = day.who(by).browser
    question = browser.say("/account/unlock/question/").json()
    return browser.say("/account/unlock/", {"credential": browser.key.touch(question), "next": "/"})


def as_the_second(day: Day, by: str) -> httpx.Response:
    """A colleague of the desk says how they made sure who the patient is."""
    address = f"/patients/{day.made['patient']}/account/second/"
    asked = found(f'name="request" value="{ID}"', day.who(by).get(address).text)
    return day.who(by).post(address, request=asked, answer="agree", how="id-card")


def when_the_account_is_old_enough(day: Day, by: str) -> httpx.Response:
    """Three days later: they are taken off the invitation, not off everybody's clock."""
    day.clinic.ask("account_grew_old", patient=day.made["patient"])
    return day.who(by).get("/window/export/")


def by_looking_at_the_invitation(day: Day, by: str) -> httpx.Response:
    return day.who(by).get(path_of(day.made["account_link"]))


CASES = [
    Case(Kind.LOG_IN, "with a passkey", "doctor", with_passkey,
         "access:session:begin allow p-sign-in HSYSADMIN"),
    Case(Kind.LOG_IN, "with the link of the terminal", "nurse", with_link,
         "access:session:begin allow p-sign-in HSYSADMIN"),
    Case(Kind.LOG_IN, "a right password, the first step", "newcomer", with_first_step,
         "access:session:begin done - HSYSADMIN"),
    Case(Kind.LOG_IN, "with password and app", "nurse", with_second_step,
         "access:session:begin allow p-sign-in HSYSADMIN"),
    Case(Kind.FAILED_LOG_IN, "a link a second time", "nobody", with_a_used_link,
         "access:session:begin deny - HSYSADMIN"),
    Case(Kind.FAILED_LOG_IN, "a wrong password", "nobody", with_a_wrong_password,
         "access:session:begin deny - HSYSADMIN", detail={"detail.because": "no-match"}),
    Case(Kind.FAILED_LOG_IN, "an account that is not there", "nobody",
         post("/sign-in/", email="nobody@example.org", password="any other one"),
         "access:session:begin deny - HSYSADMIN", detail={"detail.because": "no-match"}),
    Case(Kind.FAILED_LOG_IN, "wrong digits", "newcomer", with_wrong_digits,
         "access:session:begin deny - HSYSADMIN"),
    Case(Kind.FAILED_LOG_IN, "a passkey answered to another site", "nobody", with_a_phished_passkey,
         "access:session:begin deny - HSYSADMIN", detail={"detail.method": "passkey"}),
    Case(Kind.FAILED_LOG_IN, "a code for a browser that was made up", "nobody",
         post("/browser/", code="00000000"),
         "access:browser:trust deny - HSYSADMIN"),
    Case(Kind.SESSION_END, "of other browsers", "colleague", once_more_elsewhere,
         "access:session:revoke done p-own-account HSYSADMIN"),
    Case(Kind.SESSION_END, "locked", "colleague", post("/account/lock/"),
         "access:session:lock done - HSYSADMIN"),
    Case(Kind.FAILED_LOG_IN, "behind the lock", "colleague", get("/patients/{patient}/"),
         "access:patient:read deny f-locked HOPERAT", "patient"),
    Case(Kind.LOG_IN, "unlocked", "colleague", by_touching_again,
         "access:session:unlock done p-own-account HSYSADMIN"),
]  # fmt: skip
ENDINGS = [
    Case(Kind.SESSION_END, "signed out", "desk", post("/sign-out/"),
         "access:session:end done p-own-account HSYSADMIN"),
    Case(Kind.SESSION_END, "of a colleague who left", "admin",
         post("/staff/{nurse}/deactivation/", reason="left"),
         "access:staff:deactivate done p-staff-admin HSYSADMIN"),
]  # fmt: skip
ACCOUNT = [
    Case(Kind.CHANGE, "the patient's address", "desk",
         post("/patients/{patient}/contact/change/", email="jonas@example.net", telephone=""),
         "access:patient:change done p-desk HOPERAT", "patient"),
    Case(Kind.CREATE, "a wish to invite the patient to an account", "desk",
         post("/patients/{patient}/account/", by="shown"),
         "access:account:open done p-desk-account HOPERAT", "patient", detail={"detail.waits": "second"}),
    Case(Kind.CHANGE, "that somebody made sure who the patient is", "colleague", as_the_second,
         "access:account:second done p-second-the-account HOPERAT", "patient",
         detail={"detail.identity": "id-card"}),
    Case(Kind.CREATE, "an account for the patient", "desk",
         post("/patients/{patient}/account/link/", keeps="account_link", at=INVITATION),
         "access:account:open done p-desk-account HOPERAT", "patient"),
    Case(Kind.READ, "the invitation to it", "nobody", by_looking_at_the_invitation,
         "access:account:open done - HSYSADMIN", "patient"),
    Case(Kind.LOG_IN, "the patient, the first time", "patient", as_the_invited,
         "access:session:begin allow p-sign-in HSYSADMIN"),
    Case(Kind.EXPORT, "everything, by a new account", "patient", post("/window/export/fhir/"),
         "trust:window:export deny f-new-account PATRQT", "patient"),
    Case(Kind.READ, "what can be downloaded", "patient", when_the_account_is_old_enough,
         "trust:window:open allow p-self PATRQT", "patient"),
]  # fmt: skip
