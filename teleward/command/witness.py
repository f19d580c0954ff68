"""`teleward witness`: see that the ledger of another practice only grows. Needs no database of ours."""

import argparse
import os
from pathlib import Path

import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from teleward.audit.formats.cosignatures import Cosigner
from teleward.audit.formats.encodings import Malformed
from teleward.audit.formats.notes import Verifier, checked_name
from teleward.audit.witnessing.memory import Memory
from teleward.audit.witnessing.server import make_app
from teleward.audit.witnessing.witness import Witness
from teleward.command.home import open_home
from teleward.command.refusal import CannotContinue
from teleward.command.serving import Server, listen

KEY, NAME, MEMORY = "key", "name", "memory.sqlite3"
PORT = 8014


def add_to(names: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = names.add_parser("witness", help="be a witness for the ledger of another practice")
    parser.add_argument("--folder", type=Path, help="where key and memory lie; default: witness/ in the home")
    verbs = parser.add_subparsers(required=True, metavar="key|add-log|serve|evidence")
    key = verbs.add_parser("key", help="make the key at the first time, and print the public one")
    key.add_argument("--name", help="the witness's name, like an address without https://")
    key.set_defaults(run=run_key)
    add = verbs.add_parser("add-log", help="watch a ledger from now on")
    add.add_argument("vkey", help="the ledger's public key: name+id+key")
    add.add_argument("--origin", help="the ledger's name, where it differs from that of its key")
    add.set_defaults(run=run_add_log)
    serve = verbs.add_parser("serve", help="answer the ledgers that are watched")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=PORT)
    serve.set_defaults(run=run_serve)
    evidence = verbs.add_parser("evidence", help="print every fork that was seen; the exit code is 1 if any")
    evidence.set_defaults(run=run_evidence)


def run_key(chosen: argparse.Namespace) -> int:
    """Make key and memory where there are none; print the public key."""
    folder = _folder(chosen)
    if not (folder / KEY).exists():
        _make_key(folder, chosen.name or "")
        Memory(folder / MEMORY).close()
    print(_cosigner(folder).vkey)
    return 0


def run_add_log(chosen: argparse.Namespace) -> int:
    """Watch one more ledger; a witness that is serving sees it at once."""
    try:
        origin = chosen.origin or Verifier.from_vkey(chosen.vkey).name
    except Malformed as wrong:
        raise CannotContinue(f"This is not the public key of a ledger: {wrong}.") from wrong
    memory = _memory(_folder(chosen))
    memory.watch(origin=origin, vkey=chosen.vkey)
    memory.close()
    print(f"The ledger {origin} is watched.")
    return 0


def run_serve(chosen: argparse.Namespace) -> int:
    """Serve until a signal asks to stop."""
    folder = _folder(chosen)
    witness = Witness(_cosigner(folder), _memory(folder))
    bound = listen(chosen.host, chosen.port)
    address = f"http://{chosen.host}:{bound[0].getsockname()[1]}"
    config = uvicorn.Config(make_app(witness), log_config=None, access_log=False, server_header=False)
    Server(config, ready=lambda: print(f"The witness answers at {address}", flush=True)).run(sockets=bound)
    return 0


def run_evidence(chosen: argparse.Namespace) -> int:
    """Print the forks, each with the checkpoint it contradicts."""
    memory = _memory(_folder(chosen))
    found = memory.evidence()
    memory.close()
    for one in found:
        print(f"The ledger {one.origin} contradicts itself. It had signed:\n\n{one.held}")
        print(f"and then:\n\n{one.request}")
    print(f"{len(found)} contradictions were seen.")
    return 1 if found else 0


def _folder(chosen: argparse.Namespace) -> Path:
    folder: Path = chosen.folder or open_home().folder / "witness"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _make_key(folder: Path, name: str) -> None:
    try:
        (folder / NAME).write_text(checked_name(name))
    except Malformed as wrong:
        raise CannotContinue("Say how the witness is called: --name witness.example/practice.") from wrong
    handle = os.open(folder / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(Ed25519PrivateKey.generate().private_bytes_raw().hex())
        file.flush()
        os.fsync(file.fileno())


def _cosigner(folder: Path) -> Cosigner:
    try:
        seed = bytes.fromhex((folder / KEY).read_text())
        return Cosigner((folder / NAME).read_text(), Ed25519PrivateKey.from_private_bytes(seed))
    except (OSError, ValueError) as error:
        raise CannotContinue("There is no key yet: teleward witness key --name witness.example/w1") from error


def _memory(folder: Path) -> Memory:
    _cosigner(folder)
    if not (folder / MEMORY).exists():
        raise CannotContinue(
            f"What this witness remembers is gone ({folder / MEMORY}). Make a new witness "
            "with a new key: one that forgot could sign a second history."
        )
    return Memory(folder / MEMORY)
