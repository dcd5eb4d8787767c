"""Fields for passwords: nothing of them is shown, drafted or remembered."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from ui.kit.fields import LineField
from ui.kit.forms import Form


def hide_passwords(form: Form, *names: str) -> None:
    """Show dots in these fields of a form without a draft; ValueError for one that keeps what is typed."""
    if form.keeps_drafts:
        raise ValueError("A form with passwords must not keep drafts.")
    for name in names:
        editor = form.editors.get(name)
        if isinstance(editor, LineField):
            editor.line.setEchoMode(QLineEdit.EchoMode.Password)
            editor.line.setInputMethodHints(
                Qt.InputMethodHint.ImhHiddenText
                | Qt.InputMethodHint.ImhNoPredictiveText
                | Qt.InputMethodHint.ImhSensitiveData
            )


def password_line(form: Form, name: str) -> QLineEdit:
    """Hide what is typed in a field, and answer its line; scanners leave such a field alone."""
    hide_passwords(form, name)
    editor = form.editors[name]
    assert isinstance(editor, LineField)
    return editor.line
