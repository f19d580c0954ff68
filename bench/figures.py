"""How a figure is written down."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`value` and `floor` in the same unit; the floor is the same work with nothing of ours around it."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    goal: str = "none"

    def __str__(self) -> str:
        floor = "none" if self.floor is None else f"{self.floor:.4g}"
        return f"{self.name} {self.value:.4g} {self.unit} floor={floor} goal={self.goal}"
