"""Every model says for every field what kind of data it holds, and says nothing about fields it has not."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from teleward.kernel.marks import Mark

OURS = [
    model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("teleward.")
]


def _faults(model: type[models.Model]) -> Iterator[str]:
    fields = {field.name for field in model._meta.get_fields() if field.concrete}
    said = vars(model).get("Marks", object)
    marks = {name: getattr(said, name) for name in dir(said) if not name.startswith("_")}
    yield from (f"{name} has no mark" for name in sorted(fields - marks.keys()))
    yield from (f"{name} is marked but is no field" for name in sorted(marks.keys() - fields))
    yield from (f"{name}: {mark!r} is no Mark" for name, mark in marks.items() if not isinstance(mark, Mark))


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_of_a_model_is_marked(model: type[models.Model]) -> None:
    assert list(_faults(model)) == []


def test_there_are_models_to_look_at() -> None:
    assert OURS


@isolate_apps("teleward.kernel")
def test_an_unmarked_a_stale_and_a_mistaken_mark_are_each_caught() -> None:
    class Planted(models.Model):
        said = models.TextField()

        class Meta:
            app_label = "kernel"

        class Marks:
            id = "key"
            gone = Mark.KEY

        def __str__(self) -> str:
            return "planted"

    assert list(_faults(Planted)) == [
        "said has no mark",
        "gone is marked but is no field",
        "id: 'key' is no Mark",
    ]
