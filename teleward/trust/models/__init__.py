"""What patients say, ask for and decide in their window, and what the practice answers."""

from .erasures import ErasureAnswer, ErasureRequest
from .keys import ErasureKey, ObjectionKey
from .objections import Answer, Objection

__all__ = [
    "Answer",
    "ErasureAnswer",
    "ErasureKey",
    "ErasureRequest",
    "Objection",
    "ObjectionKey",
]
