"""What the function keys do at the counter, each on the item that comes or is in hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from cbo_desk.mail import Details, edit_item, receive_item
from ui.kit.actions import Action

if TYPE_CHECKING:  # the page adds its keys, which know it
    from ui.mail.rapid import RapidPage


def add_keys(page: RapidPage) -> None:
    """Make every deed of the counter known that the person may do."""

    def add(name: str, label: str, run: Callable[[], object], icon: str, key: str, work: Callable[..., Any]) -> None:
        if page.bench.may(work):
            page.bench.shell.actions_.add(page, Action(f"mail.{name}", label, run, icon, key, "mail"))

    def on_item(run: Callable[[int], object]) -> Callable[[], object]:
        return partial(page.with_item, run)

    letter = partial(page.order, "", Details(carrier=page.tr("Hand delivery")), False)
    add("rapid_letter", page.tr("Receive without a barcode"), letter, "mail", "F5", receive_item)
    damage, weight = partial(page.ask_details, "damage"), partial(page.ask_details, "weight", "size_mm")
    add("rapid_damage", page.tr("Note damage"), damage, "package-x", "F9", edit_item)
    add("rapid_weight", page.tr("Weight and size"), weight, "scale", "F4", edit_item)
    carrier, photo = on_item(page.completing.carrier), on_item(page.completing.photo)
    add("rapid_class", page.tr("Class and carrier"), carrier, "shield-check", "F6", edit_item)
    add("rapid_photo", page.tr("Add a photo"), photo, "camera", "F3", receive_item)
    add("rapid_label", page.tr("Print the label"), page.print_label, "printer", "F7", receive_item)
    queue = partial(page.bench.shell.go, "mail", "show:complete")
    add("rapid_again", page.tr("Receive it again"), page.receive_again, "repeat", "Ctrl+R", receive_item)
    add("rapid_queue", page.tr("Show what is to be completed"), queue, "circle-dashed", "F8", edit_item)
    add("rapid_end", page.tr("End the session"), page.end, "check", "", receive_item)
