"""Draw the picture of the README: ``python -m tools.book.readme_figure``."""

import hubanalysis as hub
from tools.book.chapters import ROOT

TARGET = ROOT / "assets" / "western-norway.png"


def main() -> None:
    """Draw the first look at the Norwegian case and save it."""
    panel = hub.Case.open("norwegian-tourism-cluster").panel()
    figure = hub.first_look(panel, base=2008, label="the west", percent=True)
    figure.save(TARGET)
    print(f"Drew {TARGET.name}.")


if __name__ == "__main__":
    main()
