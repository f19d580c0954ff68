"""The text of a resource: simple XHTML that can do nothing (R4, narrative.html, rules txt-1 and txt-2)."""

import re
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

_NAMES = """
    a abbr acronym area b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2
    h3 h4 h5 h6 hr i img li map ol p pre q samp small span strong sub sup table tbody td tfoot th
    thead tr tt ul var
"""
ELEMENTS = frozenset(_NAMES.split())
HARMLESS_LINKS = ("http:", "https:", "mailto:", "tel:", "urn:", "data:image/")
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:")
LINKS = frozenset({"href", "src", "cite", "longdesc", "background", "usemap"})
XHTML = "http://www.w3.org/1999/xhtml"
ENTITIES = '<!DOCTYPE div [<!ENTITY nbsp "&#160;"><!ENTITY copy "&#169;"><!ENTITY reg "&#174;">]>'


def harmful(div: str) -> str | None:
    """What is wrong with the XHTML of a narrative."""
    found: list[str] = []
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        if depth == 0 and name != "div":
            found.append("Expected one div")
        depth += 1
        if name not in ELEMENTS:
            found.append(f"<{name}> may not stand in a narrative")
        found.extend(_harmful(name, attributes))

    parser = ParserCreate()
    parser.StartElementHandler = start
    parser.EntityDeclHandler = None
    if "<!" in div.replace("<!--", "") or "<?" in div:
        return "Expected XHTML without declarations"
    try:
        parser.Parse(ENTITIES + div, True)  # noqa: FBT003 - this is the last piece; the parser takes it by place
    except ExpatError as error:
        return f"Expected well-formed XHTML ({error})"
    return found[0] if found else None


def _harmful(name: str, attributes: dict[str, str]) -> list[str]:
    return [
        f"{key} may not stand in <{name}>" for key, value in attributes.items() if _acts(key.lower(), value)
    ]


def _acts(key: str, value: str) -> bool:
    """Whether an attribute may make something happen; browsers overlook spaces in the name of a scheme."""
    link = "".join(letter for letter in value.lower() if letter > " ")
    leads = key in LINKS and _SCHEME.match(link) and not link.startswith(HARMLESS_LINKS)
    return key.startswith("on") or bool(leads) or "javascript:" in link


def harmless(narrative: Any) -> None:  # noqa: ANN401 - Narrative is above its own rule
    """Rule of a narrative."""
    if problem := harmful(narrative.div):
        raise ValueError(f"div: {problem}")
