"""Counting wrong tries, before each try is looked at, so that many at once count as many."""

import hmac
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from teleward.access.actions import Action
from teleward.access.grants import Circumstances
from teleward.access.models import AuthenticatorApp, Passkey, Person, SignInFailure
from teleward.access.operations.entries import note
from teleward.access.signin.backoff import wait_after
from teleward.access.signin.limits import BACK_OFF
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem
from teleward.kernel.events import Event, publish
from teleward.kernel.networks import network_of

Authenticator = Person | AuthenticatorApp | Passkey
FORGOTTEN_AFTER = timedelta(seconds=BACK_OFF.forgotten_after)


class WaitFirst(Problem):
    """Too many wrong tries from this network for this account."""

    code = "access:wait-first"
    status = 429

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(
            _("Too many tries from here did not match. Please wait %(wait)s, or use your passkey.")
            % {"wait": in_words(wait)}
        )


def in_words(wait: timedelta) -> str:
    """A wait, rounded up: seconds below a minute and a half, minutes above."""
    seconds = max(1, round(wait.total_seconds() + 0.5))
    if seconds <= 90:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    minutes = -(-seconds // 60)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def take_try(*, account: str, circumstances: Circumstances) -> None:
    """Counts one try for this account from this network. Raises WaitFirst while a wait runs."""
    at = now()
    with transaction.atomic():
        row, _made = SignInFailure.objects.select_for_update().get_or_create(**_key(account, circumstances))
        if row.wait_until and row.wait_until > at:
            raise WaitFirst(row.wait_until - at)
        row.count = 1 if at - row.last_at > FORGOTTEN_AFTER else row.count + 1
        row.last_at, row.wait_until = at, at + wait_after(row.count)
        row.save()


def give_back(*, account: str, circumstances: Circumstances) -> None:
    """Takes one try back: the first step was right, the second has still to come."""
    rows = SignInFailure.objects.filter(**_key(account, circumstances), count__gt=0)
    rows.update(count=F("count") - 1, wait_until=None)


def forgive(*, account: str, circumstances: Circumstances) -> None:
    """Forgets the tries of one network: somebody has signed in."""
    SignInFailure.objects.filter(**_key(account, circumstances)).delete()


def count_against(authenticator: Authenticator, field: str = "failures") -> bool:
    """Counts one try against an authenticator itself; False if it no longer counts at all."""
    rows = _rows(authenticator).filter(pk=authenticator.pk, **{f"{field}__lt": BACK_OFF.disabled_after})
    return rows.update(**{field: F(field) + 1}) == 1


def clear(authenticator: Authenticator, field: str = "failures") -> None:
    """The authenticator was right: its row of failures is over."""
    _rows(authenticator).filter(pk=authenticator.pk).update(**{field: 0})


@transaction.atomic
def tell_if_disabled(
    authenticator: Authenticator, person: Person, circumstances: Circumstances, field: str = "failures"
) -> None:
    """After a failure: when it was the last one allowed, the person hears of it and the ledger has it."""
    authenticator.refresh_from_db(fields=[field])
    if getattr(authenticator, field) != BACK_OFF.disabled_after:
        return
    detail = {
        "disabled": type(authenticator).__name__ if field == "failures" else field.removesuffix("_failures")
    }
    note(
        action=Action.CREDENTIAL_CHANGE,
        outcome="done",
        circumstances=circumstances,
        person=person,
        detail=detail,
    )
    publish(Event.CREDENTIAL_CHANGED, person=person.id)


def _rows(authenticator: Authenticator) -> QuerySet[Any]:
    kinds: dict[type[Authenticator], QuerySet[Any]] = {
        Person: Person.objects.all(),
        AuthenticatorApp: AuthenticatorApp.objects.all(),
        Passkey: Passkey.objects.all(),
    }
    return kinds[type(authenticator)]


def _key(account: str, circumstances: Circumstances) -> dict[str, Any]:
    name = account.strip().casefold().encode()
    digest = hmac.digest(settings.SECRET_KEY.encode(), b"teleward account " + name, "sha256")
    return {"account_hash": digest, "network": network_of(circumstances.client_address)}
