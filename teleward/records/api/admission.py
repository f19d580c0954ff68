"""Whether something may be searched for at all."""

from teleward.access.grants import Action, Weighed

from .chaining import is_system, named_patients
from .exchange import Exchange
from .owners import NOBODYS
from .plans import Plan
from .projecting import projected


async def admitted(x: Exchange, plan: Plan) -> Weighed:
    """Whether this may be searched for at all. A no is written down and raised."""
    patients = named_patients(plan)
    if patients and len(patients) == 1:
        (patient,) = patients
        if plan.kind == "Patient":
            await projected(x, "Patient", patient, await x.stands("Patient", patient))
        subject = x.of_patient(plan.kind, "s", patient, await x.practice_of(patient))
        return await x.must_allow(subject)
    own = x.directory(plan.kind, "s")
    if is_system(x) and plan.kind not in NOBODYS:
        return await x.must_allow(own, Action.PRACTICE_SEARCH)
    return await x.must_allow(own)
