"""When something that did not go out is tried again: soon, then more and more rarely, then no more."""

from datetime import timedelta

STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60, 180, 360, 720, 1440))
LEASE = timedelta(minutes=5)  # longer than any try lasts: what was cut off is due again then
LONGEST_WISH = timedelta(hours=6)  # of the other side, that we wait


def pause_after(tries: int, wish: timedelta | None = None) -> timedelta | None:
    """How long to wait after so many tries (at least one); None where a person has to look."""
    if tries > len(STEPS):
        return None
    return max(STEPS[tries - 1], min(wish or timedelta(), LONGEST_WISH))
