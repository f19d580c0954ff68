"""No recording, no personal data in logs or browser storage, no raw HTML, no side door to the ledger."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from architecture.rooms import PACKAGE, name
from architecture.syntax import Module, name_of, read

PERSONAL = {"IDENTITY", "CONTACT", "CLINICAL", "SECRET"}
LOG_VERBS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
SCRIPTS = [path for path in sorted(PACKAGE.glob("*/static/**/*.js")) if "vendor" not in path.parts]
OURS = [path for path in SCRIPTS if not re.match(r"htmx|.*\.min\.js$", path.name)]
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
CALL = "teleward/consult/static/consult/call/"
SEAL = "teleward/trust/static/trust/seal/memory.js"  # the ledger's last checkpoint, under a hash
BANNED_EVERYWHERE = {
    "recording": re.compile(r"\bMediaRecorder\b"),
    "storage that outlives the visit": re.compile(r"\blocalStorage\b|\bdocument\.cookie\b"),
    "raw HTML": re.compile(
        r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function)\b"
    ),
}
UNESCAPED = re.compile(r"^(?!.*{#.*#}).*(?:\|\s*safe\b|{%\s*autoescape\s+off)", re.MULTILINE)
LEDGER_TABLE = re.compile(
    r"\b(?:from|join|into|update|truncate)\s+(?:only\s+|table\s+)?\"?audit_event\b|\baudit_append\s*\(",
    re.IGNORECASE,
)


def _banned(text: str) -> list[str]:
    return [what for what, pattern in BANNED_EVERYWHERE.items() if pattern.search(text)]


def test_no_script_records_keeps_or_writes_raw_html() -> None:
    assert {name(path): found for path in OURS if (found := _banned(path.read_text()))} == {}


@pytest.mark.parametrize(
    ("planted", "what"),
    [
        ("new MediaRecorder(stream)", "recording"),
        ("localStorage.name = 1", "storage that outlives the visit"),
        ("node.innerHTML = text", "raw HTML"),
    ],
)
def test_a_script_that_does_is_caught(planted: str, what: str) -> None:
    assert _banned(planted) == [what]


def test_only_the_call_and_the_ledgers_seal_keep_anything_in_the_browser() -> None:
    keeping = {name(path) for path in OURS if re.search(r"\bindexedDB\b", path.read_text())}
    assert {path for path in keeping if not path.startswith((CALL, SEAL))} == set()


def test_no_template_switches_escaping_off_without_saying_why_beside_it() -> None:
    assert [name(path) for path in TEMPLATES if UNESCAPED.search(path.read_text())] == []


def test_a_template_that_does_is_caught() -> None:
    assert UNESCAPED.search("<p>\n{{ note|safe }}\n</p>")
    assert not UNESCAPED.search("{{ code|safe }}{# a drawing we made ourselves #}")


def _personal_fields(modules: Iterable[Module]) -> set[str]:
    """The names of all fields that are marked as personal, in every model."""
    marked = (node for module in modules for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef))
    return {
        name_of(target)
        for marks in marked
        if marks.name == "Marks"
        for line in marks.body
        if isinstance(line, ast.Assign) and name_of(line.value) in PERSONAL
        for target in line.targets
    }


def _logged(module: Module, fields: set[str]) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _is_log_call(node.func):
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            parts = {
                name_of(part)
                for argument in given
                for part in ast.walk(argument)
                if isinstance(part, ast.expr)
            }
            yield from (f"{module.dotted}:{node.lineno} logs {field}" for field in sorted(parts & fields))


def _is_log_call(function: ast.expr) -> bool:
    if not isinstance(function, ast.Attribute) or function.attr not in LOG_VERBS:
        return False
    return bool(re.fullmatch(r"_?(log|logger|logging|LOG|LOGGER)", name_of(function.value)))


def test_no_log_line_names_a_personal_field() -> None:
    modules = read()
    fields = _personal_fields(modules)
    assert {"email", "given_name", "family_name"} <= fields
    assert [line for module in modules for line in _logged(module, fields)] == []


def test_a_log_line_that_names_one_is_caught(tmp_path: Path) -> None:
    source = "log.info('sent')\nlog.info('sent to %s', person.email)\nlogger.error(f'{email}')"
    planted = Module(tmp_path, "teleward.consult.tasks", ast.parse(source))
    assert list(_logged(planted, {"email"})) == [
        "teleward.consult.tasks:2 logs email",
        "teleward.consult.tasks:3 logs email",
    ]


def _outside_the_ledger(files: Iterable[tuple[str, str]]) -> Iterator[str]:
    for path, text in files:
        if LEDGER_TABLE.search(text) and not path.startswith("teleward/audit/"):
            yield path


def test_nobody_but_the_ledger_touches_its_table() -> None:
    files = ((name(path), path.read_text()) for path in sorted(PACKAGE.rglob("*.py")))
    assert list(_outside_the_ledger(files)) == []


def test_somebody_else_who_does_is_caught() -> None:
    sql = 'cursor.execute("DELETE FROM audit_event")'
    planted = [("teleward/trust/queries.py", sql), ("teleward/audit/ledger.py", sql)]
    assert list(_outside_the_ledger(planted)) == ["teleward/trust/queries.py"]
