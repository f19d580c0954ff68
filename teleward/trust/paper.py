"""A document as a tagged PDF (PDF/UA-1), which a screen reader reads in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from teleward.kernel import paper

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
    """The document as a PDF (kernel.paper)."""
    return paper.printed(template=PAPERS / "export.typ", said=document)
