"""Scopes: each text is read in one way or refused, and what is granted was asked for and allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from teleward.access.smart.scopes import (
    LETTERS,
    LEVELS,
    NARROWS,
    Scope,
    Scopes,
    ScopeUnknown,
    cut,
    narrowing,
    one,
    read,
)

kinds = some.sampled_from(["*", "Patient", "Observation", "Condition"])
letters = some.lists(some.sampled_from(LETTERS), min_size=1, unique=True).map(
    lambda found: "".join(letter for letter in LETTERS if letter in found)
)
values = some.text(some.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=1, max_size=12)
filters = some.dictionaries(some.sampled_from(sorted(NARROWS)), values, max_size=2).map(
    lambda found: tuple(found.items())
)
scopes = some.builds(Scope, some.sampled_from(LEVELS), kinds, letters, filters)
many = some.lists(scopes, max_size=5, unique=True).map(lambda found: Scopes(clinical=tuple(found)))


@given(many)
def test_what_is_written_is_read_as_the_same(all_of: Scopes) -> None:
    assert read(str(all_of)) == all_of


@given(some.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read(text)
    except ScopeUnknown:
        return
    assert read(str(found)) == found


@given(many, many)
def test_nothing_is_granted_that_was_not_asked_for_and_allowed(asked: Scopes, allowed: Scopes) -> None:
    granted = cut(asked, allowed)
    for level in LEVELS:
        for kind in ("Patient", "Observation", "Encounter"):
            for letter in LETTERS:
                what = {"levels": [level], "kind": kind, "letter": letter}
                held = narrowing(granted, **what)
                both = [narrowing(each, **what) for each in (asked, allowed)]
                assert held is None or None not in both
                assert () not in (held or ()) or all(() in (each or ()) for each in both)


@pytest.mark.parametrize(
    ("word", "means"),
    [
        ("patient/Observation.rs", "patient/Observation.rs"),
        ("user/*.cruds", "user/*.cruds"),
        ("patient/*.read", "patient/*.rs"),
        ("user/Observation.write", "user/Observation.cud"),
        ("system/*.*", "system/*.cruds"),
        (
            "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory",
            "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory",
        ),
    ],
)
def test_the_examples_of_the_standard_mean_what_it_says(word: str, means: str) -> None:
    assert str(one(word)) == means


@pytest.mark.parametrize(
    "word",
    [
        "patient/Observation",
        "patient/Observation.",
        "patient/Observation.sr",
        "patient/Observation.rr",
        "patient/Observation.x",
        "patient/observation.r",
        "practice/Observation.r",
        "patient/Observation.r?",
        "patient/Observation.r?category",
        "patient/Observation.r?category=",
        "patient/Observation.r?category=a&category=b",
        "patient/Observation.r?category:not=a",
        "patient/Observation.r?_id=1",
        "patient/../Patient.r",
        "everything",
    ],
)
def test_what_is_no_scope_is_refused(word: str) -> None:
    with pytest.raises(ScopeUnknown):
        one(word)


def test_two_spaces_or_a_novel_are_no_scopes() -> None:
    for text in ("patient/*.r  user/*.r", " patient/*.r", "x" * 5000, " ".join(["openid"] * 200)):
        with pytest.raises(ScopeUnknown):
            read(text)


def test_a_narrowed_scope_stays_narrowed_whichever_side_says_so() -> None:
    wide, narrow = read("patient/Observation.rs"), read("patient/Observation.rs?category=laboratory")
    assert cut(wide, narrow) == cut(narrow, wide) == narrow
    other = read("patient/Observation.rs?category=vital-signs")
    assert cut(narrow, other).clinical == ()
