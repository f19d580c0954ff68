"""What the documents say is what the code does: generated pages, settings, versions, links, named tests."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from architecture import docs
from architecture.pages import settings
from architecture.rooms import ROOT, name
from teleward.consult.cards import MOST_RUNS

FOLDERS = sorted({*ROOT.glob("[a-z]*/")} - {ROOT / "node_modules"})
OURS = (ROOT.glob("*.md"), ROOT.glob("docs/**/*.md"), *(folder.glob("**/README.md") for folder in FOLDERS))
DOCUMENTS = sorted({path for paths in OURS for path in paths})
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s#]+)(?:#[^)]*)?\)")
FENCED = re.compile(r"```.*?```", re.DOTALL)
NAMED_FILE = re.compile(r"`((?:tests|teleward|architecture|bench)/[\w./-]+)`")
NAMED_TEST = re.compile(r"`(test_\w+(?:\.py)?)`")
TEST_NAME = re.compile(r"^\s*(?:async )?def (test_\w+)", re.MULTILINE)
IN_WORDS = {2: "two", 3: "three", 4: "four"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_the_generated_pages_are_current() -> None:
    assert docs.stale() == []


def test_a_page_changed_by_hand_is_caught(tmp_path: Path) -> None:
    docs.update(tmp_path)
    assert docs.stale(tmp_path) == []
    (tmp_path / "events.md").write_text("by hand")
    assert docs.stale(tmp_path) == ["events.md"]


def test_every_setting_the_code_reads_is_documented_and_no_other() -> None:
    assert settings.read_by_the_code() == settings.words().keys()


def _broken_links(document: Path) -> Iterator[str]:
    for target in LINK.findall(FENCED.sub("", document.read_text())):
        if not (document.parent / target).exists():
            yield target


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    assert list(_broken_links(document)) == []


def test_a_broken_link_is_caught(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[here](page.md#part) [gone](gone.md) [out](https://example.org)")
    assert list(_broken_links(page)) == ["gone.md"]


def _unknown_tests(text: str, known: Iterable[str]) -> list[str]:
    return sorted(set(NAMED_TEST.findall(text)) - set(known))


def _tests() -> set[str]:
    files = list(ROOT.glob("tests/**/test_*.py"))
    return {test for path in files for test in TEST_NAME.findall(path.read_text())} | {
        path.name for path in files
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_test_a_document_names_exists(document: Path) -> None:
    assert _unknown_tests(document.read_text(), _tests()) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_file_of_tests_a_document_names_exists(document: Path) -> None:
    named = NAMED_FILE.findall(document.read_text())
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_a_test_that_does_not_exist_is_caught() -> None:
    assert _unknown_tests("`test_there` and `test_gone`", ["test_there"]) == ["test_gone"]


def test_every_law_is_in_the_list_of_laws() -> None:
    listed = (ROOT / "TESTING.md").read_text()
    assert [path.name for path in ROOT.glob("tests/laws/test_*.py") if f"`{path.name}`" not in listed] == []


def test_the_python_version_is_the_same_everywhere() -> None:
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert PROJECT["tool"]["ruff"]["target-version"] == "py" + oldest.replace(".", "")
    assert PROJECT["tool"]["mypy"]["python_version"] == oldest
    for document in ("README.md", "docs/how-to/install.md"):
        assert set(re.findall(r"Python (3\.\d+)", (ROOT / document).read_text())) == {oldest}, document


def test_as_many_people_fit_into_a_call_as_into_its_room() -> None:
    room = (ROOT / "teleward/consult/operations/live_room.py").read_text()
    size = re.search(r"^ROOM_SIZE = (\d+)$", room, re.MULTILINE)
    assert size
    mesh = (ROOT / "teleward/consult/static/consult/call/mesh.js").read_text()
    assert f"const OTHERS = {int(size[1]) - 1};" in mesh


def test_the_words_are_run_as_often_by_the_page_as_the_server_takes_it() -> None:
    """Handed to the page, the number would cost each patient bytes on the way into the call."""
    page = (ROOT / "teleward/consult/static/consult/call/verification.js").read_text()
    assert re.findall(r"\bMOST_RUNS = (\d+);", page) == [str(MOST_RUNS)]
    for document, told in (
        ("docs/reference/signalling.md", f"`run` 1 … {MOST_RUNS} "),
        ("docs/explanation/threat-model.md", f"{IN_WORDS[MOST_RUNS]} runs while a page stays open"),
    ):
        assert told in (ROOT / document).read_text(), document


def test_the_port_is_the_same_everywhere() -> None:
    settings_file = (ROOT / "teleward/settings.py").read_text()
    port = re.search(r'"TELEWARD_ORIGIN", "http://localhost:(\d+)"', settings_file)
    assert port
    for document in ("README.md", "docs/how-to/install.md"):
        assert set(re.findall(r"localhost:(\d+)", (ROOT / document).read_text())) == {port[1]}, document


def test_the_version_is_the_newest_in_the_changelog() -> None:
    newest = re.search(r"^## \[?(\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest
    assert newest[1] == PROJECT["project"]["version"]


def test_each_javascript_checker_is_pinned_to_one_version() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert "dependencies" not in json.loads((ROOT / "package.json").read_text())


def test_the_javascript_lock_names_every_package_it_needs_on_every_machine() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = {name for package in packages.values() for name in package.get("optionalDependencies", {})}
    assert {name for name in wanted if f"node_modules/{name}" not in packages} == set()


def test_every_dependency_gives_its_reason() -> None:
    lines = re.findall(r'^  "[\w.\[\]-]+[<>=~,.\d ]*.*$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    named = [d for group in _dependency_groups() for d in group]
    bare = [line for line in lines if any(f'"{d}"' in line for d in named) and "#" not in line]
    assert bare == []


def _dependency_groups() -> list[list[str]]:
    project = PROJECT["project"]
    return [project["dependencies"], *project["optional-dependencies"].values()]
