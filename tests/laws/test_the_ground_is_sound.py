"""Migrations say what the models say, Django has no complaint, and no test reaches the network."""

import re
import socket

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from pytest_socket import SocketConnectBlockedError

from architecture.rooms import PACKAGE, ROOT, name


@pytest.mark.django_db
def test_the_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_django_finds_nothing_to_complain_about() -> None:
    assert run_checks() == []


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_a_test_cannot_reach_another_host() -> None:
    with pytest.raises(SocketConnectBlockedError), socket.socket() as outward:
        outward.connect(("203.0.113.1", 443))


def test_requests_are_not_transactions_since_a_refusal_would_roll_its_entry_back() -> None:
    settings = (PACKAGE / "settings.py").read_text()
    assert re.findall(r'"ATOMIC_REQUESTS"\]\s*=\s*(\w+)', settings) == ["False"]


EXEMPT = re.compile(r"^\s*@csrf_exempt\s*$|csrf_exempt\(", re.MULTILINE)


def test_no_view_is_exempt_from_the_check_against_forged_requests_without_saying_why() -> None:
    assert [name(path) for path in PACKAGE.rglob("*.py") if EXEMPT.search(path.read_text())] == []


def test_a_view_that_is_exempt_without_a_word_is_caught() -> None:
    assert EXEMPT.search("@csrf_exempt\ndef view(): ...")
    assert not EXEMPT.search("@csrf_exempt  # changes nothing\ndef view(): ...")


def test_what_make_check_runs_is_what_its_description_says() -> None:
    described = (ROOT / "architecture" / "README.md").read_text().split("`make fix`")[0]
    commands = re.findall(r"^\.venv/bin/([\w-]+)(.*)$", described, re.MULTILINE)
    script = (ROOT / ".ci" / "check").read_text()
    assert len(commands) >= 7
    assert [tool for tool, arguments in commands if f"{tool}{arguments}".strip() not in script] == []
