"""Writes the images beside this script, and what Pillow's convert("RGB") makes of each as NAME.rgb: red, green, blue, row by row.

Made with Pillow 9.4 and libjpeg-turbo 2.1.5 (Debian's python3-pil): /usr/bin/python3 make_fixtures.py
"""
import os
import random
import struct
import zlib

from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
WIDTH, HEIGHT = 37, 26


def picture(mode, seed):
    """Smooth colours with some noise, so that decoders have something to round."""
    generator = random.Random(seed)
    bands = len(mode)
    image = Image.new(mode, (WIDTH, HEIGHT))
    image.putdata([
        tuple(min(255, max(0, (x * (5 + band) + y * (9 - 2 * band)) % 256 + generator.randrange(-9, 10))) for band in range(bands))
        if bands > 1 else (x * 6 + y * 3 + generator.randrange(9)) % 256
        for y in range(HEIGHT) for x in range(WIDTH)])
    return image


def path(name):
    return os.path.join(HERE, name)


def expect(name):
    with open(path(name + ".rgb"), "wb") as file:
        file.write(Image.open(path(name)).convert("RGB").tobytes())


def save(name, image, **options):
    image.save(path(name), **options)
    expect(name)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(name, depth, colours, rows, *more, interlaced=False):
    """A PNG that Pillow does not write."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colours, 0, 0, int(interlaced))
    with open(path(name), "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(more)
                   + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))) + chunk(b"IEND", b""))
    expect(name)


def rows_of(image, bytes_per_pixel):
    data = image.tobytes()
    stride = WIDTH * bytes_per_pixel
    return [data[y * stride:(y + 1) * stride] for y in range(HEIGHT)]


def adam7(image):
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    for left, top, across, down in passes:
        for y in range(top, HEIGHT, down):
            row = b"".join(bytes(image.getpixel((x, y))) for x in range(left, WIDTH, across))
            if row:
                yield row


def sixteen(image, bands):
    """Each value v as the 16 bits v * 257, which is the same brightness."""
    return [b"".join(bytes([v, v]) for v in row) for row in rows_of(image, bands)]


colour = picture("RGB", 1)
for name, subsampling in (("420", 2), ("422", 1), ("444", 0)):
    save(f"colour-{name}.jpg", colour, quality=80, subsampling=subsampling)
save("progressive.jpg", colour, quality=75, progressive=True)
save("grey.jpg", picture("L", 2), quality=80)
save("ink.jpg", picture("CMYK", 3), quality=85)
save("colour.png", colour)
save("grey.png", picture("L", 4))
save("bits.png", picture("L", 5).convert("1"))
save("palette.png", colour.quantize(16))
save("opacity.png", picture("RGBA", 6))
save("grey-opacity.png", picture("LA", 7))
png("interlaced.png", 8, 2, adam7(colour), interlaced=True)
png("gamma.png", 8, 2, rows_of(colour, 3), chunk(b"gAMA", struct.pack(">I", 100000)), chunk(b"tEXt", b"Comment\0of no use"))
png("transparent-colour.png", 8, 2, rows_of(colour, 3), chunk(b"tRNS", struct.pack(">HHH", *colour.getpixel((3, 3)))))
png("sixteen.png", 16, 2, sixteen(colour, 3))
