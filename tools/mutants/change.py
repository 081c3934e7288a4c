"""Small changes of a module, such as ``<=`` to ``<``, that a test should notice.

cosmic-ray makes them; it is asked for where the module is read, since only
`make mutate` installs it.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

# One changed boundary, sign or negation. Every comparison against every other would
# mostly repeat these.
KINDS = (
    *("ReplaceComparisonOperator_" + change for change in (
        "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt",
        "Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is",
    )),
    *("ReplaceBinaryOperator_" + change for change in (
        "Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Pow_Mul",
        "BitAnd_BitOr", "BitOr_BitAnd",
    )),
    *("ReplaceUnaryOperator_Delete_" + sign for sign in ("USub", "Not", "Invert")),
    *("AddNot", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue"),
)  # fmt: skip
# What a fraction is multiplied by: one more or less would be far outside its range.
FACTOR = 3.5

# How a class prints and is made; no numerics.
_DECLARED = re.compile(r"@dataclass\(|.* = field\(")
_NAMED = re.compile(r"[A-Z][A-Z_]*(, [A-Z][A-Z_]*)* = ")


class Constant:
    """Changes a whole number by one, either way, and a fraction by a factor.

    Called by cosmic-ray like an operator of its own.
    """

    def mutation_positions(self, node) -> Iterator[tuple]:
        """Yield a position for each change of this node."""
        if node.type == "number":
            whole = isinstance(ast.literal_eval(node.value), int)
            yield from [(node.start_pos, node.end_pos)] * (2 if whole else 1)

    def mutate(self, node, index: int):
        """Return the node with its change made."""
        value = ast.literal_eval(node.value)
        if isinstance(value, int):
            value += 1 if index == 0 else -1
        else:
            value = value * FACTOR or 1.0
        return type(node)(f"{value:.12g}", node.start_pos, node.prefix)


@dataclass(frozen=True)
class Mutant:
    """A module with one change in it.

    Parameters
    ----------
    line : int
        Where it is, counted from one.
    was, becomes : str
        The line, before and after, with single spaces.
    code : str
        The whole module.
    """

    line: int
    was: str
    becomes: str
    code: str


def mutants(source: str, most: int) -> tuple[list[Mutant], int]:
    """Changes of a module, drawn by chance and the same in every run.

    All changes of constants with names are among them. The draw hangs on each line
    alone, so that a change of the module moves no others. What Python does not see, in
    annotations, is left out, and what says the same as another.

    Parameters
    ----------
    source : str
    most : int
        How many are drawn beside these.

    Returns
    -------
    tuple
        The mutants, in the order of their lines; and how many there are to draw from.
    """
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    lines = [" ".join(line.split()) for line in source.splitlines()]
    places = []
    for change in [Constant(), *[get_operator(f"core/{kind}")() for kind in KINDS]]:
        seen = [
            (position[0][0], position[0][1])
            for node in ast_nodes(get_ast(source))
            for position in change.mutation_positions(node)
        ]
        for number, (line, column) in enumerate(seen):
            if _DECLARED.match(lines[line - 1]):
                continue
            text = f"{lines[line - 1]} {column} {type(change).__name__} "
            text += str(seen[:number].count((line, column)))
            turn = hashlib.sha256(text.encode()).hexdigest()
            named = _NAMED.match(lines[line - 1]) is not None
            places.append((not named, turn, change, number))
    found: dict[str, Mutant | None] = {_meaning(source): None}
    drawn = 0
    for unnamed, _, change, number in sorted(places, key=lambda place: place[:2]):
        if unnamed and drawn == most:
            break
        code = mutate_code(source, change, number)
        if (meaning := _meaning(code)) not in found:
            found[meaning] = Mutant(*_difference(source, code), code)
            drawn += unnamed
    return sorted(filter(None, found.values()), key=lambda m: m.line), len(places)


class _Plain(ast.NodeTransformer):
    """Takes annotations away, and a ``not`` where the opposite can be said."""

    opposite: ClassVar = {ast.Is: ast.IsNot, ast.Eq: ast.NotEq, ast.In: ast.NotIn}
    opposite |= {there: back for back, there in opposite.items()}

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        inner = node.operand
        if isinstance(node.op, ast.Not):
            if isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.Not):
                return inner.operand
            if isinstance(inner, ast.Compare) and type(inner.ops[0]) in self.opposite:
                inner.ops[0] = self.opposite[type(inner.ops[0])]()
                return inner
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        node.annotation = ast.Constant(None)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.returns = None
        return node


def _meaning(code: str) -> str:
    """What a module says, however it says it."""
    return ast.dump(_Plain().visit(ast.parse(code)))


def _difference(source: str, code: str) -> tuple[int, str, str]:
    for number, (was, becomes) in enumerate(
        zip(source.splitlines(), code.splitlines()), start=1
    ):
        if was != becomes:
            return number, " ".join(was.split()), " ".join(becomes.split())
    raise AssertionError("a change changes a line")
