"""Pages carry a title, run nothing inline, and ask no other host for anything."""

import re
from pathlib import Path

import pytest

from architecture.rooms import PACKAGE, name, rooms, templates

PAGES = [path for room in rooms() for path in templates(room) if path.suffix == ".html"]
STATIC = [
    path
    for path in sorted(PACKAGE.glob("*/static/**/*"))
    if path.suffix in {".js", ".css", ".svg", ".html", ".json", ".webmanifest"}
]
TITLE = re.compile(r"{%\s*block\s+title\b|<title\b|<c-page\b[^>]*\btitle=")
FRAMES = {"web/frame.html", "web/page.html", "web/quiet.html", "web/print.html"}
EXTENDS = re.compile(r"""{%\s*extends\s+["']([^"']+)""")
WHOLE_PAGE = re.compile(r"{%\s*extends\b|<html\b|<c-page\b")
FETCHED = re.compile(
    r"""(?: \b(?:src|srcset|action|formaction|poster|data|hx-\w+)\s*=\s*["']?
          | <link\b[^>]*?href\s*=\s*["']? | url\(\s*["']? | @import\s*(?:url\()?["']
          | \bfrom\s*["'] | \bimport\s*\(?\s*["']
          | \b(?:fetch|WebSocket|EventSource|Worker|sendBeacon)\(\s*["'`] )
        (?P<address>(?:https?:|wss?:)?//[^"'`)\s>]+)""",
    re.IGNORECASE | re.VERBOSE,
)
INLINE = re.compile(
    r"""<script(?![^>]*\bsrc=)(?![^>]*type=["']application/json) | <style\b
        | \sstyle\s*=\s*["'] | \son[a-z]+\s*=\s*["'] | javascript:""",
    re.IGNORECASE | re.VERBOSE,
)
LINK_OUT = re.compile(r"""<a\b[^>]*href=["']https?://[^>]*>""", re.IGNORECASE)


def _called(page: Path) -> str:
    return page.as_posix().rpartition("/templates/")[2]


def _untitled(text: str, others: dict[str, str]) -> bool:
    """Whether a whole page, and whatever it extends below the shell's own frames, names no title."""
    if not WHOLE_PAGE.search(text) or TITLE.search(text):
        return False
    parent = EXTENDS.search(text)
    return not parent or parent[1] in FRAMES or _untitled(others.get(parent[1], ""), others)


def _from_elsewhere(text: str) -> list[str]:
    return [found["address"] for found in FETCHED.finditer(text)]


def _without_comments(text: str) -> str:
    return re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", "", text, flags=re.DOTALL)


def test_every_page_has_a_title_of_its_own() -> None:
    texts = {_called(page): page.read_text() for page in PAGES}
    assert [page for page, text in texts.items() if page not in FRAMES and _untitled(text, texts)] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_runs_and_styles_nothing_inline(page: Path) -> None:
    assert INLINE.findall(_without_comments(page.read_text())) == []


@pytest.mark.parametrize("file", [*PAGES, *STATIC], ids=name)
def test_nothing_is_fetched_from_another_host(file: Path) -> None:
    assert _from_elsewhere(file.read_text()) == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_link_to_another_host_gives_nothing_away(page: Path) -> None:
    bare = [link for link in LINK_OUT.findall(page.read_text()) if "noreferrer" not in link]
    assert bare == []


def test_an_untitled_page_is_caught_and_a_fragment_needs_no_title() -> None:
    bare = "{% extends 'web/page.html' %}{% block main %}{% endblock %}"
    titled = "{% extends 'web/page.html' %}{% block title %}Day{% endblock %}"
    child = "{% extends 'consult/day.html' %}"
    assert _untitled(bare, {})
    assert _untitled(child, {"consult/day.html": bare})
    assert not _untitled(titled, {})
    assert not _untitled(child, {"consult/day.html": titled})
    assert not _untitled("<li>a fragment</li>", {})


@pytest.mark.parametrize(
    "planted",
    [
        '<script src="https://cdn.example.org/a.js"></script>',
        '<link rel="stylesheet" href="//fonts.example.org/a.css">',
        '<img src="//pixel.example.org/a.gif">',
        "@import url('https://fonts.example.org/a.css');",
        "src: url(https://fonts.example.org/a.woff2)",
        'import { a } from "https://cdn.example.org/a.js"',
        'await import("https://cdn.example.org/a.js")',
        'fetch("https://api.example.org/")',
        'new WebSocket("wss://example.org/")',
    ],
)
def test_anything_fetched_from_elsewhere_is_caught(planted: str) -> None:
    assert len(_from_elsewhere(planted)) == 1


def test_name_spaces_and_plain_links_are_not_fetched() -> None:
    assert _from_elsewhere('<svg xmlns="http://www.w3.org/2000/svg"><a href="https://example.org">') == []


@pytest.mark.parametrize(
    "planted",
    [
        "<script>go()</script>",
        "<p style='color: red'>",
        '<a onclick="go()">',
        "<style>p {}</style>",
        "href=javascript:go()",
    ],
)
def test_anything_inline_is_caught(planted: str) -> None:
    assert len(INLINE.findall(planted)) == 1


def test_words_handed_over_as_json_are_not_a_script() -> None:
    assert INLINE.findall('<script type="application/json" id="words">{}</script>') == []
