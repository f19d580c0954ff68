"""Jobs of this room."""

from teleward.access.operations.forgetting import forget_what_is_over
from teleward.kernel.jobs import job


@job(
    "access.forget",
    passes="It removes rows that are over and reads nothing of anybody.",
    periodic="17 * * * *",
)
def forget(timestamp: int) -> None:
    """Every hour: what is over goes."""
    del timestamp
    forget_what_is_over()
