"""PUT of an Observation as entered-in-error by what sent it: US Core 9, "Writing Vital Signs".

Of the body only the status is taken; everything else stays as it was measured.
"""

from typing import Any

from teleward.access.grants import Action, ActorKind
from teleward.records.operations.disowning import KIND, WRONG, mark_wrong

from .exchange import Exchange
from .messages import Answer
from .problems import ChangedMeanwhile, Removed, Unknown
from .reading import answer_with, id_of, in_scope


def takes_back(x: Exchange, kind: str, resource: Any) -> bool:  # noqa: ANN401 - any struct
    """Whether a gateway or a patient's app says that what was sent is wrong."""
    behalf = x.actor.behalf
    is_patients = x.actor.kind is ActorKind.DEVICE or (behalf and behalf.kind is ActorKind.PATIENT)
    return bool(is_patients) and kind == KIND and resource.status == WRONG


async def taken_back(x: Exchange, text: str) -> Answer:
    """It stays, with this status. A no is written down and raised; raises Unknown, Removed, NotTheirs."""
    logical_id = id_of(text)
    stands = await x.stands(KIND, logical_id)
    weighed = await x.must_allow(x.subject(KIND, "u", stands), Action.READING_WRITE)
    if stands is None or not await in_scope(x, KIND, logical_id, stands, "u"):
        raise Unknown
    entry = weighed.entry(detail={"resource": f"{KIND}/{logical_id}", "version": stands.version})
    await x.tell([entry])
    if stands.removed_at is not None:
        raise Removed
    if not _is_expected(x, stands.version):
        raise ChangedMeanwhile
    version = await x.in_thread(mark_wrong, grant=weighed.grant(entry=entry.id), logical_id=logical_id)
    return answer_with(version, location=True)


def _is_expected(x: Exchange, version: int) -> bool:
    expected = x.request.headers.get("if-match", "")
    return expected in {"", "*", str(version)} or f'"{version}"' in expected
