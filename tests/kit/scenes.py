"""Every state of the room, as a page on which something has happened."""

from collections.abc import Callable

from playwright.sync_api import Page

WORDS = """{en: ['harbour', 'violin', 'maple', 'copper'], de: ['Hafen', 'Geige', 'Ahorn', 'Kupfer'],
  digits: '4821736590', emoji: ['dog', 'rocket', 'lemon', 'anchor', 'cloud', 'guitar', 'key']}"""
HADDAD = "{seat: 1, role: 'physician', name: 'Dr. Amal Haddad'}"
WEBER = "{seat: 2, role: 'patient', name: 'Jonas Weber'}"
PICTURE = """async peer => {
  const stream = await navigator.mediaDevices.getUserMedia({video: {width: 640, height: 480}});
  call.meet(peer, {media: {mode: 'video', camera: true, microphone: true, screen: false}});
  call.tell('track', {peer, kind: 'video', stream});
  await new Promise(done => setTimeout(done, 300));
}"""


def enter(page: Page, side: str) -> None:
    """The page is in the room, alone."""
    page.evaluate("seat => call.become({phase: 'room', seat})", 1 if side == "host" else 2)


def meet(page: Page, side: str, verification: str = "{}", path: str = "direct") -> None:
    """The other one is connected; their verification stands like this."""
    person = WEBER if side == "host" else HADDAD
    media = "{mode: 'audio', camera: false, microphone: true, screen: false}"
    state = f"{{link: 'connected', path: '{path}', media: {media}, verification: {verification}}}"
    page.evaluate(f"call.meet('b', {{...{person}, ...{state}}})")
    page.locator("[data-verify=b]").wait_for(state="attached")


def _start(page: Page, side: str) -> None:
    """Nothing has happened yet."""


def _checking(page: Page, side: str) -> None:
    page.get_by_test_id("check").click()
    page.get_by_test_id("check-camera").click()
    page.locator("[data-check=camera] video:not([hidden])").wait_for()


def _declining(page: Page, side: str) -> None:
    page.get_by_test_id("decline").click()
    page.locator("[name=mode]").first.wait_for()


def _ready(page: Page, side: str) -> None:
    page.locator("[data-view=start] [data-press=skip]").click()


def _previewing(page: Page, side: str) -> None:
    _ready(page, side)
    page.locator("[data-view=ready] [data-press=camera]").click()
    page.locator("[data-part=preview]:not([hidden])").wait_for()


def _waiting(page: Page, side: str) -> None:
    _ready(page, side)
    page.get_by_test_id("arrive").click()


def _alone(page: Page, side: str) -> None:
    enter(page, side)


def _comparing(page: Page, side: str) -> None:
    enter(page, side)
    meet(page, side, f"{{state: 'ready', run: 1, words: {WORDS}}}")
    page.locator("[data-stand=compare]").wait_for()


def _digits(page: Page, side: str) -> None:
    _comparing(page, side)
    page.locator(".tw-compare-small button").nth(0).click()


def _pictures(page: Page, side: str) -> None:
    _comparing(page, side)
    page.locator(".tw-compare-small button").nth(1).click()


def _different(page: Page, side: str) -> None:
    enter(page, side)
    meet(page, side, "{state: 'different', run: 1, because: 'person'}")
    page.locator("[data-stand=different]").wait_for()


def _changed(page: Page, side: str) -> None:
    enter(page, side)
    meet(page, side, "{state: 'changed', run: 1}")
    page.locator("[data-stand=changed]").wait_for()


def _verified(page: Page, side: str) -> None:
    enter(page, side)
    meet(page, side, "{state: 'verified', theirs: 'same', run: 1, since: '2026-11-22T14:02:00'}")
    page.evaluate(PICTURE, "b")
    page.locator("[data-section=call] [data-press=camera]").click()
    page.locator("[data-part=self]:not([hidden])").wait_for()


def _known(page: Page, side: str) -> None:
    enter(page, side)
    meet(page, side, "{state: 'known', since: '2026-05-03'}", path="relayed")


def _talking(page: Page, side: str) -> None:
    _verified(page, side)
    page.evaluate("""() => {
      call.tell('chat', {peer: 'b', text: 'Can you hear me well?', at: '2026-11-22T14:03:00'});
      call.tell('file-offered', {peer: 'b', id: '1', name: 'letter.pdf', size: 182000});
    }""")
    page.locator("[data-part=log] > div").nth(1).wait_for()


def _looks(page: Page, side: str) -> None:
    _verified(page, side)
    page.get_by_test_id("looks").click()
    page.locator("#looks:not([hidden])").wait_for()


def _photo(page: Page, side: str) -> None:
    _verified(page, side)
    page.evaluate("call.tell('photo-asked', {peer: 'b'})")
    page.get_by_test_id("photo-open").click()
    page.get_by_test_id("photo-take").click()
    page.get_by_test_id("photo-send").wait_for()


def _trouble(page: Page, side: str) -> None:
    _verified(page, side)
    page.evaluate("call.become({phase: 'reconnecting'})")
    page.evaluate("call.meet('b', {link: 'stalled'})")
    page.evaluate("call.tell('quality', {mode: 'one-way', because: 'bandwidth'})")


def _three(page: Page, side: str) -> None:
    _verified(page, side)
    page.evaluate("""call.meet('c', {seat: 3, role: 'interpreter', name: 'Ewa Nowak',
      link: 'connected', path: 'relayed',
      media: {mode: 'audio', camera: false, microphone: false, screen: false},
      verification: {state: 'known', since: '2026-05-03'}})""")


def _lobby(page: Page, side: str) -> None:
    enter(page, side)
    page.evaluate("""call.tell('lobby', {waiting: [
      {peer: 'p', role: 'patient', name: 'Jonas Weber', since: '2026-11-22T13:58:00', mode: 'video',
       check: {path: 'relayed', camera: true, microphone: true, speaker: true}, company: ['my daughter']},
      {peer: 'i', role: 'interpreter', name: 'Ewa Nowak', since: '2026-11-22T14:01:00',
       mode: 'audio', check: null, company: []}]})""")


def _over(page: Page, side: str) -> None:
    enter(page, side)
    page.evaluate("call.tell('ended', {})")


Scene = Callable[[Page, str], None]
IN_THE_CALL: dict[str, Scene] = {
    "alone": _alone,
    "comparing": _comparing,
    "digits": _digits,
    "pictures": _pictures,
    "different": _different,
    "changed": _changed,
    "verified": _verified,
    "known": _known,
    "talking": _talking,
    "looks": _looks,
    "trouble": _trouble,
    "three": _three,
    "over": _over,
}
SCENES: dict[str, dict[str, Scene]] = {
    "guest": {
        "start": _start,
        "checking": _checking,
        "declining": _declining,
        "ready": _ready,
        "previewing": _previewing,
        "waiting": _waiting,
        **IN_THE_CALL,
        "photo": _photo,
    },
    "host": {"lobby": _lobby, **IN_THE_CALL},
}
