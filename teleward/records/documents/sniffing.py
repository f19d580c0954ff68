"""What a document is, by its bytes; its name and what a browser says of it are not believed."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from .limits import MOST_BYTES
from .pdf import BEGINS as PDF_BEGINS
from .pdf import check_pdf
from .pictures import JPEG_BEGINS, PNG_BEGINS, clean_jpeg, clean_png
from .problems import DocumentEmpty, DocumentTooLarge, KindUnknown, NameMisleads


class Kind(StrEnum):
    """The media types that are kept."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"


ENDINGS = {
    Kind.PDF: frozenset({".pdf"}),
    Kind.JPEG: frozenset({".jpg", ".jpeg", ".jpe", ".jfif"}),
    Kind.PNG: frozenset({".png"}),
}
BEGINNINGS = {
    Kind.PDF: PDF_BEGINS,
    Kind.JPEG: JPEG_BEGINS + b"\xff",
    Kind.PNG: PNG_BEGINS,
}


@dataclass(frozen=True, kw_only=True)
class Sound:
    """A document that may be kept: its kind, and its bytes as they are kept."""

    kind: Kind
    content: bytes


def kind_of(content: bytes) -> Kind | None:
    """The kind these bytes begin like, or None."""
    return next((kind for kind, begins in BEGINNINGS.items() if content.startswith(begins)), None)


def sound(*, content: bytes, name: str = "") -> Sound:
    """The document, looked through and cleaned; `name` is its file's, or empty. Raises DocumentRefused."""
    if not content:
        raise DocumentEmpty
    if len(content) > MOST_BYTES:
        raise DocumentTooLarge
    kind = kind_of(content)
    if kind is None:
        raise KindUnknown
    ending = PurePath(name.replace("\\", "/")).suffix.lower()
    if ending and ending not in ENDINGS[kind]:
        raise NameMisleads
    return Sound(kind=kind, content=CLEANED[kind](content))


def _checked_pdf(content: bytes) -> bytes:
    check_pdf(content)
    return content


CLEANED: dict[Kind, Callable[[bytes], bytes]] = {
    Kind.PDF: _checked_pdf,
    Kind.JPEG: clean_jpeg,
    Kind.PNG: clean_png,
}
