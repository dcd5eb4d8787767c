"""Messages: by which server they go out, and what became of each: waiting, sent, or failed and why."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.mail_server import KIND as SERVER
from cbo_desk.mail_server import MailServer, can_send, mail_server, set_mail_server
from cbo_desk.notifications import KIND, MOST_TRIES, give_up, send_again, send_trial
from cbo_desk.outbox import (
    COLUMNS,
    STATES,
    MessageCard,
    MessageList,
    OutboxFigures,
    message_card,
    outbox_figures,
    rows,
)
from cbo_desk.plurals import Count
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button, DeedButton, Tool
from ui.kit.cards import Deeds, Fact, Facts, ScrollCard, line, rule
from ui.kit.chips import Chip, Status
from ui.kit.export import Export
from ui.kit.labels import Label
from ui.kit.page import Split
from ui.kit.phrases import when
from ui.kit.record_list import RecordList
from ui.kit.states import Nothing, State
from ui.kit.tabs import Tab, Tabs
from ui.kit.worded_views import WordedViews
from ui.settings.mail_forms import MailForms
from ui.settings.message_looks import columns, status_of
from ui.settings.rows import setting_row


class MessagesPanel(QWidget):
    """The server above, the list of messages below it with the card of the chosen one."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        if not bench.may(outbox_figures):
            self._refuse()
            return
        self._server: MailServer | None = None
        self.forms = MailForms(bench, self)
        self.forms.kept.connect(self.refresh)
        self._figures = OutboxFigures({}, None)
        self._shown: MessageCard | None = None
        self._head = QVBoxLayout()
        self._head.setContentsMargins(4, 0, 4, 0)
        shipped = [Tab("", self.tr("All")), *(Tab(state, status_of(state).word, 0) for state in STATES)]
        pills = Tabs(look="pill")
        self.views = WordedViews(bench.shell, bench.preferences, "settings.messages", shipped, pills, self)
        self.list = RecordList(
            bench.runner,
            columns(),
            lambda words, sort, down: MessageList(self.views.view, words, sort or "number", down),
            name="settings.messages",
            title=self.tr("Messages"),
            things=self.tr("{count:message|messages}"),
            sort="number",
            descending=True,
            empty=self._nothing,
            preferences=bench.preferences,
            parent=self,
        )
        self.card = ScrollCard(self)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self)
        tool = Tool("download", self.tr("Export this list"), self._export)
        views = line(self.views.tool, pills, tool, gap=2)
        views.setStretch(1, 1)
        left = QWidget(self)
        whole = QVBoxLayout(left)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(views)
        whole.addWidget(self.list, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(self._head)
        box.addWidget(Split(left, self.card, "settings.messages", bench.preferences, 360), 1)
        self.list.chosen.connect(self._read)
        self.views.narrow(self.list)
        self.views.renewed.connect(self._count)
        bench.runner.changed.connect(self._hear)
        self._add_actions()
        self._show_card(None)
        self.refresh()

    def _refuse(self) -> None:
        card = ScrollCard(self)
        words = self.tr("Who may look at the settings sees here what became of each message.")
        card.show_content(State("empty", self.tr("Not for your role"), words, icon="lock"), fill=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(card)

    def refresh(self) -> None:
        """Read the server and the counts anew."""
        read = self._bench.runner.read
        read(self, mail_server, done=self._take_server)
        read(self, outbox_figures, done=self._take_figures)

    # --- head

    def _take_server(self, server: MailServer | None) -> None:
        self._server = self.forms.server = server
        self._show_head()

    def _take_figures(self, found: OutboxFigures) -> None:
        self._figures = found
        self._count()
        self._show_head()

    def _count(self) -> None:
        for state in STATES:
            self.views.tabs.set_count(state, self._figures.by_state.get(state, 0))

    def _show_head(self) -> None:
        while (item := self._head.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._head.addWidget(self._row())

    def _row(self) -> QWidget:
        server, waiting = self._server, self._figures.by_state.get("waiting", 0)
        ends: list[Button] = []
        if self._bench.may(set_mail_server):
            ends.append(Button(self.tr("Set up…") if server is None else self.tr("Change…"), run=self.forms.set_up))
        if server is None:
            words = self.tr("No server is named yet. {count:message waits|messages wait}, and none is lost.").format(
                count=Count(waiting)
            )
            state = Status(self.tr("Not set up"), "warn" if waiting else "idle", "circle-dashed")
            return setting_row("mail", self.tr("Mail server"), words, "", state, ends)
        words = self.tr("{host}, port {port}, {line}; from {sender}").format(
            host=server.host, port=server.port, line=self._line_words(server), sender=server.sender
        )
        if not can_send(server):
            words += " · " + self.tr("this computer does not know the password; others may send")
            ends.insert(0, Button(self.tr("Password…"), run=self.forms.ask_password))
            state = Status(self.tr("Not from here"), "idle", "lock")
        elif self._late():
            state = Status(self.tr("Waiting since {time}").format(time=self._late()), "warn", "triangle-alert")
        else:
            state = Status(self.tr("Sends from here"), "ok", "circle-check")
        if self._bench.may(send_trial):
            ends.insert(0, Button(self.tr("Try it…"), "send", run=self.forms.try_it))
        return setting_row("mail", self.tr("Mail server"), words, "", state, ends)

    def _line_words(self, server: MailServer) -> str:
        return {"starttls": "STARTTLS", "tls": "TLS"}.get(server.security, self.tr("not secured"))

    def _late(self) -> str:
        """Since when the oldest message waits that should have gone out; empty for none."""
        oldest = self._figures.oldest_due
        if oldest is None or (clock() - oldest).total_seconds() < 300:
            return ""
        return when(oldest, clock())

    def _nothing(self) -> State:
        words = self.tr("What the desks tell people by mail is listed here with what became of it.")
        return State("empty", self.tr("No messages"), words, icon="mail")

    # --- card

    def _read(self, ident: int) -> None:
        self._bench.read_card(self, self.card, message_card, ident, done=self._show_card)

    def _show_card(self, card: MessageCard | None) -> None:
        self._shown = card
        if card is None:
            words = self.tr("Choose a message to read it and to see what became of it.")
            self.card.show_content(Nothing(self.tr("Nothing chosen"), words, icon="mail"), fill=True)
            return
        message = card.message
        facts = [
            Fact("user", self.tr("To"), message.to.replace('"', "")),
            Fact("clock", self.tr("Sent") if message.sent_at else self.tr("Due"), self._at(card)),
            Fact("repeat", self.tr("Tries"), self.tr("{count} of {most}").format(count=message.tries, most=MOST_TRIES)),
        ]
        if card.papers:
            facts.append(Fact("paperclip", self.tr("Goes along"), ", ".join(card.papers)))
        if message.calendar is not None:
            facts.append(Fact("calendar-days", self.tr("Invitation"), self.tr("as iCalendar")))
        deeds = [
            DeedButton(action.label, action.icon, action.run, action.shortcut)
            for action in self._bench.shell.actions_.of("settings")
            if action.id in ("settings.message_again", "settings.message_give_up") and action.enabled()
        ]
        trouble = [Label(message.trouble, "amber" if message.state == "failed" else "muted", wrap=True)]
        self.card.show_content(
            Label(message.subject, "h2", wrap=True),
            line(Chip(status_of(message.state)), None),
            *(trouble if message.trouble else []),
            rule(),
            Facts(facts),
            *([rule(), Deeds(deeds)] if deeds else []),
            rule(),
            Label(message.body, "", wrap=True),
        )

    def _at(self, card: MessageCard) -> str:
        at = local(card.message.sent_at or card.message.due_at)
        return f"{at:%-d %b %Y %H:%M %Z}"

    def _add_actions(self) -> None:
        def state(wanted: str) -> Callable[[], bool]:
            return lambda: self._shown is not None and self._shown.message.state == wanted

        add = partial(self._bench.shell.actions_.add, self)
        self.views.add_actions(self, "settings.messages", "settings")
        if self._bench.may(send_again):
            add(Action("settings.message_again", self.tr("Send this message again"), self._again, "repeat", "R",
                       "settings", enabled=state("failed")))  # fmt: skip
            add(Action("settings.message_give_up", self.tr("Give this message up"), self._give_up, "ban", "X",
                       "settings", enabled=state("waiting")))  # fmt: skip

    def _again(self) -> None:
        if self._shown is not None:
            self._bench.runner.write(send_again, self._shown.message.id)

    def _give_up(self) -> None:
        if self._shown is not None:
            self._bench.runner.write(give_up, self._shown.message.id)

    def _export(self) -> None:
        listing = self.list.listing()
        if isinstance(listing, MessageList):
            title, office = self.tr("Messages"), self._bench.runner.office
            narrowed, total = self.list.narrowed(self.views.title()), self.list.model.rowCount()
            self.export.ask(title, COLUMNS, partial(rows, office, listing), total=total, narrowed=narrowed)

    def _hear(self, changes: Changes) -> None:
        touched = changes.touched()
        if KIND in touched or SERVER in touched:
            self.refresh()
        if self._shown is not None and self._shown.message.id in touched.get(KIND, ()):
            self._read(self._shown.message.id)
