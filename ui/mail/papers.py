"""The mail desk's papers as files: asked where to, written behind everything else, shown in their folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from cbo_desk.compound import about
from cbo_desk.mail import ItemCard, RoundCard
from cbo_desk.progress import Progress
from ui.bench import Bench
from ui.kit.cards import ScrollCard, stack
from ui.kit.files import ask_save, show_folder
from ui.kit.theme import px
from ui.papers import Papers

Write = Callable[[str, Path], object]
"""Writes the paper of a compound, called so, to a file."""


def with_papers(sheet: ScrollCard, papers: Papers) -> QWidget:
    """A card with the photos and papers of its record below it."""
    whole = QWidget()
    papers.setFixedHeight(px(108))
    column = stack(sheet, papers, gap=8)
    column.setStretch(0, 1)
    whole.setLayout(column)
    return whole


def print_proof(bench: Bench, page: QWidget, card: ItemCard) -> None:
    """Ask for a file, and write an item's proof of delivery."""

    def write(compound: str, path: Path) -> None:
        from cbo_desk.mail.paper import write_proof

        write_proof(compound, card, path)

    title = QCoreApplication.translate("mail", "Proof of delivery {number}").format(number=card.number)
    ask_paper(bench, page, title, write)


def print_round_sheet(bench: Bench, page: QWidget, card: RoundCard) -> None:
    """Ask for a file, and write a round's sheet."""

    def write(compound: str, path: Path) -> None:
        from cbo_desk.mail.paper import write_round_sheet

        write_round_sheet(compound, card, path)

    ask_paper(bench, page, QCoreApplication.translate("mail", "Round sheet {number}").format(number=card.number), write)


def ask_paper(bench: Bench, page: QWidget, title: str, write: Write) -> None:
    """Ask where to, write the paper behind everything else, and tell in a toast that opens its folder."""

    def work(path: Path, _progress: Progress) -> Path:
        write(str(bench.runner.office.read(about).get("name", "")), path)
        return path

    def chosen(path: Path) -> None:
        bench.runner.job(page, partial(work, path), done=partial(_written, bench), failed=bench.runner.failed.emit)

    kinds = (QCoreApplication.translate("mail", "PDF (*.pdf)"),)
    ask_save(page, title, f"{title}.pdf", kinds, "mail", bench.preferences, chosen)


def _written(bench: Bench, path: Path) -> None:
    said = QCoreApplication.translate("mail", "{file} written").format(file=path.name)
    bench.shell.toasts.say(said, QCoreApplication.translate("mail", "Open folder"), partial(show_folder, path))
