"""Modules of ours are loaded by one thread at a time.

Pages and readings load what they need when they are first asked, on the window's thread and on others. A desk's package
imports its modules, and they import each other through the package: two threads that begin at different ends of such a
ring wait for each other, and Python lets one of them go on with a module that is half there ("cannot import name … from
partially initialized module"). With one lock around the loading whoever comes second holds nothing and waits.

What is loaded already is found without the lock: the function below is asked for absent modules only.
"""

from __future__ import annotations

import sys
from threading import RLock
from typing import Any

OURS = ("cbo_desk", "db", "ui")


def one_thread_at_a_time(*packages: str) -> None:
    """Have these packages, and all modules in them, loaded by one thread at a time; for the life of the process."""
    importing: Any = sys.modules["_frozen_importlib"]  # the one place that `import` and import_module both pass
    lock, load = RLock(), importing._find_and_load

    def find_and_load(name: str, import_: Any) -> Any:
        if name.partition(".")[0] not in packages:
            return load(name, import_)
        with lock:
            return load(name, import_)

    importing._find_and_load = find_and_load
