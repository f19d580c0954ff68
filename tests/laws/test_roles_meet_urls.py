"""Everybody tries every address with one practice's ids; a short table says who gets in.

Each try is held against the ledger, which must have that decision, and against the answer, which must not
name the patient to anybody else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from inspect import getclosurevars
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from fakes.members import listening
from stage.everybody import CLINICAL, EMERGENCY, PERSONAL, REPORTED, House, everybody

from teleward.access.grants import Action
from teleward.audit.ledger import Entry

Patterns = list[URLPattern | URLResolver]
WHO = {  # what somebody is to the practice; the stranger is all of it, elsewhere
    "host": {"host", "care", "staff"},
    "colleague": {"care", "staff"},
    "reception": {"desk", "staff"},
    "interpreter": {"staff"},
    "billing": {"staff"},
    "pharmacist": {"staff"},
    "researcher": {"staff"},
    "administrator": {"admin", "staff"},
    "privacy-officer": {"officer", "staff"},
    "stranger": {"care", "desk", "admin", "officer", "staff"},
    "patient": {"patient"},
    "other-patient": {"patient"},
    "proxy": {"patient"},
    "guest": {"guest"},
    "relative": {"relative"},
    "locked-host": {"locked"},
    "half-signed-in-host": set(),
    "nobody": set(),
}
FOREIGN = {"stranger", "other-patient", "proxy"}
BY_PROXY = {Action.WINDOW_OPEN, Action.RECEIPT_READ}  # what a proxy may in the place of the patient
GUESTS = {"guest", "relative"}
DESK, HOST, ACCOUNT = {"care", "desk"}, {"host"}, {"staff", "patient"}
AT_DEVICES = ("measure", "flags", "typing", "watch", "sharing", "keep")
FOR_GUESTS = ("/visit/", *(f"/devices/{each}/" for each in AT_DEVICES))
ON_SHEETS, SHEETS = {Action.RECORD_READ, Action.READING_READ}, ("/visits/", "/devices/beside/")
OWN_PAGE = "/window/"  # nobody is named there but who asks
OWN = {Action.PAIRING_CHANGE, Action.READING_READ, Action.READING_WRITE}
OPEN_TO: dict[Action, set[str]] = {
    Action.VISIT_LIST: DESK,
    Action.VISIT_BOOK: DESK,
    Action.VISIT_READ: {"host", "desk"},
    Action.VISIT_INVITE: {"host", "desk"},
    Action.VISIT_CANCEL: {"host", "desk"},
    Action.PATIENT_LIST: DESK | {"officer"},  # who has to find whom they answer for
    Action.PATIENT_CREATE: DESK,
    Action.PATIENT_READ: {"host", "desk"},
    Action.PATIENT_CHANGE: {"host", "desk"},
    Action.PATIENT_MERGE: DESK,
    Action.ACCOUNT_OPEN: {"host", "desk"},
    Action.ACCOUNT_SECOND: DESK | {"officer"},
    Action.NOTE_READ: HOST,
    Action.TEAM_CHANGE: HOST,
    Action.RECORD_WRITE: HOST,
    Action.RECORD_READ: HOST | {"patient"},  # a patient by their own app
    Action.FORM_CHANGE: {"care", "admin"},
    Action.DOCUMENT_BRING: {"guest", "patient"},
    Action.READING_SHARE: {"guest"},
    Action.READING_KEEP: {"guest"},
    Action.READING_READ: HOST | {"patient"},  # a patient what is theirs, not a sheet of the host's
    Action.READING_WRITE: {"patient"},  # to say that one is wrong
    Action.PAIRING_CHANGE: {"host", "patient"},
    Action.THRESHOLD_CHANGE: HOST,
    Action.ALERT_LIST: {"care"},
    Action.ALERT_ACKNOWLEDGE: set(),  # this alert does not exist
    Action.RECORD_PRINT: HOST,
    Action.RECORD_EXPORT: set(),  # on a browser of the practice only, and these are not
    Action.LEDGER_EXPORT: set(),
    Action.NOTE_WRITE: HOST,
    Action.VISIT_HOST: HOST,
    Action.VISIT_IDENTIFY: HOST,
    Action.VISIT_END: HOST,
    Action.VISIT_CONSENT: {"host", "guest", "patient"},
    Action.VISIT_PREPARE: GUESTS,
    Action.VISIT_JOIN: GUESTS,
    Action.RECEIPT_READ: {"guest", "patient"},
    Action.STAFF_LIST: {"admin", "officer"},
    Action.STAFF_CHANGE: {"admin"},
    Action.STAFF_RECERTIFY: {"admin", "officer"},
    Action.KIN_NAME: {"staff"},
    Action.KIN_CHANGE: {"officer"},
    Action.BROWSER_TRUST: {"admin"},
    Action.STAFF_INVITE: {"admin"},
    Action.STAFF_DEACTIVATE: {"admin"},
    Action.STAFF_READMIT: {"admin"},
    Action.APP_LIST: {"admin", "officer"},
    Action.APP_CHANGE: {"admin"},
    Action.RECORD_SEND: {"admin"},
    Action.APP_ALLOW: ACCOUNT,
    Action.APP_WITHDRAW: ACCOUNT,
    Action.WINDOW_OPEN: {"patient"},
    Action.WINDOW_EXPORT: {"patient"},
    Action.PROXY_CHANGE: {"patient"},
    Action.ERASURE_ASK: {"patient"},
    Action.ERASURE_LIST: {"officer"},
    Action.ERASURE_ANSWER: {"officer"},
    Action.LEDGER_READ: {"patient"},
    Action.OBJECTION_OPEN: {"patient"},
    Action.OBJECTION_READ: {"patient", "officer"},
    Action.OBJECTION_LIST: {"officer"},
    Action.OBJECTION_ANSWER: {"officer"},
    Action.REASON_GIVE: DESK,
    Action.GLASS_BREAK: {"care"},
    Action.GLASS_SECOND: {"care", "officer"},
    Action.GLASS_ASK: {"care"},
    Action.GLASS_END: {"care"},
    Action.TIER_LIST: {"officer"},
    Action.TIER_CHANGE: {"officer"},
    Action.TIER_SECOND: {"care", "officer"},
    Action.SAFEGUARD: {"host", "officer"},
    Action.CASE_LIST: {"officer"},
    Action.CASE_READ: {"officer"},
    Action.CASE_REVIEW: {"officer"},
    Action.CASE_ANSWER: {"staff"},
    Action.CREDENTIAL_READ: ACCOUNT,
    Action.CREDENTIAL_CHANGE: ACCOUNT,
    Action.SESSION_REVOKE: ACCOUNT,
    Action.LOCK: ACCOUNT,
    Action.UNLOCK: ACCOUNT | {"locked"},
}
SEES: dict[str, set[str]] = {  # who may read such words at all, wherever they stand
    **{word: {"care", "desk", "officer", "patient", "guest"} for word in PERSONAL},
    **{word: {"host"} for word in CLINICAL},
    **{word: {"officer", "patient"} for word in REPORTED},
    **{word: {"care", "officer", "patient"} for word in EMERGENCY},
}
SUBJECTS = {
    "patient",
    "patient_id",
    "visit",
    "person",
    "objection",
    "erasure",
    "glass",
    "case",
}  # ids the gate is asked about
REFUSED, WRONG_METHOD, BROKEN = {401, 403}, 405, 500
BOTH = frozenset({"get", "post"})


@dataclass(frozen=True)
class Address:
    """One address with the ids filled in."""

    path: str
    action: Action | None  # None: it says why it is open
    names_the_subject: bool
    reading: Action | None = None  # what looking at it asks for
    methods: frozenset[str] = BOTH

    @property
    def is_for_guests(self) -> bool:
        """Whether the visit cookie is asked for, and no session."""
        return self.path.startswith(FOR_GUESTS) or self.path == "/devices/shown/"


@pytest.fixture
def house(db: None) -> Iterator[House]:
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=plain):
        yield everybody()


def addresses(
    ids: dict[str, str], patterns: list[URLPattern | URLResolver] | None = None
) -> Iterator[Address]:
    for found in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(found, URLResolver):
            yield from addresses(ids, found.url_patterns)
            continue
        path = f"/{found.pattern}"
        for name, converter in found.pattern.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").replace("String", "str").lower()
            path = path.replace(f"<{kind}:{name}>", "30" if kind == "int" else ids[name])
        names = bool(set(found.pattern.converters) & SUBJECTS)
        gated_by, read_by = (getattr(found.callback, name, None) for name in ("gated_by", "read_by"))
        yield Address(path, gated_by, names, read_by, methods_of(found.callback))


def methods_of(view: Callable[..., Any]) -> frozenset[str]:
    """Those that Django's decorator lets through, where it stands around everything else."""
    named = getclosurevars(view).nonlocals.get("request_method_list", ("GET", "POST"))
    return BOTH & {method.lower() for method in named}


def may(who: str, address: Address) -> bool:
    if address.action is None or is_foreign(who, address):
        return False
    asked = WHO[who] & GUESTS if address.is_for_guests else WHO[who] - GUESTS  # by cookie or by session
    if address.action in ON_SHEETS and address.path.startswith(SHEETS):
        asked = asked - {"patient"}  # their own record they read as a record, not as a sheet of the host's
    if address.action in OWN and address.path.startswith(OWN_PAGE):
        asked = asked & {"patient"}
    return bool(asked & OPEN_TO[address.action])


def is_foreign(who: str, address: Address) -> bool:
    """Whether it is about somebody with whom they have nothing to do."""
    by_proxy = who == "proxy" and address.action in BY_PROXY
    return who in FOREIGN and address.names_the_subject and not by_proxy


def faults(who: str, address: Address, answer: Any, heard: list[Entry]) -> Iterator[str]:
    """What is wrong with one answer."""
    if answer.status_code >= BROKEN:
        yield "broke"
    said = told(answer)
    yield from (f"told {word}" for word in SEES if word in said and not sees(who, address, word))
    if address.action is None or answer.status_code == WRONG_METHOD:
        return
    decided = [
        entry.outcome
        for entry in heard
        if entry.action == address.action and entry.outcome in {"allow", "deny"}
    ]
    if address.is_for_guests and not WHO[who] & GUESTS:
        expected: list[str] = []  # without a visit cookie there is nothing to ask about
    else:
        expected = ["allow" if may(who, address) else "deny"]
    if decided[:1] != expected:
        yield f"ledger has {decided}, not {expected}"
    if expected != ["allow"] and answer.status_code not in REFUSED:
        yield f"answered {answer.status_code}"


def told(answer: Any) -> str:
    return answer.content.decode(errors="replace") + str(dict(answer.headers)) + str(answer.cookies)


def sees(who: str, address: Address, word: str) -> bool:
    theirs = who not in FOREIGN or (who == "proxy" and address.action in BY_PROXY)
    return theirs and may(who, address) and bool(WHO[who] & SEES[word])


@pytest.mark.parametrize("who", WHO)
def test_everybody_gets_in_where_the_table_says_and_learns_nothing_elsewhere(
    house: House, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    heard, wrong = listening(monkeypatch), []
    for address in addresses(house.ids):
        for method in address.methods:
            asked = address if method == "post" else replace(address, action=address.reading)
            heard.clear()
            before = transaction.savepoint()
            browser: Any = house.browsers[who]()
            answer = getattr(browser, method)(address.path, headers={"accept-language": "en"})
            wrong += [(method, address.path, fault) for fault in faults(who, asked, answer, heard)]
            transaction.savepoint_rollback(before)
    assert not wrong, wrong


def test_a_method_that_an_address_does_not_have_is_refused_before_anything_else(house: House) -> None:
    left_out = [(address, method) for address in addresses(house.ids) for method in BOTH - address.methods]
    browser = house.browsers["nobody"]()
    answers = {getattr(browser, method)(address.path).status_code for address, method in left_out}
    assert len(left_out) > len(list(addresses(house.ids))) / 2
    assert answers == {WRONG_METHOD}


def test_the_table_speaks_of_every_action_that_an_address_asks_for(house: House) -> None:
    asked = {action for address in addresses(house.ids) for action in (address.action, address.reading)}
    assert asked - {None} == set(OPEN_TO)
    assert set(WHO) == set(house.browsers)


def test_words_that_are_looked_for_are_there_for_those_who_may_read_them(house: House) -> None:
    ids = house.ids
    host, officer, desk = (house.browsers[who]() for who in ("host", "privacy-officer", "reception"))
    assert CLINICAL[0] in told(host.get(f"/visits/{ids['visit']}/purpose/"))
    assert CLINICAL[1] in told(host.get(f"/visits/{ids['visit']}/note/"))
    assert REPORTED[0] in told(officer.get(f"/objections/{ids['objection']}/"))
    seen = told(desk.get(f"/patients/{ids['patient']}/")) + told(
        desk.get(f"/patients/{ids['patient']}/contact/")
    )
    assert [word for word in PERSONAL if word not in seen] == []
