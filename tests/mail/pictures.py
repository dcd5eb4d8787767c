"""The smallest picture there is."""

from __future__ import annotations

import io

from PIL import Image

_kept = io.BytesIO()
Image.new("RGB", (2, 2), "red").save(_kept, "PNG")
PNG = _kept.getvalue()
