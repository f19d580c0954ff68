"""From the patient's link to the first picture of the clinician, and from "admit" to it.

The clinician is in the room with the camera on. Everything a person would press is pressed by the page the
moment it can be: mode and consent, no equipment check, the waiting room, and on the other side "let in". Each
round is a new visit in a new browser profile, so nothing is cached. Floor: two peer connections in one page
of the same browser, camera open already, from their creation to the first picture, in every round. Medians.
"""

from statistics import median

from journeys.clinic import Clinic
from journeys.outages import IN_THE_ROOM
from journeys.people import Clinician, person
from playwright.sync_api import Browser, Page

from bench.figures import Figure
from bench.house import clinic_and_browser

ROUNDS = 7
EMPTY = "http://localhost:9/"  # nobody serves there; the browser is given the page by hand
STEPS = (
    "first page",
    "asked for the room",
    "choices kept",
    "room's page",
    "modules",
    "room usable",
    "waiting",
    "let in",
    "connected",
    "first picture",
)

PATIENT = """() => {
  const clock = () => performance.timeOrigin + performance.now();
  const note = (step, at = clock()) => {
    if (!sessionStorage.getItem(step)) sessionStorage.setItem(step, String(at));
  };
  const press = (name) =>
    [...document.querySelectorAll(`[data-press=${name}]`)].find((button) => button.offsetParent).click();
  note('link', performance.timeOrigin);

  const choose = (agreed) => {
    note('first page');
    document.getElementById('mode-video').checked = true;
    agreed.checked = true;
    agreed.form.requestSubmit();
  };
  const enter = (room) => {
    note('asked for the room', performance.timeOrigin);
    new MutationObserver(() => {
      if (room.dataset.bound && !sessionStorage.getItem('room usable')) {
        note('room usable');
        const [page] = performance.getEntriesByType('navigation');
        const scripts = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'));
        note('choices kept', performance.timeOrigin + page.redirectEnd);
        note("room's page", performance.timeOrigin + page.responseEnd);
        note('modules', performance.timeOrigin + Math.max(...scripts.map(({ responseEnd }) => responseEnd)));
        press('skip');
        press('arrive');
      }
      if (room.dataset.phase === 'lobby') note('waiting');
      if (room.dataset.phase === 'room') note('let in');
    }).observe(room, { attributes: true });
    new MutationObserver(() => {
      for (const video of room.querySelectorAll('[data-part=tiles] video.tw-picture')) look(video);
      if (room.querySelector('[data-link=connected]')) note('connected');
    }).observe(room, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-link'] });
  };
  const seen = new WeakSet();
  const look = (video) => {
    if (seen.has(video)) return;
    seen.add(video);
    const wait = () => video.requestVideoFrameCallback(() => (video.hidden ? wait() : note('first picture')));
    wait();
  };
  const finding = new MutationObserver(() => {
    const room = document.getElementById('room');
    if (!room) return;
    finding.disconnect();
    enter(room);
  });
  finding.observe(document, { childList: true, subtree: true });
  addEventListener('DOMContentLoaded', () => {
    const agreed = document.getElementById('id_agreed');
    if (agreed) choose(agreed);
  });
}"""
CLINICIAN = """() => {
  const list = document.querySelector('[data-part=waiting-list]');
  new MutationObserver(() => {
    const button = list.querySelector('li button');
    if (!button || window.admittedAt) return;
    window.admittedAt = performance.timeOrigin + performance.now();
    button.click();
  }).observe(list, { childList: true, subtree: true });
}"""
BARE = """async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const video = document.createElement('video');
  Object.assign(video, { muted: true, autoplay: true });
  document.body.append(video);
  const picture = new Promise((resolve) => video.requestVideoFrameCallback(() => resolve(performance.now())));
  const began = performance.now();
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  one.onicecandidate = ({ candidate }) => candidate && other.addIceCandidate(candidate);
  other.onicecandidate = ({ candidate }) => candidate && one.addIceCandidate(candidate);
  other.ontrack = ({ track, streams }) => { if (track.kind === 'video') video.srcObject = streams[0]; };
  for (const track of stream.getTracks()) one.addTrack(track, stream);
  await one.setLocalDescription();
  await other.setRemoteDescription(one.localDescription);
  await other.setLocalDescription();
  await one.setRemoteDescription(other.localDescription);
  const taken = (await picture) - began;
  for (const track of stream.getTracks()) track.stop();
  one.close();
  other.close();
  return taken / 1000;
}"""


def measure() -> list[Figure]:
    with clinic_and_browser() as (clinic, browser):
        rounds = [_round(clinic, browser) for _ in range(ROUNDS)]
    _show(rounds)
    link = median(one["first picture"] for one in rounds)
    admitted = median(one["first picture"] - one["admitted"] for one in rounds)
    floor = median(one["bare"] for one in rounds)
    return [
        Figure(name="first-frame-ratio", value=link / floor, unit="x", floor=1, goal="<=4"),
        Figure(name="first-frame-seconds", value=link, unit="s", floor=floor),
        Figure(name="admit-to-first-frame-seconds", value=admitted, unit="s", floor=floor),
    ]


def _round(clinic: Clinic, browser: Browser) -> dict[str, float]:
    visit = clinic.visit(clinic.staff())
    with person(browser) as host, person(browser) as page:
        clinician = Clinician(host).sign_in(clinic, visit).enter(clinic, visit)
        host.wait_for_function(IN_THE_ROOM, polling=20)
        host.evaluate(CLINICIAN)
        return {**_bare(browser), **_joins(page, visit.link), "admitted": _admitted(clinician.page, page)}


def _bare(browser: Browser) -> dict[str, float]:
    with person(browser) as page:
        page.route(EMPTY, lambda route: route.fulfill(content_type="text/html", body="<!doctype html>"))
        page.goto(EMPTY)
        return {"bare": float(page.evaluate(BARE))}


def _joins(page: Page, link: str) -> dict[str, float]:
    page.add_init_script(f"({PATIENT})()")
    page.goto(link, wait_until="commit")
    page.wait_for_url("**/visit/", wait_until="commit")
    page.wait_for_function("() => sessionStorage.getItem('first picture')", polling=50)
    return _steps(page)


def _steps(page: Page) -> dict[str, float]:
    link = float(page.evaluate("sessionStorage.getItem('link')"))
    return {
        step: (float(page.evaluate("(step) => sessionStorage.getItem(step) ?? 'NaN'", step)) - link) / 1000
        for step in STEPS
    }


def _admitted(clinician: Page, patient: Page) -> float:
    link = float(patient.evaluate("sessionStorage.getItem('link')"))
    return (float(clinician.evaluate("window.admittedAt")) - link) / 1000


def _show(rounds: list[dict[str, float]]) -> None:
    for step in (*STEPS, "admitted", "bare"):
        print(f"{step:20} " + " ".join(f"{one[step]:6.2f}" for one in rounds))
