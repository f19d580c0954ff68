"""What can be asked of the ledger. Whoever asks has passed the gate in a room above; here nobody is known."""

from teleward.audit.queries.chains import (
    NOTHING_BEFORE,
    LedgerEntry,
    first_break,
    leaf_of,
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
    "of_event",
    "of_patient",
    "whole_chain",
]
