"""What a list shows is what the engine would say about each row: on real policies, and on invented ones."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from random import Random

import cedarpy
import pytest
import time_machine
from django.db.models import Model, QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stage.worlds import World

from teleward.access import entities
from teleward.access.actors import Actor, ActorKind
from teleward.access.evidence import evidence
from teleward.access.grants import Action, Subject
from teleward.access.lists import Row, condition
from teleward.access.lists.condition import Sql
from teleward.access.models import Patient
from teleward.access.policy import Rules, loading, rules
from teleward.access.policy.annotations import parsed
from teleward.consult.models import Visit
from teleward.kernel.clock import now
from teleward.trust.models import Objection

PATIENT = Row(kind="Patient", id="id", organisation="organisation_id", patient="id", category="given_name")
VISIT = Row(kind="Visit", id="id", organisation="organisation", patient="patient", category="category")
OBJECTION = Row(kind="Objection", id="id", organisation="organisation_id", patient="patient_id")
SHOWN: list[tuple[Row, type[Model]]] = [(PATIENT, Patient), (VISIT, Visit), (OBJECTION, Objection)]
ENOUGH = 200_000
EVERY = frozenset(Action)
TELLING = frozenset({Action.PATIENT_READ, Action.NOTE_READ, Action.PATIENT_LIST})


@dataclass(frozen=True)
class Rows:
    """All rows of one kind in the database, with what the gate would be asked about each."""

    row: Row
    all: QuerySet[Model]
    subjects: Sequence[Subject]

    @classmethod
    def of(cls, row: Row, model: type[Model]) -> "Rows":
        everything = model._default_manager.all()
        return cls(row, everything, [row.subject(each) for each in everything])


def by_sql(rows: Rows, actor: Actor, action: Action, by: Rules | None = None) -> set[str]:
    """The ids that one SQL condition gives."""
    said = condition(actor=actor, action=action, row=rows.row, at=now(), by=by)
    found = rows.all.filter(said) if not isinstance(said, bool) else rows.all if said else rows.all.none()
    return {str(each) for each in found.values_list("id", flat=True)}


@dataclass(frozen=True)
class Engine:
    """The engine with one actor and every row, each with the ties the gate looks up."""

    actor: Actor
    rules: Rules
    known: cedarpy.Entities

    @classmethod
    def about(cls, actor: Actor, subjects: Sequence[Subject], by: Rules | None = None) -> "Engine":
        at, loaded = now(), by or rules()
        of_patient = {
            (each.patient, each.id if each.kind == "Visit" else None): evidence(
                actor=actor, subject=each, at=at
            )
            for each in subjects
        }
        about = [
            entities.resource(each, found.tier, found.kinds)
            for each in subjects
            for found in [of_patient[each.patient, each.id if each.kind == "Visit" else None]]
        ]
        text = json.dumps([entities.principal(actor), *about])
        return cls(actor, loaded, cedarpy.Entities.from_json_str(text, schema=loaded.schema))

    def allows(self, action: Action, subjects: Sequence[Subject]) -> set[str]:
        """The ids of those for which the answer is yes."""
        who = entities.uid(self.actor.kind.value, self.actor.id)
        context = {"self": False, "fresh": entities.is_fresh(self.actor, now())}
        asked = {"principal": who, "action": {"type": "Action", "id": action.value}, "context": context}
        answers = cedarpy.is_authorized_batch(
            [asked | {"resource": entities.uid(each.kind, each.id)} for each in subjects],
            self.rules.about(who["type"], action.value),
            self.known,
            schema=self.rules.schema,
        )
        return {str(each.id) for each, said in zip(subjects, answers, strict=True) if said.allowed}


def actions_on(kind: str) -> list[Action]:
    """Every action that the schema lets somebody ask for about this kind."""
    groups = re.findall(r'action ("[^;]*?)appliesTo \{[^}]*resource: (\[[^\]]*\]|\w+)', loading.sources()[1])
    return [
        Action(each)
        for names, on in groups
        if kind in re.findall(r"\w+", on)
        for each in re.findall(r'"([^"]+)"', names)
    ]


def differences(world: World, moods: int, only: frozenset[Action] = EVERY) -> tuple[int, list[str]]:
    """How many decisions were compared, and where SQL and the engine disagree."""
    shown = [Rows.of(row, model) for row, model in SHOWN]
    decided, wrong = 0, []
    for actor in world.actors(moods):
        if actor.kind is ActorKind.CLIENT:
            continue  # has no such lists
        engine = Engine.about(actor, [subject for rows in shown for subject in rows.subjects])
        for rows in shown:
            for action in only.intersection(actions_on(rows.row.kind)):
                decided += len(rows.subjects)
                if by_sql(rows, actor, action) != engine.allows(action, rows.subjects):
                    wrong.append(f"{action.value} on {rows.row.kind} by {sorted(actor.roles)}")
    return decided, wrong


STAFF, OTHERS = 12, 6  # who asks: with the accounts of four patients, a device and the system itself
OF_A_PATIENT = {"Patient": 1, "Visit": 2, "Objection": 0.5}  # rows of a world, for each patient in it


def enough_patients() -> int:
    """As few as make enough decisions: with each action that comes, fewer will do."""
    of_each = sum(number * len(actions_on(kind)) for kind, number in OF_A_PATIENT.items())
    return ceil(ENOUGH / (STAFF + OTHERS) / of_each / 2) * 2


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with time_machine.travel(now(), tick=False):
        made = World(chance=Random(), at=now())  # noqa: S311 - worlds, not secrets
        made.fill(staff=STAFF, patients=enough_patients())
        yield made


def test_a_list_shows_what_the_engine_allows(world: World) -> None:
    decided, wrong = differences(world, moods=1)
    assert wrong == []
    assert decided >= ENOUGH


@pytest.mark.parametrize("slip", ["both", "either", "negated", "is_one_of", "_any_of"])
def test_words_of_sql_that_show_too_much_or_too_little_are_caught(
    db: None, monkeypatch: pytest.MonkeyPatch, slip: str
) -> None:
    word = getattr(Sql, slip)
    slips = {
        "both": Sql.either,  # shows more
        "either": Sql.both,  # shows less
        "negated": lambda _words, said: said,
        "is_one_of": lambda words, attribute, texts: attribute == "tier" or word(words, attribute, texts),
        "_any_of": lambda words, kinds: word(words, kinds[:1]),
    }
    with time_machine.travel(now(), tick=False):
        world = World(chance=Random(7), at=now())  # noqa: S311 - worlds, not secrets
        world.fill(staff=6, patients=30)
        monkeypatch.setattr(Sql, slip, slips[slip])
        assert differences(world, moods=1, only=TELLING)[1]


ATTRIBUTES = st.sampled_from(["tier", "category", "organisation", "patient"])
TEXTS = st.sampled_from(
    ['"normal"', '"restricted"', '"closed"', '""', '"genetics"', "principal.organisation", '"ABC"']
)
KINDS = st.sampled_from(["appointment", "team", "cover", "own", "family", "booking", "glass", "host", "none"])
SETS = st.lists(KINDS, min_size=1, max_size=3).map(json.dumps)
SAID = st.one_of(
    st.builds("resource.{} {} {}".format, ATTRIBUTES, st.sampled_from(["==", "!="]), TEXTS),
    st.builds("{1} == resource.{0}".format, ATTRIBUTES, TEXTS),
    st.builds("[{1}, {2}].contains(resource.{0})".format, ATTRIBUTES, TEXTS, TEXTS),
    st.builds('resource.standing.contains("{}")'.format, KINDS),
    st.builds("resource.standing.contains{}({})".format, st.sampled_from(["Any", "All"]), SETS),
    st.sampled_from(
        [
            "principal.active",
            'principal.roles.contains("physician")',
            "principal.aal > 2",
            "context.fresh",
            "resource is Patient",
            "resource is Visit",
            "resource has tier",
        ]
    ),
)
EXPRESSIONS = st.recursive(
    SAID,
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("!({})".format, inner),
        st.builds("(if {} then {} else {})".format, inner, inner, inner),
    ),
    max_leaves=6,
)
POLICY = st.builds(
    "{} (principal, action, resource{}) {} {{ {} }};".format,
    st.sampled_from(["permit", "permit", "forbid"]),
    st.sampled_from(["", "", " is Patient", " is Visit"]),
    st.sampled_from(["when", "when", "unless"]),
    EXPRESSIONS,
)


def invented(text: str) -> Rules:
    """These policies instead of ours, each with an @id of its own."""
    named = "".join(f'@id("{place}") {policy}' for place, policy in enumerate(text.splitlines()))
    return replace(rules(), parsed=tuple(parsed(named)), digest=named)


def test_policies_that_nobody_has_written_yet_mean_the_same_in_sql(world: World) -> None:
    rows = Rows.of(PATIENT, Patient)
    everybody = [actor for actor in world.actors(1) if actor.kind is ActorKind.STAFF]
    engines = [Engine.about(actor, rows.subjects) for actor in everybody[:4]]

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(POLICY, min_size=1, max_size=4).map("\n".join), st.sampled_from(engines))
    def same(text: str, engine: Engine) -> None:
        by = invented(text)
        read = Action.PATIENT_READ
        assert by_sql(rows, engine.actor, read, by) == replace(engine, rules=by).allows(read, rows.subjects)

    same()
