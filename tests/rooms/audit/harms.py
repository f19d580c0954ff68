"""What somebody with the rights of the tables' owner may do to a ledger, and what has to be found then."""

from dataclasses import dataclass

THIRD = "(SELECT id FROM audit_event WHERE patient = '{patient}' AND pn = 3)"
MINE = "WHERE patient = '{patient}'"


@dataclass(frozen=True)
class Harm:
    """`what` is done by these `statements`; the check names these `kinds` and says these `words`."""

    what: str
    statements: tuple[str, ...]
    kinds: frozenset[str]
    words: str


def harm(what: str, *statements: str, kinds: str, words: str) -> Harm:
    return Harm(what, statements, frozenset(kinds.split()), words)


HARMS = (
    harm(
        "a word was changed",
        f"UPDATE audit_event SET body = replace(body, 'TREAT', 'HPAYMT') WHERE id = {THIRD}",
        kinds="changed",
        words="was changed after it was written",
    ),
    harm(
        "the time beside it was changed",
        f"UPDATE audit_event SET at = at - interval '1 minute' WHERE id = {THIRD}",
        kinds="changed",
        words="was changed after it was written",
    ),
    harm(
        "an entry was taken out",
        f"DELETE FROM audit_event WHERE id = {THIRD}",
        kinds="missing chain",
        words="was removed",
    ),
    harm(
        "it was taken out of the tree as well",
        f"DELETE FROM audit_leaf WHERE event = {THIRD}",
        f"DELETE FROM audit_event WHERE id = {THIRD}",
        kinds="missing chain",
        words="were removed",
    ),
    harm(
        "the end of a chain was cut off",
        f"DELETE FROM audit_event {MINE} AND pn > 3",
        f"UPDATE audit_head SET pn = 3, leaf = (SELECT leaf FROM audit_event WHERE id = {THIRD}) {MINE}",
        kinds="missing head",
        words="was removed",
    ),
    harm(
        "all of a patient was cut off",
        f"DELETE FROM audit_event {MINE}",
        f"DELETE FROM audit_head {MINE}",
        f"DELETE FROM audit_daily {MINE}",
        kinds="missing head",
        words="was removed",
    ),
    harm(
        "the count was turned back",
        f"UPDATE audit_head SET pn = 5 {MINE}",
        kinds="chain",
        words="ends at entry 6, but 5 were counted",
    ),
    harm(
        "a head was bent",
        f"UPDATE audit_daily SET pn = 2 {MINE}",
        kinds="head",
        words="is not the one in the ledger",
    ),
    harm(
        "a hash of the tree was changed",
        "UPDATE audit_tile SET data = '\\x00'::bytea || substr(data, 2)",
        kinds="changed tree",
        words="is not the one that was signed",
    ),
    harm(
        "two places were exchanged",
        "UPDATE audit_leaf SET seq = 99 WHERE seq = 0",
        "UPDATE audit_leaf SET seq = 0 WHERE seq = 1",
        "UPDATE audit_leaf SET seq = 1 WHERE seq = 99",
        kinds="changed",
        words="is not the one that was sealed at place 0",
    ),
    harm(
        "the tree was cut off",
        "UPDATE audit_tile SET data = substr(data, 1, 256), width = 8",
        "DELETE FROM audit_leaf WHERE seq >= 8",
        kinds="tree missing",
        words="but only 8 are left",
    ),
    harm(
        "a checkpoint was invented",
        "INSERT INTO audit_checkpoint SELECT 3, replace(note, E'\\n4\\n', E'\\n3\\n')"
        " FROM audit_checkpoint WHERE size = 4",
        kinds="signature tree order",
        words="is not signed by a known key",
    ),
)
