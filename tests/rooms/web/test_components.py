"""Components tie labels, hints and errors to what they belong to, and escape what they are given."""

import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.test import Client
from django_cotton.compiler_regex import CottonCompiler

import teleward.web

COMPONENTS = Path(teleward.web.__file__).parent / "templates" / "cotton"
SLY = 'O\'Brien <b>&"co"'


class Visit(forms.Form):
    name = forms.CharField(label="Name", help_text="As on your card", initial=SLY)
    way = forms.ChoiceField(label="How", choices=[("a", "Sound"), ("t", "Text")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="I agree")


def shown(source: str, **context: Any) -> str:
    template = engines["django"].from_string(CottonCompiler().process(source))
    return " ".join(str(template.render(context)).split())


def test_a_field_ties_label_hint_and_error_to_its_input() -> None:
    html = shown('<c-field :field="form.name" />', form=Visit({"name": ""}))
    assert '<label class="tw-label" for="id_name">Name</label>' in html
    assert 'id="id_name_helptext">As on your card' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_refused_form_keeps_what_was_typed() -> None:
    html = shown('<c-form :form="form" button="Save" />', form=Visit({"name": SLY, "way": "t"}))
    assert "O&#x27;Brien &lt;b&gt;&amp;&quot;co&quot;" in html
    assert html.count("checked") == 1
    assert "<b>" not in html


def test_a_choice_is_a_group_with_a_name() -> None:
    html = shown('<c-choice :field="form.way" />', form=Visit())
    assert html.startswith("<fieldset")
    assert '<legend class="tw-label">How</legend>' in html
    assert 'for="id_way_0"' in html
    assert 'id="id_way_0"' in html


def test_what_is_wrong_is_listed_with_links_and_takes_the_focus() -> None:
    html = shown('<c-errors :form="form" />', form=Visit({}))
    assert 'role="alert" tabindex="-1" autofocus' in html
    assert 'href="#id_name"' in html
    assert shown('<c-errors :form="form" />', form=Visit()) == ""


def test_the_links_of_what_is_wrong_lead_to_something() -> None:
    html = shown('<c-form :form="form" />', form=Visit({}))
    for target in (part.partition('"')[0] for part in html.split('href="#')[1:]):
        assert f'id="{target}"' in html


@pytest.mark.parametrize(
    "source",
    [
        '<c-notice title="{{ sly }}">{{ sly }}</c-notice>',
        '<c-notice :title="sly">{{ sly }}</c-notice>',
        '<c-field name="q" label="{{ sly }}" value="{{ sly }}" hint="{{ sly }}" error="{{ sly }}" />',
        '<c-field name="q" :label="sly" :value="sly" :hint="sly" />',
        '<c-protection state="{{ sly }}">{{ sly }}</c-protection>',
        '<c-fact name="{{ sly }}">{{ sly }}</c-fact>',
        '<c-empty title="{{ sly }}">{{ sly }}</c-empty>',
        '<c-fold title="{{ sly }}">{{ sly }}</c-fold>',
        '<c-link-button href="{{ sly }}">{{ sly }}</c-link-button>',
        '<c-table caption="{{ sly }}"><tbody></tbody></c-table>',
        '<c-tag title="{{ sly }}">{{ sly }}</c-tag>',
    ],
)
def test_no_component_lets_markup_through_or_escapes_it_twice(source: str) -> None:
    html = shown(source, sly=SLY)
    assert "<b>" not in html
    assert "&amp;lt;" not in html
    assert "&amp;#x27;" not in html


def test_a_component_takes_nothing_from_the_page_around_it() -> None:
    html = shown("<c-notice>Said</c-notice>", title="Not mine", kind="stop", error="Not mine")
    assert "Not mine" not in html
    assert "stop" not in html


def test_attributes_without_a_name_of_their_own_go_to_the_element() -> None:
    html = shown('<c-button kind="stop" hx-post="/x/" data-a="b" disabled>End</c-button>')
    assert 'class="tw-button tw-button-stop"' in html
    assert 'hx-post="/x/"' in html
    assert 'data-a="b"' in html
    assert "disabled" in html


def test_a_notice_that_says_stop_is_spoken_at_once() -> None:
    assert 'role="alert"' in shown('<c-notice kind="stop">No</c-notice>')
    assert "role" not in shown("<c-notice>So</c-notice>")


def test_a_sign_beside_a_sentence_is_silent() -> None:
    html = shown('<c-protection state="Encrypted.">Verified.</c-protection>')
    assert 'aria-hidden="true"' in html
    assert "Encrypted." in html


def test_the_gallery_shows_every_component(visitor: Client) -> None:
    told = visitor.get("/design/?name=").content.decode()
    for part in (
        "button",
        "field",
        "choice",
        "errors",
        "notice",
        "summary",
        "table",
        "protection",
        "steps",
        "empty",
        "tag",
    ):
        assert f"tw-{part}" in told


@pytest.mark.parametrize("component", sorted(each.stem for each in COMPONENTS.glob("*.html")))
def test_a_component_takes_no_word_from_the_page_around_it(component: str) -> None:
    words = re.findall(r"\w+", COMPONENTS.joinpath(f"{component}.html").read_text())
    page = dict.fromkeys({*words} - {"attrs", "slot", "csrf_token"}, "LEAKED")
    tag = f"c-{component.replace('_', '-')}"
    assert "LEAKED" not in shown(f"<{tag}></{tag}>", **page)
