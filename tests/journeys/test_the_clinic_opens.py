"""The ground of all other journeys, tried once."""

import re

import pytest
from ground.relay import RealRelay
from journeys.clinic import Clinic
from playwright.sync_api import Browser

pytestmark = pytest.mark.journey

GATHER = """async ([url, username, credential]) => {
  const iceServers = [{ urls: url, username, credential }];
  const pc = new RTCPeerConnection({ iceServers, iceTransportPolicy: "relay" });
  pc.createDataChannel("probe");
  const found = [];
  pc.onicecandidate = ({ candidate }) => found.push(candidate ? candidate.type : "end");
  await pc.setLocalDescription();
  while (!found.includes("end") && !found.includes("relay")) await new Promise((go) => setTimeout(go, 50));
  pc.close();
  return found;
}"""


def test_a_one_time_link_signs_a_clinician_in(clinic: Clinic, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(clinic.sign_in_link(clinic.staff()))
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.context.close()


def test_an_invitation_is_readable_on_any_device(clinic: Clinic, chromium: Browser) -> None:
    visit = clinic.visit()
    page = chromium.new_page()
    answer = page.goto(visit.link)
    assert answer is not None
    assert answer.ok
    page.context.close()
    assert re.search(r"/join/[\w-]{43}/$", visit.link)


def test_links_can_expire_and_be_taken_back(clinic: Clinic, chromium: Browser) -> None:
    old, revoked = clinic.visit(), clinic.visit()
    clinic.expire(old)
    clinic.revoke(revoked)
    page = chromium.new_page()
    for visit in (old, revoked):
        answer = page.goto(visit.link)
        assert answer is not None
        assert answer.status in {403, 404, 410}
    page.context.close()


@pytest.mark.parametrize("transport", [0, 1, 2], ids=["udp", "tcp", "tls"])
def test_the_relay_serves_a_browser(
    chromium: Browser, coturn: RealRelay, clinic: Clinic, transport: int
) -> None:
    page = chromium.new_page()
    page.goto(f"{clinic.origin}/healthz")
    name, word = coturn.credentials()
    assert "relay" in page.evaluate(GATHER, [coturn.urls[transport], name, word])
    page.context.close()
