"""What the patient's page has to know of a kind of device before it reads one."""

from decimal import Decimal

from django.templatetags.static import static

from teleward.devices.kinds import Kind, Quantity


def kind_told(kind: Kind) -> dict[str, object]:
    """How devices of this kind are found and read, and what each of their values may be."""
    return {
        "name": kind.name,
        "service": kind.service,
        "characteristics": kind.characteristics,
        "module": static(f"devices/kinds/{kind.name}.js"),
        "continuous": kind.continuous,
        "quantities": [quantity_told(each) for each in kind.quantities],
    }


def quantity_told(quantity: Quantity) -> dict[str, object]:
    """Code, word, unit, and limits as decimals."""
    return {
        "code": quantity.code,
        "word": str(quantity.word),
        "unit": quantity.unit,
        "lowest": _plain(quantity.lowest),
        "highest": _plain(quantity.highest),
        "jump": None if quantity.jump is None else _plain(quantity.jump),
    }


def _plain(number: Decimal) -> str:
    return format(number, "f")
