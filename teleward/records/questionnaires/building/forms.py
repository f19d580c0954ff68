"""The fields of a questionnaire and of one of its questions, and what is wrong with what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from teleward.records.questionnaires.values import NoAnswer, number

from .kinds import CHOICES, FIELDS, KINDS, has
from .options import tidy
from .question import Said, plain
from .whens import When

Shown = dict[str, str | bool]
FIRST_TONGUES = ("de", "en")
LIMITS = ("longest", "least", "most", "unit")
LABELS = {
    "display": {"text": _("Text to read")},
    "group": {
        "text": _("Heading of the group"),
        "repeats": _("It can be filled in several times"),
        "required": _("At least one of its questions has to be answered"),
    },
}


def tongues() -> list[tuple[str, str]]:
    """Languages in their own words, the two of the pages first."""
    known = {
        code: str(info["name_local"])
        for code, info in LANG_INFO.items()
        if len(code) == len("de") and "name_local" in info
    }
    rest = sorted((words, code) for code, words in known.items() if code not in FIRST_TONGUES)
    return [(code, known[code]) for code in FIRST_TONGUES] + [(code, words) for words, code in rest]


class TitleForm(forms.Form):
    """What a questionnaire is called, and in which language it asks."""

    title = forms.CharField(
        label=_("Title"), help_text=_("Patients read it above the questions."), max_length=200
    )
    language = forms.ChoiceField(
        label=_("Language of the questions"),
        help_text=_("For another language, copy the questionnaire and translate the copy."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(*args, **kwargs)
        own, known = self.initial.get("language", ""), tongues()
        strange = [] if own in dict(known) else [(own, own or _("not said"))]
        self.fields["language"].choices = strange + known  # type: ignore[attr-defined]  # a ChoiceField's


class NumberField(forms.CharField):
    """A number with a point or a comma, every digit kept."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(required=False, widget=_typed("decimal"), **kwargs)

    def clean(self, value: Any) -> Decimal | None:  # noqa: ANN401 - what was typed
        """The number, or nothing."""
        text = super().clean(value)
        try:
            return number(text) if text else None
        except NoAnswer:
            raise forms.ValidationError(_("Enter a number, such as 36.5, or leave this empty.")) from None


def _typed(inputmode: str) -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": inputmode, "autocomplete": "off"})


def _written(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


@dataclass(frozen=True, kw_only=True)
class About:
    """What a question was before, and where it may stand."""

    before: Said
    places: Sequence[tuple[str, str]]
    has_items: bool


class QuestionForm(forms.Form):
    """One question. Fields that its kind does not have are hidden and keep what was typed."""

    kind = forms.ChoiceField(label=_("Kind of answer"), choices=list(KINDS.items()))
    text = forms.CharField(
        label=_("What it asks"), required=False, max_length=2_000, strip=False, widget=_written(2)
    )
    options = forms.CharField(
        label=_("Answers to choose from"),
        help_text=_("One answer on each line, in this order."),
        required=False,
        max_length=20_000,
        strip=False,
        widget=_written(6),
    )
    required = forms.BooleanField(label=_("It has to be answered"), required=False)
    repeats = forms.BooleanField(label=_("Several answers are possible"), required=False)
    longest = forms.IntegerField(
        label=_("Longest answer, in characters"),
        help_text=_("Empty: 500 in a short text, 5,000 in a long one."),
        required=False,
        min_value=1,
        max_value=1_000_000,
        widget=_typed("numeric"),
    )
    least = NumberField(label=_("Smallest number that is taken"))
    most = NumberField(label=_("Largest number that is taken"))
    unit = forms.CharField(
        label=_("Unit"),
        help_text=_("Such as kg. Empty: the patient writes it."),
        required=False,
        max_length=40,
        widget=_typed("text"),
    )
    behavior = forms.ChoiceField(
        label=_("Which of these have to be true?"),
        choices=[("all", _("All of them")), ("any", _("One of them is enough"))],
        widget=forms.RadioSelect,
        required=False,
    )
    where = forms.ChoiceField(label=_("Where it stands"))

    def __init__(self, *args: Any, about: "About", **kwargs: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(*args, **kwargs)
        self.about, self.before = about, about.before
        self.fields["where"].choices = about.places  # type: ignore[attr-defined]  # a ChoiceField's
        for name, words in LABELS.get(self.chosen, {}).items():
            self.fields[name].label = words

    @property
    def chosen(self) -> str:
        """The kind as it is chosen now."""
        said = str(self.data.get("kind") if self.is_bound else self.initial.get("kind"))
        return said if said in KINDS else self.before.kind

    def shown(self, name: str) -> bool:
        """Whether a question of this kind has this field."""
        return has(name, self.chosen)

    @property
    def own(self) -> list[forms.BoundField]:
        """The fields of its kind, below the question itself."""
        return [self[name] for name in FIELDS if self.shown(name)]

    @property
    def others(self) -> list[forms.BoundField]:
        """The fields of other kinds."""
        return [self[name] for name in FIELDS if not self.shown(name)]

    def clean_options(self) -> tuple[str, ...]:
        """The answers, line by line."""
        return tuple(line for line in map(tidy, self.cleaned_data["options"].splitlines()) if line)

    def clean(self) -> dict[str, Any]:
        """What each kind needs."""
        said = self.cleaned_data
        if self.chosen != "group" and not plain(said.get("text", "")):
            self.add_error("text", _("Write what you want to ask."))
        if self.chosen in CHOICES:
            self._clean_answers(said.get("options", ()))
        if self.about.has_items and self._may_hold_nothing():
            self.add_error("kind", _("There are questions in this. Move them out of it first."))
        self._clean_bounds(said)
        return said

    def _may_hold_nothing(self) -> bool:
        """Whether what lies in it would have no place any more."""
        return self.chosen == "display" or (self.before.kind == "group" and self.chosen != "group")

    def _clean_answers(self, options: tuple[str, ...]) -> None:
        twice = next((each for place, each in enumerate(options) if each in options[:place]), None)
        if not options and "options" not in self.errors:
            self.add_error("options", _("Write down the answers to choose from, one on each line."))
        elif twice and options != self.before.options:
            self.add_error("options", gettext("“%(answer)s” stands there twice.") % {"answer": twice})

    def _clean_bounds(self, said: dict[str, Any]) -> None:
        least, most = said.get("least"), said.get("most")
        for name, value in (("least", least), ("most", most)):
            if self.chosen == "integer" and value not in {None, getattr(self.before, name)} and value % 1:
                self.add_error(name, _("Enter a whole number, such as 5."))
        if self.shown("most") and least is not None and most is not None and least > most:
            self.add_error("most", _("The largest number has to be larger than the smallest."))

    def said(self, rows: tuple[When, ...]) -> Said:
        """What was typed; what is wrong counts as empty."""
        found = self.cleaned_data
        return Said(
            kind=self.chosen,
            text=plain(found.get("text") or ""),
            options=found.get("options") or (),
            whens=rows,
            behavior=found.get("behavior") or "all",
            unit=tidy(found.get("unit") or ""),
            required=bool(found.get("required")),
            repeats=bool(found.get("repeats")),
            longest=found.get("longest"),
            least=found.get("least"),
            most=found.get("most"),
        )


def initial_of(said: Said, where: str) -> Shown:
    """What the fields show of a question."""
    limits = {name: getattr(said, name) for name in LIMITS}
    shown: Shown = {name: "" if value is None else str(value) for name, value in limits.items()}
    return shown | {
        "kind": said.kind,
        "text": said.text,
        "options": "\n".join(said.options),
        "required": said.required,
        "repeats": said.repeats,
        "behavior": said.behavior,
        "where": where,
    }
