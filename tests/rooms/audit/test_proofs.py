"""What anybody who may see an entry can hold against the signed tree."""

from uuid import UUID

import psycopg
import pytest
from rooms.audit.conftest import entry_about

from teleward.audit import queries, tree
from teleward.audit.formats.checkpoints import opened
from teleward.audit.formats.notes import Signer
from teleward.audit.formats.proofs import TlogProof
from teleward.audit.ledger import append
from teleward.audit.operations.rounds import Rounds
from teleward.kernel.ids import new_id


def holds(proof: queries.Proof, leaf: bytes, signer: Signer) -> bool:
    signed = opened(note=proof.checkpoint, verifier=signer.verifier)
    return signed.size == proof.size and tree.is_included(
        leaf=leaf, index=proof.seq, size=proof.size, path=proof.hashes, root=signed.root
    )


def test_every_entry_is_proven_against_the_newest_checkpoint(rounds: Rounds, signer: Signer) -> None:
    receipts = [append(entry=entry_about(new_id())) for _ in range(300)]
    rounds.go()
    later = append(entry=entry_about(None))
    rounds.go()
    proofs = queries.inclusions(events=[receipt.id for receipt in [*receipts, later]])
    assert all(holds(proofs[receipt.id], receipt.leaf, signer) for receipt in receipts)
    assert {proof.size for proof in proofs.values()} == {301}
    assert not holds(proofs[receipts[0].id], receipts[1].leaf, signer)


def test_an_entry_that_no_checkpoint_covers_yet_has_no_proof(rounds: Rounds) -> None:
    early = append(entry=entry_about(None))
    assert queries.inclusion(event=early.id) is None
    rounds.go()
    late = append(entry=entry_about(None))
    assert queries.inclusion(event=late.id) is None
    assert queries.inclusions(events=[early.id, late.id]).keys() == {early.id}
    assert queries.inclusion(event=new_id()) is None
    assert queries.inclusions(events=[]) == {}


def test_the_proof_as_a_file_holds_everything_but_the_entry(
    rounds: Rounds, signer: Signer, owner_connection: psycopg.Connection
) -> None:
    receipts = [append(entry=entry_about(None)) for _ in range(5)]
    rounds.go()
    line = "\u2014 witness.test AAAAAAA=\n"
    owner_connection.execute("UPDATE audit_checkpoint SET cosignatures = %s", [line])
    proof = queries.inclusion(event=receipts[3].id)
    assert proof
    read = TlogProof.parse(proof.text)
    assert (read.index, read.path, read.checkpoint) == (3, proof.hashes, proof.checkpoint)
    assert read.checkpoint.endswith(line)
    assert holds(proof, receipts[3].leaf, signer)


def test_the_tree_is_shown_to_have_only_grown(rounds: Rounds, signer: Signer) -> None:
    seen = []
    for count in (1, 2, 255, 1, 40):
        for _ in range(count):
            append(entry=entry_about(None))
        rounds.go()
        newest = queries.latest_checkpoint()
        assert newest
        seen.append(newest)
    assert [each.size for each in seen] == [1, 3, 258, 259, 299]
    for old in seen:
        path = queries.consistency(old_size=old.size, new_size=299)
        roots = {"old_root": old.root, "new_root": seen[-1].root}
        assert tree.is_consistent(old=old.size, new=299, path=path, **roots)
    assert queries.checkpoint_until(size=258) == seen[2]
    assert queries.checkpoint_until(size=257) == seen[1]
    assert queries.checkpoint_until(size=0) is None


@pytest.mark.parametrize(("old", "new"), [(1, 400), (5, 3), (-1, 2)])
def test_sizes_that_the_tree_never_had_are_refused(rounds: Rounds, old: int, new: int) -> None:
    for _ in range(3):
        append(entry=entry_about(None))
    rounds.go()
    with pytest.raises(queries.TooNew):
        queries.consistency(old_size=old, new_size=new)


def test_each_day_the_head_of_a_chain_that_grew_becomes_a_leaf_of_the_tree(
    rounds: Rounds, owner_connection: psycopg.Connection, signer: Signer, patient: UUID
) -> None:
    def midnight(day: str) -> int:
        row = owner_connection.execute("SELECT audit_keep_heads(%s)", [day]).fetchone()
        return int(row[0]) if row else -1

    assert queries.head_of(patient=patient) is None
    receipts = [append(entry=entry_about(patient)) for _ in range(3)]
    assert (midnight("2031-01-02"), midnight("2031-01-02"), midnight("2031-01-03")) == (1, 0, 0)
    receipts.append(append(entry=entry_about(patient)))
    append(entry=entry_about(new_id()))
    assert (midnight("2031-01-03"), midnight("2031-01-04")) == (2, 0)
    rounds.go()
    newest, first = queries.heads_of(patient=patient)
    assert (newest.number, newest.leaf, str(newest.day)) == (4, receipts[3].leaf, "2031-01-03")
    assert (first.number, first.leaf, str(first.day)) == (3, receipts[2].leaf, "2031-01-02")
    entry = queries.head_entry(patient=patient, head=newest)
    assert entry
    assert entry.is_intact()
    assert entry.facts["detail"] == {"day": "2031-01-03", "leaf": receipts[3].leaf.hex(), "number": 4}
    assert entry.facts["subject_id"] == str(patient)
    assert entry.facts["at"] == str(entry.at)
    proof = queries.inclusion(event=newest.event)
    assert proof
    assert holds(proof, entry.leaf, signer)
    assert queries.head_entry(patient=new_id(), head=newest) is None


def test_a_head_is_written_as_every_other_entry(
    fresh_database: str, owner_connection: psycopg.Connection, patient: UUID
) -> None:
    append(entry=entry_about(patient))
    owner_connection.execute("SELECT audit_keep_heads('2031-01-02')")
    (head,) = queries.heads_of(patient=patient)
    entry, ordinary = queries.head_entry(patient=patient, head=head), queries.of_patient(patient=patient)[0]
    assert entry
    assert entry.facts.keys() == ordinary.facts.keys()
    assert list(entry.facts) == sorted(entry.facts)
