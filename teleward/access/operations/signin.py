"""Signing in: a passkey, or e-mail address and password and then a code. The gate decides what is enough."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Circumstances, Refused, Subject, authorise
from teleward.access.models import Person
from teleward.access.operations.blocklist import notice_if_stolen
from teleward.access.operations.challenges import Kind, ask_browser, finish_step, keep_step, step_of
from teleward.access.operations.entries import note
from teleward.access.operations.proofs import (
    TWO_FACTORS,
    NoMatch,
    Proof,
    password_is_right,
    prove_by_passkey,
    second_factor_of,
)
from teleward.access.operations.sessions import BegunSession, actor_of, begin_session
from teleward.access.operations.tries import WaitFirst, forgive, give_back, take_try
from teleward.access.signin.ceremonies import request_options
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem
from teleward.kernel.openings import without_grant


class StepTooOld(Problem):
    """The first step was too long ago, or was made in another browser."""

    code = "access:step-too-old"
    status = 403
    message = _("That took too long, so we closed this sign-in for safety. Please start again.")


@without_grant("It asks any browser for any passkey and names nobody.")
def ask_for_passkey() -> dict[str, Any]:
    """What the browser needs to offer a passkey, whoever it belongs to."""
    return request_options(challenge=ask_browser(kind=Kind.PASSKEY_SIGN_IN))


@without_grant("The way in: it ends in the gate or in a refusal, and the ledger has both.")
def sign_in_by_passkey(
    *, response: dict[str, Any], circumstances: Circumstances, user_agent: str
) -> BegunSession:
    """Signs in whoever the passkey belongs to. Raises PasskeyNotAccepted."""
    proof = prove_by_passkey(
        response=response, kind=Kind.PASSKEY_SIGN_IN, circumstances=circumstances, action=Action.SIGN_IN
    )
    return sign_in(proof=proof, circumstances=circumstances, user_agent=user_agent)


@without_grant("The way in, first step: it shows nothing of anybody.")
def check_password(*, email: str, password: str, circumstances: Circumstances) -> str:
    """The first step. Returns its secret for the browser's cookie. Raises NoMatch or WaitFirst."""
    _try(email, circumstances)
    person = Person.objects.filter(email__iexact=email.strip(), deactivation=None).first()
    if not password_is_right(person=person, password=password, circumstances=circumstances) or person is None:
        _deny(person, circumstances, "password")
        raise NoMatch
    give_back(account=email, circumstances=circumstances)
    stolen = notice_if_stolen(person=person, password=password, circumstances=circumstances)
    first = {"method": "password", "step": "first"}  # who knows the password and goes no further is seen too
    note(action=Action.SIGN_IN, outcome="done", circumstances=circumstances, person=person, detail=first)
    return keep_step(kind=Kind.SECOND_FACTOR, person=person, state={"stolen": stolen})


@without_grant("The way in, second step: it ends in the gate or in a refusal, and the ledger has both.")
def sign_in_by_code(*, step: str, code: str, circumstances: Circumstances, user_agent: str) -> BegunSession:
    """The second step: six digits or a recovery code. Raises StepTooOld, NoMatch or WaitFirst."""
    person = step_of(kind=Kind.SECOND_FACTOR, token=step)
    if person is None:
        raise StepTooOld
    _try(person.email, circumstances)
    method = second_factor_of(person=person, typed=code, circumstances=circumstances)
    if method is None:
        _deny(person, circumstances, "code")
        raise NoMatch
    kept = finish_step(kind=Kind.SECOND_FACTOR, token=step)
    if kept is None:
        raise StepTooOld
    forgive(account=person.email, circumstances=circumstances)
    proof = Proof(person=person.id, method=method, aal=TWO_FACTORS, is_stolen=bool(kept.get("stolen")))
    return sign_in(proof=proof, circumstances=circumstances, user_agent=user_agent)


def sign_in(*, proof: Proof, circumstances: Circumstances, user_agent: str) -> BegunSession:
    """Asks the gate whether this proof is enough, and begins a session. Raises NoMatch."""
    person = Person.objects.select_related("patient", "planned_leaving").get(id=proof.person)
    try:
        grant = authorise(
            actor=actor_of(person, at=proof.at or now(), aal=proof.aal, method=proof.method),
            action=Action.SIGN_IN,
            subject=Subject(kind="Person", id=person.id, organisation=person.organisation_id),
            circumstances=circumstances,
            detail={"method": proof.method, "aal": proof.aal},
        )
    except Refused as refused:
        raise NoMatch from refused
    return begin_session(grant=grant, proof=proof, user_agent=user_agent)


def _try(account: str, circumstances: Circumstances) -> None:
    try:
        take_try(account=account, circumstances=circumstances)
    except WaitFirst:
        note(action=Action.SIGN_IN, outcome="deny", circumstances=circumstances, detail={"because": "wait"})
        raise


def _deny(person: Person | None, circumstances: Circumstances, method: str) -> None:
    note(
        action=Action.SIGN_IN, outcome="deny", circumstances=circumstances, person=person,
        detail={"method": method, "because": "no-match"},
    )  # fmt: skip
