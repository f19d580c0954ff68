"""The ladder of modes, the reasons for not wanting one, and what comes next when one is declined."""

OFFERED = ("video", "audio", "text", "phone")  # what a patient chooses from
ACHIEVED = ("video", "low-video", "one-way", "photo-audio", "audio", "phone", "text")  # best first
DECLINE_REASONS = ("privacy", "trust", "camera", "equipment", "other")


def next_mode(*, declined: str, offered: tuple[str, ...]) -> str | None:
    """The best offered mode below the declined one, or None when the ladder ends."""
    below = OFFERED[OFFERED.index(declined) + 1 :]
    return next((mode for mode in below if mode in offered), None)
