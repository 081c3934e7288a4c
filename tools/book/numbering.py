"""Number figures, tables, exercises and equations within each chapter.

Sphinx numbers through the whole book, so that a chapter's first exercise is its ninth.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def by_chapter(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Begin each kind of number at one on every page, once Sphinx has numbered."""
    for kinds in env.toc_fignumbers.values():
        for kind, numbers in kinds.items():
            ordered = sorted(numbers, key=numbers.__getitem__)
            kinds[kind] = {name: (i,) for i, name in enumerate(ordered, 1)}
    return []
