"""What is kept, field by field, with the class of each field."""

from typing import Any

from django.apps import apps
from django.db import models

from architecture.rooms import rooms
from architecture.tables import code, table
from teleward.kernel.marks import Mark

MEANINGS = {
    Mark.KEY: "identifiers and links between rows",
    Mark.IDENTITY: "who a person is",
    Mark.CONTACT: "how to reach a person",
    Mark.CLINICAL: "health: notes, reasons, consent, modes",
    Mark.CONDUCT: "what a person did and when",
    Mark.SECRET: "hashes, wrapped keys, seeds; never leaves the database",
    Mark.SETTING: "how the place is run",
}
HEAD = """# Data map

Every field of every table, with its class. Exports, erasure and what may appear in a log follow from the
class; a law refuses a field without one. What is sealed with a patient's key is a `binary` field of class
`clinical` or `contact`.
"""


def write() -> str:
    """The page of all models, room by room."""
    classes = table(["class", "holds"], [[code(mark.value), MEANINGS[mark]] for mark in Mark])
    return "\n".join([HEAD, f"{classes}\n", *(_room(room) for room in rooms() if _models(room))])


def _models(room: str) -> list[type[models.Model]]:
    ours = [model for model in apps.get_models() if model.__module__.startswith(f"teleward.{room}.")]
    return sorted(ours, key=lambda model: model.__name__)


def _room(room: str) -> str:
    return "\n".join([f"## {room}\n", *(_model(model) for model in _models(room))])


def _model(model: type[models.Model]) -> str:
    rows = [
        [code(field.name), _kind(field), code(str(_mark(model, field.name)))]
        for field in model._meta.concrete_fields
    ]
    first = (model.__doc__ or "").strip().splitlines()
    said = first[0] if first and not first[0].startswith(f"{model.__name__}(") else ""
    return "\n".join(
        [f"### {model.__name__}\n", f"{said}\n" if said else "", table(["field", "type", "class"], rows), ""]
    )


def _kind(field: "models.Field[Any, Any]") -> str:
    if isinstance(field.remote_field, models.ForeignObjectRel):
        return f"link to {field.related_model.__name__}" if isinstance(field.related_model, type) else "link"
    return field.get_internal_type().removesuffix("Field").lower()


def _mark(model: type[models.Model], name: str) -> str:
    return str(getattr(getattr(model, "Marks", None), name, ""))
