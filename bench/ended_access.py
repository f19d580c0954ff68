"""From the end of somebody's access to the moment their open call is over, by the page's clock.

A clinician is in their room, the socket open. The practice ends their access as `teleward user deactivate`
does; counted is the time until the page has left the call. Ten rounds, each with a person of its own; the
worst. Floor: the clerk's own work, taken in the same round with nobody in a room.
"""

import time

from journeys.clinic import Clinic
from journeys.outages import IN_THE_ROOM
from journeys.people import Clinician, person
from playwright.sync_api import Browser

from bench.figures import Figure
from bench.house import clinic_and_browser

ROUNDS = 10
NOTES_THE_END = """() => {
  const over = document.querySelector('[data-section=over]');
  new MutationObserver(() => {
    if (!over.hidden) window.overAt ??= performance.timeOrigin + performance.now();
  }).observe(over, { attributes: true });
}"""


def measure() -> list[Figure]:
    with clinic_and_browser() as (clinic, browser):
        rounds = [(_bare(clinic), _ended(clinic, browser)) for _ in range(ROUNDS)]
    print("call over after " + " ".join(f"{taken:.2f}" for _bare, taken in rounds))
    floor = max(bare for bare, _taken in rounds)
    worst = max(taken for _bare, taken in rounds)
    return [Figure(name="ended-access-seconds", value=worst, unit="s", floor=floor, goal="<=2")]


def _bare(clinic: Clinic) -> float:
    somebody = clinic.staff()
    began = time.monotonic()
    clinic.deactivate(somebody)
    return time.monotonic() - began


def _ended(clinic: Clinic, browser: Browser) -> float:
    visit = clinic.visit(clinic.staff())
    with person(browser) as page:
        Clinician(page).sign_in(clinic, visit).enter(clinic, visit)
        page.wait_for_function(IN_THE_ROOM, polling=20)
        page.evaluate(NOTES_THE_END)
        began = time.time()
        clinic.deactivate(visit.host)
        over = page.wait_for_function("() => window.overAt", polling=20)
        return float(over.json_value()) / 1000 - began
