"""A link that opens nothing any more: the visitor reads that, and the ledger has that somebody held it."""

import pytest
from django.test import Client
from fakes.members import browser_of, joins, listening
from stage.visits import Stage

from teleward.access.grants import Action
from teleward.access.models import Pass, PassRevocation, StaffInvitation
from teleward.audit.ledger import Entry
from teleward.consult.cards import VisitCard
from teleward.consult.operations.visits import cancel
from teleward.kernel.clock import now
from teleward.kernel.ids import new_token

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def visit(stage: Stage) -> VisitCard:
    return stage.visit_now()


@pytest.fixture
def path(stage: Stage, visit: VisitCard) -> str:
    return "/join/" + stage.link(visit).url.split("/join/")[1]


def expired() -> None:
    Pass.objects.update(expires_at=now())


def revoked() -> None:
    PassRevocation.objects.create(taken=Pass.objects.get())


@pytest.mark.parametrize(("over", "because"), [(expired, "expired"), (revoked, "revoked")])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_look_at_a_link_that_is_over_joins_the_patients_chain(
    visit: VisitCard, path: str, monkeypatch: pytest.MonkeyPatch, over: object, because: str, method: str
) -> None:
    assert callable(over)
    over()
    heard: list[Entry] = listening(monkeypatch)
    answer = getattr(Client(REMOTE_ADDR="203.0.113.9"), method)(path, headers=ENGLISH)
    assert answer.status_code == 410
    assert "ledger" not in answer.content.decode()
    (entry,) = heard
    assert (entry.action, entry.outcome, entry.patient) == ("consult:visit:claim", "deny", visit.patient)
    assert (entry.subject_kind, entry.subject_id, entry.visit) == ("Visit", visit.id, visit.id)
    assert (entry.actor_kind, entry.client_address) == ("Nobody", "203.0.113.9")
    assert entry.detail == {"because": because}


@pytest.mark.django_db
def test_a_link_that_never_was_lengthens_nobodys_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = listening(monkeypatch)
    assert Client().get(f"/join/{new_token()}/").status_code == 404
    assert heard == []


@pytest.mark.django_db
def test_a_look_at_an_invitation_that_is_over_is_in_the_ledger_and_says_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin = browser_of(joins("Ada Leitner", "administrator"))
    asked = {"name": "Carla Neu", "email": "carla@praxis.example", "roles": "nurse", "by": "shown"}
    page = admin.post("/staff/invitations/new/", asked).content.decode()
    link = "/sign-in/invitation/" + page.partition("/sign-in/invitation/")[2].partition("/")[0] + "/"
    StaffInvitation.objects.update(withdrawn_at=now())
    heard = listening(monkeypatch)
    answer = Client().get(link)
    assert (answer.status_code, b"Carla" in answer.content) == (410, False)
    (entry,) = heard
    assert (entry.action, entry.outcome) == ("access:staff:invite", "deny")
    assert entry.detail == {"looked": str(StaffInvitation.objects.get().id)}


def test_a_cancelled_visit_closes_its_link_and_its_page(stage: Stage, visit: VisitCard, path: str) -> None:
    browser = Client()
    browser.post(path, {"mode": "video", "agreed": "on", "company": ""})
    cancel(grant=stage.grant(Action.VISIT_CANCEL, visit), visit=visit.id, reason="clinic")
    closed = browser.get(path)
    assert closed.status_code == 410
    assert "Dieser Termin wurde abgesagt" in closed.content.decode()
    assert browser.get("/visit/").status_code == 401
