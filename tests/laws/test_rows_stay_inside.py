"""Rows are reached by operations and queries only: no page, socket, job or command can go round the grant."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from architecture.syntax import Module, read, taken

OUTSIDE = {"views", "urls", "reactions", "tasks", "live", "api"}
INSIDE = {"operations", "queries", "models", "migrations"}
STOREY = {
    name: number
    for number, names in enumerate(
        [{"kernel"}, {"audit"}, {"access"}, {"records"}, {"consult", "devices"}, {"trust", "watch"}, {"web"}]
    )
    for name in names
}
TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z]+_[a-z_]+)")
BELOW_THE_GATE = {
    "teleward.access.entities",  # looks up what the gate itself has to know
    "teleward.kernel.envelope",  # the patient's key, for whoever holds what it sealed
}


def _importing_models(modules: Iterable[Module]) -> Iterator[str]:
    for module in modules:
        if len(module.parts) > 1 and module.parts[1] in OUTSIDE:
            for node in ast.walk(module.tree):
                if isinstance(node, ast.ImportFrom) and _names_models(node):
                    yield module.dotted


def _names_models(node: ast.ImportFrom) -> bool:
    imported = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
    return "models" in imported and node.module != "django.db"


def _reaching_for_rows(modules: Iterable[Module]) -> Iterator[str]:
    for module in modules:
        if not INSIDE & set(module.parts) and module.dotted not in BELOW_THE_GATE:
            for node in ast.walk(module.tree):
                if isinstance(node, ast.Attribute) and node.attr == "objects":
                    yield f"{module.dotted}:{node.lineno}"


def _reading_the_ledger(modules: Iterable[Module]) -> Iterator[str]:
    """The ledger's queries ask for no grant: only a query that does may stand before them."""
    for module in modules:
        if len(module.parts) > 1 and module.parts[1] in OUTSIDE:
            for source, name in taken(module):
                if source == "teleward.audit.queries" and name.islower():
                    yield f"{module.dotted}: {name}"


def _asking_upwards(modules: Iterable[Module]) -> Iterator[str]:
    """Statements of a room that name a table of a storey above or beside: that is no door."""
    for module in modules:
        room = module.parts[0] if module.parts else ""
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
                text = node.value if isinstance(node.value, str) else node.value.decode(errors="replace")
                yield from (f"{module.dotted}: {table}" for table in _tables_above(room, text))


def _tables_above(room: str, statement: str) -> Iterator[str]:
    own = STOREY.get(room, len(STOREY))
    for table in TABLE.findall(statement):
        theirs, _dash, _name = table.partition("_")
        if theirs != room and STOREY.get(theirs, -1) >= own:
            yield table


def _planted(source: str, *places: str) -> list[Module]:
    return [Module(Path(), f"teleward.consult.{place}", ast.parse(source)) for place in places]


def test_pages_sockets_and_jobs_reach_rows_only_through_operations_and_queries() -> None:
    assert sorted(set(_importing_models(read()))) == []


def test_a_page_that_imports_a_model_is_caught() -> None:
    source = "from teleward.consult.models.visits import Visit"
    assert list(_importing_models(_planted(source, "views.day", "operations.visits"))) == [
        "teleward.consult.views.day"
    ]


def test_nobody_else_queries_the_database() -> None:
    assert list(_reaching_for_rows(read())) == []


def test_a_module_that_does_is_caught_wherever_it_stands() -> None:
    source = "def find(visits):\n    return visits.objects.first()"
    assert list(_reaching_for_rows(_planted(source, "letters", "queries.visits"))) == [
        "teleward.consult.letters:2"
    ]


def test_no_page_reads_the_ledger_without_a_query_that_asks_for_a_grant() -> None:
    assert list(_reading_the_ledger(read())) == []


def test_a_page_that_reads_the_ledger_is_caught() -> None:
    source = "from teleward.audit.queries import LedgerEntry, of_patient"
    assert list(_reading_the_ledger(_planted(source, "views.day", "queries.looks"))) == [
        "teleward.consult.views.day: of_patient"
    ]


def test_no_statement_names_a_table_of_a_room_above_or_beside() -> None:
    assert sorted(set(_asking_upwards(read()))) == []


def test_a_statement_that_does_is_caught() -> None:
    source = 'A = b"SELECT 1 FROM devices_kept JOIN access_patient_key"\nB = "UPDATE consult_visit SET"'
    assert list(_asking_upwards(_planted(source, "queries.visits"))) == [
        "teleward.consult.queries.visits: devices_kept"
    ]
