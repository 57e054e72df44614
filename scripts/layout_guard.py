"""Guards what no linter knows: the source root that is no package, names that shadow, and sizes.

`platform/` shares its name with a module of the standard library. If it ever becomes a package, Celery, NumPy and
pytest itself stop working; that is why this is a script and not a test.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("platform", "annotations", "mlworker", "scripts")
LONGEST_FUNCTION = 40
LONGEST_MODULE = 400


def shadows() -> Iterator[str]:
    for name in ("__init__.py", "conftest.py"):
        if (ROOT / "platform" / name).exists():
            yield f"platform/{name}: platform/ is a source root; this makes it shadow the standard library"
    for test in (ROOT / "platform").rglob("test_*.py"):
        yield f"{test.relative_to(ROOT)}: tests belong under tests/"
    for source in ("platform", "annotations", "mlworker"):
        for app in (ROOT / source).iterdir():
            if source == "platform" and app.is_dir() and app.name in sys.stdlib_module_names:
                yield f"{app.relative_to(ROOT)}: bears the name of a standard-library module"


def modules() -> Iterator[Path]:
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def sizes(path: Path) -> Iterator[str]:
    text = path.read_text()
    name = path.relative_to(ROOT)
    lines = text.count("\n")
    if lines > LONGEST_MODULE:
        yield f"{name}: {lines} lines; split it by meaning (at most {LONGEST_MODULE})"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            if length > LONGEST_FUNCTION:
                yield f"{name}:{node.lineno} {node.name}: {length} lines (at most {LONGEST_FUNCTION})"


def main() -> int:
    problems = [*shadows(), *(problem for path in modules() for problem in sizes(path))]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
