"""The resources that the chart keeps, as the store sees them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

Resource = Any


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value that a resource is found by."""

    param: str
    type: str
    system: str = ""
    code: str = ""
    text: str = ""
    start: datetime | None = None
    end: datetime | None = None
    target_type: str = ""
    target_id: str = ""
    number: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter of a search; `targets` of a reference."""

    name: str
    type: str
    targets: tuple[str, ...] = ()


PARAMETERS: dict[str, dict[str, Parameter]] = {}


def kind_of(resource: Resource) -> str:
    """The name of the type."""
    return type(resource).__name__


def values(_resource: Resource) -> tuple[Value, ...]:
    """What it is found by."""
    return ()
