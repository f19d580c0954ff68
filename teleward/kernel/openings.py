"""How an operation or query says that it asks for no grant, and why it may."""

from collections.abc import Callable
from typing import TypeVar

Work = TypeVar("Work", bound=Callable[..., object])


def without_grant(reason: str) -> Callable[[Work], Work]:
    """Marks a function of a door that is the way into a grant, or that touches no personal data.

    The reason is for the reader and for the law that looks for it; nothing happens when the function runs.
    """
    if not reason.strip():
        raise ValueError("Say why this needs no grant.")

    def mark(function: Work) -> Work:
        return function

    return mark
