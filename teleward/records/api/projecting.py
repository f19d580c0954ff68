"""What Teleward itself knows, as FHIR: people and the practice come into the chart when first asked for."""

from uuid import UUID

from teleward.records.operations.directory import project_directory, project_patient

from .exchange import Exchange, Stands

DIRECTORY = frozenset({"Organization", "Practitioner"})


async def projected(x: Exchange, kind: str, logical_id: UUID, stands: Stands | None) -> Stands | None:
    """Where it stands, brought into the chart first if Teleward knows it and the chart does not yet."""
    if stands is not None or x.actor.organisation is None:
        return stands
    if kind == "Patient" and await x.practice_of(logical_id) == x.practice:
        await x.in_thread(project_patient, patient=logical_id)
    elif kind in DIRECTORY:
        await x.in_thread(project_directory, kind=kind, practice=x.practice, named=logical_id)
    else:
        return None
    return await x.stands(kind, logical_id)
