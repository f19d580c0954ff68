"""`teleward gateway add` and `remove`: which devices are the patient's. No other is ever connected.

In a house with thin walls the neighbour's thermometer is as near as one's own.
"""

import argparse
import asyncio
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec

from teleward.command.gateway.folder import Folder, open_folder
from teleward.command.gateway.radio import Found, NoRadio, Radio, Unreachable
from teleward.command.gateway.spool import Device, open_spool
from teleward.command.gateway.taking import by_service
from teleward.command.refusal import CannotContinue
from teleward.devices.kinds import KINDS, Kind

LOOK = 30.0  # seconds


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    add = verbs.add_parser("add", help="a device is the patient's; without ADDRESS: look which there are")
    add.add_argument("address", nargs="?", default="", help="of the device, as the list shows it")
    add.add_argument("--user", type=int, help="which user of the device the patient is (1, 2, …)")
    add.add_argument("--seconds", type=float, default=LOOK, help="how long to look")
    add.set_defaults(run=run)
    remove = verbs.add_parser("remove", help="a device is not the patient's any more")
    remove.add_argument("address")
    remove.set_defaults(run=run_remove)


def run(chosen: argparse.Namespace) -> int:
    """Show what is there; or connect one device, exchange keys with it, and remember it."""
    folder, radio = open_folder(chosen.folder), bluetooth()
    kinds = {name: kind for name, kind in KINDS.items() if name in folder.read_pairing().kinds}
    try:
        found = asyncio.run(_seen(radio, kinds.values(), chosen.address.upper(), chosen.seconds))
        if not chosen.address:
            return _show(found, kinds)
        if chosen.address.upper() not in found:
            raise CannotContinue("This device is not there. Switch it on, or measure with it, and try again.")
        return _add(folder, radio, found[chosen.address.upper()], kinds, chosen.user)
    except NoRadio as failure:
        raise CannotContinue(
            "Bluetooth is off, missing or not allowed for this account: see docs/how-to/gateway.md"
        ) from failure


def run_remove(chosen: argparse.Namespace) -> int:
    """It is not connected any more."""
    folder = open_folder(chosen.folder)
    folder.read_pairing()
    spool = open_spool(folder.spool)
    known = spool.remove(chosen.address.upper())
    spool.close()
    print("Removed." if known else "This device was not known.")
    return 0 if known else 1


def bluetooth() -> Radio:
    """This computer's radio. Raises CannotContinue where what speaks to it is not installed."""
    if find_spec("bleak") is None:
        raise CannotContinue("Bluetooth needs one more package. Install it: pip install 'bleak>=3.1,<4'")
    radio: Radio = import_module("teleward.command.gateway.bluez").Bluetooth()
    return radio


async def _seen(radio: Radio, kinds: Iterable[Kind], address: str, seconds: float) -> dict[str, Found]:
    """Devices of these kinds by address; when one address is wanted, until that is there."""
    services, found = {kind.service for kind in kinds}, dict[str, Found]()
    try:
        async with asyncio.timeout(seconds), radio.seen(services) as devices:
            async for one in devices:
                if one.services & services:
                    found[one.address] = one
                if address in found:
                    break
    except TimeoutError:
        return found
    return found


def _show(found: dict[str, Found], kinds: dict[str, Kind]) -> int:
    for address, one in sorted(found.items()):
        print(f"{address}  {one.name}  ({', '.join(_kinds(one, kinds))})")
    if not found:
        print("No device was seen. Switch it on, or measure with it, while this looks.")
        return 1
    print("If one of them is the patient's: teleward gateway add ADDRESS [--user N]")
    return 0


def _add(folder: Folder, radio: Radio, one: Found, kinds: dict[str, Kind], user: int | None) -> int:
    spool = open_spool(folder.spool)
    spool.add(Device(address=one.address, kinds=tuple(_kinds(one, kinds)), user=user))
    spool.close()
    print(f"Added{f' for user {user}' if user is not None else ''}.")
    try:
        asyncio.run(_bond(radio, one))
    except Unreachable:
        print(
            f"It did not exchange keys. If it shows a number, type it here: bluetoothctl pair {one.address}"
        )
    return 0


async def _bond(radio: Radio, one: Found) -> None:
    async with radio.connect(one, bond=True):
        return


def _kinds(one: Found, kinds: dict[str, Kind]) -> list[str]:
    services = by_service(kinds)
    return [services[each].name for each in sorted(one.services) if each in services]
