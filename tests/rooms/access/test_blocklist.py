"""Stolen passwords: the list is built from what an operator has, and a password on it is changed."""

import hashlib
import io
import tracemalloc
from argparse import Namespace
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from fakes.members import PASSWORD, browser_of, joins, listening, practice

from teleward.access.grants import Action
from teleward.access.models import BreachedPassword, Session
from teleward.access.operations.blocklist import ListTooLong, import_blocklist
from teleward.access.operations.people import system_grant
from teleward.access.signin import blocklist
from teleward.access.signin.bloom import HEADER, BloomFilter, NotABloomFilter, Shape, TooMany, build
from teleward.access.signin.limits import BLOCKLIST
from teleward.command import blocklist as command
from teleward.command.refusal import CannotContinue

pytestmark = pytest.mark.django_db
OTHER = "drei Amseln unter Wasser"


@pytest.fixture(autouse=True)
def home(settings: LazySettings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def sha1(text: str) -> bytes:
    return hashlib.sha1(text.encode(), usedforsecurity=False).digest()


def steal(*passwords: str) -> None:
    grant = system_grant(action=Action.CREDENTIAL_CHANGE, organisation=practice().id)
    lines = [password.encode() + b"\n" for password in passwords]
    assert import_blocklist(grant=grant, lines=lines, entries=len(lines)) == len(lines)


def test_the_share_of_false_yeses_is_what_was_asked_for_and_no_is_never_false(tmp_path: Path) -> None:
    entries, asked = 20_000, 0.01
    path = tmp_path / "list"
    build(path, (sha1(f"in {n}") for n in range(entries)), entries=entries, false_positives=asked)
    found = BloomFilter(path)
    assert all(sha1(f"in {n}") in found for n in range(entries))
    false = sum(sha1(f"out {n}") in found for n in range(20_000)) / 20_000
    assert asked * 0.7 < false < asked * 1.3  # four standard deviations: 0.0028
    assert (found.entries, found.false_positives) == (entries, asked)


def test_a_filter_has_the_size_of_the_textbook() -> None:
    shape = Shape.of(entries=1_000_000, false_positives=0.01)
    assert (round(shape.bits / 1_000_000, 2), shape.probes) == (9.59, 7)  # Bloom 1970, optimum
    shape = Shape.of(entries=1_000_000, false_positives=BLOCKLIST.false_positives)
    assert (round(shape.bits / 1_000_000, 1), shape.probes) == (24.0, 17)


def test_memory_does_not_grow_with_the_list(tmp_path: Path) -> None:
    def peak(entries: int) -> int:
        tracemalloc.start()
        lines = (b"%d in a long row of lines\n" % n for n in range(entries))
        build(tmp_path / "list", blocklist.digests_in(lines), entries=entries, false_positives=0.01)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1_000)
    assert peak(20_000) < peak(1_000) + 20_000  # a byte for each entry would be as much


def test_a_list_of_passwords_and_one_of_hashes_say_the_same() -> None:
    plain = ["correct horse", "grüße", "gru\u0308ße"]
    of_plain = list(blocklist.digests_in(line.encode() + b"\r\n" for line in plain))
    assert of_plain == [sha1("correct horse"), sha1("grüße"), sha1("grüße")]
    known = b"5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:10434004\n"  # of "password", as published
    assert list(blocklist.digests_in([known, b"\n", b"x" * 5000])) == [sha1("password")]
    assert list(blocklist.digests_in([known], seen_at_least=10434005)) == []


def test_a_list_that_fails_leaves_the_one_before(home: Path) -> None:
    steal(PASSWORD)
    before = blocklist.place().read_bytes()
    with pytest.raises(TooMany):
        build(blocklist.place(), map(sha1, "abc"), entries=2, false_positives=0.01)
    grant = system_grant(action=Action.CREDENTIAL_CHANGE, organisation=practice().id)
    with pytest.raises(ListTooLong):
        import_blocklist(grant=grant, lines=[b"a", b"b"], entries=1)
    assert blocklist.place().read_bytes() == before
    assert [path.name for path in home.iterdir()] == [blocklist.FILE]


def test_a_file_that_is_no_list_or_was_cut_off_is_not_taken_for_one(tmp_path: Path) -> None:
    path = tmp_path / "other"
    path.write_bytes(b"x" * 200)
    with pytest.raises(NotABloomFilter):
        BloomFilter(path)
    build(path, [sha1("a")], entries=1000, false_positives=0.01)
    path.write_bytes(path.read_bytes()[: HEADER.size + 10])
    with pytest.raises(NotABloomFilter):
        BloomFilter(path)


def test_a_stolen_password_cannot_be_chosen() -> None:
    member = joins()
    steal(OTHER)
    answer = browser_of(member).post(
        "/account/password/change/", {"password": OTHER}, headers={"accept-language": "en"}
    )
    assert answer.status_code == 400
    assert "stands on a list of stolen passwords" in answer.content.decode()


def sign_in(client: Client, email: str, digits: str) -> str:
    client.post("/sign-in/", {"email": email, "password": PASSWORD})
    return client.post("/sign-in/code/", {"code": digits, "next": "/day/"})["Location"]


def test_a_password_that_turns_up_on_the_list_is_changed_at_the_next_sign_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    member, client = joins(), Client(headers={"accept-language": "en"})
    steal("something else")
    heard = listening(monkeypatch)
    assert sign_in(client, member.person.email, member.digits()) == "/day/"
    assert client.get("/day/").status_code == 200
    steal(PASSWORD)
    client = Client(headers={"accept-language": "en"})
    assert sign_in(client, member.person.email, member.codes[0]) == "/account/password/change/"
    noticed = [entry.detail["noticed"] for entry in heard if "noticed" in entry.detail]
    assert noticed == ["password on the blocklist"]
    refused = client.get("/day/")
    assert refused.status_code == 403
    assert "stolen passwords" in refused.content.decode()
    assert client.post("/account/password/change/", {"password": OTHER}).status_code == 302
    assert client.get("/day/").status_code == 200
    assert BreachedPassword.objects.get().changed_at is not None
    assert PASSWORD not in str(heard)


def test_unlocking_with_a_stolen_password_holds_the_session_and_a_passkey_does_not() -> None:
    member = joins()
    steal(PASSWORD)
    client = browser_of(member)
    assert client.get("/day/").status_code == 200
    client.post("/account/unlock/", {"password": PASSWORD, "next": "/day/"})
    assert Session.objects.get().held_at is not None
    assert client.get("/day/").status_code == 403
    assert browser_of(member).get("/day/").status_code == 200


def told_by(chosen: Namespace, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(command, "open_house", nullcontext)
    out = io.StringIO()
    monkeypatch.setattr("sys.stdout", out)
    assert command.run_import(chosen) == 0
    return out.getvalue()


def wanted(file: str, lines: int = 0) -> Namespace:
    return Namespace(file=file, lines=lines, seen_at_least=1, false_positives=0.001)


def test_the_command_reads_a_file_or_what_comes_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    practice()
    (tmp_path / "corpus").write_text("eins\nzwei")
    assert "2 stolen passwords" in told_by(wanted(str(tmp_path / "corpus")), monkeypatch)
    assert blocklist.is_known("zwei")

    class Coming:
        buffer: Iterator[bytes] = iter([b"drei\n"])

    monkeypatch.setattr("sys.stdin", Coming)
    assert "1 stolen passwords" in told_by(wanted("-", lines=5), monkeypatch)
    assert (blocklist.is_known("drei"), blocklist.is_known("zwei")) == (True, False)
    for impossible in (wanted("-"), wanted(str(tmp_path / "nowhere"))):
        with pytest.raises(CannotContinue):
            command.run_import(impossible)
