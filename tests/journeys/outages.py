"""What a break costs, seen from the page: when pictures came and paused, and on which connection."""

import time

from journeys.people import PATIENCE, Someone

# Pictures of the others in this page, over reloads; a pause is more than 700 ms without one.
WATCH = """() => {
  const watched = new WeakSet();
  Object.assign(window, { pauses: [], pictures: 0, lastPicture: 0 });
  const clock = () => performance.timeOrigin + performance.now();
  const follow = (video) => video.requestVideoFrameCallback(() => {
    const at = clock();
    if (window.lastPicture && at - window.lastPicture > 700) window.pauses.push([window.lastPicture, at]);
    window.lastPicture = at;
    window.pictures += 1;
    follow(video);
  });
  setInterval(() => {
    for (const video of document.querySelectorAll('[data-part="tiles"] video.tw-picture')) {
      if (watched.has(video)) continue;
      watched.add(video);
      follow(video);
    }
  }, 50);
}"""
GENERATIONS = """() => window.teleward.connections
  .filter((pc) => pc.connectionState === 'connected')
  .map((pc) => pc.localDescription.sdp.match(/a=ice-ufrag:(\\S+)/)[1])"""
IN_THE_ROOM = "() => document.getElementById('room').dataset.phase === 'room'"
AWAY = "() => document.getElementById('room').dataset.phase === 'reconnecting'"


def watch(someone: Someone) -> None:
    """Note from now on, and after each reload, when pictures of the other come."""
    someone.page.add_init_script(f"({WATCH})()")
    someone.page.evaluate(WATCH)
    sees_pictures(someone)


def sees_pictures(someone: Someone, more: int = 5) -> None:
    """So many more pictures come, whatever happened before."""
    begun = someone.page.evaluate("window.pictures")
    someone.page.wait_for_function(f"() => window.pictures > {begun + more}", timeout=PATIENCE, polling=50)


def picture_after(someone: Someone, instant: float, *, patience: float = PATIENCE) -> float:
    """Seconds from an instant (`time.time`) to the first picture after it."""
    found = someone.page.wait_for_function(
        "(since) => window.lastPicture > since && window.lastPicture",
        arg=instant * 1000,
        timeout=patience,
        polling=50,
    )
    end = next(
        (end for _, end in someone.page.evaluate("window.pauses") if end >= instant * 1000),
        found.json_value(),
    )
    return float(end) / 1000 - instant


def is_cut_off(someone: Someone, *, for_seconds: float) -> None:
    """No picture has come for so long."""
    someone.page.wait_for_function(
        "(pause) => performance.timeOrigin + performance.now() - window.lastPicture > pause",
        arg=for_seconds * 1000,
        timeout=for_seconds * 1000 + PATIENCE,
        polling=100,
    )


def generations(someone: Someone) -> list[str]:
    """One name per connection in use; a restart of its path gives it another one."""
    return [str(name) for name in someone.page.evaluate(GENERATIONS)]


def signalling_is_back(people: tuple[Someone, ...], *, within: float) -> float:
    """Everybody has their seat again; seconds until then."""
    began = time.monotonic()
    for someone in people:
        left = within - (time.monotonic() - began)
        someone.page.wait_for_function(IN_THE_ROOM, timeout=max(left, 0.001) * 1000, polling=50)
    return time.monotonic() - began
