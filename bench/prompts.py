"""How often the one-line prompt asks: prompts per member of staff and working day, in an invented practice.

The real policies decide about each access; what ties staff to patients is kept in memory, within the windows
of the policies. Who gave a line is not asked again about that patient that day, as in the product. The design
facts name about 1.6 in a simulation of their own. Data: 12 clinicians, 3 people at the desk, 2,400 patients,
20 working days, one seed. The table TASKS is the assumption; everything else follows from it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from bench import ground  # noqa: F401 - sets Django up; no database is started
from bench.figures import Figure
from teleward.access import entities
from teleward.access.actions import Action
from teleward.access.actors import Actor, ActorKind
from teleward.access.deciding import decide_on
from teleward.access.evidence import Evidence, Standing
from teleward.access.policy import Window, rules
from teleward.access.policy.annotations import windows
from teleward.access.subjects import Subject

SEED = 7
CLINICIANS, DESK, PATIENTS, DAYS = 12, 3, 2400, 20
MONDAY = datetime(2026, 9, 7, 8, tzinfo=UTC)
HERE = UUID(int=1)
COMES_AGAIN = 0.3  # share of patients with an appointment in the months ahead


@dataclass(frozen=True)
class Task:
    """Why somebody opens an entry, how often a day, and what the practice has written down about it."""

    name: str
    a_day: float
    last_seen: float  # days since the patient's last appointment here, on average; most are far fewer
    tie: str = ""  # a kind of standing of the person themself
    recorded: float = 0.0  # share of these tasks whose tie is in the system
    own: float = 0.0  # share whose last appointment here was with this person themself


TASKS = {
    "physician": (
        Task("own appointment", 16, 0, "appointment", 1.0),
        Task("result of a recent visit", 5, 5, own=1.0),
        Task("call back", 4, 14, own=0.95),
        Task("message answered", 3, 30, "message", 1.0),
        Task("colleague asks for advice", 1.5, 20, "referral", 0.5),
        Task("stands in for a colleague", 2, 20, "cover", 0.8),
        Task("letter or form", 1.5, 60, own=0.9),
        Task("care team", 2, 30, "team", 0.9, own=0.5),
    ),
    "reception": (
        Task("patient comes or is called", 40, 0),
        Task("patient rings", 15, 10),
        Task("patient rings, not seen for long", 2.5, 200),
    ),
}


def measure() -> list[Figure]:
    asked, accesses, by_task = _simulate(Random(SEED))  # noqa: S311 - a simulation, nothing secret
    staff_days = (CLINICIANS + DESK) * DAYS
    print(f"{asked} prompts in {accesses} accesses on {staff_days} working days of people")
    for name, (prompts, tries) in sorted(by_task.items(), key=lambda each: -each[1][0]):
        print(f"  {name}: {prompts} of {tries}")
    value = asked / staff_days
    return [Figure(name="prompts-per-staff-day", value=value, unit="1", goal="about-1.6")]


def _simulate(chance: Random) -> tuple[int, int, dict[str, tuple[int, int]]]:
    known = windows(rules().annotations.values())
    by_task: dict[str, tuple[int, int]] = {}
    for person in range(CLINICIANS + DESK):
        role = "physician" if person < CLINICIANS else "reception"
        for day in range(DAYS):
            at = MONDAY + timedelta(days=day + 2 * (day // 5))
            actor, given = _actor(person, role, at), set[UUID]()
            for task in _day(chance, TASKS[role]):
                who = UUID(int=100_000 + chance.randrange(PATIENTS))
                prompted = _asks(actor, who, _ties(chance, known, task, at), at) and who not in given
                given |= {who} if prompted else set()
                prompts, tries = by_task.get(task.name, (0, 0))
                by_task[task.name] = (prompts + prompted, tries + 1)
    asked, accesses = (sum(each[index] for each in by_task.values()) for index in (0, 1))
    return asked, accesses, by_task


def _day(chance: Random, tasks: tuple[Task, ...]) -> list[Task]:
    """The tasks of one day: each as often as said, give or take its fraction."""
    return [task for task in tasks for _ in range(int(task.a_day) + (chance.random() < task.a_day % 1))]


def _asks(actor: Actor, who: UUID, ties: dict[str, Standing], at: datetime) -> bool:
    subject = Subject(kind="Patient", id=who, organisation=HERE, patient=who)
    facts = entities.facts(actor=actor, subject=subject, found=Evidence(standing=ties), at=at)
    return not decide_on(action=Action.PATIENT_READ, facts=facts).allowed


def _actor(person: int, role: str, at: datetime) -> Actor:
    return Actor(
        kind=ActorKind.STAFF,
        id=UUID(int=1000 + person),
        organisation=HERE,
        roles=frozenset({role}),
        aal=2,
        authenticated_at=at,
    )


def _ties(chance: Random, known: dict[str, Window], task: Task, at: datetime) -> dict[str, Standing]:
    ties = {}
    seen = at - timedelta(days=chance.expovariate(1 / task.last_seen) if task.last_seen else 0)
    comes_again, is_own = chance.random() < COMES_AGAIN, chance.random() < task.own
    for kind, holds in (("booking", True), ("treated", is_own)):
        if holds and (comes_again or at - seen <= known[kind].after):
            ties[kind] = Standing(kind, None, seen)
    if task.tie and chance.random() < task.recorded:
        ties[task.tie] = Standing(task.tie, None, at)
    return ties
