"""How alike two files are: names as they sound and are spelled, dates with a slip, weights in bits."""

from datetime import date

import pytest

from teleward.access.matching.names import one_slip, plain, short_form_of, sound
from teleward.access.matching.traits import Traits, blocks, telephone_text, traits
from teleward.access.matching.weights import WEIGHTS, Match, Reason, compare


@pytest.mark.parametrize(
    ("word", "digits"),  # the examples with which the method is taught
    [
        ("Wikipedia", "3412"),
        ("Müller-Lüdenscheidt", "65752682"),
        ("Breschnew", "17863"),
        ("Meyer", "67"),
        ("Maier", "67"),
        ("Schmidt", "862"),
        ("Schmitt", "862"),
    ],
)
def test_a_word_sounds_as_the_cologne_method_says(word: str, digits: str) -> None:
    assert sound(word) == digits


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Weiß", "weiss"),
        ("JÜRGEN", "juergen"),
        ("Ju\u0308rgen", "juergen"),
        ("Ayşe", "ayse"),
        ("Łukasz", "lukasz"),
        ("O'Neill-Żak", "o neill zak"),
    ],
)
def test_a_name_has_one_spelling(written: str, kept: str) -> None:
    assert plain(written) == kept


@pytest.mark.parametrize("other", ["demir", "dmir", "deemir", "demis", "edmir"])
def test_one_slip_is_one_letter(other: str) -> None:
    assert one_slip("demir", other) is (other != "demir")


def test_two_slips_are_not_one() -> None:
    assert not any(one_slip("demir", other) for other in ("dmis", "demirci", "damis", "mdeir"))


def test_short_forms_go_with_their_names_and_no_others() -> None:
    assert short_form_of("hans", "johannes")
    assert not short_form_of("hans", "helmut")


def test_a_weight_is_the_logarithm_of_the_two_chances() -> None:
    """Fellegi and Sunter: log2(m / u). A date of birth of 29,220 that fits is worth just under 15 bits."""
    assert WEIGHTS[Reason.BORN_SAME] == pytest.approx(14.76, abs=0.01)
    assert WEIGHTS[Reason.GIVEN_OTHER] == pytest.approx(-4.6, abs=0.01)


def held(one: tuple[str, str, str], other: tuple[str, str, str]) -> Match:
    return compare(entry(one), entry(other))


def entry(said: tuple[str, str, str]) -> Traits:
    given, family, born = said
    return traits(given, family, date.fromisoformat(born))


ANNA = ("Anna", "Müller", "1960-03-04")


@pytest.mark.parametrize(
    ("other", "likely", "possible"),
    [
        (("Anna", "Mueller", "1960-03-04"), True, True),
        (("Anna", "Muller", "1960-03-04"), True, True),
        (("Anna", "Müller", "1960-04-03"), True, True),
        (("Anna", "Müller", "1960-03-05"), True, True),
        (("Hanna", "Miller", "1960-03-04"), True, True),
        (("Müller", "Anna", "1960-03-04"), True, True),
        (("Dr. Anna", "Müller-Schulz", "1960-03-04"), True, True),
        (("Anna", "Schulz", "1960-03-04"), False, True),  # married, perhaps
        (("Lena", "Müller", "1960-03-04"), False, True),  # a twin, perhaps
        (("Anna", "Müller", "1988-11-20"), False, False),
        (("Bela", "Kurz", "1960-03-04"), False, False),
    ],
)
def test_how_alike_two_files_are(other: tuple[str, str, str], likely: bool, possible: bool) -> None:
    match = held(ANNA, other)
    assert (match.is_likely, match.is_possible) == (likely, possible), match
    assert match.weight == pytest.approx(held(other, ANNA).weight)


def test_what_is_alike_is_found_together() -> None:
    for other in (
        ("Anna", "Muller", "1988-01-01"),
        ("Anna", "Schulz", "1960-04-03"),
        ("Müller", "Anna", "1960-03-09"),
    ):
        assert set(blocks(entry(ANNA))) & set(blocks(entry(other))), other


def test_a_telephone_is_the_same_with_and_without_the_country() -> None:
    assert telephone_text("+49 (0)30 765 4321") == telephone_text("030/7654321")
    assert telephone_text("110") == ""
