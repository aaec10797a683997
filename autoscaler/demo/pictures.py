"""Pictures for the demo: as large as a photograph, all different, the same for the same seed."""

import io
from collections.abc import Iterator
from functools import partial
from random import Random

from PIL import Image, ImageChops, ImageDraw

WIDTH, HEIGHT = 1600, 1200
QUALITY = 80

SCENES = 6
"""Rich scenes, built once each (0.2 s); a picture is a part of one with things put into it."""

MARGIN = 160
"""Pixels a scene is wider and higher than a picture, so that pictures differ in their part."""

Colour = tuple[int, int, int]


def make_pictures(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield so many names and JPEGs of 1600 x 1200, the same ones for the same seed."""
    scenes: dict[int, Image.Image] = {}
    for number in range(count):
        kind = number % SCENES
        if kind not in scenes:
            scenes[kind] = _scene(Random(f"{seed}/scene/{kind}"))
        yield f"IMG_{number:05d}.jpg", _picture(scenes[kind], Random(f"{seed}/picture/{number}"))


def _picture(scene: Image.Image, random: Random) -> bytes:
    left, top = random.randrange(MARGIN), random.randrange(MARGIN)
    image = scene.crop((left, top, left + WIDTH, top + HEIGHT))
    draw = ImageDraw.Draw(image)
    for put in random.choices((_sun, _house, _tree, _birds), k=random.randint(4, 12)):
        put(draw, random)
    written = io.BytesIO()
    image.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


# ---------------------------------------------------------------- scenes: slow, a few of them


def _scene(random: Random) -> Image.Image:
    size = (WIDTH + MARGIN, HEIGHT + MARGIN)
    image = _gradient(size, _colour(random, 120, 255), _colour(random, 60, 200))
    for layer in range(4):
        _hills(ImageDraw.Draw(image), random, size, layer)
    clouds = _noise(random, size, grain=90, strength=70)
    rough = _noise(random, size, grain=6, strength=24)
    fine = _noise(random, size, grain=1, strength=12)
    for texture in (clouds, rough, fine):
        image = ImageChops.add(image, texture, offset=-128)
    return image


def _gradient(size: tuple[int, int], above: Colour, below: Colour) -> Image.Image:
    mask = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, below), Image.new("RGB", size, above), mask)


def _hills(draw: ImageDraw.ImageDraw, random: Random, size: tuple[int, int], layer: int) -> None:
    width, height = size
    level = height * (0.45 + 0.13 * layer)
    ridge = [(x, level + random.uniform(-90, 90)) for x in range(0, width + 80, 80)]
    draw.polygon([(0, height), *ridge, (width, height)], fill=_colour(random, 20, 170))


def _noise(random: Random, size: tuple[int, int], grain: int, strength: int) -> Image.Image:
    """Return noise about a middle grey of 128; `grain` is its size in pixels.

    Not Pillow's own noise: that draws from a source nobody can seed.
    """
    small = (size[0] // grain + 1, size[1] // grain + 1)
    raw = Image.frombytes("L", small, random.randbytes(small[0] * small[1]))
    level = raw.point(partial(_about_grey, strength)).resize(size, Image.Resampling.BICUBIC)
    return Image.merge("RGB", (level, level, level))


def _about_grey(strength: int, value: int) -> float:
    return 128 + (value - 128) * strength / 256


# --------------------------------------------------------------- things: fast, in each picture


def _sun(draw: ImageDraw.ImageDraw, random: Random) -> None:
    x, y, r = random.randrange(WIDTH), random.randrange(HEIGHT // 3), random.randint(30, 90)
    draw.ellipse((x - r, y - r, x + r, y + r), fill=_colour(random, 180, 255))


def _house(draw: ImageDraw.ImageDraw, random: Random) -> None:
    x, y = random.randrange(WIDTH), random.randint(HEIGHT // 2, HEIGHT)
    w, h = random.randint(60, 220), random.randint(60, 260)
    draw.rectangle((x, y - h, x + w, y), fill=_colour(random, 60, 240))
    draw.polygon([(x - 15, y - h), (x + w / 2, y - h - w / 2), (x + w + 15, y - h)], fill="brown")
    for window in range(x + 12, x + w - 20, 36):
        draw.rectangle(
            (window, y - h + 20, window + 18, y - h + 46), fill=_colour(random, 150, 255)
        )


def _tree(draw: ImageDraw.ImageDraw, random: Random) -> None:
    x, y = random.randrange(WIDTH), random.randint(HEIGHT // 2, HEIGHT)
    draw.rectangle((x - 8, y - 120, x + 8, y), fill=(90, 60, 30))
    for _ in range(12):
        dx, dy, r = random.randint(-50, 50), random.randint(-90, 40), random.randint(15, 45)
        leaf = (random.randint(0, 90), random.randint(80, 190), random.randint(0, 80))
        draw.ellipse((x + dx - r, y - 140 + dy - r, x + dx + r, y - 140 + dy + r), fill=leaf)


def _birds(draw: ImageDraw.ImageDraw, random: Random) -> None:
    for _ in range(random.randint(3, 15)):
        x, y, s = random.randrange(WIDTH), random.randrange(HEIGHT // 2), random.randint(6, 18)
        draw.line([(x - s, y - s), (x, y), (x + s, y - s)], fill=(30, 30, 30), width=3)


def _colour(random: Random, low: int, high: int) -> Colour:
    return random.randint(low, high), random.randint(low, high), random.randint(low, high)
