"""What patients read of those who work here: names, or roles. One rule for every page, file and letter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from teleward.access.actors import Actor, ActorKind
from teleward.access.models import NamingRule
from teleward.access.queries.people import organisation as the_practice
from teleward.access.queries.people import staff_names
from teleward.access.role_names import role_name
from teleward.kernel.openings import without_grant

RULED = frozenset({ActorKind.PATIENT, ActorKind.GUEST, ActorKind.NOBODY})
CARING = frozenset({"physician", "nurse", "pharmacist", "interpreter"})


@dataclass(frozen=True, kw_only=True)
class Naming:
    """How the members of staff of one practice are called where patients read."""

    with_names: bool = True
    practice: str = ""
    roles: Mapping[UUID, tuple[str, ...]] = field(default_factory=dict)

    def of(self, person: UUID | None, name: str) -> str:
        """The name; where the practice shows roles, the practice and the role, in the language of now."""
        if self.with_names or not name:
            return name
        held = self.roles.get(person, ()) if person else ()
        words = ", ".join(str(role_name(role)) for role in sorted(CARING.intersection(held)) or held)
        return f"{self.practice} ({words})" if words else self.practice


@without_grant("A rule of the practice; it is nobody's data.")
def shows_names(*, organisation: UUID) -> bool:
    """Whether patients read names. True until the practice decides otherwise."""
    newest = NamingRule.objects.filter(organisation=organisation).order_by("-at").first()
    return newest is None or newest.shows == "names"


@without_grant("A rule of the practice, and the roles that stand on its door.")
def naming(*, organisation: UUID) -> Naming:
    """How patients of the practice read of those who work there."""
    if shows_names(organisation=organisation):
        return Naming()
    roles = {key: who.roles for key, who in staff_names(organisation_id=organisation).items()}
    practice = the_practice(organisation_id=organisation).short_name
    return Naming(with_names=False, practice=practice, roles=roles)


@without_grant("A rule of the practice, and the roles that stand on its door.")
def naming_for(*, reader: Actor, organisation: UUID) -> Naming:
    """The same for whoever reads, or for whom a program does: staff, and what works for them, read names."""
    return naming(organisation=organisation) if (reader.behalf or reader).kind in RULED else Naming()
