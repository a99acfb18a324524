"""Pictures and documents, as parties upload them: one of each kind, no two alike."""

import io
import random

from PIL import Image, ImageDraw

SIZE = (1_200, 900)  # pixels
_SHADES = ((190, 250), (120, 180), (180, 220), (10, 50))  # of the ground, parcel, tape and ink


def made(ending: str, number: int) -> bytes:
    """The bytes of a file with this ending (png, pdf), drawn from a number."""
    return _png(number) if ending == "png" else _pdf(number)


def _png(number: int) -> bytes:
    """A parcel with a crack in it and a number on it, large enough to be looked at closely."""
    chance = random.Random(number)  # noqa: S311  nobody has to guess it
    wide, high = SIZE
    image = Image.new("P", SIZE)
    image.putpalette(bytes(chance.randrange(*most) for most in _SHADES for _ in range(3)))
    draw = ImageDraw.Draw(image)
    draw.rectangle((wide // 8, high // 6, wide * 7 // 8, high * 7 // 8), fill=1)
    draw.rectangle((wide // 8, high // 2 - 30, wide * 7 // 8, high // 2 + 30), fill=2)
    at = chance.randrange(wide // 4, wide * 3 // 4)
    crack = [(at + chance.randrange(-70, 70), y) for y in range(high // 6, high * 7 // 8, 40)]
    draw.line(crack, fill=3, width=6)
    draw.text((wide // 6, high // 5), f"No. {number}", fill=3, font_size=40)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _pdf(number: int) -> bytes:
    """A page with a number on it."""
    text = f"BT /F1 24 Tf 72 720 Td (No. {number}) Tj ET".encode()
    fonts = b"/Resources << /Font << /F1 5 0 R >> >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>" % fonts,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out, places = b"%PDF-1.4\n", []
    for at, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (at, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end
