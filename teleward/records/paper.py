"""A note as a tagged PDF (PDF/UA-1). The same words give the same bytes: nothing changes by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from teleward.kernel import paper

PAPERS = Path(__file__).parent / "papers"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What stands on it, in one language: facts as pairs of name and value, the text in paragraphs."""

    title: str
    author: str
    language: str
    facts: Sequence[tuple[str, str]]
    parts: Sequence[str]


def printed(note: Paper) -> bytes:
    """The note as a PDF (kernel.paper)."""
    return paper.printed(template=PAPERS / "note.typ", said=note)
