"""What a person told the meter about a measurement: 0x2A34. Amounts eaten or injected are left out."""

from teleward.devices.kinds.frame import Frame
from teleward.devices.kinds.kind import Measured

FOOD, MEAL, PEOPLE, EXERCISE, MEDICATION, _IN_LITRES, LONG_TERM, EXTENDED = (1 << bit for bit in range(8))
FOODS = dict(enumerate(("breakfast", "lunch", "dinner", "snack", "drink", "supper", "brunch"), start=1))
MEALS = dict(enumerate(("before-meal", "after-meal", "fasting", "casual", "bedtime"), start=1))
TESTERS = dict(enumerate(("tested-by-oneself", "tested-by-professional", "tested-in-laboratory"), start=1))
HEALTH = dict(enumerate(("slightly-ill", "seriously-ill", "menses", "stress", "well"), start=1))
DRUGS = dict(
    enumerate(
        (
            "rapid-acting-insulin",
            "short-acting-insulin",
            "intermediate-acting-insulin",
            "long-acting-insulin",
            "premixed-insulin",
        ),
        start=1,
    )
)


def context(frame: Frame) -> Measured:
    """The words for what was said; no value. The sequence number tells about which measurement."""
    flags, sequence = frame.whole(1), frame.whole(2)
    frame.take(1 if flags & EXTENDED else 0)
    said = [FOODS.get(_first(frame, 3))] if flags & FOOD else []
    said += [MEALS.get(frame.whole(1))] if flags & MEAL else []
    said += _people(frame.whole(1)) if flags & PEOPLE else []
    said += ["exercise"] if flags & EXERCISE and frame.take(3) else []
    said += [DRUGS.get(_first(frame, 3))] if flags & MEDICATION else []
    frame.take(2 if flags & LONG_TERM else 0)
    return Measured(values=(), sequence=sequence, flags=tuple(word for word in said if word))


def _first(frame: Frame, size: int) -> int:
    """What it was, of what it was and how much."""
    return frame.take(size)[0]


def _people(both: int) -> list[str | None]:
    return [TESTERS.get(both & 15), HEALTH.get(both >> 4)]
