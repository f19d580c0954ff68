"""What this room does when something has happened elsewhere: it opens cases and sends word."""

from uuid import UUID

from teleward.access.queries.glass import glass_facts
from teleward.access.queries.patients import patient_subject
from teleward.access.queries.reasons import reason_facts
from teleward.kernel.events import Event, reaction
from teleward.watch.operations.by_itself import grant_for_case, grant_for_desk
from teleward.watch.operations.cases import note_reason, open_emergency, open_report, settle_report
from teleward.watch.operations.notices import tell
from teleward.watch.queries.cases import organisation_of_report


@reaction(Event.GLASS_BROKEN)
def look_into_emergency(glass: UUID) -> None:
    """A case, and word to the patient at once."""
    facts = glass_facts(glass=glass)
    case = open_emergency(grant=grant_for_desk(organisation=facts.organisation), facts=facts)
    tell(grant=grant_for_case(case=case))


@reaction(Event.REASON_GIVEN)
def count_reason(reason: UUID) -> None:
    """Counts it, and draws some to look at."""
    facts = reason_facts(reason=reason)
    note_reason(grant=grant_for_desk(organisation=facts.organisation), facts=facts)


@reaction(Event.OBJECTION_OPENED)
def link_report(objection: UUID, patient: UUID) -> None:
    """A patient's report stands on the desk too."""
    organisation = patient_subject(patient=patient).organisation
    open_report(grant=grant_for_desk(organisation=organisation), objection=objection, patient=patient)


@reaction(Event.OBJECTION_ANSWERED)
def close_report(objection: UUID) -> None:
    """The report is answered."""
    organisation = organisation_of_report(objection=objection)
    settle_report(grant=grant_for_desk(organisation=organisation), objection=objection)


@reaction(Event.CASE_REVIEWED)
def tell_the_answer(case: UUID) -> None:
    """The patient hears that there is an answer."""
    tell(grant=grant_for_case(case=case))
