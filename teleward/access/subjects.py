"""What is asked about."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A thing with its owner: the practice it belongs to and, where it is a patient's, the patient."""

    kind: str  # an entity type of the policies: Patient, Visit, Organisation, Person, …
    id: UUID | None
    organisation: UUID | None = None
    patient: UUID | None = None  # whose ledger chain the entry joins
    category: str = ""  # of a sensitive item: mental-health, sexual-health, genetics
    interaction: str = ""  # "Observation.r": type and letter that a program's scopes are held against
