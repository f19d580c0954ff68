"""Python read as a tree: which functions a module has, and what it takes from other modules."""

import ast
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from architecture.rooms import PACKAGE

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One module of the product, read."""

    path: Path
    dotted: str
    tree: ast.Module

    @property
    def parts(self) -> list[str]:
        """The names below the package: room first."""
        return self.dotted.split(".")[1:]


@cache
def read(package: Path = PACKAGE) -> tuple[Module, ...]:
    """Every module below a package, migrations left out."""
    paths = [path for path in sorted(package.rglob("*.py")) if "migrations" not in path.parts]
    modules = tuple(_module(package, path) for path in paths)
    gc.freeze()  # they stay, a million small objects: not looked through for garbage ever again
    return modules


def _module(package: Path, path: Path) -> Module:
    parts = path.relative_to(package.parent).with_suffix("").parts
    dotted = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(path, dotted, ast.parse(path.read_text(), filename=str(path)))


def functions(tree: ast.Module) -> Iterator[Function]:
    """The functions at the top of a module."""
    for node in tree.body:
        if isinstance(node, Function):
            yield node


def every_function(tree: ast.AST) -> Iterator[Function]:
    """Every function, methods and inner ones too."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def decorator_names(function: Function) -> list[str]:
    """The names of a function's decorators, called or not."""
    names = (item.func if isinstance(item, ast.Call) else item for item in function.decorator_list)
    return [name_of(item) for item in names]


def name_of(node: ast.expr) -> str:
    """The last name of `a.b.c`, or nothing."""
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def taken(module: Module) -> Iterator[tuple[str, str]]:
    """What a module takes from others, as (module, name): names imported and attributes of modules."""
    bound: dict[str, str] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            source = _source(module, node)
            yield from ((source, alias.name) for alias in node.names)
            bound |= {alias.asname or alias.name: f"{source}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            bound |= {alias.asname or alias.name: alias.name for alias in node.names}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and (owner := ast.unparse(node.value)) in bound:
            yield bound[owner], node.attr


def _source(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.dotted if module.path.name == "__init__.py" else module.dotted.rpartition(".")[0]
    for _ in range(node.level - 1):
        package = package.rpartition(".")[0]
    return f"{package}.{node.module}" if node.module else package
