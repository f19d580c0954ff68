"""The pages on which a practice builds a questionnaire: by buttons alone, nothing lost, in versions."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.test import Client
from rooms.records.questionnaires.test_a_questionnaire_is_built import Json, coded, item, questionnaire
from stage.visits import Stage, person

from teleward.access.grants import Action
from teleward.access.models import Person
from teleward.consult.models import FormAsked
from teleward.records.fhir.reading import read
from teleward.records.models import QuestionnaireDraft, Resource
from teleward.records.queries.drafts import draft
from teleward.records.queries.questionnaires import questionnaire as kept
from teleward.records.queries.questionnaires import questionnaires

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]


class Fields(HTMLParser):
    """What a browser sends for the form with this id."""

    def __init__(self, page: str, form: str = "question") -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self._form, self._inside, self._select, self._text = form, False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said: dict[str, Any] = dict(attrs)
        if tag == "form":
            self._inside = said.get("id") == self._form
        if not self._inside:
            return
        if tag == "input" and (said.get("type") not in {"checkbox", "radio"} or "checked" in said):
            self.sent[said["name"]] = said.get("value", "on" if "checked" in said else "")
        if tag == "select":
            self._select = said["name"]
        if tag == "option" and ("selected" in said or self._select not in self.sent):
            self.sent[self._select] = said["value"]
        self._text = said["name"] if tag == "textarea" else ""

    def handle_endtag(self, tag: str) -> None:
        self._text = ""

    def handle_data(self, data: str) -> None:
        if self._inside and self._text:
            self.sent[self._text] = self.sent.get(self._text, "") + data.removeprefix("\n")


@pytest.fixture
def doctor(stage: Stage, signed_in: SignIn) -> Client:
    return signed_in(stage.doctor)


@pytest.fixture
def place(doctor: Client) -> str:
    """A questionnaire that was begun."""
    return begun(doctor)


def begun(browser: Client) -> str:
    answer = browser.post("/questionnaires/new/", {"title": "Kopfschmerz", "language": "de"})
    assert answer.status_code == 303
    return str(answer["Location"])


def id_of(place: str) -> UUID:
    return UUID(place.split("/")[2])


def body_of(stage: Stage, place: str) -> Json:
    return draft(grant=stage.grant(Action.FORM_CHANGE), named=id_of(place)).body


def key(stage: Stage, place: str, text: str) -> str:
    """The key of the question that asks this."""
    lines = draft(grant=stage.grant(Action.FORM_CHANGE), named=id_of(place)).lines
    return next(line.key for line in lines if line.text == text)


def adds(browser: Client, place: str, kind: str, text: str, **more: str) -> None:
    page = browser.post(f"{place}new/", {"kind": kind}).content.decode()
    fields = {**Fields(page).sent, "text": text, **more, "do": "save"}
    answer = browser.post(f"{place}new/", fields)
    assert answer.status_code == 303, answer.content.decode()


def publishes(browser: Client, stage: Stage, place: str) -> int:
    step = draft(grant=stage.grant(Action.FORM_CHANGE), named=id_of(place)).step
    return browser.post(f"/questionnaires/{id_of(place)}/publication/", {"step": str(step)}).status_code


def test_a_questionnaire_is_built_with_conditions_and_published(
    stage: Stage, doctor: Client, place: str
) -> None:
    adds(doctor, place, "boolean", "Haben Sie Schmerzen?", required="on")
    page = doctor.post(f"{place}new/", {"kind": "integer"}).content.decode()
    fields = {**Fields(page).sent, "text": "Wie stark?", "least": "0", "most": "10"}
    page = doctor.post(f"{place}new/", {**fields, "do": "when-add"}).content.decode()
    waits = {"when0-question": key(stage, place, "Haben Sie Schmerzen?")}
    page = doctor.post(f"{place}new/", {**Fields(page).sent, **waits, "do": "look"}).content.decode()
    assert 'aria-label="Condition 1: remove"' in page
    said = {**Fields(page).sent, "when0-operator": "=", "when0-value": "true", "do": "save"}
    assert doctor.post(f"{place}new/", said).status_code == 303
    page = doctor.get(place).content.decode()
    assert "Question 1 is “Yes”" in page
    assert 'aria-label="Question 2: remove"' in page
    assert "Wie stark?" not in page[page.index('id="preview"') :]
    tried = doctor.post(place, {"a0": ["true"]}).content.decode()
    assert "Wie stark?" in tried[tried.index('id="preview"') :]
    assert publishes(doctor, stage, place) == 303
    card = kept(practice=stage.practice.id, named=id_of(place))
    whole: Any = read("Questionnaire", card.text.encode())
    assert (card.is_offered, whole.version, whole.item[1].enable_when[0].answer_boolean) == (True, "1", True)


def test_what_is_wrong_is_said_at_its_place_and_all_that_was_typed_is_still_there(
    stage: Stage, doctor: Client, place: str
) -> None:
    page = doctor.post(f"{place}new/", {"kind": "choice"}).content.decode()
    typed = {**Fields(page).sent, "text": "Wo?", "options": "links\nlinks", "required": "on", "whens": "1"}
    answer = doctor.post(f"{place}new/", {**typed, "when0-question": "", "do": "save"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#id_options">' in page
    assert "“links” stands there twice." in page
    assert '<a href="#when0">Condition 1: Choose the question' in page
    again = Fields(page).sent
    assert (again["text"], again["options"], again["required"]) == ("Wo?", "links\nlinks", "on")
    assert "item" not in body_of(stage, place)


def test_it_cannot_be_published_before_each_question_is_right_and_says_which_is_not(
    stage: Stage, doctor: Client, place: str
) -> None:
    adds(doctor, place, "group", "Ihre Medikamente")
    answer = doctor.post(
        f"/questionnaires/{id_of(place)}/publication/", {"step": str(QuestionnaireDraft.objects.get().step)}
    )
    assert answer.status_code == 422
    assert "Group 1</a>: The group is empty." in answer.content.decode()
    assert not Resource.objects.filter(type="Questionnaire").exists()


def test_questions_are_moved_removed_and_brought_back_by_buttons(
    stage: Stage, doctor: Client, place: str
) -> None:
    for text in ("a", "b", "c"):
        adds(doctor, place, "string", text)
    own = key(stage, place, "c")
    answer = doctor.post(place, {"do": f"up:{own}"})
    assert answer["Location"] == f"{place}#q-{own}"
    assert [each["text"] for each in body_of(stage, place)["item"]] == ["a", "c", "b"]
    said = doctor.post(place, {"do": f"remove:{own}"}, headers={"HX-Request": "true"}).content.decode()
    assert "Removed: Question 2." in said
    step = re.search(r'name="step" value="(\d+)"', said)
    assert step
    doctor.post(place, {"do": "undo", "step": step[1]})
    assert [each["text"] for each in body_of(stage, place)["item"]] == ["a", "c", "b"]
    assert doctor.post(place, {"do": "undo", "step": step[1]}).status_code == 409


def test_what_somebody_else_changed_meanwhile_is_not_overwritten_unseen(
    stage: Stage, doctor: Client, place: str, signed_in: SignIn
) -> None:
    adds(doctor, place, "string", "Seit wann?")
    address = f"{place}{key(stage, place, 'Seit wann?')}/"
    mine = Fields(doctor.get(address).content.decode()).sent
    other = signed_in(stage.second)
    theirs = Fields(other.get(address).content.decode()).sent
    assert other.post(address, {**theirs, "text": "Seit welchem Tag?", "do": "save"}).status_code == 303
    answer = doctor.post(address, {**mine, "text": "Wie lange?", "do": "save"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed this question" in page
    assert body_of(stage, place)["item"][0]["text"] == "Seit welchem Tag?"
    again = Fields(page).sent
    assert again["text"] == "Wie lange?"
    assert doctor.post(address, {**again, "do": "save"}).status_code == 303
    assert body_of(stage, place)["item"][0]["text"] == "Wie lange?"


def test_a_page_of_each_question_sent_as_it_is_leaves_the_questionnaire_as_it_was(
    stage: Stage, doctor: Client
) -> None:
    doctor.post("/questionnaires/starters/")
    longest = max(questionnaires(practice=stage.practice.id), key=lambda card: len(card.text))
    place = f"/questionnaires/{longest.id}/build/"
    for line in draft(grant=stage.grant(Action.FORM_CHANGE), named=longest.id).lines:
        sent = Fields(doctor.get(f"{place}{line.key}/").content.decode()).sent
        assert doctor.post(f"{place}{line.key}/", {**sent, "do": "save"}).status_code == 303
    assert not QuestionnaireDraft.objects.exists()


def test_a_draft_that_changed_since_it_was_looked_at_is_not_published(
    stage: Stage, doctor: Client, place: str
) -> None:
    adds(doctor, place, "string", "Fertig?")
    seen = str(QuestionnaireDraft.objects.get().step)
    adds(doctor, place, "string", "Noch nicht fertig")
    answer = doctor.post(f"/questionnaires/{id_of(place)}/publication/", {"step": seen})
    assert answer.status_code == 409
    assert "Somebody else changed this questionnaire meanwhile" in answer.content.decode()
    assert not Resource.objects.filter(type="Questionnaire").exists()


def test_what_the_pages_cannot_show_is_said_and_kept(stage: Stage, doctor: Client) -> None:
    strange = {"question": "a", "operator": ">", "answerString": "m"}
    own = item("b", "choice", answerOption=coded("x"), prefix="7)", enableWhen=[strange], _type={"id": "t"})
    body = questionnaire(item("a"), own, publisher="Anderswo")
    answer = doctor.post("/questionnaires/", {"text": msgspec.json.encode(body).decode()})
    place = f"{answer['Location']}build/"
    assert "publisher" in doctor.get(place).content.decode()
    address = f"{place}{key(stage, place, 'b')}/"
    page = doctor.get(address).content.decode()
    assert "prefix" in page
    assert "A condition that this page cannot show." in page
    assert doctor.post(address, {**Fields(page).sent, "text": "Neu", "do": "save"}).status_code == 303
    assert body_of(stage, place)["item"] == [item("a"), own | {"text": "Neu"}]


def test_what_was_sent_stays_as_it_was_sent_and_a_new_version_is_for_the_next(
    stage: Stage, doctor: Client, place: str
) -> None:
    adds(doctor, place, "string", "Alt?")
    publishes(doctor, stage, place)
    visit = stage.visit_now()
    sent = {"questionnaire": str(id_of(place)), "loaded_for": visit.patient}
    assert doctor.post(f"/visits/{visit.id}/questions/", sent).status_code == 200
    adds(doctor, place, "string", "Neu?")
    asked = FormAsked.objects.get().version
    assert [len(_items(stage, place, version)) for version in (None, asked)] == [1, 1]
    assert publishes(doctor, stage, place) == 303
    assert [len(_items(stage, place, version)) for version in (None, asked)] == [2, 1]
    assert kept(practice=stage.practice.id, named=id_of(place)).version == 2


def _items(stage: Stage, place: str, version: int | None) -> tuple[object, ...]:
    return kept(practice=stage.practice.id, named=id_of(place), version=version).items


def test_one_that_is_retired_is_offered_again_and_one_is_copied(
    stage: Stage, doctor: Client, place: str
) -> None:
    adds(doctor, place, "string", "Seit wann?")
    publishes(doctor, stage, place)
    doctor.post(f"/questionnaires/{id_of(place)}/retirement/")
    assert not kept(practice=stage.practice.id, named=id_of(place)).is_offered
    assert publishes(doctor, stage, place) == 303
    assert kept(practice=stage.practice.id, named=id_of(place)).is_offered
    named = {"title": "Zweite", "language": "tr"}
    copy = doctor.post(f"/questionnaires/{id_of(place)}/copy/", named)["Location"]
    assert id_of(copy) != id_of(place)
    body = body_of(stage, copy)
    assert (body["title"], body["language"], body["item"][0]["text"]) == ("Zweite", "tr", "Seit wann?")
    page = doctor.get("/questionnaires/").content.decode()
    assert page.index("not published") < page.index("Kopfschmerz")
    doctor.post(f"/questionnaires/{id_of(copy)}/discarding/")
    assert doctor.get(copy).status_code == 404


def test_a_draft_is_sealed_and_of_the_practice_alone(
    stage: Stage, doctor: Client, place: str, stranger: Person, signed_in: SignIn
) -> None:
    adds(doctor, place, "string", "Wer half Ihnen?")
    row = QuestionnaireDraft.objects.get()
    assert b"Wer half" not in bytes(row.body) + bytes(row.before)
    other = signed_in(stranger)
    assert other.get(place).status_code == 404
    assert other.post(f"/questionnaires/{row.id}/publication/", {"step": str(row.step)}).status_code == 404
    assert "Kopfschmerz" not in other.get("/questionnaires/").content.decode()
    desk = signed_in(person(stage.practice, "Ulf Sand", "reception"))
    assert desk.get(place).status_code == 403


def test_a_questionnaire_goes_out_as_fhir_and_comes_back_with_every_digit(
    stage: Stage, doctor: Client
) -> None:
    bound = {"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueDecimal": 0.5}
    text = msgspec.json.encode(questionnaire(item("a", "decimal", extension=[bound]))).decode()
    text = text.replace("0.5", "0.50")
    address = doctor.post("/questionnaires/", {"text": text})["Location"]
    doctor.post(f"{address}retirement/")
    answer = doctor.get(f"{address}file/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert '"valueDecimal": 0.50' in answer.content.decode()
