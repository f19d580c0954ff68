"""One form of a text, whichever keyboard composed its accents."""

import unicodedata


def normalised(password: str) -> str:
    """The NFC form of this password."""
    return unicodedata.normalize("NFC", password)
