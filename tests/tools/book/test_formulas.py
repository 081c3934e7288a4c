"""Formulas are MathML."""

from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from docutils import nodes

from tools.book.formulas import visit_math


@pytest.mark.parametrize(
    "tex", [r"\hat\tau_0", r"\frac{1}{T+1}", "a < b", r"\sum_s w_s"]
)
def test_a_formula_is_well_formed_and_holds_no_tex(tex):
    writer = SimpleNamespace(body=[])
    with pytest.raises(nodes.SkipNode):
        visit_math(writer, nodes.math(text=tex))
    tree = ElementTree.fromstring(writer.body[0])
    assert tree[0].tag.endswith("math")
    assert "\\" not in "".join(tree.itertext())
