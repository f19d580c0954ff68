"""The same for each of several: what fails for one of them holds up none of the others."""

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def one_by_one(work: Callable[[T], object], each: Iterable[T]) -> None:
    """Works on each. Raises the first fault once all the others are done."""
    faults: list[Exception] = []
    for one in each:
        try:
            work(one)
        except Exception as fault:  # noqa: BLE001 - it is raised below
            faults.append(fault)
    if faults:
        raise faults[0]
