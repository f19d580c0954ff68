"""The vectors of docs/reference/signalling.md against a real server, and the page against the code."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from stage.live import Dial, Practice, Talker

from teleward.consult.live import answers, messages, problems
from teleward.consult.live.outbox import Close
from teleward.kernel.errors import Problem

ROOT = Path(__file__).parents[4]
VECTORS = ROOT / "tests" / "vectors" / "live"
PAGE = (ROOT / "docs" / "reference" / "signalling.md").read_text()
CONVERSATIONS = sorted(path.name for path in VECTORS.glob("*.json") if path.name != "frames.json")


@pytest.mark.parametrize(
    "vector", json.loads((VECTORS / "frames.json").read_text()), ids=lambda one: one["frame"][:50]
)
def test_a_single_frame_is_understood_or_refused_as_the_vector_says(vector: dict[str, Any]) -> None:
    refused = None
    try:
        messages.decode(vector["frame"])
    except Problem as problem:
        refused = problem.code
    assert refused == vector["refused"]


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_a_conversation_runs_as_the_vector_says(dial: Dial, practice: Practice, name: str) -> None:
    cookies = {"host": practice.host_cookie, "patient": practice.patient_cookie}
    cookies["relative"], _pass = practice.invite("relative", "Tom Weber")
    talkers: dict[str, Talker] = {}
    for step in json.loads((VECTORS / name).read_text())["steps"]:
        talker = talkers.setdefault(step["who"], talkers.get(step["who"]) or dial(cookies[step["who"]]))
        _replay(talker, step)


def _replay(talker: Talker, step: dict[str, Any]) -> None:
    if "sends" in step:
        talker.connection.send(json.dumps(step["sends"]))
    elif "hears" in step:
        wanted = dict(step["hears"])
        talker.hear(wanted.pop("type"), **wanted)
    else:
        assert talker.code() == step["closes"]


def _rows(title: str) -> set[str]:
    """The first cells of the tables of a chapter."""
    chapter = re.search(rf"^## \d+\. {re.escape(title)}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert chapter
    return set(re.findall(r"^\| `?([^|`]+?)`? \|", chapter.group(1), re.MULTILINE)) - {"code", "type", "---"}


def test_the_page_lists_every_message_of_the_client() -> None:
    assert _rows("What a client sends") == {messages.tag(kind) for kind in messages.MESSAGES}


def test_the_page_lists_every_message_of_the_server() -> None:
    assert _rows("What the server sends") == {messages.tag(kind) for kind in answers.Told.__subclasses__()}


def test_the_page_lists_every_error_code_and_every_close_code() -> None:
    told = {
        one.code
        for one in vars(problems).values()
        if isinstance(one, type) and one.__module__ == problems.__name__
    }
    assert {row for row in _rows("Error codes") if row.startswith("live:")} == told
    assert {int(row) for row in _rows("Close codes")} == {int(code) for code in Close} | {1009}
