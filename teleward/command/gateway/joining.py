"""`teleward gateway pair ADDRESS CODE`: belong to one patient of one practice."""

import argparse
import locale
import platform
import time
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import parse_qs, urlsplit

from teleward.command.gateway.folder import Folder, Pairing, open_folder
from teleward.command.gateway.keys import make_key, public
from teleward.command.gateway.server import Answer, Server, Silent, checked_origin
from teleward.command.gateway.spool import make_spool
from teleward.command.refusal import CannotContinue

FINE = frozenset({200, 201})


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = verbs.add_parser("pair", help="with the code from the practice; it is valid for 15 minutes")
    parser.add_argument("address", help="of the practice: https://practice.example; or what the QR code says")
    parser.add_argument("code", nargs="?", default="", help="ten characters; spaces and dashes do not matter")
    parser.add_argument("--name", default=platform.node()[:60] or "gateway", help="for the practice's list")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Make a key, tell the server the public half, and remember what it says."""
    folder = open_folder(chosen.folder)
    with folder.alone():
        if folder.pairing.exists():
            raise CannotContinue("This gateway is paired already. First: teleward gateway forget")
        address, code = _said(chosen)
        server = Server(origin=checked_origin(address), language=language())
        said = _asked(server, chosen.name, code, folder)
        folder.spool.unlink(missing_ok=True)  # of a pairing that was never finished
        make_spool(folder.spool)
        folder.write_pairing(_pairing(server, chosen, said))
    print("Paired. Next, say which devices are the patient's: teleward gateway add")
    return 0


def language() -> str:
    """The language of the person at the terminal, as HTTP writes it."""
    return (locale.getlocale()[0] or "en").replace("_", "-")


def _said(chosen: argparse.Namespace) -> tuple[str, str]:
    """Address and code, as two words or as a QR code holds them: `teleward:pair?server=…&code=…`."""
    parts = urlsplit(chosen.address)
    asked = parse_qs(parts.query) if parts.scheme == "teleward" else {}
    address, code = asked.get("server", [chosen.address])[0], asked.get("code", [chosen.code])[0]
    if not code:
        raise CannotContinue("The code is missing: teleward gateway pair ADDRESS CODE")
    return address, "".join(each for each in code.upper() if each.isalnum())


def _asked(server: Server, name: str, code: str, folder: Folder) -> dict[str, Any]:
    told = {"code": code, "public_key": public(make_key(folder.key)), "name": name, "software": _software()}
    try:
        answer = server.post("/devices/pair", told)
    except Silent as failure:
        raise CannotContinue(
            f"{server.origin} cannot be reached. Is this computer online? If the code was used up by this, "
            "ask for a new one."
        ) from failure
    if answer.status not in FINE or "pairing" not in answer.says():
        raise CannotContinue(_refusal(answer))
    return answer.says()


def _refusal(answer: Answer) -> str:
    if said := answer.says().get("message") or answer.says().get("detail"):
        return str(said)
    if answer.status in {400, 401, 403, 404, 410, 422}:
        return "The practice does not know this code. It is valid for 15 minutes, once. Ask for a new one."
    return f"The server answered {answer.status}. Try again in some minutes, with a new code."


def _pairing(server: Server, chosen: argparse.Namespace, said: dict[str, Any]) -> Pairing:
    return Pairing(
        address=server.origin,
        pairing=str(said["pairing"]),
        kinds=[str(kind) for kind in said.get("kinds", [])],
        name=chosen.name,
        key_since=time.time(),
    )


def _software() -> str:
    try:
        return f"teleward-gateway {version('teleward')}"
    except PackageNotFoundError:
        return "teleward-gateway"
