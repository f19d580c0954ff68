"""What the room needs at once is named in its head, all of it and nothing else, and is few files."""

import re
from collections.abc import Callable
from pathlib import Path

from architecture.rooms import PACKAGE

STATIC = PACKAGE / "consult/static"
FIRST = "consult/room/room.js"
NAMED = PACKAGE / "consult/templates/consult/room/modules.html"
MOST_AT_ONCE = 12
COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
IMPORT = re.compile(
    r"""^(?:import\s*|(?:import|export)\s[^;"'()]*?\bfrom\s*)["'](\.[^"']+)["']""", re.MULTILINE
)
LINK = re.compile(r"""<link rel="{{ how }}" href="{% static '([^']+)' %}\"""")


def _imported(source: str) -> list[str]:
    return IMPORT.findall(COMMENT.sub("", source))


def _eager(first: str, read: Callable[[str], str]) -> set[str]:
    """The module and all that it imports without being asked for later."""
    found: set[str] = set()
    waiting = [first]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [_beside(name, other) for other in _imported(read(name))]
    return found


def _beside(name: str, other: str) -> str:
    return str((STATIC / name).parent.joinpath(other).resolve().relative_to(STATIC.resolve()))


def test_the_head_names_exactly_what_the_room_needs_at_once() -> None:
    named = LINK.findall(NAMED.read_text())
    assert sorted(named) == sorted(_eager(FIRST, lambda name: (STATIC / name).read_text()))
    assert len(named) <= MOST_AT_ONCE


def test_what_is_imported_later_or_only_for_its_types_is_not_needed_at_once() -> None:
    typed, many = '/** @type {import("./t.js").T} */', 'import {\n  two,\n} from "./two.js";'
    files = {
        "a/one.js": f'{typed}\n{many}\nimport("./late.js");',
        "a/two.js": 'import "../b/three.js";\n// import "./gone.js";\nexport { x } from "./one.js";',
        "b/three.js": "export const three = 3;",
    }
    assert _eager("a/one.js", files.__getitem__) == set(files)


def test_a_module_that_nobody_named_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "modules.html"
    page.write_text(NAMED.read_text().replace("consult/call/link.js", "consult/call/gone.js"))
    assert set(LINK.findall(page.read_text())) ^ set(LINK.findall(NAMED.read_text())) == {
        "consult/call/gone.js",
        "consult/call/link.js",
    }
