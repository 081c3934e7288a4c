"""The few icons of the frame, as paths on a grid of 24, in the colour of the text."""

from __future__ import annotations

from markupsafe import Markup

PATHS = {
    "list": "M4 6h16M4 12h16M4 18h16",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 1 0 0-13M15.5 15.5 20.5 20.5",
    "half": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17V20.5",
    "down": "M12 4v11M7 11l5 5 5-5M5 20h14",
}


def icon(name: str) -> Markup:
    """Draw an icon; the words beside it, or the label of its button, name it."""
    return Markup(
        '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="none" '
        'stroke="currentColor" stroke-width="2" stroke-linecap="round" '
        f'aria-hidden="true"><path d="{PATHS[name]}"/></svg>'
    )
