"""A plan of one's own, changed by replacing text."""

import re

import hubanalysis as hub
from hubanalysis.cases.plan import Yardstick
from hubanalysis.cases.sentences import is_drafted


def own_words(text):
    """Write every sentence of a plan that is still to be written."""
    text = re.sub(r'value = "REPLACE: [^"]*"', "value = 0.1", text)
    text = re.sub(r'aggregate = "REPLACE: [^"]*"', 'aggregate = "sum"', text)
    return re.sub(
        r'"REPLACE: ([^"]*)"',
        lambda m: f'"{"Ours: " * is_drafted(m[1])}{m[1]}"',
        text,
    )


def written(folder):
    """Take the template's sentences for our own."""
    file = folder / "plan.toml"
    file.write_text(own_words(file.read_text("utf8")), encoding="utf-8")
    return folder


def change(folder, old: str, new: str, file: str = "plan.toml"):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return hub.Case.from_folder(folder)


def yardstick(value, kind="promised"):
    return Yardstick(kind=kind, value=value, title="what was said", source="the press")
