"""The commands that bring in and write out what the transport desk keeps: zones, times, vehicles, drivers, trips."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cbo_desk.cli.answering import say
from cbo_desk.cli.arguments import DONE, REFUSED, Order
from cbo_desk.cli.opening import office
from cbo_desk.errors import Faults


def bring(order: Order) -> Iterable[Any]:
    """Bring a CSV file in, all of it or nothing; each line with a fault is an answer of its own."""
    from cbo_desk.transport import set_times
    from cbo_desk.transport.files import import_drivers, import_requests, import_vehicles, import_zones
    from cbo_desk.transport.travel_files import read_times

    commands = {
        "zones": import_zones, "vehicles": import_vehicles, "drivers": import_drivers, "trips": import_requests
    }  # fmt: skip
    path = Path(order.file)
    with office(order) as opened:
        try:
            if order.what == "travel-times":
                cells = opened.read(read_times, path)
                changes = opened.write(set_times, cells) if cells else None
                yield {"set": len(cells)}
            else:
                changes = opened.write(commands[order.what], path)
                yield {"created": len(changes.ids)}
        except Faults as faults:
            for sentence in faults.faults.values():
                yield {"refused": sentence}
            say("Nothing was written.")
            yield REFUSED
            return
        if changes is not None:
            say(changes.said)
        yield DONE


def take(order: Order) -> Iterable[Any]:
    """Write a list of the transport desk to a file."""
    from cbo_desk.tabular import Column
    from cbo_desk.tabular.writing import write_table
    from cbo_desk.transport import DriverList, RequestFilter, RequestList, VehicleList, exporting, zones
    from cbo_desk.transport.travel_files import COLUMNS, file_rows, travel_lines

    with office(order) as opened:
        columns: Any
        rows: Any
        if order.what == "travel-times":
            columns, rows = COLUMNS, file_rows(opened.read(travel_lines))
        elif order.what == "zones":
            columns = [Column(name) for name in ("Code", "Name", "Latitude", "Longitude", "Upcountry")]
            rows = [(z.code, z.name, z.latitude, z.longitude, "yes" if z.upcountry else "") for z in opened.read(zones)]
        elif order.what == "trips":
            listing = RequestList(RequestFilter(order.query))
            columns, rows = exporting.COLUMNS, exporting.rows(opened, listing)
        else:
            vehicles = order.what == "vehicles"
            made: Any = VehicleList(order.query) if vehicles else DriverList(order.query)
            names = ("Plate", "Model", "Seats", "Features", "Fuel") if vehicles else ("Person", "Classes", "Languages",
                                                                                     "Phone")  # fmt: skip
            columns = [Column(name) for name in names]
            parts = ("plate", "called", "seats", "features", "fuel") if vehicles else ("name", "classes", "languages",
                                                                                       "phone")  # fmt: skip
            outline = opened.read(made.outline)
            lines = [line.row for start in outline.starts for line in opened.read(made.page, start, 200)]
            rows = [tuple(getattr(row, part) for part in parts) for row in lines]
        count = write_table(Path(order.file), columns, rows, title=order.what.capitalize())
        yield {"exported": count, "file": order.file}
