"""Small changes, drawn by chance and the same in every run."""

import parso
import pytest

from tools.mutants.change import Constant, mutants


def becomes(number):
    node = parso.parse(number).children[0]
    change = Constant()
    places = list(change.mutation_positions(node))
    return [change.mutate(node, k).value for k in range(len(places))]


def test_whole_numbers_go_up_and_down_and_fractions_up():
    assert becomes("3") == ["4", "2"]
    assert becomes("0.05") == ["0.175"]
    assert becomes("1e-5") == ["3.5e-05"]
    assert becomes("0.0") == ["1"]


def test_changes_are_drawn_and_named_constants_always_among_them():
    pytest.importorskip("cosmic_ray", reason="only make mutate installs it")
    source = "LEVEL = 0.05\n\n\ndef f(x: int = 1) -> 'int | None':\n"
    source += "    if x <= LEVEL:\n        return x + 1\n    return not x == 3\n"
    found, made = mutants(source, 99)
    assert len(found) <= made
    changed = {m.becomes for m in found}
    assert {"if x < LEVEL:", "return x - 1", "return x == 3"} <= changed
    assert len({m.code for m in found}) == len(found)
    few, _ = mutants(source, 2)
    assert "LEVEL = 0.175" in {m.becomes for m in few}
    assert {m.becomes for m in few} <= changed
