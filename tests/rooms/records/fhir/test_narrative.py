"""The text of a resource may look like something and do nothing."""

import pytest

from teleward.records.fhir.narrative import harmful

PLAIN = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'


@pytest.mark.parametrize(
    "inside",
    [
        "<script>x</script>",
        '<p onclick="x()">a</p>',
        '<p ONCLICK="x()">a</p>',
        '<a href="javascript:x()">a</a>',
        '<a href=" jAvaScript:x()">a</a>',
        '<a href="java&#9;script:x()">a</a>',
        '<a href="data:text/html,x">a</a>',
        '<a href="vbscript:x">a</a>',
        '<p style="background:url(javascript:x())">a</p>',
        '<img src="blob:x"/>',
        "<iframe/>",
        "<form/>",
        "<object/>",
        "<svg/>",
        "<style>x</style>",
        "<link/>",
        "<p>not closed",
        "<![CDATA[<script>x</script>]]>",
        "&unknown;",
    ],
)
def test_a_narrative_that_can_do_something_is_refused(inside: str) -> None:
    assert harmful(PLAIN.format(inside)) is not None


@pytest.mark.parametrize(
    "div",
    [
        "text",
        "<p>no div</p>",
        "<div>one</div><div>two</div>",
        '<!DOCTYPE div [<!ENTITY a "b">]><div>&a;</div>',
        "<?xml version='1.0'?><div>a</div>",
    ],
)
def test_a_narrative_is_one_div_without_declarations(div: str) -> None:
    assert harmful(div) is not None


@pytest.mark.parametrize(
    "inside",
    [
        '<table><tr><td style="text-align:right">107&#160;mmHg&nbsp;</td></tr></table>',
        '<a href="https://example.org/">a</a><a href="mailto:a@example.org">b</a><a href="#c" name="c">c</a>',
        '<img src="#photo" alt="x"/><img src="data:image/png;base64,AAAA" alt="y"/>',
        "<!-- said -->a<br/>b",
    ],
)
def test_a_narrative_that_only_looks_like_something_is_let_through(inside: str) -> None:
    assert harmful(PLAIN.format(inside)) is None
