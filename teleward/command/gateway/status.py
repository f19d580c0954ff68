"""`teleward gateway status`: whether it works, in some lines. No reading is shown."""

import argparse

from teleward.command.gateway.folder import Folder, open_folder
from teleward.command.gateway.spool import Spool, open_spool

WORDS = {
    "sent": "Last sent: {at}",
    "trouble": "Last trouble: {at}: {said}",
    "ended": "Over since {at}: {said}",
}


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = verbs.add_parser("status", help="what waits, what was sent, what was left out")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """The exit code is 1 where the pairing has ended."""
    folder = open_folder(chosen.folder)
    pairing = folder.read_pairing()
    spool = open_spool(folder.spool)
    print(f"Paired with {pairing.address} for: {', '.join(pairing.kinds)}")
    for line in (*_devices(spool), *_counts(folder, spool), *_notes(spool)):
        print(line)
    has_ended = "ended" in spool.notes()
    spool.close()
    return int(has_ended)


def _devices(spool: Spool) -> list[str]:
    found = spool.devices().values()
    lines = [
        f"Device {each.address}: {', '.join(each.kinds)}"
        + (f", user {each.user}" if each.user is not None else "")
        + (f", battery {each.battery} %" if each.battery is not None else "")
        for each in found
    ]
    return lines or ["No device is the patient's yet: teleward gateway add"]


def _counts(folder: Folder, spool: Spool) -> list[str]:
    refused = len(list(folder.refused.glob("*.json"))) if folder.refused.exists() else 0
    lines = [f"Waiting to be sent: {spool.waiting()}"]
    lines += [f"Refused by the server: {refused}, with the reasons in {folder.refused}"] if refused else []
    return lines + [f"Left out, {what}: {n}" for what, n in spool.counts().items()]


def _notes(spool: Spool) -> list[str]:
    notes = spool.notes()
    return [
        words.format(at=notes[what][0], said=notes[what][1]) for what, words in WORDS.items() if what in notes
    ]
