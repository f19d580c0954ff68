"""The kinds of connection there are. One more is a folder in `kinds` and a line here."""

from .kind import Kind

KINDS: dict[str, Kind] = {}
GOES_OUT = frozenset({"Appointment", "Communication", "DocumentReference", "Encounter", "Observation"})
