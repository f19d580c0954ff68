"""FHIR R4 with SMART Backend Services: visits and notes go there, what is held there is looked at here."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from teleward.kernel.outward import is_allowed
from teleward.records.connections.kind import Delivered, Field, Item, Link, Made, SettingFaulty

from .client import search
from .keys import new_pair
from .limits import LOOK_PATIENCE, SEND_PATIENCE, TEST_PATIENCE
from .pulling import look
from .pushing import send
from .tokens import forget, token_for
from .wire import within

SENDS = ("Appointment", "Encounter", "DocumentReference", "Observation", "Communication")
LOOKED_AT = (
    "Condition",
    "MedicationStatement",
    "MedicationRequest",
    "AllergyIntolerance",
    "Observation",
    "DocumentReference",
)
NO_ONE = "urn:ietf:rfc:3986|urn:uuid:00000000-0000-4000-8000-000000000000"
SCOPES = " ".join(
    ["system/Patient.rs"]
    + [f"system/{kind}.crus" for kind in SENDS]
    + [f"system/{kind}.rs" for kind in LOOKED_AT if kind not in SENDS]
)


class Fhir:
    """The kind `fhir`."""

    words = _("FHIR R4, with SMART Backend Services")
    sends = SENDS
    looks = True
    fields = (
        Field(
            name="client_id",
            label=_("Our name there (client_id)"),
            hint=_("The other system gives it when its people register the address of our keys."),
        ),
        Field(
            name="scopes",
            label=_("Scopes"),
            hint=_("Leave it, unless the other system says otherwise."),
            usual=SCOPES,
        ),
    )

    def made(self, *, connection: UUID, address: str, typed: Mapping[str, str]) -> Made:
        """With a key pair of its own. Raises SettingFaulty."""
        del connection
        if not is_allowed(address) or "?" in address:
            raise SettingFaulty("address", _("Please give the FHIR address of the other system, with https."))
        secret, public_keys = new_pair()
        return Made(settings=dict(typed), secret=secret, public_keys=public_keys)

    def send(self, *, connection: Link, item: Item) -> Delivered:
        """Raises Refused or Unreachable."""
        with within(SEND_PATIENCE):
            return send(connection, item)

    def test(self, *, connection: Link) -> None:
        """A new key, and a search that finds nobody. Raises Refused or Unreachable."""
        forget(connection)
        with within(TEST_PATIENCE):
            token_for(connection)
            search(connection, "Patient", {"identifier": NO_ONE})

    def look(self, *, connection: Link, patient: bytes) -> Mapping[str, Any]:
        """Raises Refused or Unreachable."""
        with within(LOOK_PATIENCE):
            return look(connection, patient)


KIND = Fhir()
