"""Small pictures and documents, as parties upload them: one of each kind, no two alike."""

import struct
import zlib

SIDE = 48  # pixels


def made(ending: str, number: int) -> bytes:
    """The bytes of a file with this ending (png, pdf), drawn from a number."""
    return _png(number) if ending == "png" else _pdf(number)


def _png(number: int) -> bytes:
    """A square with a band of another colour."""
    back, band = number * 2654435761 & 0xFFFFFF, number * 40503 & 0xFFFFFF
    rows = b""
    for y in range(SIDE):
        colour = band if number % SIDE <= y < number % SIDE + 8 else back
        rows += b"\0" + colour.to_bytes(3, "big") * SIDE
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


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
