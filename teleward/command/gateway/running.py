"""`teleward gateway run`: collect and send until somebody stops it."""

import argparse
import asyncio
import signal
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from teleward.command.gateway.adding import bluetooth
from teleward.command.gateway.collecting import Collector
from teleward.command.gateway.credentials import Credentials, Ended
from teleward.command.gateway.folder import Folder, open_folder
from teleward.command.gateway.joining import language
from teleward.command.gateway.radio import Radio
from teleward.command.gateway.sending import GATHER, Sender
from teleward.command.gateway.server import Server
from teleward.command.gateway.spool import MOST, NoRoom, Spool, open_spool
from teleward.command.gateway.taking import Taker
from teleward.devices.kinds import KINDS
from teleward.kernel.clock import steady

ENDED = 77  # EX_NOPERM: systemd must not start it again
OVER = "The practice ended this pairing: nothing is collected or sent any more. Ask for a new code."
ENDS = {
    "erased": "The practice erased what it had of the patient: nothing is collected or sent any more.",
    "signature": "This gateway's key was changed elsewhere. Tell the practice: somebody may have a copy.",
    "audience": "The practice has another address by now. Ask for a new code, with the new address.",
}
SAME_WORDS = timedelta(minutes=10)  # until a sentence is said again
MEGABYTE = 2**20


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = verbs.add_parser("run", help="collect readings and send them, until it is stopped")
    parser.add_argument("--most", type=int, default=MOST // MEGABYTE, help="megabytes that may wait")
    parser.add_argument("--gather", type=float, default=GATHER, help="seconds that readings wait for others")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Until SIGTERM, SIGINT or the end of the pairing."""
    folder, radio = open_folder(chosen.folder), bluetooth()
    with folder.alone():
        pairing, spool = folder.read_pairing(), open_spool(folder.spool, most=chosen.most * MEGABYTE)
        try:
            server = Server(origin=pairing.address, language=language())
            credentials = Credentials(folder=folder, pairing=pairing, server=server)
            return asyncio.run(_both(folder, credentials, spool, radio, chosen.gather))
        finally:
            spool.close()


async def _both(folder: Folder, credentials: Credentials, spool: Spool, radio: Radio, gather: float) -> int:
    taker = Taker(spool=spool, say=Speaker())
    sender = Sender(folder=folder, taker=taker, credentials=credentials, gather=gather)
    taker.kept = sender.wake.set
    kinds = {name: kind for name, kind in KINDS.items() if name in credentials.pairing.kinds}
    collector = Collector(radio=radio, taker=taker, kinds=kinds)
    taker.say("The gateway runs.")
    exit_code = 0
    try:
        await _until_told(collector.run(), sender.run())
    except* Ended as ended:
        _end(spool, [each for each in ended.exceptions if isinstance(each, Ended)])
        exit_code = ENDED
    return exit_code


async def _until_told(*works: Coroutine[Any, Any, None]) -> None:
    """Several things at a time, until one fails or a signal asks to stop."""
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work) for work in works]
        await told.wait()
        for task in tasks:
            task.cancel()


def _end(spool: Spool, ended: Sequence[Ended]) -> None:
    """Say why in one sentence, and keep it for `status`."""
    sentence = ENDS.get(ended[0].reason if ended else "", OVER)
    print(sentence, flush=True)
    with suppress(NoRoom):
        spool.note("ended", sentence)


class Speaker:
    """Says each sentence to the journal, the same one only after a while. None holds a value or a name."""

    def __init__(self) -> None:
        self._said: dict[str, float] = {}

    def __call__(self, sentence: str) -> None:
        """Print it, or not."""
        if steady() - self._said.get(sentence, float("-inf")) >= SAME_WORDS.total_seconds():
            self._said = {sentence: steady()}
            print(sentence, flush=True)
