"""Drawn pictures for the sample visits: they look like places, show nobody, and say on them that they are samples."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw

SIZE = (640, 480)
SCENES = ("gate", "camera", "door", "corridor", "board", "fence")
WORDS = "SAMPLE"  # the font that Pillow brings has Latin letters only


def photo(scene: str, seed: int) -> bytes:
    """A plain drawing of a place as JPEG."""
    chance = random.Random(f"{scene}{seed}")
    sky = chance.choice(("#b9cbd6", "#c9c3b4", "#a9b7bf"))
    picture = Image.new("RGB", SIZE, sky)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 330, 640, 480), fill=chance.choice(("#8a8f83", "#9b9180", "#7d858a")))
    _SCENES[scene](draw, chance)
    draw.rectangle((0, 452, 640, 480), fill="#1d262d")
    draw.text((12, 458), WORDS, fill="#ffffff", font_size=16)
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=80)
    return content.getvalue()


def signature(seed: int) -> bytes:
    """A scrawl as PNG."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (480, 160), "white")
    draw = ImageDraw.Draw(picture)
    x, y, line = 60.0, 90.0, []
    while x < 380:
        line.append((x, y))
        x += chance.uniform(-4, 14)
        y = min(130.0, max(30.0, y + chance.uniform(-26, 26)))
    draw.line(line, fill="#1b2a3a", width=3, joint="curve")
    draw.text((8, 138), WORDS, fill="#8a949c", font_size=14)
    content = io.BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()


def _gate(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    draw.rectangle((40, 170, 240, 360), outline="#3c464d", width=6)
    draw.polygon([(400, 170), (520, 140), (520, 390), (400, 360)], outline="#3c464d", width=6)
    for x in range(60, 240, 22):
        draw.line((x, 172, x, 358), fill="#3c464d", width=3)


def _camera(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    draw.rectangle((0, 60, 640, 330), fill="#cfc8b8")
    draw.line((330, 90, 330, 150), fill="#4b545b", width=12)
    draw.rectangle((250, 150, 420, 215), fill="#e8ebed", outline="#4b545b", width=4)
    draw.ellipse((395, 165, 440, 205), fill="#22292e")


def _door(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    draw.rectangle((0, 40, 640, 400), fill="#bfb6a4")
    draw.rectangle((240, 130, 400, 400), fill="#6d5a47", outline="#3a3026", width=5)
    draw.ellipse((370, 265, 386, 281), fill="#d9c37a")


def _corridor(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    draw.polygon([(0, 0), (230, 150), (230, 330), (0, 480)], fill="#d6d2c6")
    draw.polygon([(640, 0), (410, 150), (410, 330), (640, 480)], fill="#c8c3b5")
    draw.rectangle((230, 150, 410, 330), fill="#e4e1d8")
    for n in range(3):
        x = 80 + 40 * n
        draw.rectangle((x, 340 - 20 * n, x + 70, 420), fill="#8b6f4e", outline="#513f2b", width=3)


def _board(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    draw.rectangle((0, 0, 640, 452), fill="#dcd8cd")
    draw.rectangle((120, 80, 520, 360), fill="#f6f6f2", outline="#7c848a", width=6)
    for n in range(7):
        draw.line((150, 120 + 32 * n, chance.randint(300, 490), 120 + 32 * n), fill="#9aa3a9", width=6)


def _fence(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    hole = chance.randint(200, 400)
    for x in range(0, 640, 26):
        if not hole < x < hole + 70:
            draw.rectangle((x, 190, x + 12, 380), fill="#6a737a")
    draw.line((0, 220, 640, 220), fill="#4d565c", width=5)
    draw.line((0, 350, 640, 350), fill="#4d565c", width=5)


_SCENES = dict(zip(SCENES, (_gate, _camera, _door, _corridor, _board, _fence), strict=True))
