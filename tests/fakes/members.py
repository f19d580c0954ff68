"""A small practice, people with everything they sign in with, and a browser for any of them."""

import json
from dataclasses import dataclass, field
from typing import Any

import pyotp
import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from fakes.authenticator import SoftwareKey

from teleward.access.grants import Circumstances
from teleward.access.models import Organisation, Patient, Person, Role, Standing
from teleward.access.operations.one_time_codes import new_enrolment, store_password_and_app
from teleward.access.operations.passkeys import store_passkey
from teleward.access.operations.proofs import Proof
from teleward.access.operations.recovery import replace_codes
from teleward.access.operations.sessions import COOKIE
from teleward.access.operations.signin import sign_in
from teleward.access.signin.ceremonies import creation_options, finish_creation
from teleward.audit import ledger
from teleward.kernel.clock import now

PASSWORD = "grünes Fahrrad im Keller"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@dataclass
class Member:
    """Somebody with everything they sign in with."""

    person: Person
    key: SoftwareKey
    secret: str = ""
    codes: list[str] = field(default_factory=list)

    def digits(self, *, steps: int = 0) -> str:
        """What their app shows now, or some steps away."""
        return pyotp.TOTP(self.secret).generate_otp(int(now().timestamp()) // 30 + steps)


def practice() -> Organisation:
    """The practice everybody works in."""
    found, _made = Organisation.objects.get_or_create(
        short_name="Lindenhof", defaults={"name": "Praxis Lindenhof", "language": "de"}
    )
    return found


def enters(member: Member, patient: Patient) -> Member:
    """They have just entered this patient and may finish the entry."""
    Standing.objects.create(
        kind="registration",
        source=patient.id,
        organisation=member.person.organisation,
        patient=patient,
        staff=member.person,
        starts_at=now(),
        ends_at=now(),
    )
    return member


def joins(name: str = "Anna Beispiel", *roles: str, flags: int | None = None) -> Member:
    """A member of staff with a device-bound passkey, a password, an app and recovery codes."""
    email = f"{name.partition(' ')[0].lower()}@praxis.example"
    person = Person.objects.create(organisation=practice(), name=name, email=email)
    for role in roles or ("physician",):
        Role.objects.create(person=person, name=role)
    key = SoftwareKey() if flags is None else SoftwareKey(flags=flags)
    question = creation_options(challenge=b"c" * 32, person=person.id, email=email, name=name)
    new = finish_creation(challenge=b"c" * 32, response=key.make(question))
    store_passkey(person=person, key=new, label="Desk")
    enrolment = new_enrolment(account=email, clinic="Lindenhof")
    member = Member(person=person, key=key, secret=enrolment.text.replace(" ", ""))
    with time_machine.travel(now(), tick=False):  # the digits may not grow old while they are looked at
        code = member.digits(steps=-1)
        store_password_and_app(person=person, password=PASSWORD, sealed=enrolment.sealed, code=code)
    member.codes = replace_codes(person)
    return member


def browser_of(
    member: Member, *, aal: int = 3, method: str = "passkey", address: str = "127.0.0.1"
) -> Client:
    """A browser in which this member is signed in."""
    here = Circumstances(request_id="test-request", client_address=address, via="page")
    proof = Proof(person=member.person.id, method=method, aal=aal)
    begun = sign_in(proof=proof, circumstances=here, user_agent=FIREFOX)
    client = Client(REMOTE_ADDR=address)
    client.cookies[COOKIE] = begun.secret
    return client


def listening(monkeypatch: pytest.MonkeyPatch) -> list[ledger.Entry]:
    """Everything the ledger is told from now on."""
    heard: list[ledger.Entry] = []
    append = ledger.append

    def hear(*, entry: ledger.Entry) -> ledger.Receipt:
        heard.append(entry)
        return append(entry=entry)

    monkeypatch.setattr(ledger, "append", hear)
    return heard


def ask(client: Client, address: str, body: dict[str, Any] | None = None) -> HttpResponse:
    """Posts JSON as the pages' scripts do."""
    answer: HttpResponse = client.post(
        address,
        json.dumps(body or {}),
        content_type="application/json",
        headers={"Accept": "application/json"},
    )
    return answer
