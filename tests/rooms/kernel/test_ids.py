import uuid

from teleward.kernel.ids import new_id, new_token, token_hash


def test_ids_are_version_7_unique_and_sorted_by_time() -> None:
    made = [new_id() for _ in range(2000)]
    assert {identifier.version for identifier in made} == {7}
    assert {identifier.variant for identifier in made} == {uuid.RFC_4122}
    assert len(set(made)) == 2000
    milliseconds = [identifier.int >> 80 for identifier in made]
    assert milliseconds == sorted(milliseconds)


def test_a_token_has_256_bits_and_its_hash_is_sha_256() -> None:
    token = new_token()
    assert len(token) == 43
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, appendix B.1
    assert token_hash("abc").hex() == known
    assert token.encode() not in token_hash(token)
