"""Files and functions stay small, names say something, and every silenced check gives its reason."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from architecture.rooms import PACKAGE, ROOT, name
from architecture.syntax import every_function, read

FILE_LINES = {".py": 300, ".js": 300, ".mjs": 300, ".css": 600, ".html": 200}
TEST_LINES = 300
FUNCTION_LINES = 40
MEDIAN_FUNCTION_LINES = 9
EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "core",
    "manager",
    "managers",
    "base",
    "misc",
    "services",
}
SILENCED = re.compile(r"(?P<before># .*\w.*)?#\s*(noqa|type:\s*ignore|pragma|nosec)\b(?P<after>.*)$")
BLANKET = re.compile(r"#\s*(?:noqa(?!:)|type:\s*ignore(?!\[))\b")
REASON = re.compile(r"^(:[\w\s,]+|\[[\w\-,\s]+\]\s*)[-#]\s*(#\s*)?\w")
SOURCES = ("teleward", "architecture", "tests", "bench")
NOT_OURS = {"vendor", "node_modules", "migrations", "__pycache__", "locale"}


def _files(*suffixes: str) -> Iterator[Path]:
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*")):
            if path.suffix in suffixes and not NOT_OURS & set(path.parts) and not _is_vendored(path):
                yield path


def _is_vendored(path: Path) -> bool:
    return path.name.endswith((".min.js", ".min.css")) or bool(re.match(r"htmx-|govuk-frontend", path.name))


def _too_long(paths: Iterator[Path]) -> Iterator[str]:
    for path in paths:
        lines = len(path.read_text().splitlines())
        if lines > (TEST_LINES if "test" in path.name else FILE_LINES[path.suffix]):
            yield f"{path.name}: {lines} lines"


def test_files_stay_small() -> None:
    assert list(_too_long(_files(*FILE_LINES))) == []


def test_a_long_file_is_caught(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("pass\n" * 301)
    (tmp_path / "long.js").write_text(";\n" * 301)
    (tmp_path / "short.py").write_text("pass\n" * 300)
    assert list(_too_long(iter(sorted(tmp_path.iterdir())))) == ["long.js: 301 lines", "long.py: 301 lines"]


def _lengths(tree: ast.AST) -> dict[str, int]:
    return {f.name: (f.end_lineno or f.lineno) - f.lineno + 1 for f in every_function(tree)}


def test_functions_stay_small() -> None:
    lengths = [(length, f"{m.dotted}.{f}") for m in read() for f, length in _lengths(m.tree).items()]
    assert [entry for entry in lengths if entry[0] > FUNCTION_LINES] == []
    assert median(length for length, _function in lengths) <= MEDIAN_FUNCTION_LINES


def test_a_long_function_is_measured_with_its_inner_ones() -> None:
    planted = ast.parse("def outer():\n" + "    pass\n" * 20 + "    def inner():\n" + "        pass\n" * 20)
    assert _lengths(planted) == {"outer": 42, "inner": 21}


def _empty_names(paths: Iterator[Path]) -> Iterator[str]:
    for path in paths:
        if EMPTY_NAMES & {path.stem, path.parent.name}:
            yield path.as_posix()


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert list(_empty_names(_files(".py", ".js", ".css"))) == []


def test_an_empty_name_is_caught() -> None:
    planted = [Path("consult/utils.py"), Path("consult/helpers/time.py"), Path("consult/notes.py")]
    assert list(_empty_names(iter(planted))) == ["consult/utils.py", "consult/helpers/time.py"]


def _silenced_without_a_reason(source: str) -> Iterator[str]:
    for line in source.splitlines():
        if (found := SILENCED.search(line)) and not (found["before"] or REASON.search(found["after"])):
            yield line.strip()


def test_every_silenced_check_of_the_product_gives_its_reason() -> None:
    ours = (path for path in _files(".py") if "tests" not in path.parts)
    found = {name(path): list(_silenced_without_a_reason(path.read_text())) for path in ours}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_every_silenced_check_of_a_test_says_at_least_which() -> None:
    tests = (path for path in _files(".py") if "tests" in path.parts and path != Path(__file__))
    assert [name(path) for path in tests if BLANKET.search(path.read_text())] == []


def test_a_silenced_check_without_a_reason_is_caught() -> None:
    blanket = ["x  # noqa", "x  # type: ignore"]
    bare = [*blanket, "x  # noqa: S105", "x  # type: ignore[misc]"]
    given = ["x  # noqa: S105 - ours", "x  # type: ignore[misc]  # their stub", "x  # ours  # noqa: S105"]
    assert list(_silenced_without_a_reason("\n".join(bare + given))) == bare
    assert [line for line in bare + given if BLANKET.search(line)] == blanket


def test_the_product_has_no_module_outside_a_room() -> None:
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "settings.py"}
