"""The resources that the chart keeps, as the store sees them."""

from typing import Any

from msgspec import Struct

from teleward.records.fhir.reading import read, write


def kind_of(resource: Struct) -> str:
    """The name of the type."""
    return type(resource).__name__


def checked(resource: Struct) -> Any:  # noqa: ANN401 - the struct of its type
    """The resource as its strict struct, whatever struct it came as. Raises Invalid."""
    return read(kind_of(resource), write(resource))
