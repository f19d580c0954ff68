"""A visit in which nothing was shown ends like any other, and nobody reads that showing ended."""

import pytest
from stage.deliveries import deliver_all
from stage.visits import Stage

from teleward.access.grants import Action
from teleward.audit.queries.chains import of_patient
from teleward.consult.models import Visit
from teleward.consult.operations.endings import end
from teleward.kernel.events import Event


@pytest.mark.django_db
def test_where_nothing_was_shown_the_patient_does_not_read_that_showing_stopped(stage: Stage) -> None:
    visit = stage.visit_now()
    Visit.objects.filter(id=visit.id).update(state="in-call")
    ending = stage.grant(Action.VISIT_END, visit)
    end(grant=ending, visit=visit.id, disposition="completed", follow_up_offered=False)
    deliver_all(Event.VISIT_ENDED, visit=visit.id)
    told = {entry.facts["action"] for entry in of_patient(patient=visit.patient)}
    assert Action.VISIT_END in told
    assert Action.READING_SHARE not in told
