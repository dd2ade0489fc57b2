"""What generated Python may hold: each file is parsed before it is written, and held to what the generators make.

The names of a model are held to patterns (``grammar``) and its texts go through one writer (``python_text``); this is the
third lock, which knows nothing of the other two. A class module or a table of profiles declares: imports, constants, classes
whose fields call ``Field`` and little else. A validator of fastjsonschema is a program, of a few kinds of statement that call a
few functions. What comes from a template must be the template, but for its docstring.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

TEMPLATES = {
    "python/_base.py": "_base.py",
    "python/_privacy.py": "_privacy.py",
    "validators/__init__.py": "validators.py",
}
"""The files that are copied from a template."""

DECLARED = frozenset(
    [
        "Module",
        "Expr",
        "Constant",
        "ImportFrom",
        "alias",
        "ClassDef",
        "Assign",
        "AnnAssign",
        "Name",
        "Store",
        "Load",
        "Subscript",
        "Tuple",
        "List",
        "Dict",
        "Call",
        "keyword",
        "BinOp",
        "BitOr",
        "UnaryOp",
        "USub",
    ]
)
CONSTRUCTORS = frozenset({"Field", "matching", "Privacy", "Granularity", "StatutoryTask", "Basis"})
IMPORTED = re.compile(
    r"enum|typing|pydantic|(machimori\.model)?\.(_base|_profiles|_privacy|[a-z][a-z0-9_]*)|\.python\.[a-z][a-z0-9_]*"
)

PROGRAMMED = DECLARED - {"ClassDef", "AnnAssign", "BitOr"} | frozenset(
    [
        "Import",
        "FunctionDef",
        "arguments",
        "arg",
        "If",
        "For",
        "Try",
        "ExceptHandler",
        "Raise",
        "Return",
        "Pass",
        "AugAssign",
        "Attribute",
        "BoolOp",
        "And",
        "Or",
        "Not",
        "Compare",
        "In",
        "NotIn",
        "Eq",
        "NotEq",
        "Lt",
        "LtE",
        "Gt",
        "GtE",
        "Is",
        "IsNot",
        "Add",
        "Sub",
        "Mult",
        "Mod",
    ]
)
CALLED = frozenset({"isinstance", "len", "set", "str", "type", "enumerate", "locals", "JsonSchemaValueException"})
METHODS = frozenset({"keys", "remove", "search", "is_integer"})
PROGRAM_IMPORTS = frozenset(
    {
        "import re",
        "from decimal import Decimal",
        "from fastjsonschema import JsonSchemaValueException",
        "from fastjsonschema import JsonSchemaValueException, JsonSchemaValuesException",
    }
)
COUNTED = re.compile(r"[^{}]*(\{[a-z0-9_]+\}[^{}]*)*")
"""A text for ``str.format`` that names variables and looks at no attribute of them."""


class UnsafeCodeError(ValueError):
    """Generated Python that holds something which no generator makes; ``path`` and ``line`` say where."""

    def __init__(self, path: str, line: int, what: str) -> None:
        super().__init__(f"{path}:{line}: {what}")
        self.path, self.line, self.what = path, line, what


@dataclass(frozen=True)
class _Dialect:
    """Node kinds, and what calls, attributes and imports must be."""

    kinds: frozenset[str]
    calls: Callable[[ast.Call], bool]
    attributes: Callable[[ast.Attribute], bool]
    imports: Callable[[ast.stmt], bool]


def check(files: dict[str, str]) -> None:
    """Raise ``UnsafeCodeError`` for the first file of Python that holds more than its generator makes."""
    for path, text in files.items():
        if path.endswith(".py"):
            for line, what in _found(path, text):
                raise UnsafeCodeError(path, line, what)


def _found(path: str, text: str) -> Iterator[tuple[int, str]]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        yield getattr(error, "lineno", None) or 1, "not Python"
        return
    if path in TEMPLATES:
        if _bare(tree) != _template(TEMPLATES[path]):
            yield 1, "not what stands in the template"
        return
    body = [statement for statement in tree.body if not _of_a_package(statement)]
    if path not in ("__init__.py", "python/__init__.py"):
        body = tree.body
    dialect = PROGRAM if path.startswith("validators/") else DECLARATION
    for statement in body:
        yield from _strange(statement, dialect)


def _strange(tree: ast.AST, dialect: _Dialect) -> Iterator[tuple[int, str]]:
    line = getattr(tree, "lineno", 1)
    for node in ast.walk(tree):
        line, kind = getattr(node, "lineno", line), type(node).__name__
        if kind not in dialect.kinds:
            yield line, kind
        elif isinstance(node, ast.Call) and not dialect.calls(node):
            yield line, f"a call of {ast.unparse(node.func)[:60]}"
        elif isinstance(node, ast.Attribute) and not dialect.attributes(node):
            yield line, f"the attribute {node.attr}"
        elif isinstance(node, ast.Import | ast.ImportFrom) and not dialect.imports(node):
            yield line, ast.unparse(node)[:80]
        elif isinstance(node, ast.ClassDef) and (node.decorator_list or node.keywords):
            yield line, "a class that calls something when it is made"
        elif isinstance(node, ast.FunctionDef) and (node.decorator_list or node.returns):
            yield line, "a function that calls something when it is made"
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and not _named(node):
            yield line, "an assignment to something that is no name"


def _named(node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return all(isinstance(target, ast.Name) for target in targets)


def _never(_: ast.AST) -> bool:
    return False


def _constructor(call: ast.Call) -> bool:
    """A call that makes a plain value: of a known name, with known words."""
    return isinstance(call.func, ast.Name) and call.func.id in CONSTRUCTORS and all(k.arg for k in call.keywords)


def _known_module(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.ImportFrom):
        return False
    module = "." * statement.level + (statement.module or "")
    return bool(IMPORTED.fullmatch(module)) and all(a.asname is None and a.name != "*" for a in statement.names)


def _program_call(call: ast.Call) -> bool:
    called = call.func
    if isinstance(called, ast.Name):
        return called.id in CALLED or called.id.startswith("validate_")
    if isinstance(called, ast.Subscript):  # custom_formats["date"](…)
        return isinstance(called.value, ast.Name) and called.value.id == "custom_formats"
    if not isinstance(called, ast.Attribute):
        return False
    if called.attr == "format":  # "[{index}]".format(**locals())
        text = called.value
        return isinstance(text, ast.Constant) and isinstance(text.value, str) and bool(COUNTED.fullmatch(text.value))
    if called.attr == "compile":
        return ast.unparse(called) == "re.compile" and all(isinstance(a, ast.Constant) for a in call.args)
    return called.attr in METHODS


def _program_attribute(attribute: ast.Attribute) -> bool:
    return attribute.attr in METHODS | {"format", "compile"}


def _program_import(statement: ast.stmt) -> bool:
    return ast.unparse(statement) in PROGRAM_IMPORTS


DECLARATION = _Dialect(DECLARED, _constructor, _never, _known_module)
PROGRAM = _Dialect(PROGRAMMED, _program_call, _program_attribute, _program_import)


def _of_a_package(statement: ast.stmt) -> bool:
    """Whether a statement is one of those with which a package finds its classes: they are the same in every package."""
    if isinstance(statement, ast.If):
        return (
            ast.unparse(statement.test) == "TYPE_CHECKING"
            and all(map(_known_module, statement.body))
            and not statement.orelse
        )
    if isinstance(statement, ast.FunctionDef):
        return ast.dump(statement) in _package_functions()
    return ast.unparse(statement) == "from importlib import import_module"


@cache
def _package_functions() -> frozenset[str]:
    folder = files("machimori.build") / "templates"
    trees = [ast.parse((folder / name).read_text(encoding="utf-8")) for name in ("classes.py", "extension.py")]
    return frozenset(ast.dump(s) for tree in trees for s in tree.body if isinstance(s, ast.FunctionDef))


@cache
def _template(name: str) -> str:
    return _bare(ast.parse((files("machimori.build") / "templates" / name).read_text(encoding="utf-8")))


def _bare(tree: ast.Module) -> str:
    """The tree without its docstring."""
    said = ast.get_docstring(tree, clean=False) is not None
    return ast.dump(ast.Module(tree.body[said:], []))
