import json
import runpy
from pathlib import Path

import pytest

VECTORS = Path(__file__).parents[1] / "vectors"


@pytest.mark.parametrize("name", ["verification_words", "sealed_entries"])
def test_the_known_answers_are_those_of_the_second_implementation(name: str) -> None:
    answers = runpy.run_path(str(VECTORS / f"{name}.py"))["answers"]()
    assert json.loads((VECTORS / f"{name}.json").read_text()) == json.loads(json.dumps(answers))
