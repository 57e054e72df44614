"""Which environment variables the code reads, found in the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SOURCES = ("platform", "annotations", "mlworker", "deploy")
_READERS = {"text", "required", "boolean", "integer", "choice", "words"}
_SECRET_READERS = {"secret", "optional_secret"}


def variables_in_code() -> set[str]:
    """Names read through `config.environment` or `os.environ`; a secret has a second name, with `_FILE` behind it."""
    found = {name for path in _modules() for name in _variables(ast.parse(path.read_text()))}
    # Set by ourselves for children, or none of our own.
    return found - {"DJANGO_SETTINGS_MODULE", "PATH", "DISPLAY", "WAYLAND_DISPLAY"}


def _modules() -> Iterator[Path]:
    for source in _SOURCES:
        yield from sorted((ROOT / source).rglob("*.py"))


def _variables(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            yield from _from_call(node)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            yield from _literal(node.slice)


def _from_call(node: ast.Call) -> Iterator[str]:
    function = ast.unparse(node.func)
    name = function.removeprefix("environment.")
    if function in ("os.environ.get", "os.getenv") or (name in _READERS and _is_upper(node.args[0])):
        yield from _literal(node.args[0])
    if name in _SECRET_READERS:
        for variable in _literal(node.args[0]):
            yield variable
            yield f"{variable}_FILE"


def _is_upper(node: ast.expr) -> bool:
    return any(variable.isupper() for variable in _literal(node))


def _literal(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
