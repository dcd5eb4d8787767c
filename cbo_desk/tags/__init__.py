"""The tags desk: every thing that can be scanned has a tag, and one scan opens anything."""

from functools import partial
from importlib import import_module

from cbo_desk.enlisting import later
from cbo_desk.tags import followers  # noqa: F401 - makes itself known
from cbo_desk.tags.commands import (
    give_tags,
    keep_unknown_scan,
    link_code,
    log_print,
    mark_cells,
    note_scans,
    reopen_unknown_scan,
    replace_tag,
    resolve_unknown_scan,
    take_tags,
    unlink_code,
    want_reprint,
)
from cbo_desk.tags.deliveries import Delivery, deliveries, tags_of_delivery
from cbo_desk.tags.own import tag_of
from cbo_desk.tags.prints import PrintedLine, PrintLine, print_log, printed_tags, used_cells
from cbo_desk.tags.queries import (
    Answer,
    Opened,
    Queues,
    ScanLine,
    TagLine,
    UnknownLine,
    last_scans,
    never_printed,
    queues,
    resolve,
    tags_in_use,
    tags_of,
    to_reprint,
    unknown_scans,
)
from cbo_desk.tags.scan import our_code
from cbo_desk.tags.subjects import Subject, register
from cbo_desk.tags.supplies import (
    Measured,
    Supplies,
    emblem,
    forget_printer,
    remove_stock,
    save_printer,
    save_stock,
    set_label_wording,
    site_stocks,
    supplies,
)

later(partial(import_module, "cbo_desk.tags.kept"))  # which deeds may be kept is asked once a server is away

__all__ = [
    "Answer",
    "Delivery",
    "Measured",
    "Opened",
    "PrintLine",
    "PrintedLine",
    "Queues",
    "ScanLine",
    "Subject",
    "Supplies",
    "TagLine",
    "UnknownLine",
    "deliveries",
    "emblem",
    "forget_printer",
    "give_tags",
    "keep_unknown_scan",
    "last_scans",
    "link_code",
    "log_print",
    "mark_cells",
    "never_printed",
    "note_scans",
    "our_code",
    "print_log",
    "printed_tags",
    "queues",
    "register",
    "remove_stock",
    "reopen_unknown_scan",
    "replace_tag",
    "resolve",
    "resolve_unknown_scan",
    "save_printer",
    "save_stock",
    "set_label_wording",
    "site_stocks",
    "supplies",
    "tags_in_use",
    "tag_of",
    "tags_of",
    "tags_of_delivery",
    "take_tags",
    "to_reprint",
    "unknown_scans",
    "unlink_code",
    "used_cells",
    "want_reprint",
]
