"""Lists by policy: what the gate would say about each row, asked of the database in one condition."""

from .condition import Condition
from .page import LONGEST, ListDiffers, allowed, hold_against_policies
from .residual import NotListed, condition
from .rows import Row

__all__ = [
    "LONGEST",
    "Condition",
    "ListDiffers",
    "NotListed",
    "Row",
    "allowed",
    "condition",
    "hold_against_policies",
]
