"""Carries an order out and turns bad news into a sentence and an exit code."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from cbo_desk.cli.answering import DeafError, answer, say
from cbo_desk.cli.arguments import DONE, REFUSED, TROUBLE, Order
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.locations import data_folder

Answer = Mapping[str, Any]
# A command gives its lines as it goes, and its exit code at the end.
Command = Callable[[Order], "Iterable[Answer | int]"]


def carry_out(order: Order) -> int:
    """Run the order's command; one JSON line an answer on stdout, bad news as a sentence on stderr."""
    if sys.stdout is None:
        return _told("Standard output is closed, so no answer can be given. Nothing was done.", TROUBLE)
    before = _stop_when_asked()
    try:
        return _run(order)
    except Refusal as refusal:
        return _told(refusal, REFUSED)
    except Trouble as trouble:
        return _told(trouble, TROUBLE)
    except KeyboardInterrupt:
        return _told("Stopped. Nothing half-done was kept.", TROUBLE)
    except DeafError:
        return TROUBLE
    except MemoryError:
        return _told("There is not enough memory for this. Nothing was saved.", TROUBLE)
    except Exception as error:  # noqa: BLE001 - our own bug, told with its number and kept in the log
        return _told(_our_fault(error), TROUBLE)
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def _run(order: Order) -> int:
    code = DONE
    for told in _command(order.command)(order):
        if isinstance(told, int):
            code = told
        else:
            answer(told)
    return code


def _stop_when_asked() -> Any:
    """Let SIGTERM stop work as Ctrl+C does: files that are half written are cleared away."""
    with suppress(ValueError, AttributeError):  # on another thread than the main one nobody can be asked
        return signal.signal(signal.SIGTERM, signal.default_int_handler)
    return None


def _told(words: object, code: int) -> int:
    say(words)
    return code


def _our_fault(error: Exception) -> str:
    """A sentence about one of our own bugs, whose details go into the log."""
    from cbo_desk.bugs import LOG, details_of, reference_of, write_log_to

    file = data_folder() / "faults.log"
    kept = f"The details are in {file}."
    handler = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = write_log_to(file)
        LOG.error("%s", details_of(error))
    except OSError:
        kept = "The details could not be kept."
    finally:
        if handler is not None:
            LOG.removeHandler(handler)
            handler.close()
    return f"This did not work; the fault is ours. It is noted as {reference_of(error)}. {kept}"


def _command(name: str) -> Command:
    """The command of a name; each is imported only when it is asked for, since some bring heavy libraries."""
    if name == "find":
        from cbo_desk.cli import finding

        found: dict[str, Command] = {"find": finding.look_for}
    elif name in ("import", "export"):
        from cbo_desk.cli import records

        found = {"import": records.bring, "export": records.take}
    elif name in ("identify", "read"):
        from cbo_desk.cli import codes

        found = {"identify": codes.identify, "read": codes.read}
    elif name in ("tags", "stocks"):
        from cbo_desk.cli import tagging

        found = {"tags": tagging.tags, "stocks": tagging.stocks}
    elif name == "server":
        from cbo_desk.cli import serving

        found = {"server": serving.serve}
    else:
        from cbo_desk.cli import upkeep

        found = {
            "demo": upkeep.demo,
            "init": upkeep.init,
            "backup": upkeep.back_up,
            "restore": upkeep.restore,
            "move": upkeep.move,
            "check": upkeep.check,
            "doctor": upkeep.doctor,
            "send": upkeep.send_mail,
        }
    return found[name]
