"""The kinds of connection there are. One more is a folder in `kinds` and a line here."""

from .kind import Kind
from .kinds import fhir, mllp

KINDS: dict[str, Kind] = {"fhir": fhir.KIND, "mllp": mllp.KIND}
GOES_OUT = frozenset(kind for each in KINDS.values() for kind in each.sends)
