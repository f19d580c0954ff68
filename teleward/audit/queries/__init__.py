"""What can be asked of the ledger. Whoever asks has passed the gate in a room above; here nobody is known."""

from teleward.audit.formats.files import ProvenEntry, proof_file
from teleward.audit.queries.chains import (
    NOTHING_BEFORE,
    LedgerEntry,
    first_break,
    leaf_of,
    newest_after,
    of_event,
    of_patient,
    whole_chain,
)
from teleward.audit.queries.checkpoints import (
    LogKey,
    SignedCheckpoint,
    checkpoint_until,
    latest_checkpoint,
    log_keys,
)
from teleward.audit.queries.heads import Head, head_entry, head_of, heads_of
from teleward.audit.queries.proofs import Proof, TooNew, consistency, inclusion, inclusions

__all__ = [
    "NOTHING_BEFORE",
    "Head",
    "LedgerEntry",
    "LogKey",
    "Proof",
    "ProvenEntry",
    "SignedCheckpoint",
    "TooNew",
    "checkpoint_until",
    "consistency",
    "first_break",
    "head_entry",
    "head_of",
    "heads_of",
    "inclusion",
    "inclusions",
    "latest_checkpoint",
    "leaf_of",
    "log_keys",
    "newest_after",
    "of_event",
    "of_patient",
    "proof_file",
    "whole_chain",
]
