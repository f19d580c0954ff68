"""Finds the sentences people will read: in Python by syntax tree, in templates by Django's own reading."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

FORMS = {"gettext": "i", "ngettext": "ip", "pgettext": "ci", "npgettext": "cip"}
ALIASES = {"_": "gettext", "gettext_noop": "gettext"}
LITERAL = r"""u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({LITERAL}(?:,\s*{LITERAL})*)(?:,\s*count)?\s*\)", re.DOTALL)
DYNAMIC_ATTRIBUTE = re.compile(r""":[\w-]+="([^"]*_\('[^']*'\)[^"]*)\"""")


class NotLiteral(Exception):
    """A sentence is put together before it is translated, so that nobody can translate it."""


@dataclass(frozen=True, order=True)
class Sentence:
    """One msgid as gettext knows it; `plural` and `context` are empty where there is none."""

    text: str
    plural: str = ""
    context: str = ""


def in_python(path: Path) -> Iterator[Sentence]:
    """Each sentence given to a gettext function in a module."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and (form := _form(node.func)):
            yield from _sentence(form, node.args, f"{path.name}:{node.lineno}")


def in_template(path: Path) -> Iterator[Sentence]:
    """Each sentence in translate tags, blocks, `_("…")` and the dynamic attributes of components."""
    source = path.read_text()
    for call in CALL.finditer(templatize(source, str(path))):
        yield _called(call)
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.TEXT:
            for attribute in DYNAMIC_ATTRIBUTE.findall(token.contents):
                yield from map(_called, CALL.finditer(attribute))


def _called(call: re.Match[str]) -> Sentence:
    function = ALIASES.get(call[1], call[1])
    texts = [ast.literal_eval(literal) for literal in re.findall(LITERAL, call[2])]
    return _shaped(FORMS[function], texts)


def _form(function: ast.expr) -> str:
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    name = ALIASES.get(name, name)
    return FORMS.get(name.removesuffix("_lazy"), "")


def _sentence(form: str, arguments: list[ast.expr], place: str) -> Iterator[Sentence]:
    wanted = arguments[: len(form)]
    if any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in wanted):
        raise NotLiteral(f"{place}: write the sentence whole and give the changing parts as %(name)s")
    texts = [argument.value for argument in wanted if isinstance(argument, ast.Constant)]
    if len(texts) == len(form):
        yield _shaped(form, [str(text) for text in texts])


def _shaped(form: str, texts: list[str]) -> Sentence:
    part = dict(zip(form, texts, strict=True))
    return Sentence(text=part["i"], plural=part.get("p", ""), context=part.get("c", ""))
