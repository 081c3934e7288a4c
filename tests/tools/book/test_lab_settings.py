"""JupyterLab opens chapters as notebooks, by a setting of the environment."""

import json
import sys

from tools.book import lab_settings


def test_it_writes_into_the_environment_only(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    lab_settings.main()
    [path] = (path for path in tmp_path.rglob("*") if path.is_file())
    settings = json.loads(path.read_text("utf8"))
    viewers = settings["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"]
    assert viewers["myst"] == "Jupytext Notebook"
