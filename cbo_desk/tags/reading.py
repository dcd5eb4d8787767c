"""Codes in pictures: files, pasted images and PDF pages, decoded by zxing-cpp."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cbo_desk.errors import Refusal, file_news

_MOST_BYTES = 200_000_000
_MOST_PIXELS = 120_000_000  # a page of A4 at 1,200 dpi has 139 million; cameras have at most 108
_MOST_PAGES = 200
_PDF_DPI = 300


@dataclass(frozen=True, slots=True)
class ReadCode:
    """One code that was found: how it is called, what it says, its corners in dots from the top left, its page."""

    format: str
    text: str
    position: tuple[tuple[int, int], ...]
    page: int = 1


def read_codes(source: Path | str | bytes) -> list[ReadCode]:
    """Return the codes in an image or PDF, from the top; an empty list where it has none.

    Raises Refusal with a sentence where the file is missing, no image, damaged or too large, Trouble where the disk
    fails.
    """
    name, data = _load(source)
    found: list[ReadCode] = []
    for page, picture in enumerate(_pictures(name, data), start=1):
        found += _decode(picture, page)
    return found


def _load(source: Path | str | bytes) -> tuple[str, bytes]:
    if isinstance(source, bytes):
        name, data = "The picture", source
    else:
        path = Path(source)
        name = path.name or str(path)
        try:
            if path.is_dir():
                raise Refusal(f"{name} is a folder. Choose an image or a PDF.", "file")
            if path.stat().st_size > _MOST_BYTES:
                raise Refusal(f"{name} is larger than 200 MB. Choose a smaller picture.", "file")
            data = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise Refusal(f"There is no file {path}.", "file") from error
        except ValueError as error:  # a name with a zero byte
            raise Refusal("There is no such file.", "file") from error
        except OSError as error:
            raise file_news(error, f"{name} could not be read: {error.strerror or error}.") from error
    if not data:
        raise Refusal(f"{name} is empty.", "file")
    return name, data


def _pictures(name: str, data: bytes) -> Iterator[Any]:
    if data.lstrip()[:5] == b"%PDF-":
        yield from _pdf_pages(name, data)
    else:
        yield _image(name, data)


def _image(name: str, data: bytes) -> Any:
    """Return the picture in shades of grey, what is transparent as white."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limit speaks in words
            with Image.open(io.BytesIO(data)) as opened:
                if opened.width * opened.height > _MOST_PIXELS:
                    raise _too_large(name, opened.width, opened.height)
                if opened.mode.startswith("I"):  # sixteen bits a shade, which converting would cut off
                    return opened.convert("I").point(lambda shade: shade / 257).convert("L")
                if opened.has_transparency_data:
                    opaque = Image.new("RGBA", opened.size, "white")
                    return Image.alpha_composite(opaque, opened.convert("RGBA")).convert("L")
                return opened.convert("L")
    except UnidentifiedImageError as error:
        raise Refusal(f"{name} is not an image or PDF that we can read.", "file") from error
    except Image.DecompressionBombError as error:
        raise Refusal(f"{name} has too many dots to be opened safely. Choose a smaller picture.", "file") from error
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError, MemoryError) as error:
        raise Refusal(f"{name} is damaged: it ends early or its contents do not fit together.", "file") from error


def _too_large(name: str, width: int, height: int) -> Refusal:
    return Refusal(f"{name} has {width:,} × {height:,} dots, too many to be opened safely. Make it smaller.", "file")


def _pdf_pages(name: str, data: bytes) -> Iterator[Any]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Refusal(f"{name} is a PDF that cannot be opened: damaged, or locked with a password.", "file") from error
    try:
        if len(document) > _MOST_PAGES:
            raise Refusal(f"{name} has {len(document):,} pages. Choose one with at most {_MOST_PAGES}.", "file")
        for number in range(len(document)):
            page = document[number]
            scale = _PDF_DPI / 72
            width, height = page.get_size()
            if width * height * scale * scale > _MOST_PIXELS:
                scale = (_MOST_PIXELS / max(1.0, width * height)) ** 0.5
            bitmap = page.render(scale=scale, grayscale=True)
            yield bitmap.to_pil().convert("L")
            bitmap.close()
            page.close()
    except pypdfium2.PdfiumError as error:
        raise Refusal(f"{name} is a damaged PDF.", "file") from error
    finally:
        document.close()


def _decode(picture: Any, page: int) -> list[ReadCode]:
    import zxingcpp

    found = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    codes = []
    for code in found:
        place = code.position
        corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        codes.append(ReadCode(code.format.name, code.text, tuple((corner.x, corner.y) for corner in corners), page))
    return sorted(codes, key=lambda code: (code.position[0][1], code.position[0][0]))
