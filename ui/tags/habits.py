"""What a workstation remembers about printing tags."""

from __future__ import annotations

from ui.kit.preferences import Setting

STOCKS: Setting[dict[str, str]] = Setting("tags/stocks", {}, "the label stock used last, by kind of record")
PRINTERS: Setting[dict[str, str]] = Setting("tags/printers", {}, "the printer used last, by label stock")
LAYOUT: Setting[str] = Setting("tags/layout", "entity,number,name,code", "what stands on a label, joined by commas")
FOLDER: Setting[str] = Setting("tags/folder", "", "the folder that tags were saved in last")
ZPL: Setting[dict[str, str]] = Setting("tags/zpl", {}, "where ZPL went last: way, host, port, queue")
ENLARGED: Setting[bool] = Setting("tags/enlarged", True, "whether the preview is enlarged rather than of true size")

USUAL_STOCK = "avery-l7651"
TO_PDF = ""
"""The printer that is none: the print is saved as a PDF."""
