"""What other systems send while the server runs."""

from .mllp import Mllp

__all__ = ["Mllp"]
