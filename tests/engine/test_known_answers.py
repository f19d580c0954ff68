import json
import runpy
from pathlib import Path

VECTORS = Path(__file__).parents[1] / "vectors"


def test_the_known_answers_are_those_of_the_second_implementation() -> None:
    answers = runpy.run_path(str(VECTORS / "verification_words.py"))["answers"]()
    assert json.loads((VECTORS / "verification_words.json").read_text()) == answers
