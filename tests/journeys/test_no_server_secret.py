"""The server never holds a key of the media nor a word, file or photo that went from one person to the other.

One side is Firefox, because it alone tells the secrets of its DTLS connections (SSLKEYLOGFILE). After a call
with chat, file and photo, everything the server has is searched for them: the memory of its processes, the
database's too, every table as its owner sees it, and every file of the house, logs included. Things that the
server must know prove that the search finds.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from ground.browsers import FIREFOX_PREFERENCES, program
from journeys.clinic import Clinic
from journeys.people import Clinician, Patient, Someone, both, person
from playwright.sync_api import Browser, Page, Playwright, expect

pytestmark = pytest.mark.journey
AT_ONCE = 64 * 1024 * 1024
OVERLAP = 4096
# DTLS 1.3: sound and picture, then messages and files both ways; DTLS 1.2: all of them.
OF_MEDIA = {"EXPORTER_SECRET", "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0", "CLIENT_RANDOM"}
SHORTEST_SECRET = 16  # bytes
KEEP = """() => {
  window.kept = [];
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob) => { window.kept.push(blob); return make.call(URL, blob); };
}"""
PHOTO = """async () => {
  const blob = window.kept.findLast(({ type }) => type.startsWith('image/'));
  const middle = Math.floor(blob.size / 2);
  return [...new Uint8Array(await blob.slice(middle, middle + 48).arrayBuffer())];
}"""
TABLES = """SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
  WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"""


@contextmanager
def talkative_firefox(playwright: Playwright, keys: Path) -> Iterator[Browser]:
    """Firefox that writes the secrets of its connections into a file."""
    browser = playwright.firefox.launch(
        channel="moz-firefox",
        executable_path=program("firefox-esr"),
        firefox_user_prefs=FIREFOX_PREFERENCES,
        env={**os.environ, "SSLKEYLOGFILE": str(keys)},
    )
    try:
        yield browser
    finally:
        browser.close()


def in_memory(processes: set[int], wanted: dict[str, bytes]) -> set[str]:
    """Which of these are anywhere in what these processes may write to; what they share is read once."""
    found: set[str] = set()
    shared: set[str] = set()
    for process in processes:
        with suppress(ProcessLookupError, FileNotFoundError):
            for piece in _memory(process, shared):
                found |= {name for name, value in wanted.items() if value in piece}
    return found


def _memory(process: int, shared: set[str]) -> Iterator[bytes]:
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            span, rights, offset, device, inode = line.split()[:5]
            place = f"{offset} {device} {inode}"
            if not rights.startswith("rw") or place in shared:
                continue
            if rights.endswith("s"):
                shared.add(place)
            start, end = (int(edge, 16) for edge in span.split("-"))
            for at in range(start, end, AT_ONCE):
                with suppress(OSError):  # such as a device, which nobody may read
                    memory.seek(at)
                    yield memory.read(min(AT_ONCE + OVERLAP, end - at))


def in_files(folder: Path, wanted: dict[str, bytes]) -> set[str]:
    """Which of these are in a file of this folder: the database as it lies on disk, logs, all else."""
    found: set[str] = set()
    for file in folder.rglob("*"):
        with suppress(OSError):
            if file.is_file():
                found |= {name for name, value in wanted.items() if value in file.read_bytes()}
    return found


def in_tables(clinic: Clinic, wanted: dict[str, bytes]) -> set[str]:
    """Which of these are in a row of any table, read as its owner."""
    found: set[str] = set()
    with clinic.database() as connection:
        for (table,) in connection.execute(TABLES).fetchall():
            for (row,) in connection.execute(f"SELECT t::text FROM {table} t"):
                found |= {name for name, value in wanted.items() if value in row.encode()}
    return found


def everywhere(clinic: Clinic, wanted: dict[str, bytes]) -> dict[str, set[str]]:
    """Where the server has which of these."""
    assert clinic.up.process is not None
    processes = {clinic.up.process.pid} | clinic.up.children()
    return {
        "memory": in_memory(processes, wanted),
        "files": in_files(clinic.folder, wanted),
        "tables": in_tables(clinic, wanted),
    }


def spelled(name: str, value: bytes) -> dict[str, bytes]:
    """The same as bytes and as hexadecimal digits."""
    return {name: value, f"{name} in hex": value.hex().encode()}


def secrets_of(keys: Path) -> dict[str, bytes]:
    """The secrets that keys of media and messages are made from, in the file that the browser wrote."""
    found: dict[str, bytes] = {}
    for number, line in enumerate(keys.read_text().splitlines()):
        label, *rest = line.split() or [""]
        if label in OF_MEDIA:
            found |= spelled(f"{label} {number}", bytes.fromhex(rest[-1]))
    return found


def sends_a_photo(someone: Someone) -> None:
    someone.press("photo")
    for step in ("photo-open", "photo-take", "photo-send"):
        someone.press(step)


def accepts(page: Page) -> None:
    """Takes what is offered."""
    page.locator("[data-part=log] .tw-actions button").first.click()


def sends_a_file(page: Page, text: str) -> None:
    page.locator("[data-part=talk] input[type=file]").set_input_files(
        {"name": "letter.txt", "mimeType": "text/plain", "buffer": text.encode()}
    )


def test_after_a_call_the_server_holds_no_key_of_it_and_nothing_that_was_said_or_sent(
    clinic: Clinic, chromium: Browser, playwright: Playwright, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    line, letter = f"chat-{secrets.token_hex(16)}", f"letter-{secrets.token_hex(16)}"
    visit = clinic.visit()
    with (
        talkative_firefox(playwright, keys) as firefox,
        person(chromium) as one,
        person(firefox, camera=False) as two,
    ):
        one.add_init_script(f"({KEEP})()")
        clinician = Clinician(one).sign_in(clinic, visit).enter(clinic, visit)
        patient = Patient(two).opens(visit.link).goes_to_the_waiting_room()
        clinician.lets_in(visit.patient.name)
        people = (clinician, patient)
        both(people, Someone.hears)
        patient.writes(line)
        clinician.reads(line)
        sends_a_file(two, letter)
        accepts(one)
        expect(one.locator("[data-part=log] a[download]").first).to_be_visible()
        sends_a_photo(patient)
        accepts(one)
        expect(one.locator("[data-part=log] img").first).to_be_visible()
        photo = bytes(one.evaluate(PHOTO))
        known = {
            "peer": str(two.evaluate("sessionStorage.getItem('teleward-peer')")).encode(),
            "fingerprint": _fingerprint(two),
        }
        media_keys = secrets_of(keys)
        wanted = {"chat": line.encode(), "file": letter.encode(), **spelled("photo", photo), **media_keys}
        found = everywhere(clinic, {**wanted, **known})
    assert media_keys
    assert min(len(value) for value in wanted.values()) >= SHORTEST_SECRET
    assert {"peer"} <= found["memory"] <= set(known)  # what it passed on may have been written over since
    assert found["tables"] == {"peer"}
    assert found["files"] == {"peer"}


def _fingerprint(page: Page) -> bytes:
    """What the server passed on in the offer and the answer, and may have in memory."""
    sdp = page.evaluate("window.teleward.connections[0].localDescription.sdp")
    found = re.search(r"a=fingerprint:sha-256 (\S+)", sdp)
    assert found
    return found[1].encode()
