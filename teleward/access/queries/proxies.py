"""Who may open whose page by a patient's own leave."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from teleward.access.grants import Action, Grant
from teleward.access.models import OfferKey, Proxy, ProxyOffer
from teleward.kernel.clock import now
from teleward.kernel.envelope import unseal
from teleward.kernel.ids import token_hash
from teleward.kernel.openings import without_grant

LABEL = "access.proxyoffer.label"


@dataclass(frozen=True, kw_only=True)
class ProxyCard:
    """One access that a patient gave."""

    id: UUID
    name: str  # of the person who has it
    patient: UUID
    patient_name: str
    may_see_ledger: bool
    may_see_readings: bool
    given_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OfferCard:
    """A link that nobody has used yet."""

    id: UUID
    label: str
    may_see_ledger: bool
    may_see_readings: bool
    made_at: datetime
    expires_at: datetime


def proxies_of_patient(*, grant: Grant) -> list[ProxyCard]:
    """Everybody whom the patient of the grant gave access, those in force first, the newest first."""
    grant.must_cover(Action.WINDOW_OPEN, Action.PROXY_CHANGE, Action.WINDOW_EXPORT)
    rows = _rows().filter(patient=grant.about).order_by("-given_at")
    return sorted((_card(row) for row in rows), key=lambda card: card.ended_at is not None)


def offers_of_patient(*, grant: Grant) -> list[OfferCard]:
    """The links of the patient of the grant that still wait, the newest first."""
    grant.must_cover(Action.WINDOW_OPEN, Action.PROXY_CHANGE)
    rows = ProxyOffer.objects.filter(patient=grant.about, taken_at=None, withdrawn_at=None)
    return [
        OfferCard(
            id=row.id,
            label=unseal(patient=row.patient_id, sealed=bytes(row.label), context=LABEL).decode(),
            may_see_ledger=row.may_see_ledger,
            may_see_readings=row.may_see_readings,
            made_at=row.made_at,
            expires_at=row.expires_at,
        )
        for row in rows.filter(expires_at__gt=now()).order_by("-made_at")
    ]


def proxy_names(*, grant: Grant) -> dict[UUID, str]:
    """The names of all to whom the patient of the grant has ever given access, by person."""
    grant.must_cover(Action.LEDGER_READ, Action.OBJECTION_OPEN, Action.WINDOW_EXPORT, Action.WINDOW_OPEN)
    rows = Proxy.objects.filter(patient=grant.subject.patient)
    return dict(rows.values_list("person", "person__name"))


def pages_open_to_me(*, grant: Grant) -> list[ProxyCard]:
    """The patients who gave access to whoever asks, by name."""
    grant.must_cover(Action.WINDOW_OPEN)
    rows = _rows().filter(person=grant.actor.id).filter(_in_force())
    return [_card(row) for row in rows.order_by("patient__family_name", "patient__given_name")]


@without_grant("Whether the link in one's hand is good, and how far it goes; it names nobody.")
def offer_is_good(*, token: str) -> bool:
    """Whether pressing the button now would give access."""
    rows = OfferKey.objects.filter(token_hash=token_hash(token), taken_at=None, withdrawn_at=None)
    return rows.filter(expires_at__gt=now()).exists()


def sees_ledger(*, grant: Grant) -> bool:
    """Whether the grant's proxy may also see who saw the data of the grant's patient."""
    grant.must_cover(Action.WINDOW_OPEN)
    mine = Proxy.objects.filter(person=grant.actor.id, patient=grant.about)
    return mine.filter(_in_force(), may_see_ledger=True).exists()


def sees_readings(*, grant: Grant) -> bool:
    """Whether the grant's proxy may also see what devices of the grant's patient measured."""
    grant.must_cover(Action.WINDOW_OPEN)
    mine = Proxy.objects.filter(person=grant.actor.id, patient=grant.about)
    return mine.filter(_in_force(), may_see_readings=True).exists()


def name_of_giver(*, grant: Grant) -> str:
    """What the patient of the grant is called, for somebody whom they gave access; "" for others."""
    grant.must_cover(Action.WINDOW_OPEN, Action.READING_READ)
    row = _rows().filter(person=grant.actor.id, patient=grant.about).filter(_in_force()).first()
    return _card(row).patient_name if row else ""


def _in_force() -> Q:
    return Q(withdrawn_at=None) & (Q(ends_at=None) | Q(ends_at__gt=now()))


def _rows() -> QuerySet[Proxy]:
    return Proxy.objects.select_related("person", "patient")


def _card(row: Proxy) -> ProxyCard:
    return ProxyCard(
        id=row.id,
        name=row.person.name,
        patient=row.patient_id,
        patient_name=f"{row.patient.given_name} {row.patient.family_name}",
        may_see_ledger=row.may_see_ledger,
        may_see_readings=row.may_see_readings,
        given_at=row.given_at,
        ended_at=row.withdrawn_at,
    )
