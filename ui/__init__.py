"""What is shown: windows, pages and the kit they are made of.

PySide puts a hook before every import, which reads the source of each module for the word PySide6: it serves
`from __feature__ import`, which nothing here uses, and took a tenth of a start's time. The hook is taken off again.
"""

import builtins

import PySide6.QtCore  # noqa: F401 - with it comes the hook

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
