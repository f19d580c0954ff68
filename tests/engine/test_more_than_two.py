from playwright.sync_api import Browser

from .conftest import Stage


def test_three_people_all_see_each_other_and_every_pair_has_its_own_words(
    stage: Stage, chromium: Browser
) -> None:
    sides = [stage.side(chromium, role) for role in ("clinician", "patient", "interpreter")]
    pairs = [(one, other) for one in sides for other in sides if one is not other]
    for one, other in pairs:
        one.sees(other, seconds=40)
    words: dict[frozenset[str], str] = {}
    for one, other in pairs:
        digits = one.checks(other, "ready")["words"]["digits"]
        assert words.setdefault(frozenset((one.peer, other.peer)), digits) == digits
    assert len(set(words.values())) == len(sides)


def test_somebody_who_leaves_is_gone_for_the_others(stage: Stage, chromium: Browser) -> None:
    clinician, patient = stage.pair(chromium, chromium)
    patient.page.evaluate("call.leave()")
    clinician.until("() => call.state.peers.size === 0")
    assert patient.page.evaluate("call.state.phase") == "over"
    assert patient.page.evaluate("pcs.every(({ connectionState }) => connectionState === 'closed')")
