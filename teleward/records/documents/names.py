"""Names in a PDF, however they are written (ISO 32000-1, 7.3.5)."""

from typing import Final

ENDED: Final = rb"(?![A-Za-z0-9])"


def spelled(*names: str) -> bytes:
    """Any of these names; any letter of a name may be written as # and two digits."""
    every = ("".join(f"(?:{each}|#(?i:{ord(each):02x}))" for each in name) for name in names)
    return f"/(?:{'|'.join(every)})".encode()
