"""Two people build the same questionnaire in the same moment."""

from collections.abc import Callable

import pytest
from django.test import Client
from rooms.records.questionnaires.test_building_pages import adds, begun, body_of, id_of, key
from stage.visits import Stage

from teleward.access.grants import Action
from teleward.access.models import Person
from teleward.records.queries.drafts import draft
from teleward.records.views import building


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["up", "down", "remove"])
def test_what_a_colleague_removed_in_the_same_moment_stays_removed(
    stage: Stage, signed_in: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    doctor = signed_in(stage.doctor)
    place = begun(doctor)
    adds(doctor, place, "string", "Seit wann?")
    gone = key(stage, place, "Seit wann?")
    before = draft(grant=stage.grant(Action.FORM_CHANGE), named=id_of(place))
    assert doctor.post(place, {"do": f"remove:{gone}"}).status_code == 303
    monkeypatch.setattr(building, "draft", lambda **_asked: before)  # read a moment earlier
    assert doctor.post(place, {"do": f"{step}:{gone}"}).status_code == 303
    assert "item" not in body_of(stage, place)
