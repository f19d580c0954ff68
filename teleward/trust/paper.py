"""A document as a tagged PDF (PDF/UA-1), which a screen reader reads in order."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import typst

PAPERS = Path(__file__).parent / "papers"


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading with a table: `widths` in shares of the page, `empty` said where there are no rows."""

    title: str
    heads: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]
    empty: str
    lead: str = ""


@dataclass(frozen=True, kw_only=True)
class Document:
    """The whole of it, in one language."""

    title: str
    lead: str
    practice: str
    language: str
    sections: Sequence[Section]


def printed(document: Document) -> bytes:
    """The PDF. A name whose letters no font here has is still printed, then without the promise of PDF/UA."""
    said = json.dumps(asdict(document), ensure_ascii=False)
    try:
        return _compiled(said, is_accessible=True)
    except typst.TypstError:
        return _compiled(said, is_accessible=False)


def _compiled(said: str, *, is_accessible: bool) -> bytes:
    fonts = typst.Fonts(include_system_fonts=not is_accessible, include_embedded_fonts=True)
    made = typst.compile(
        str(PAPERS / "export.typ"),
        root=str(PAPERS),
        font_paths=fonts,
        sys_inputs={"said": said},
        pdf_standards=["ua-1"] if is_accessible else [],
    )
    if not isinstance(made, bytes):
        raise TypeError("A PDF is one piece.")
    return made
