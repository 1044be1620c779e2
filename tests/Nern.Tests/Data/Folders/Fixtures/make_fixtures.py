"""Writes an image beside this script, and what Pillow's resize makes of it: NAME.rgb, red, green, blue, row by row.

Made with Pillow 9.4 (Debian's python3-pil): /usr/bin/python3 make_fixtures.py
"""
import os
import random

from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
WIDTH, HEIGHT = 53, 38

generator = random.Random(1)
image = Image.new("RGB", (WIDTH, HEIGHT))
image.putdata([tuple((x * 5 + y * (3 + band)) % 200 + generator.randrange(56) for band in range(3)) for y in range(HEIGHT) for x in range(WIDTH)])
image.save(os.path.join(HERE, "noisy.png"))

# Larger, smaller, much smaller, across only, not at all; then parts of the image.
SIZES = [(80, 61), (29, 20), (7, 5), (20, 38), (53, 38)]
PARTS = [((5, 3, 26, 33), (16, 16)), ((40, 10, 51, 14), (16, 16))]
for number, (part, size) in enumerate([((0, 0, WIDTH, HEIGHT), size) for size in SIZES] + PARTS):
    with open(os.path.join(HERE, f"resized-{number}.rgb"), "wb") as file:
        file.write(image.crop(part).resize(size, Image.BILINEAR).tobytes())

# As torchvision does: the shorter side to 24, then the middle.
side, crop = 24, 21
resized = image.resize((int(side * WIDTH / HEIGHT), side), Image.BILINEAR)
left, top = int(round((resized.width - crop) / 2.0)), int(round((resized.height - crop) / 2.0))
with open(os.path.join(HERE, "middle.rgb"), "wb") as file:
    file.write(resized.crop((left, top, left + crop, top + crop)).tobytes())
