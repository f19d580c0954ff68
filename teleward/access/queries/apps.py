"""Connected programs: for administrators, for whoever is asked, and for whoever takes something back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from teleward.access.actions import Action
from teleward.access.grants import Grant
from teleward.access.models import AppGrant, Client, PatientKey
from teleward.access.queries.app_grants import living_grants
from teleward.access.smart import places, scopes
from teleward.access.smart.words import Said, in_words
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant


@dataclass(frozen=True, kw_only=True)
class AppCard:
    """A connected program, as an administrator registered it."""

    id: UUID
    name: str
    what_for: str
    kind: str  # backend, confidential, public
    redirect_uris: tuple[str, ...]
    launch_url: str
    keys_url: str
    has_keys: bool
    scopes: str
    said: tuple[Said, ...]
    per_minute: int
    registered_at: datetime
    registered_by: str
    people: int  # who allow it something now
    ended_at: datetime | None
    ended_because: str


@dataclass(frozen=True, kw_only=True)
class AllowedApp:
    """What somebody allowed an app, in words."""

    id: UUID
    name: str
    what_for: str
    said: tuple[Said, ...]
    given_at: datetime
    ends_at: datetime
    with_session: bool  # it ends when they sign out


def apps(*, grant: Grant) -> list[AppCard]:
    """The programs of the grant's practice by name, those that are connected first."""
    grant.must_cover(Action.APP_LIST, Action.APP_CHANGE)
    rows = Client.objects.filter(organisation_id=grant.organisation).select_related("end", "registered_by")
    cards = [_card(row) for row in rows.order_by("name", "id")]
    return sorted(cards, key=lambda card: card.ended_at is not None)


def app(*, grant: Grant, client: UUID) -> AppCard:
    """One of them. Raises NotFound."""
    grant.must_cover(Action.APP_LIST, Action.APP_CHANGE)
    found = Client.objects.filter(organisation_id=grant.organisation, id=client).first()
    if found is None:
        raise NotFound
    return _card(found)


def apps_to_open(*, grant: Grant) -> list[AppCard]:
    """Programs that can be opened from a patient's page."""
    grant.must_cover(Action.PATIENT_READ)
    rows = Client.objects.filter(organisation_id=grant.organisation, end=None).exclude(launch_url="")
    return [_card(row) for row in rows.order_by("name", "id")]


def allowed_apps(*, grant: Grant) -> list[AllowedApp]:
    """What the asker has allowed apps and what still stands, the newest first."""
    grant.must_cover(Action.APP_ALLOW, Action.APP_WITHDRAW)
    own = [grant.actor.id] if grant.actor.id else []
    rows = living_grants(now()).filter(person_id__in=own).select_related("client")
    return [_allowed(row) for row in rows.order_by("-given_at")]


@without_grant("Names of programs are nobody's data.")
def app_names(*, organisation: UUID) -> dict[UUID, str]:
    """The names of all programs a practice ever connected."""
    return dict(Client.objects.filter(organisation=organisation).values_list("id", "name"))


def fhir_user(given: AppGrant) -> str:
    """The address of the FHIR resource of whoever allowed it: the patient, or the practitioner."""
    patient = PatientKey.objects.filter(person_id=given.person_id).values_list("id", flat=True).first()
    is_staff = patient is None or given.person.roles.exists()
    who = f"Practitioner/{given.person_id}" if is_staff else f"Patient/{patient}"
    return f"{places.fhir()}/{who}"


def _card(row: Client) -> AppCard:
    end = getattr(row, "end", None)
    return AppCard(
        id=row.id,
        name=row.name,
        what_for=row.what_for,
        kind=row.kind,
        redirect_uris=tuple(row.redirect_uris),
        launch_url=row.launch_url,
        keys_url=row.keys_url,
        has_keys=bool(row.keys),
        scopes=row.scopes,
        said=in_words(scopes.read(row.scopes)),
        per_minute=row.per_minute,
        registered_at=row.registered_at,
        registered_by=row.registered_by.name if row.registered_by else "",
        people=living_grants(now()).filter(client=row).values("person").distinct().count(),
        ended_at=end.at if end else None,
        ended_because=end.reason if end else "",
    )


def _allowed(row: AppGrant) -> AllowedApp:
    return AllowedApp(
        id=row.id,
        name=row.client.name,
        what_for=row.client.what_for,
        said=in_words(scopes.read(row.scopes)),
        given_at=row.given_at,
        ends_at=row.ends_at,
        with_session=row.session_id is not None,
    )
