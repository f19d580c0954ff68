"""Every address written out in a template or a browser module belongs to a page of ours."""

import re
from collections.abc import Iterator

from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from architecture.rooms import PACKAGE, name

WRITTEN = re.compile(r"""\b(?:href|action|formaction|hx-(?:get|post)|src)=["'](/[^"'{}?#<]*)["'?#]""")
SERVED_ELSEWHERE = ("/live/", "/static/", "/healthz")


def _unknown(text: str) -> Iterator[str]:
    for address in WRITTEN.findall(text):
        if not address.startswith(SERVED_ELSEWHERE):
            try:
                resolve(address)
            except Resolver404:
                yield address


def test_every_written_address_is_one_of_ours() -> None:
    found = {name(path): list(_unknown(path.read_text())) for path in PACKAGE.glob("*/templates/**/*.html")}
    assert {path: unknown for path, unknown in found.items() if unknown} == {}


def test_a_link_into_nothing_is_caught() -> None:
    assert list(_unknown('<a href="/terms/">terms</a><a href="/nowhere/">')) == ["/nowhere/"]


NAMED = re.compile(r"""{%\s*url\s+["']([\w:-]+)["']\s*(?:as\s+\w+\s*)?%}""")


def _unnamed(text: str) -> Iterator[str]:
    for called in NAMED.findall(text):
        try:
            reverse(called)
        except NoReverseMatch:
            yield called


def test_every_named_address_without_parts_has_its_page() -> None:
    found = {name(path): list(_unnamed(path.read_text())) for path in PACKAGE.glob("*/templates/**/*.html")}
    assert {path: unknown for path, unknown in found.items() if unknown} == {}


def test_a_name_without_a_page_is_caught() -> None:
    assert list(_unnamed("{% url 'terms' %}{% url 'nowhere' %}")) == ["nowhere"]
