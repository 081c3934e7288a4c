"""The library is built in rooms, stays in small pieces, and explains itself."""

import ast
import inspect
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import hubanalysis as hub

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "hubanalysis"
# From the ground up: a room imports from itself and from those before it.
ROOMS = (
    "words",
    "datasets",
    "panels",
    "estimators",
    "inference",
    "cases",
    "show",
    "command",
)
MOST_LINES = 450

PATHS = {
    ".".join(path.relative_to(SOURCE).with_suffix("").parts): path
    for path in sorted(SOURCE.rglob("*.py"))
    if path != SOURCE / "__init__.py"
}
MODULES = {name: path for name, path in PATHS.items() if path.stem != "__init__"}
each_module = pytest.mark.parametrize("module", MODULES)


def tree(module):
    return ast.parse(PATHS[module].read_text(encoding="utf-8"))


def imported(nodes):
    """Full names of the modules, and of the names in them, that these nodes import."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute, so that rooms can be seen"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(module):
    """Modules and names of the library that this module imports, wherever in it."""
    names = imported(ast.walk(tree(module)))
    return {
        name.removeprefix("hubanalysis.")
        for name in names
        if name.startswith("hubanalysis.")
    }


def room(module):
    return module.partition(".")[0]


def outside_functions(node):
    """All nodes that run when the module is imported."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from outside_functions(child)


def test_the_rooms_are_those_of_the_plan():
    folders = {p.parent.name for p in SOURCE.glob("*/__init__.py")}
    assert folders == set(ROOMS)


@each_module
def test_a_module_imports_from_its_own_room_and_those_below_only(module):
    if module == "__main__":
        below = {"command"}
    else:
        below = set(ROOMS[: ROOMS.index(room(module)) + 1])
    assert {room(name) for name in ours(module)} <= below


@each_module
def test_no_private_name_is_imported(module):
    assert [n for n in ours(module) if n.rpartition(".")[2].startswith("_")] == []


@each_module
def test_a_module_does_not_import_the_package_that_gathers_them(module):
    assert "hubanalysis" not in set(imported(ast.walk(tree(module))))


def test_imports_run_in_no_circle():
    graph = {m: (ours(m) & set(PATHS)) - {m} for m in PATHS}
    assert set(TopologicalSorter(graph).static_order()) == set(PATHS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_is_in_it(room):
    assert ast.get_docstring(tree(f"{room}.__init__"))


@each_module
def test_a_module_has_its_tests_where_it_lies(module):
    *folders, name = module.split(".")
    assert ROOT.joinpath("tests", *folders, f"test_{name}.py").is_file()


@each_module
def test_what_a_browser_lacks_is_imported_when_it_is_needed_and_not_before(module):
    at_once = {name.split(".")[0] for name in imported(outside_functions(tree(module)))}
    assert not at_once & {"linearmodels", "statsmodels"}


@each_module
def test_what_is_slow_to_import_is_imported_when_it_is_needed(module):
    assert "scipy.stats" not in set(imported(outside_functions(tree(module))))


@each_module
def test_a_module_is_short_enough_to_be_read_in_one_sitting(module):
    text = MODULES[module].read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES


@each_module
def test_others_take_from_a_module_only_what_is_defined_in_it(module):
    defined = set()
    for node in tree(module).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = getattr(node, "target", None) or node.targets[0]
            defined.add(ast.unparse(target))
    taken = {
        name.removeprefix(f"{module}.")
        for other in PATHS
        for name in ours(other)
        if name.startswith(f"{module}.")
    }
    assert taken <= defined


def test_every_public_name_is_offered_once_by_a_module():
    assert len(set(hub.__all__)) == len(hub.__all__)
    for name in hub.__all__:
        thing = getattr(hub, name)
        if callable(thing):
            assert thing.__module__.removeprefix("hubanalysis.") in MODULES


@pytest.mark.parametrize(
    "name", [n for n in sorted(hub.__all__) if callable(getattr(hub, n))]
)
def test_a_public_name_says_what_it_takes_and_gives_and_shows_an_example(name):
    thing = getattr(hub, name)
    text = inspect.getdoc(thing)
    sections = {
        first
        for first, under in zip(text.splitlines(), text.splitlines()[1:])
        if under and set(under) == {"-"}
    }
    assert "Examples" in sections
    assert ">>>" in text
    if inspect.isclass(thing):
        assert "Attributes" in sections or issubclass(thing, Exception)
        return
    signature = inspect.signature(thing)
    parameters = list(signature.parameters)
    assert "Returns" in sections or signature.return_annotation == "None"
    assert "Parameters" in sections or not parameters
    listed = text.partition("Parameters\n---")[2]
    assert [p for p in parameters if p not in listed] == []


def raised_in_the_open(node, caught=False):
    """ValueErrors and TypeErrors that no `try` around them turns into a sentence."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Raise) and child.exc is not None and not caught:
            called = child.exc.func if isinstance(child.exc, ast.Call) else child.exc
            if isinstance(called, ast.Name) and called.id in (
                "ValueError",
                "TypeError",
            ):
                yield child.lineno
        if isinstance(child, ast.Try):
            for part in child.body:
                yield from raised_in_the_open(ast.Module([part], []), caught=True)
            for part in (*child.handlers, *child.orelse, *child.finalbody):
                yield from raised_in_the_open(ast.Module([part], []), caught)
        else:
            yield from raised_in_the_open(child, caught)


@each_module
def test_what_a_reader_can_get_wrong_is_refused_by_an_error_of_our_own(module):
    assert list(raised_in_the_open(tree(module))) == []
