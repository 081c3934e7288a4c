"""A plan of one's own, changed by replacing text."""

import hubanalysis as hub
from hubanalysis.cases.plan import Yardstick


def written(folder):
    """Take the template's sentences for our own."""
    file = folder / "plan.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("REPLACE: ", ""), encoding="utf-8")
    return folder


def change(folder, old: str, new: str, file: str = "plan.toml"):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return hub.Case.from_folder(folder)


def yardstick(value, kind="promised"):
    return Yardstick(kind=kind, value=value, title="what was said", source="the press")
