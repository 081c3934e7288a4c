"""Formulas as MathML, which browsers set and screen readers read without a script."""

from __future__ import annotations

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util.math import get_node_equation_number

LONG = 30  # signs; browsers do not break formulas, so a long one may have to scroll


def visit_math(writer, node: nodes.math) -> None:
    """Write a formula within a sentence."""
    text = node.astext()
    kind = "math long" if len(text) > LONG else "math"
    writer.body.append(f'<span class="{kind}">{convert(text)}</span>')
    raise nodes.SkipNode


def visit_displaymath(writer, node: nodes.math_block) -> None:
    """Write a formula on a line of its own, with its number if it has one."""
    writer.body.append(writer.starttag(node, "div", CLASS="math displaymath"))
    writer.body.append(convert(node.astext(), display="block"))
    if node["number"]:
        number = get_node_equation_number(writer, node)
        writer.body.append(f'<span class="eqno">({number})</span>')
    writer.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the renderer that ``html_math_renderer`` in ``_config.yml`` chooses."""
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_displaymath, None))
