"""Opens database, office and window, and reads the command line."""

from __future__ import annotations

import gc
import sys


def main(arguments: list[str]) -> int:
    """Open the window, or run the command that was named; the exit code is 0 done, 1 refused, 2 usage, 3 trouble."""
    if not arguments:  # what reads a command line takes as long as the frame of the window
        gc.disable()  # nothing made while starting is garbage
        from cbo_desk.locations import default_url
        from ui.application import open_window

        return open_window(default_url())
    gc.set_threshold(100_000, 20, 20)  # as little, and a command may go on for long: a seventh of its start went there
    from cbo_desk.cli import carry_out, parse

    order = parse(arguments)
    if order.command is None:
        from ui.application import open_window

        return open_window(order.database)
    if order.command == "tour":
        from ui.tour import make_tour

        return make_tour(order.folder)
    return carry_out(order)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
