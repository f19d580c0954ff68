"""The live part of a consultation: seats, lobby and signalling. It never sees media, keys or chat."""

from .endpoint import Live

__all__ = ["Live"]
