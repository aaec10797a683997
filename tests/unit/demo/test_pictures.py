"""The demo's pictures: as large as a photograph, all different, the same for the same seed."""

import io

import pytest
from PIL import Image

from autoscaler.demo.pictures import SCENES, make_pictures


@pytest.fixture(scope="module")
def pictures() -> list[tuple[str, bytes]]:
    return list(make_pictures(SCENES + 2, seed=7))


def test_a_picture_is_a_jpeg_of_a_photographs_size(pictures: list[tuple[str, bytes]]) -> None:
    image = Image.open(io.BytesIO(pictures[0][1]))
    assert (image.format, image.size, image.mode) == ("JPEG", (1600, 1200), "RGB")


def test_a_picture_weighs_what_a_photograph_weighs(pictures: list[tuple[str, bytes]]) -> None:
    assert all(100_000 < len(jpeg) < 350_000 for _, jpeg in pictures)


def test_no_two_pictures_or_names_are_the_same(pictures: list[tuple[str, bytes]]) -> None:
    """Two pictures of one scene differ as well."""
    assert len({name for name, _ in pictures}) == len(pictures)
    assert len({jpeg for _, jpeg in pictures}) == len(pictures)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(
    pictures: list[tuple[str, bytes]],
) -> None:
    assert list(make_pictures(2, seed=7)) == pictures[:2]
    assert next(make_pictures(1, seed=8))[1] != pictures[0][1]


def test_none_are_made_when_none_are_asked_for() -> None:
    assert list(make_pictures(0, seed=7)) == []
