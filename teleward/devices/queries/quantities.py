"""What can be measured, by code: the first kind of device that has it says its word and its unit."""

from collections.abc import Mapping

from teleward.devices.kinds import KINDS, Kind, Quantity
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant


@without_grant("What devices measure, of nobody.")
def quantities() -> Mapping[str, Quantity]:
    """Every quantity by its LOINC code, in the order of the kinds."""
    found: dict[str, Quantity] = {}
    for kind in KINDS.values():
        for code, quantity in kind.by_code.items():
            found.setdefault(code, quantity)
    return found


@without_grant("What devices measure, of nobody.")
def quantity_of(code: str) -> Quantity:
    """One quantity by its code. Raises NotFound."""
    found = quantities().get(code)
    if found is None:
        raise NotFound
    return found


@without_grant("What devices measure, of nobody.")
def kinds_of(code: str) -> tuple[Kind, ...]:
    """The kinds of device that measure it."""
    return tuple(kind for kind in KINDS.values() if code in kind.by_code)
