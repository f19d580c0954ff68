"""Every address asks the gate before it answers, or says in a sentence why it need not."""

from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, include, path

from teleward.access.grants import Action, Subject, gate, open_because

Patterns = list[URLPattern | URLResolver]


def _ungated(patterns: Patterns, prefix: str = "/") -> Iterator[str]:
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _ungated(pattern.url_patterns, route)
        elif not _says_so(pattern.callback):
            yield route


def _says_so(view: Callable[..., object]) -> bool:
    return bool(getattr(view, "gated_by", None) or getattr(view, "open_because", ""))


def _bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_every_address_is_gated_or_says_why_it_is_open() -> None:
    assert list(_ungated(get_resolver().url_patterns)) == []


def test_a_view_that_skips_the_gate_is_caught_even_deep_inside() -> None:
    @open_because("shows nothing about anybody")
    def shown_to_all(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    planted: Patterns = [
        path("open/", shown_to_all),
        path("inner/", include([path("notes/", _bare)])),
    ]
    assert list(_ungated(planted)) == ["/inner/notes/"]


def test_a_gated_view_passes() -> None:
    def subject(request: HttpRequest) -> Subject:
        raise NotImplementedError

    @gate(Action.VISIT_LIST, subject=subject)
    def view(request: HttpRequest, *, grant: object) -> HttpResponse:
        return HttpResponse()

    assert list(_ungated([path("gated/", view)])) == []


def test_an_empty_reason_is_no_reason() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    view.open_because = ""  # type: ignore[attr-defined] # planted
    assert list(_ungated([path("open/", view)])) == ["/open/"]
