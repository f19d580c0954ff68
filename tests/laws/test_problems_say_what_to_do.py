"""Every refusal has a stable code of its room and one translated sentence for the person it meets."""

from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import import_module

from django.utils.functional import Promise

from architecture.syntax import read
from teleward.kernel.errors import Problem

NEEDS_A_HOUSE = {"command"}  # its refusals are sentences on the terminal of whoever runs the machine


def _every_problem() -> list[type[Problem]]:
    for module in read():
        room = (*module.parts, "")[0]
        if (
            room not in NEEDS_A_HOUSE
            and "Problem" in module.path.read_text()
            and module.parts[-1:] != ["asgi"]
        ):
            import_module(module.dotted)
    return sorted(_below(Problem), key=lambda problem: problem.__qualname__)


def _below(problem: type[Problem]) -> set[type[Problem]]:
    ours = {each for each in problem.__subclasses__() if each.__module__.startswith("teleward.")}
    return ours.union(*(_below(each) for each in ours)) if ours else set()


def _faults(problems: Iterable[type[Problem]]) -> Iterator[str]:
    problems = list(problems)
    counted = Counter(problem.code for problem in problems)
    for problem in problems:
        room, _colon, noun = problem.code.partition(":")
        if counted[problem.code] > 1:
            yield f"{problem.__name__}: {problem.code} is used twice"
        if not noun or room not in problem.__module__.split("."):
            yield f"{problem.__name__}: {problem.code} does not name its room"
        if not isinstance(problem.message, Promise):
            yield f"{problem.__name__}: its sentence is not translated"


def test_every_problem_has_a_code_of_its_own_and_a_translated_sentence() -> None:
    problems = _every_problem()
    assert problems
    assert list(_faults(problems)) == []


def test_a_borrowed_code_a_foreign_room_and_a_bare_sentence_are_caught() -> None:
    class Borrowed(Problem):
        code = "kernel:taken"
        message = "Not translated."

    class AlsoBorrowed(Problem):
        code = "kernel:taken"

    Borrowed.__module__ = AlsoBorrowed.__module__ = "teleward.trust.operations"
    assert list(_faults([Borrowed, AlsoBorrowed])) == [
        "Borrowed: kernel:taken is used twice",
        "Borrowed: kernel:taken does not name its room",
        "Borrowed: its sentence is not translated",
        "AlsoBorrowed: kernel:taken is used twice",
        "AlsoBorrowed: kernel:taken does not name its room",
    ]
