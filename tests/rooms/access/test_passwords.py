"""Which passwords are refused, and what is told."""

import unicodedata

import pytest

from teleward.access.passwords import Hasher, Verdict, hashed
from teleward.access.signin.limits import PASSWORD
from teleward.access.signin.weakness import About, Weakness, weakness_of

pytestmark = pytest.mark.usefixtures("costly_passwords")
ANNA = About(words=["Anna Löwenstein", "anna.loewenstein@praxis-lindenhof.example", "Praxis Lindenhof"])


def weakness(password: str, *, alone: bool = False) -> Weakness | None:
    return weakness_of(password, about=ANNA, alone=alone)


@pytest.mark.parametrize(
    ("password", "because"),
    [
        ("lindenhof-2026", Weakness.PERSONAL),
        ("Löwenstein-Trompete", Weakness.PERSONAL),
        ("loewenstein Trompete Gras", Weakness.PERSONAL),
        ("Lowenstein9!xKq", Weakness.PERSONAL),
        ("Kaspersky2026!", Weakness.NUMBERED),
        ("Sommer2026", Weakness.NUMBERED),
        ("2026Sommer!!", Weakness.NUMBERED),
        ("Dr.Klinik-Arzt!77", Weakness.TRADE),
        ("TelewardTeleward", Weakness.DOUBLED),
        ("sunflowersunflower", Weakness.DOUBLED),
        ("Rabe-Rabe-Rabe", Weakness.DOUBLED),
        ("aaaaaaaaaaaaaaaa", Weakness.REPEATED),
        ("abcdefghijklmnop", Weakness.SEQUENCE),
        ("9876543210987654", Weakness.SEQUENCE),
        ("qwertzuiopasdfgh", Weakness.KEYBOARD),
        ("1qay2wsx3edc4rfv", Weakness.KEYBOARD),
        ("trompete", Weakness.COMMON),
        ("Passw0rd", Weakness.COMMON),
        ("grünes Fahrrad im Keller", None),
        ("hX9!kQ27", None),
        ("x7Gq9!2k41", None),
        ("🐎🔋📎✂️🌧️🧀🪁🎻", None),
    ],
)
def test_what_guessers_try_first_is_refused_and_the_reason_named(
    password: str, because: Weakness | None
) -> None:
    assert weakness(password) is because


def test_every_reason_has_a_sentence_that_says_what_to_do() -> None:
    assert all(str(reason.sentence).count(".") >= 2 for reason in Weakness)


@pytest.mark.parametrize(("alone", "shortest"), [(False, 8), (True, 15)])
def test_length_is_counted_in_code_points(alone: bool, shortest: int) -> None:
    assert PASSWORD.shortest(alone=alone) == shortest
    long_enough = "🐎🔋📎🌧🧀🪁🎻🧩🛶🪵🧭🥁🪴🧶🎈"[:shortest]
    assert weakness(long_enough[:-1], alone=alone) is Weakness.SHORT
    assert weakness(long_enough, alone=alone) is None


def test_up_to_a_thousand_code_points_are_taken_and_not_one_more() -> None:
    words = "grünes Fahrrad im Keller, " * 50
    assert weakness(words[:64]) is None
    assert weakness(words[:1000]) is None
    assert weakness(words[:1001]) is Weakness.LONG


def test_the_whole_password_counts() -> None:
    stored = hashed("x" * 999 + "a")
    assert Verdict.on("x" * 999 + "a", stored).matches
    assert not Verdict.on("x" * 999 + "b", stored).matches


def test_composed_and_decomposed_accents_are_the_same_password() -> None:
    composed = unicodedata.normalize("NFC", "Über­größe für Flöße")
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    assert Verdict.on(decomposed, hashed(composed)).matches


def test_passwords_are_kept_with_argon2id_at_the_cost_of_the_policy() -> None:
    stored = hashed("grünes Fahrrad")
    assert stored.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")


def test_a_cheaper_hash_is_renewed_at_sign_in_and_a_current_one_is_not() -> None:
    class Cheaper(Hasher):
        memory_cost = 1024

    old = Cheaper().encode("grünes Fahrrad", Cheaper().salt())
    verdict = Verdict.on("grünes Fahrrad", old)
    assert verdict.matches
    assert verdict.renewed is not None
    assert Verdict.on("grünes Fahrrad", verdict.renewed).renewed is None
    assert Verdict.on("falsches Fahrrad", old).renewed is None


def test_an_account_without_a_password_costs_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[str] = []
    encode = Hasher.encode
    monkeypatch.setattr(
        Hasher, "encode", lambda self, password, salt: worked.append(salt) or encode(self, password, salt)
    )
    assert not Verdict.on("grünes Fahrrad", None).matches
    assert not Verdict.on("x" * 1001, "anything").matches
    assert len(worked) == 2
