"""Browsers that the practice looks after: a code marks one, a cookie knows it again, a person unmarks it."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.actors import NOBODY, Actor
from teleward.access.grants import Circumstances, Grant, record
from teleward.access.models import BrowserCode, ManagedBrowser
from teleward.access.operations.entries import note
from teleward.access.operations.proofs import by_staff
from teleward.access.operations.tries import forgive, take_try
from teleward.access.signin.limits import BROWSER
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.ids import new_token, token_hash
from teleward.kernel.openings import without_grant

TYPING = "the code that marks a browser"  # whose wrong tries are counted, for each network


class LabelNeeded(Problem):
    """A browser has a name by which people find the machine."""

    code = "access:label-needed"
    message = _("Please say which machine it is, for example “Room 2, window”.")


class BrowserCodeWrong(Problem):
    """No such code waits, or it waited too long, or too many others were tried."""

    code = "access:browser-code-wrong"
    status = 403
    message = _("This code did not match or is too old. Ask your administrator for a new one.")


@dataclass(frozen=True, kw_only=True)
class IssuedCode:
    """A code to be typed on the browser that is to be marked. Shown once, kept nowhere."""

    code: str
    label: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class MarkedBrowser:
    """A browser that has just been marked. `secret` goes into its cookie and is nowhere else."""

    label: str
    secret: str
    expires_at: datetime


def issue_browser_code(*, grant: Grant, label: str) -> IssuedCode:
    """A code for one browser of the practice, good for ten minutes and one use. Raises LabelNeeded."""
    grant.must_cover(Action.BROWSER_TRUST)
    if not label.strip():
        raise LabelNeeded
    code = f"{secrets.randbelow(10**BROWSER.code_digits):0{BROWSER.code_digits}}"
    row = BrowserCode.objects.create(
        organisation_id=grant.organisation,
        code_hash=_hash(code),
        label=label.strip()[:60],
        made_by_id=by_staff(grant),
        expires_at=now() + BROWSER.code,
    )
    record(grant=grant, detail={"code-for": row.label})
    return IssuedCode(code=code, label=row.label, expires_at=row.expires_at)


@without_grant("The code is the administrator's word; nobody need be signed in where it is typed.")
def mark_browser(
    *, code: str, user_agent: str, circumstances: Circumstances, actor: Actor = NOBODY
) -> MarkedBrowser:
    """Marks the browser on which an administrator's code was typed, by whoever is signed in there.

    Wrong codes make the network they come from wait, and nobody else. Raises BrowserCodeWrong or WaitFirst.
    """
    take_try(account=TYPING, circumstances=circumstances)
    found = _take(code)
    if found is None:
        note(action=Action.BROWSER_TRUST, outcome="deny", circumstances=circumstances, actor=actor)
        raise BrowserCodeWrong
    forgive(account=TYPING, circumstances=circumstances)
    secret = new_token()
    row = ManagedBrowser.objects.create(
        organisation_id=found.organisation_id,
        secret_hash=token_hash(secret),
        label=found.label,
        user_agent=user_agent[:300],
        marked_by_id=found.made_by_id,
        expires_at=now() + BROWSER.lasts,
    )
    detail = {"browser": str(row.id), "code": str(found.id)}
    note(action=Action.BROWSER_TRUST, outcome="done", circumstances=circumstances, actor=actor, detail=detail)
    return MarkedBrowser(label=row.label, secret=secret, expires_at=row.expires_at)


@transaction.atomic
def revoke_browser(*, grant: Grant, browser: UUID) -> None:
    """The browser is the practice's no longer, from the next page on. Raises NotFound."""
    grant.must_cover(Action.BROWSER_TRUST)
    rows = ManagedBrowser.objects.filter(id=browser, organisation=grant.organisation, revoked_at=None)
    if not rows.update(revoked_at=now(), revoked_by_id=by_staff(grant)):
        raise NotFound
    record(grant=grant, detail={"revoked-browser": str(browser)})


@without_grant("It says of a browser, not of a person, whether it is the practice's.")
def is_managed(*, secret: str, organisation: UUID) -> bool:
    """Whether the cookie is that of a browser this practice looks after; the day it was seen is kept."""
    at = now()
    rows = ManagedBrowser.objects.filter(
        secret_hash=token_hash(secret), organisation=organisation, revoked_at=None, expires_at__gt=at
    )
    found = rows.values_list("id", "seen_on").first()
    if found is not None and found[1] != at.date():
        rows.update(seen_on=at.date())
    return found is not None


@transaction.atomic
def _take(code: str) -> BrowserCode | None:
    """Uses the code up."""
    typed = "".join(code.split())
    waiting = BrowserCode.objects.filter(used_at=None, expires_at__gt=now())
    found = waiting.select_for_update().filter(code_hash=_hash(typed)).first()
    if found is None:
        return None
    found.used_at = now()
    found.save(update_fields=["used_at"])
    return found


def _hash(code: str) -> bytes:
    """Keyed, since eight digits alone could be guessed from their hash."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"teleward browser " + code.encode(), "sha256")
