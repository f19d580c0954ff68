"""A browser without a screen: keeps cookies, proves where its forms come from, holds a passkey."""

import re
import time
from html import unescape
from typing import Any

import httpx
import pyotp
from fakes.authenticator import SoftwareKey

PROOF = "__Host-csrf"


class Browser:
    """Somebody's browser. `last` is the newest answer; its X-Request-Id is what the ledger has to know."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.cookies: dict[str, str] = {}
        self.key = SoftwareKey(origin=origin)
        self.secret = ""  # of an authenticator app
        self._http = httpx.Client(base_url=origin, timeout=30, headers={"Accept-Language": "en"})

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self._ask("GET", path, headers=headers)

    def post(self, path: str, **form: Any) -> httpx.Response:
        """Sends a form as the page would."""
        return self._ask("POST", path, data=form)

    def say(self, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """Sends JSON as the page's script would."""
        return self._ask("POST", path, json=body or {}, headers={"Accept": "application/json"})

    def press(self, url: str) -> httpx.Response:
        """Presses the one button of a page that a link leads to."""
        return self.post(path_of(url))

    def sign_in(self) -> httpx.Response:
        """With the passkey."""
        question = self.say("/sign-in/passkey/question/").json()
        return self.say("/sign-in/passkey/", {"credential": self.key.touch(question), "next": "/"})

    def enrol(self) -> httpx.Response:
        """One more passkey for whoever is signed in."""
        question = self.say("/account/passkeys/question/").json()
        return self.say("/account/passkeys/", {"credential": self.key.make(question), "label": "Desk"})

    def accept(self, url: str) -> httpx.Response:
        """Accepts an invitation with a first passkey."""
        at = path_of(url)
        self.get(at)
        question = self.say(f"{at}passkey/question/").json()
        return self.say(f"{at}passkey/", {"credential": self.key.make(question), "label": "Telephone"})

    def take_password(self, password: str) -> httpx.Response:
        """Password and app in the place of what was there."""
        page = self.get("/account/password/").text
        sealed = unescape(found(r'name="sealed" value="([^"]+)"', page))
        self.secret = found(r'tw-secret">([A-Z2-7 ]+)<', page).replace(" ", "")
        return self.post("/account/password/", password=password, sealed=sealed, code=self.digits(-1))

    def digits(self, steps: int = 0) -> str:
        """What the app shows now, or some steps away."""
        app = pyotp.TOTP(self.secret)
        return app.generate_otp(app.timecode(app_time()) + steps)

    def _ask(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **body: Any
    ) -> httpx.Response:
        if method == "POST" and PROOF not in self.cookies:
            self._ask("GET", "/sign-in/")
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        sent |= {"X-CSRFToken": self.cookies.get(PROOF, "")} | (headers or {})
        answer = self._http.request(method, path, headers={k: v for k, v in sent.items() if v}, **body)
        self._keep(answer)
        return answer

    def _keep(self, answer: httpx.Response) -> None:
        for line in answer.headers.get_list("set-cookie"):
            name, _, rest = line.partition("=")
            value = rest.partition(";")[0].strip('"')
            if value and "Max-Age=0" not in line:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        self._http.cookies.clear()  # the library would not send Secure cookies to a server without TLS


def path_of(url: str) -> str:
    """The path of an address of ours."""
    return httpx.URL(url).path


def app_time() -> int:
    """What the clock of somebody's telephone shows."""
    return int(time.time())


def found(pattern: str, text: str) -> str:
    """The first group of a pattern in a page."""
    match = re.search(pattern, text)
    assert match, f"{pattern} is not in {text[:2000]}"
    return match[1]
