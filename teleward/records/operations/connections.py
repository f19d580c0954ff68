"""Connections to the practice's other systems: an administrator makes, changes, pauses and ends them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, record
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal_own
from teleward.kernel.errors import NotFound, Problem
from teleward.records.connections import asking
from teleward.records.connections.kind import Refused, SettingFaulty, Unreachable, host_of
from teleward.records.connections.known import KINDS
from teleward.records.models import Connection, Disconnection, Elsewhere, Outgoing, Pause
from teleward.records.queries.links import link_to, secret_of

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_SETTING, LONGEST_WHY = 80, 500, 2_000, 200


class ConnectionFaulty(Problem):
    """Something about the connection is missing or wrong; `field` says which."""

    code = "records:connection-faulty"
    status = 422
    message = _("Please check what is marked.")

    def __init__(self, field: str, message: str | Promise) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What an administrator typed: settings by the names of the kind's fields; `sends` types of resources."""

    kind: str
    name: str
    address: str
    sends: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Tested:
    """How a test went: `reason` a word of connections/words.py, empty where it works; what they named."""

    reason: str
    said: str = ""


@transaction.atomic
def connect(*, grant: Grant, wanted: Wanted) -> UUID:
    """Makes a connection. Returns its id. Raises ConnectionFaulty."""
    grant.must_cover(Action.APP_CHANGE)
    _check(wanted)
    row = Connection(organisation=grant.organisation, kind=wanted.kind, made_by=grant.actor.id)
    _fill(row, wanted)
    row.save(force_insert=True)
    said = {"connected": str(row.id), "kind": row.kind, "host": host_of(row.address)}
    record(grant=grant, detail={**said, "sends": list(wanted.sends)})
    return row.id


@transaction.atomic
def change(*, grant: Grant, connection: UUID, wanted: Wanted) -> None:
    """Changes name, address and settings; the keys stay. Raises NotFound or ConnectionFaulty."""
    grant.must_cover(Action.APP_CHANGE)
    row = _mine(grant, connection)
    _check(wanted)
    if wanted.kind != row.kind:
        raise ConnectionFaulty("kind", _("A connection keeps its kind. Make a new one instead."))
    before = host_of(row.address)
    _fill(row, wanted)
    row.save()
    said = {"changed": str(row.id), "host": host_of(row.address), "host_before": before}
    record(grant=grant, detail={**said, "sends": list(wanted.sends)})


@transaction.atomic
def pause(*, grant: Grant, connection: UUID, why: str) -> None:
    """Nothing is sent until it goes on; what is to be sent waits. Raises NotFound or ConnectionFaulty."""
    grant.must_cover(Action.APP_CHANGE)
    row, said = _mine(grant, connection), _why(why)
    Pause.objects.get_or_create(connection=row, ended_at=None, defaults={"by": grant.actor.id, "why": said})
    record(grant=grant, detail={"paused": str(connection)})


@transaction.atomic
def resume(*, grant: Grant, connection: UUID) -> None:
    """It goes on: what waited is due. Raises NotFound."""
    grant.must_cover(Action.APP_CHANGE)
    row = _mine(grant, connection)
    Pause.objects.filter(connection=row, ended_at=None).update(ended_at=now(), ended_by=grant.actor.id)
    Outgoing.objects.filter(connection=row, due_at__isnull=False).update(due_at=now())
    record(grant=grant, detail={"resumed": str(connection)})


@transaction.atomic
def disconnect(*, grant: Grant, connection: UUID, why: str) -> None:
    """Ends it for good, with our key and what was seen there. Raises NotFound or ConnectionFaulty."""
    grant.must_cover(Action.APP_CHANGE)
    row, said = _mine(grant, connection), _why(why)
    Disconnection.objects.create(connection=row, by=grant.actor.id, why=said)
    Connection.objects.filter(id=row.id).update(sealed=b"")
    Elsewhere.objects.filter(connection=row).delete()
    record(grant=grant, detail={"disconnected": str(connection)})


def test_connection(*, grant: Grant, connection: UUID) -> Tested:
    """Whether it would work now; nothing is sent about anybody. Raises NotFound."""
    grant.must_cover(Action.APP_CHANGE)
    _mine(grant, connection)
    link = link_to(connection=connection)
    try:
        asking.test(connection=link)
    except (Refused, Unreachable) as no:
        found = Tested(reason=no.reason, said=no.said)
    else:
        found = Tested(reason="")
    said = {"tested": str(connection), "host": link.host, "answer": found.reason or "works"}
    record(grant=grant, detail=said)
    return found


def _mine(grant: Grant, connection: UUID) -> Connection:
    mine = Connection.objects.filter(organisation=grant.organisation, disconnection=None)
    row = mine.filter(id=connection).first()
    if row is None:
        raise NotFound
    return row


def _check(wanted: Wanted) -> None:
    if wanted.kind not in KINDS:
        raise ConnectionFaulty("kind", _("Please choose how the other system is spoken to."))
    if not wanted.name.strip():
        raise ConnectionFaulty("name", _("Please give the other system a name; patients read it."))
    if not wanted.address.strip():
        raise ConnectionFaulty("address", _("Please enter the address of the other system."))
    for each in KINDS[wanted.kind].fields:
        if each.required and not wanted.settings.get(each.name, "").strip():
            raise ConnectionFaulty(each.name, _("Please fill this in."))


def _fill(row: Connection, wanted: Wanted) -> None:
    kind = KINDS[wanted.kind]
    typed = {each.name: wanted.settings.get(each.name, "").strip() or each.usual for each in kind.fields}
    address = wanted.address.strip()[:LONGEST_ADDRESS].rstrip("/")
    try:
        made = kind.made(connection=row.id, address=address, typed=_cut(typed))
    except SettingFaulty as faulty:
        raise ConnectionFaulty(faulty.field, faulty.message) from faulty
    row.name, row.address = wanted.name.strip()[:LONGEST_NAME], address
    row.settings = {**made.settings, "sends": [each for each in kind.sends if each in wanted.sends]}
    if not row.sealed and made.secret:
        row.sealed = seal_own(plaintext=made.secret, context=secret_of(row.id))
        row.public_keys = made.public_keys


def _cut(typed: Mapping[str, str]) -> dict[str, str]:
    return {name: value[:LONGEST_SETTING] for name, value in typed.items()}


def _why(why: str) -> str:
    said = why.strip()[:LONGEST_WHY]
    if not said:
        raise ConnectionFaulty("why", _("Please say in a few words why."))
    return said
