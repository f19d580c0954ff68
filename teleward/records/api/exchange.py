"""One interaction with the chart: who asks, what the gate says, and the statements that follow."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from teleward.access.grants import Action, Actor, Circumstances, Subject, Weighed, Written, weigh
from teleward.access.queries.naming import RULED, Naming, naming
from teleward.access.queries.tokens import narrowing
from teleward.kernel.clock import now
from teleward.kernel.envelope import fresh_key, opened_key
from teleward.kernel.errors import Problem
from teleward.records.queries.naming import body_as_told
from teleward.records.store.digests import Digests, digests_of
from teleward.records.store.finding import holder_of
from teleward.records.store.keeping import NewVersion, entries_told, keep_values, rows_named
from teleward.records.store.revealing import Version, opened
from teleward.records.store.sessions import Session
from teleward.records.store.statements import (
    KEEP,
    KEY,
    NEW_KEY,
    PRACTICE_OF,
    REVEAL,
    STANDS,
    TELL,
    VERSIONS,
)

from .ahead import Ahead
from .messages import Pairs, Request
from .problems import Unknown

T = TypeVar("T")
BY_ID = (Action.RECORD_READ, Action.DIRECTORY_READ)
READS, NO_ID = frozenset("rs"), frozenset("cs")


@dataclass(frozen=True, kw_only=True)
class Stands:
    """Where a resource stands, known before the gate decides: ids, version and times."""

    version: int
    newest: UUID
    practice: UUID
    patient: UUID | None
    removed_at: datetime | None
    last_updated: datetime


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """What every interaction needs."""

    request: Request
    session: Session
    actor: Actor
    circumstances: Circumstances
    ahead: Ahead
    desk: Callable[..., Any]  # runs what is synchronous in a thread of its own
    sessions: Callable[
        [], AbstractAsyncContextManager[Session]
    ]  # for what goes on after the answer has begun
    asker: Callable[[Session], Awaitable[Actor]]  # who asks, found out once more

    @property
    def practice(self) -> UUID:
        """The practice of who asks. Nobody's practice has nothing."""
        return self.actor.organisation or UUID(int=0)

    @property
    def digests(self) -> Digests:
        """The keyed hashes of that practice."""
        return digests_of(self.practice)

    async def stands(self, kind: str, logical_id: UUID) -> Stands | None:
        """Where a resource stands, or None where there is none."""
        holder = holder_of(kind, logical_id)
        rows = self.ahead.taken(holder)
        if rows is None:
            rows = await self.session.ask(STANDS, [holder])
        return _stands(rows[0]) if rows else None

    async def versions(self, kind: str, logical_id: UUID) -> list[tuple[UUID, Stands]]:
        """Every version, newest first."""
        rows = await self.session.ask(VERSIONS, [kind, logical_id])
        return [
            (row, _stands((version, row, practice, patient, at if deed == "DELETE" else None, at)))
            for row, version, practice, patient, deed, at in rows
        ]

    async def deeds(self, kind: str, logical_id: UUID) -> set[str]:
        """How its versions came about."""
        return {row[4] for row in await self.session.ask(VERSIONS, [kind, logical_id])}

    async def practice_of(self, patient: UUID) -> UUID | None:
        """The practice that keeps a patient's record."""
        rows = await self.session.ask(PRACTICE_OF, [patient])
        return rows[0][0] if rows else None

    def directory(self, kind: str, letter: str) -> Subject:
        """The practice's own, which is about no patient."""
        own = self.actor.organisation
        return Subject(kind="Organisation", id=own, organisation=own, interaction=f"{kind}.{letter}")

    def subject(self, kind: str, letter: str, owner: Stands | None) -> Subject:
        """What the gate is asked about. What is not there is asked about like what is somebody else's."""
        asked = f"{kind}.{letter}"
        if owner is None:
            return Subject(kind="Patient", id=None, interaction=asked)
        if owner.patient is None:
            return Subject(
                kind="Organisation", id=owner.practice, organisation=owner.practice, interaction=asked
            )
        return self.of_patient(kind, letter, owner.patient, owner.practice)

    def of_patient(self, kind: str, letter: str, patient: UUID, practice: UUID | None) -> Subject:
        """A patient as the gate is asked about them."""
        return Subject(
            kind="Patient",
            id=patient,
            organisation=practice,
            patient=patient,
            interaction=f"{kind}.{letter}",
        )

    async def weigh(self, subjects: Sequence[Subject], action: Action | None = None) -> list[Weighed]:
        """What the policies say about each; of patients and of the practice's own directory."""
        if not subjects:
            return []
        chosen = action or action_for(subjects[0])
        return await weigh(
            ask=self.session.ask,
            actor=self.actor,
            action=chosen,
            subjects=subjects,
            circumstances=self.circumstances,
        )

    async def must_allow(self, subject: Subject, action: Action | None = None) -> Weighed:
        """The decision, where it is a yes. A no is written down, then raised.

        Who may not know that something is there hears that there is nothing.
        """
        (weighed,) = await self.weigh([subject], action)
        if not weighed.allowed:
            await self.tell([weighed.entry()])
            raise await self._no(weighed)
        return weighed

    async def nothing(self, kind: str, letter: str) -> Problem:
        """What who asks is told of an id that is nobody's."""
        (weighed,) = await self.weigh([self.subject(kind, letter, None)])
        return Unknown() if weighed.allowed else await self._no(weighed)

    async def _no(self, weighed: Weighed) -> Problem:
        """What who asks is told: by an id alone nobody learns that something is hidden from them."""
        subject, own = weighed.asked.subject, self.actor.organisation
        kind, _dot, letter = subject.interaction.partition(".")
        if own is None or narrowing(actor=self.actor, kind=kind, letter=letter) is None:
            return weighed.refusal()
        is_known = subject.organisation == own and await self._is_known(weighed)
        return weighed.refusal() if is_known else Unknown()

    async def _is_known(self, weighed: Weighed) -> bool:
        """Whether who asks may know that it is there: they were opened for it, or may read it."""
        subject = weighed.asked.subject
        kind, _dot, letter = subject.interaction.partition(".")
        if letter in NO_ID and subject.patient in self._own():
            return True
        if weighed.asked.action in BY_ID and letter == "r":
            return False
        (read,) = await self.weigh([replace(subject, interaction=f"{kind}.r")])
        return read.allowed

    def _own(self) -> set[UUID | None]:
        """Whose id alone tells nothing: nobody's, and that of the patient whom who asks is there for."""
        behalf = self.actor.behalf
        return {None, self.actor.patient, behalf.patient if behalf else None}

    async def tell(self, entries: Sequence[Written]) -> None:
        """Writes entries by themselves, where nothing is read or changed."""
        await self.session.ask(TELL, [entries_told(entries)])

    async def reveal(self, entries: Sequence[Written], rows: Sequence[UUID]) -> list[Version]:
        """What these versions say, in their order. The entries stand before any of it is here.

        To a patient, or to an app of theirs, staff are called as the practice has decided.
        """
        values = [entries_told(entries), rows_named(rows)]
        found = opened(await self.session.ask(REVEAL, values, practice=self.practice))
        called = await self.called()
        return [replace(each, body=body_as_told(body=each.body, called=called)) for each in found]

    async def called(self) -> Naming:
        """How staff are called for whoever asks."""
        if (self.actor.behalf or self.actor).kind not in RULED:
            return Naming()
        return await self.in_thread(naming, organisation=self.practice)

    async def keep(self, entries: Sequence[Written], new: Sequence[NewVersion], at: datetime) -> None:
        """Keeps these versions, all or none. Raises UniqueViolation where somebody was quicker."""
        owners = {each.patient or each.practice for each in new}
        keys = {owner: opened_key(wrapped=await self.key(owner)) for owner in owners}
        sealed = [each.sealed(keys[each.patient or each.practice]) for each in new]
        await self.session.ask(KEEP, keep_values(entries, new, sealed, at), practice=self.practice)

    async def key(self, owner: UUID) -> bytes:
        """The wrapped key of a patient or of the practice, made at the first use."""
        rows = await self.session.ask(KEY, [owner])
        if not rows:
            rows = await self.session.ask(NEW_KEY, [owner, fresh_key(), now()])
        wrapped: bytes = rows[0][0]
        return wrapped

    async def in_thread(self, work: Callable[..., T], **arguments: object) -> T:
        """The result of a synchronous door."""
        result: T = await self.desk(work, **arguments)
        return result

    def asking(self, query: Pairs) -> Request:
        """The request as a search for this."""
        return replace(self.request, query=query, headers={})

    def again(self, request: Request) -> "Exchange":
        """The same person with another request, such as an entry of a bundle."""
        return replace(self, request=request)


def action_for(subject: Subject) -> Action:
    """What a letter asks for: of a patient's record, or of the directory."""
    reads = subject.interaction[-1:] in READS
    if subject.kind == "Organisation":
        return Action.DIRECTORY_READ if reads else Action.DIRECTORY_WRITE
    return Action.RECORD_READ if reads else Action.RECORD_WRITE


def _stands(row: Sequence[Any]) -> Stands:
    version, newest, practice, patient, removed_at, last_updated = row
    return Stands(
        version=version,
        newest=newest,
        practice=practice,
        patient=patient,
        removed_at=removed_at,
        last_updated=last_updated,
    )
