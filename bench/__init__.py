"""Each performance claim as a command that prints its number beside its floor."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))  # the clinic and the people of the journeys
