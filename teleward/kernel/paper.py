"""Words on paper: a Typst template and what it says become a tagged PDF (PDF/UA-1)."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typst

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def printed(*, template: Path, said: "DataclassInstance") -> bytes:
    """The PDF of a template, which reads what is said as JSON from its input `said`.

    The same words give the same bytes. Letters that no font here has are still printed, then without the
    promise of PDF/UA.
    """
    words = json.dumps(asdict(said), ensure_ascii=False)
    try:
        return _compiled(template, words, is_accessible=True)
    except typst.TypstError:
        return _compiled(template, words, is_accessible=False)


def _compiled(template: Path, words: str, *, is_accessible: bool) -> bytes:
    fonts = typst.Fonts(include_system_fonts=not is_accessible, include_embedded_fonts=True)
    made = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=fonts,
        sys_inputs={"said": words},
        pdf_standards=["ua-1"] if is_accessible else [],
    )
    if not isinstance(made, bytes):
        raise TypeError("A PDF is one piece.")
    return made
