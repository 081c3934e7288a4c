"""The library is built in floors, stays in small pieces, and explains itself."""

import ast
import inspect
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import hubanalysis as hub

SOURCE = Path(inspect.getfile(hub)).parent
MODULES = sorted(p.stem for p in SOURCE.glob("*.py") if p.stem != "__init__")

NOUNS = {
    "checks",
    "wording",
    "panel",
    "estimate",
    "simplex",
    "catalog",
    "specialisation",
    "predictors",
}
ESTIMATORS = {
    *("did", "synthetic", "staggered", "bacon"),
    *("imputation", "cells", "group_average"),
}
QUESTIONERS = {
    *("placebo", "randomization", "bounds", "drift", "power", "bootstrap", "conformal"),
    "specification",
}
FLOORS = (
    NOUNS,
    ESTIMATORS | QUESTIONERS,
    {"case", "plan", "battery", "verdict", "figures", "tables"},
    {"report", "__main__"},
)
FLOOR = {module: floor for floor, names in enumerate(FLOORS, 1) for module in names}

MOST_LINES = 450

each_module = pytest.mark.parametrize("module", MODULES)


def tree(module):
    return ast.parse((SOURCE / f"{module}.py").read_text(encoding="utf-8"))


def imported(nodes):
    """Full names of the modules imported by these nodes."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parent = ("hubanalysis." if node.level else "") + (node.module or "")
            parent = parent.rstrip(".")
            yield parent
            yield from (f"{parent}.{alias.name}" for alias in node.names)


def siblings(module):
    """Modules of the library that this one imports, wherever in it."""
    names = {name for name in imported(ast.walk(tree(module)))}
    return {m for m in MODULES if m != module and f"hubanalysis.{m}" in names}


def outside_functions(node):
    """All nodes that run when the module is imported."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from outside_functions(child)


@each_module
def test_every_module_has_its_floor(module):
    assert module in FLOOR


@each_module
def test_a_module_imports_from_its_own_floor_and_below_only(module):
    above = {m for m in siblings(module) if FLOOR[m] > FLOOR[module]}
    assert above == set()


@each_module
def test_a_module_does_not_import_the_package_that_gathers_them(module):
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            assert "hubanalysis" not in [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom) and node.module == "hubanalysis":
            assert {alias.name for alias in node.names} <= set(MODULES)


def test_imports_run_in_no_circle():
    order = list(TopologicalSorter({m: siblings(m) for m in MODULES}).static_order())
    assert sorted(order) == MODULES


@pytest.mark.parametrize("module", sorted(ESTIMATORS & set(MODULES)))
def test_an_estimator_does_not_know_who_questions_it(module):
    assert siblings(module) & QUESTIONERS == set()


@each_module
def test_linearmodels_is_imported_when_it_is_needed_and_not_before(module):
    at_once = {name.split(".")[0] for name in imported(outside_functions(tree(module)))}
    assert "linearmodels" not in at_once


@each_module
def test_a_module_is_short_enough_to_be_read_in_one_sitting(module):
    text = (SOURCE / f"{module}.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES


@each_module
def test_what_a_module_offers_is_defined_in_it(module):
    offered, defined = set(), set()
    for node in tree(module).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = ast.unparse(getattr(node, "target", None) or node.targets[0])
            defined.add(target)
            if target == "__all__":
                offered |= set(ast.literal_eval(node.value))
    assert offered <= defined


def test_every_public_name_is_offered_by_one_module_and_is_named_once():
    assert len(set(hub.__all__)) == len(hub.__all__)
    for name in hub.__all__:
        thing = getattr(hub, name)
        if callable(thing):
            home = thing.__module__.removeprefix("hubanalysis.")
            assert home in MODULES


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
    parameters = list(inspect.signature(thing).parameters)
    assert "Returns" in sections
    assert "Parameters" in sections or not parameters
    listed = text.partition("Parameters\n---")[2]
    assert [p for p in parameters if p not in listed] == []
