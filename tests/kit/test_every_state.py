"""Whatever happens in the room, it can be read, reached and understood by everybody, in both languages."""

import pytest
from journeys.looking import BARRIERS, BUT_COLOURS

from .conftest import Open
from .scenes import SCENES

STATES = [(side, name) for side, scenes in SCENES.items() for name in scenes]
RULES = {"de": {}, "en": BUT_COLOURS}  # colours do not change with the language
SMALLEST_PHONE = 320  # CSS pixels, and a desktop window at 400 %


@pytest.mark.journey
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("side", "name"), STATES)
def test_a_state_of_the_room_is_free_of_barriers_and_fits_a_small_phone(
    open_again: Open, side: str, name: str, language: str
) -> None:
    page = open_again(side, language=language)
    SCENES[side][name](page, side)
    faults = page.evaluate(BARRIERS, RULES[language])
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in faults] == []
    assert page.locator("h1:visible").count() == 1
    page.set_viewport_size({"width": SMALLEST_PHONE, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST_PHONE
    assert page.trouble == []
