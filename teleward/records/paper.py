"""A note as a tagged PDF (PDF/UA-1). The same words give the same bytes: nothing changes by itself."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import typst

PAPERS = Path(__file__).parent / "papers"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What stands on it, in one language: facts as pairs of name and value, the text in paragraphs."""

    title: str
    author: str
    language: str
    facts: Sequence[tuple[str, str]]
    parts: Sequence[str]


def printed(paper: Paper) -> bytes:
    """The PDF. Letters that no font here has are still printed, then without the promise of PDF/UA."""
    said = json.dumps(asdict(paper), ensure_ascii=False)
    try:
        return _compiled(said, is_accessible=True)
    except typst.TypstError:
        return _compiled(said, is_accessible=False)


def _compiled(said: str, *, is_accessible: bool) -> bytes:
    fonts = typst.Fonts(include_system_fonts=not is_accessible, include_embedded_fonts=True)
    made = typst.compile(
        str(PAPERS / "note.typ"),
        root=str(PAPERS),
        font_paths=fonts,
        sys_inputs={"said": said},
        pdf_standards=["ua-1"] if is_accessible else [],
    )
    if not isinstance(made, bytes):
        raise TypeError("A PDF is one piece.")
    return made
