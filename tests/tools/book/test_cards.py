"""The picture of a shared link."""

from PIL import Image

from tools.book.cards import draw


def test_a_card_is_the_same_bytes_each_time_and_of_the_size_that_is_asked(tmp_path):
    paths = [tmp_path / "a.png", tmp_path / "b.png"]
    for path in paths:
        draw("Yozma and Israel's venture capital: $x", "Hub analysis", path)
    assert Image.open(paths[0]).size == (1200, 630)
    assert paths[0].read_bytes() == paths[1].read_bytes()
