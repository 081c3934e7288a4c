"""A plan of one's own, changed by replacing text."""

import hubanalysis as hub


def change(folder, old: str, new: str, file: str = "plan.toml"):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return hub.Case.from_folder(folder)
