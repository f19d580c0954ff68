"""The gate for what is answered by one statement: the decision is made here, written where the data is read.

`authorise` writes the decision and then hands over a grant. Here the entry is handed over instead, and the
statement that reads or changes data writes it first: without the entry the statement has no rows.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from teleward.access.actions import Action, Purpose, usual_purpose
from teleward.access.actors import Actor, ActorKind
from teleward.access.deciding import Decision, decide_with
from teleward.access.evidence import NONE, Evidence, read_standings, statement
from teleward.access.lists import ties
from teleward.access.subjects import Subject
from teleward.audit import ledger
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem
from teleward.kernel.ids import new_id

from .decision import Asked, Detail, Written, entry_of
from .proof import Circumstances, Grant
from .refused import refusal

LOOKED_UP = frozenset({ActorKind.STAFF, ActorKind.PATIENT})
Ask = Callable[[str, Sequence[object]], Awaitable[list[tuple[Any, ...]]]]  # the rows of a statement


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """What the policies answered. No ledger holds it yet."""

    asked: Asked
    decision: Decision
    at: datetime

    @property
    def allowed(self) -> bool:
        """Whether the policies permit it."""
        return self.decision.allowed

    def refusal(self) -> Problem:
        """The problem to raise for a no, once its entry stands."""
        asked = self.asked
        return refusal(actor=asked.actor, action=asked.action, subject=asked.subject, decision=self.decision)

    def entry(self, *, outcome: str = "", detail: Detail | None = None) -> Written:
        """The entry that has to stand before anything leaves; outcome: allow, done or listed."""
        told = {**self.decision.detail, **(detail or {})}
        entry = entry_of(self.asked, self.decision, told, outcome if self.allowed else "")
        return Written(
            id=new_id(), at=self.at, patient=entry.patient, body=ledger.body_of(entry=entry, at=self.at)
        )

    def grant(self, *, entry: UUID) -> Grant:
        """The grant, for who has written the entry. Raises the refusal where there is none to give."""
        if not self.allowed:
            raise self.refusal()
        asked = self.asked
        return Grant(
            actor=asked.actor,
            action=asked.action,
            subject=asked.subject,
            purpose=asked.purpose,
            policy=self.decision.policy,
            ledger=entry,
            at=self.at,
            circumstances=asked.circumstances,
        )


async def weigh(
    *,
    ask: Ask,
    actor: Actor,
    action: Action,
    subjects: Sequence[Subject],
    circumstances: Circumstances,
) -> list[Weighed]:
    """What the policies say now about each subject, in their order: at most one statement for all."""
    at = now()
    found = await _evidence(ask, actor.behalf or actor, subjects, at)
    usual = usual_purpose(action)
    every = [Asked(actor, action, subject, circumstances, usual) for subject in subjects]
    return [_weighed(asked, each, at) for asked, each in zip(every, found, strict=True)]


def _weighed(asked: Asked, found: Evidence, at: datetime) -> Weighed:
    decision = decide_with(actor=asked.actor, action=asked.action, subject=asked.subject, found=found, at=at)
    named = replace(asked, purpose=Purpose(decision.purpose)) if decision.purpose else asked
    return Weighed(asked=named, decision=decision, at=at)


async def _evidence(ask: Ask, actor: Actor, subjects: Sequence[Subject], at: datetime) -> list[Evidence]:
    if actor.kind not in LOOKED_UP or all(subject.patient is None for subject in subjects):
        return [NONE] * len(subjects)
    if len(subjects) > 1:
        asked = ties.asked(actor=actor, subjects=subjects, at=at)
        rows = await ask(ties.numbered(actor.kind), list(asked.values()))
        return ties.by_place(rows, len(subjects))
    visit = subjects[0].id if subjects[0].kind == "Visit" else None
    values = (actor.id, actor.organisation, actor.session, subjects[0].patient, visit, at)
    return [read_standings(await ask(_text(actor.kind), values))]


@cache
def _text(kind: ActorKind) -> str:
    return statement(kind).decode()
