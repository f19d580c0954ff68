"""An extension: one value of any type, or further extensions.

`Extension` is below every other data type, since each may be extended. The types of its values are looked up
by name once they are all known.
"""

from typing import Any

from msgspec import Struct, convert
from msgspec.structs import force_setattr

from teleward.records.fhir.structs import KINDS, Fhir


def type_of_value(attribute: str) -> type[Fhir] | None:
    """The struct of an attribute such as `value_coding`, or None where it is a primitive."""
    return KINDS.get("".join(word[0].upper() + word[1:] for word in attribute.split("_")[1:]))


def valued(extension: Any) -> None:  # noqa: ANN401 - Extension is below its own rule
    """Makes the value the struct it should be; refuses a value beside further extensions, and neither."""
    fields = extension.__struct_fields__
    names = [n for n in fields if n.startswith("value_") and getattr(extension, n) is not None]
    if bool(extension.extension) == bool(
        names or any(getattr(extension, n) for n in fields if n.startswith("ext_"))
    ):
        raise ValueError("Expected either a value or further extensions")
    for name in names:
        value, kind = getattr(extension, name), type_of_value(name)
        if kind is not None and not isinstance(value, Struct):
            force_setattr(extension, name, convert(value, kind))
