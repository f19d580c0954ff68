"""Somebody with the rights of the tables' owner, and where they want it with the log's own key too."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg

from teleward.audit import tiles, tree
from teleward.audit.formats.checkpoints import Checkpoint
from teleward.audit.formats.notes import Signer
from teleward.audit.operations.rounds import Rounds
from teleward.audit.operations.sequencing import KEEP
from teleward.audit.queries import NOTHING_BEFORE, leaf_of
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

TABLES = ("audit_event", "audit_leaf", "audit_tile", "audit_checkpoint", "audit_daily", "audit_head")
LEAVES = "SELECT e.leaf FROM audit_leaf l JOIN audit_event e ON e.id = l.event ORDER BY l.seq"


@dataclass
class Forger:
    """Each method is one attack on a patient's chain."""

    connection: psycopg.Connection[tuple[Any, ...]]
    signer: Signer
    rounds: Rounds
    patient: UUID

    def unlock(self) -> None:
        """What a superuser does first: the triggers are off."""
        for table in TABLES:
            self._do(f"ALTER TABLE {table} DISABLE TRIGGER ALL")

    def edit(self) -> None:
        """Another action in the third entry."""
        self._do(
            "UPDATE audit_event SET body = replace(body, 'note:read', 'receipt:read') WHERE id = %s",
            self._id(3),
        )

    def edit_and_rechain(self) -> None:
        """The same, with every hash of the chain made to fit."""
        self.edit()
        self._rechain()

    def delete(self) -> None:
        """The third entry is gone, and those after it moved up."""
        gone = self._id(3)
        self._do("DELETE FROM audit_leaf WHERE event = %s", gone)
        self._do("DELETE FROM audit_event WHERE id = %s", gone)
        for (event,) in self._ask(
            "SELECT id FROM audit_event WHERE patient = %s AND pn > 3 ORDER BY pn", self.patient
        ):
            self._do("UPDATE audit_event SET pn = pn - 1 WHERE id = %s", event)
        self._rechain()

    def reorder(self) -> None:
        """The second and the third entry change places."""
        second, third = self._id(2), self._id(3)
        self._do("UPDATE audit_event SET pn = 99 WHERE id = %s", second)
        self._do("UPDATE audit_event SET pn = 2 WHERE id = %s", third)
        self._do("UPDATE audit_event SET pn = 3 WHERE id = %s", second)
        self._rechain()

    def truncate(self) -> None:
        """Everything after the first checkpoint is gone, from every table: as if an old copy were back."""
        ((size,),) = self._ask("SELECT min(size) FROM audit_checkpoint")
        self._do(
            "DELETE FROM audit_event WHERE id NOT IN (SELECT event FROM audit_leaf WHERE seq < %s)", size
        )
        self._do("DELETE FROM audit_leaf WHERE seq >= %s", size)
        self._do("DELETE FROM audit_checkpoint WHERE size > %s", size)
        self._do("DELETE FROM audit_head WHERE patient NOT IN (SELECT patient FROM audit_event WHERE pn = 1)")
        self._rechain()
        self._reseal()

    def fork(self) -> None:
        """This patient is shown another ledger of the same size, signed with the true key."""
        self.edit_and_rechain()
        self._reseal()

    def backdate(self) -> None:
        """A new entry that claims to be two days old, made by the ledger's own function."""
        ((body,),) = self._ask("SELECT body FROM audit_event WHERE id = %s", self._id(1))
        at = now() - timedelta(days=2)
        ((told,),) = self._ask("SELECT body::jsonb ->> 'at' FROM audit_event WHERE id = %s", self._id(1))
        dated = body.replace(told, str(at))
        self._ask("SELECT audit_append(%s, %s, %s, %s)", new_id(), at, self.patient, dated)

    def suppress(self) -> None:
        """The function that patients' pages read with leaves one entry out."""
        self._do(
            "CREATE OR REPLACE FUNCTION audit_of_patient(about uuid, before bigint, most integer) "
            "RETURNS TABLE "
            "(id uuid, at timestamptz, pn bigint, prev_leaf bytea, salt bytea, body text, leaf bytea) "
            "LANGUAGE sql STABLE SECURITY DEFINER AS "
            "$$ SELECT e.id, e.at, e.pn, e.prev_leaf, e.salt, e.body, e.leaf FROM public.audit_event e "
            "WHERE e.patient = about AND e.pn <> 3 AND (before IS NULL OR e.pn < before) "
            "ORDER BY e.pn DESC LIMIT most $$"
        )

    def rewrite(self) -> None:
        """The third entry says something else; chain, tree and every signature fit, and the log goes on."""
        self.fork()
        self.rounds.memory.unlink()

    def _rechain(self) -> None:
        rows = self._ask(
            "SELECT id, salt, body FROM audit_event WHERE patient = %s ORDER BY pn", self.patient
        )
        before, number = NOTHING_BEFORE, 0
        for number, (event, salt, body) in enumerate(rows, start=1):
            leaf = leaf_of(salt=salt, number=number, prev_leaf=before, body=body)
            self._do("UPDATE audit_event SET prev_leaf = %s, leaf = %s WHERE id = %s", before, leaf, event)
            before = leaf
        self._do("UPDATE audit_head SET pn = %s, leaf = %s WHERE patient = %s", number, before, self.patient)
        self._do("DELETE FROM audit_daily WHERE patient = %s", self.patient)

    def _reseal(self) -> None:
        leaves = [leaf for (leaf,) in self._ask(LEAVES)]
        grown = tiles.extended(size=0, edge={}, leaves=leaves)
        names = list(grown)
        self._do("DELETE FROM audit_tile")
        self._do(KEEP, [level for level, _n in names], [n for _level, n in names], list(grown.values()))
        for (size,) in self._ask("SELECT size FROM audit_checkpoint"):
            root = tiles.hashes_of([(0, size)], grown)[0]
            assert root == tree.folded([root])
            note = self.signer.sign(Checkpoint(self.signer.name, size, root).text)
            self._do("UPDATE audit_checkpoint SET note = %s, cosignatures = '' WHERE size = %s", note, size)

    def _id(self, number: int) -> UUID:
        ((event,),) = self._ask(
            "SELECT id FROM audit_event WHERE patient = %s AND pn = %s", self.patient, number
        )
        return UUID(str(event))

    def _ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self.connection.execute(statement.encode(), values).fetchall()

    def _do(self, statement: str, *values: object) -> None:
        self.connection.execute(statement.encode(), values or None)
