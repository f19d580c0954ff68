"""A patient at their devices in the call: what they press, and what then stands where."""

from fakes.peripherals import Peripheral, Radio
from journeys.clinic import Booked, Clinic
from journeys.people import PATIENCE, Patient
from playwright.sync_api import Locator, Page, expect

MINE = bytes.fromhex("0C8A0058007800480001")  # 138/88, mean 120, pulse 72, user 1
ANOTHERS = bytes.fromhex("0C78004B005A003C0002")  # 120/75, mean 90, pulse 60, user 2
BEATS = bytes.fromhex("0048")  # 72 a minute
FASTER = bytes.fromhex("0049")
HIDDEN = "Object.defineProperty(Navigator.prototype, 'bluetooth', { value: undefined, configurable: true })"


class Measures:
    """The drawer "Measure" of a patient who is in the call."""

    def __init__(self, patient: Patient) -> None:
        self.page: Page = patient.page

    @property
    def bar(self) -> Locator:
        return self.page.locator(".tw-flow")

    @property
    def state(self) -> Locator:
        return self.page.locator("[data-piece=device-state]")

    @property
    def shown(self) -> Locator:
        return self.page.locator("[data-piece=shown-list] > li")

    def opens(self) -> "Measures":
        """Opens the drawer, unless it is open."""
        if not self.page.locator("[data-part=measure]").is_visible():
            self.page.locator("[data-press=measure]").click()
        self.page.locator("[data-step]:not([hidden])").wait_for(timeout=PATIENCE)
        return self

    def chooses(self, kind: str) -> "Measures":
        """What to measure; the next screen asks for consent."""
        self.opens()
        if self.bar.get_by_role("button", name="Stop showing").is_visible():
            self.stops()
        self.page.locator(f"[data-kind={kind}]").click()
        return self

    def adds(self, kind: str, *, until: str = "stop") -> "Measures":
        """One more kind, agreed to and found, while the others go on."""
        return self.agrees_to(kind, until=until).finds()

    def agrees_to(self, kind: str, *, until: str = "stop") -> "Measures":
        """This kind may be shown, beside what is shown already."""
        self.opens()
        if self.page.locator("[data-act=other]:visible").count():
            self.page.locator("[data-act=other]:visible").click()
        self.page.locator(f"[data-kind={kind}]").click()
        self.page.locator(f"[name=measure-until][value={until}]").check()
        return self.agrees()

    def agrees(self) -> "Measures":
        """Yes, show it."""
        self.page.locator("[data-act=agree]").click()
        self.page.locator("[data-step=consent]").wait_for(state="hidden", timeout=PATIENCE)
        return self

    def types_nothing_yet(self) -> None:
        """The form for blood pressure, where there is no Bluetooth."""
        self.chooses("blood-pressure").agrees()
        self.page.locator("[data-typed=blood-pressure]").wait_for(timeout=PATIENCE)

    def finds(self) -> "Measures":
        """Presses, chooses in the browser's list, and is connected."""
        self.page.locator("[data-act=find]").click()
        self.is_in("connected")
        return self

    def is_in(self, state: str) -> None:
        expect(self.state).to_have_attribute("data-state", state, timeout=PATIENCE)

    @property
    def question(self) -> Locator:
        return self.page.locator(".tw-flow-question")

    def stops(self) -> None:
        """Presses Stop in the bar."""
        self.bar.get_by_role("button", name="Stop showing").click()

    def says(self, answer: str) -> None:
        """Answers "Is this you?"."""
        self.question.get_by_role("button", name=answer).click()

    def is_measured(self, device: Peripheral) -> None:
        """User 1 of the cuff, who is the patient; asked for the first time, they say so."""
        before = self.shown.count()
        device.notify(self.page, "2A35", MINE)
        expect(self.question.or_(self.shown.nth(before))).to_be_visible(timeout=PATIENCE)
        if self.question.is_visible():
            self.says("Yes, this is mine")
        expect(self.shown).to_have_count(before + 1)

    def types(self, kind: str, **texts: str) -> None:
        """Fills the form by the names of its fields, and sends it."""
        form = self.page.locator(f"[data-typed={kind}]")
        for name, text in texts.items():
            form.get_by_label(name.replace("_", " ").capitalize()).first.fill(text)
        form.locator("[type=submit]").click()


def cuff(radio: Radio, name: str = "Norda Cuff 2") -> Peripheral:
    """A blood pressure monitor for two users."""
    made = radio.peripheral(name, "1810")
    made.add_service("1810", {"2A35": None, "2A36": None})
    made.add_service("180A", {"2A29": b"Norda", "2A24": b"Cuff 2", "2A25": b"A1"})
    return made.add_service("180F", {"2A19": b"\x50"})


def strap(radio: Radio, name: str = "Norda Strap") -> Peripheral:
    """A heart rate sensor, which never stops."""
    return radio.peripheral(name, "180D").add_service("180D", {"2A37": None})


def ends(clinic: Clinic, visit: Booked) -> list[str | None]:
    """How what was shown in this visit ended; None where it has not."""
    with clinic.database() as connection:
        asked = """SELECT e.why FROM devices_sharing s LEFT JOIN devices_sharingend e ON s.id = e.sharing_id
                   WHERE s.visit = %s ORDER BY s.at"""
        return [row[0] for row in connection.execute(asked, [visit.id]).fetchall()]
