"""Emblem pictures of entities, checked before they are printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cbo_desk.errors import Refusal

_MOST_PIXELS = 16_000_000


def emblem_picture(path: Path) -> Any:
    """Load the emblem in that file in full colour with its transparency; raises Refusal where it is no picture."""
    from PIL import Image

    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise Refusal(f"The emblem {path.name} is too large: make it at most 4,000 × 4,000 dots.", "emblem")
            return opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refusal(f"The emblem {path.name} cannot be read as a picture. Choose a PNG or JPEG file.") from error
