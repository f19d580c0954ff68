"""The key that signs the ledger's tree. Only the sequencer opens it; nothing that serves pages imports this.

key      name and seed, on two lines; 0600
public   the public key on one line, for the auditor
signed   what was signed last; without it a new key has to begin
"""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from teleward.audit.formats.notes import Signer, checked_name
from teleward.command.refusal import CannotContinue

KEY, PUBLIC, SIGNED = "key", "public", "signed"


def load_signer(folder: Path, *, host: str) -> Signer:
    """The signer whose key lies in the folder; at the first time one is made, with a name of its own."""
    path = folder / KEY
    if not path.exists():
        if (folder / SIGNED).exists():
            raise CannotContinue(
                f"The ledger's key {path} is gone, but it has signed. Bring it back from your copy; "
                f"if there is none, move {folder / SIGNED} away: a new key begins a new ledger."
            )
        _make(path, name=f"{host}/ledger/{secrets.token_hex(4)}")
    name, seed = path.read_text().split()
    signer = Signer(checked_name(name), Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)))
    (folder / PUBLIC).write_text(signer.vkey + "\n")
    return signer


def public_key(folder: Path) -> str:
    """The public key as the sequencer wrote it, or "". Who owns the tables cannot change this one."""
    path = folder / PUBLIC
    return path.read_text().strip() if path.exists() else ""


def _make(path: Path, *, name: str) -> None:
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(f"{checked_name(name)}\n{Ed25519PrivateKey.generate().private_bytes_raw().hex()}\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
