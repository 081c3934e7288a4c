import pytest


@pytest.fixture
def repository(tmp_path):
    """A small repository with every kind of input."""
    for name in ("data/one/table.csv", "src/library/module.py", "requirements.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("before")
    return tmp_path
