"""The card beside the totals: the sum, what nobody can value yet, and the policies and rates that count."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from cbo_desk.plurals import Count
from cbo_desk.property.value import SHIPPED, Method, PolicyLine, RateLine, Valuation
from ui.kit.cards import Fact, Facts, Piece, ScrollCard, rule
from ui.kit.chips import Chip, Status
from ui.kit.labels import Label
from ui.kit.phrases import day, money

_SHOWN = 12


class ValueCard(ScrollCard):
    """What stands behind the totals."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._found: Valuation | None = None
        self._policies: Sequence[PolicyLine] = ()
        self._rates: Sequence[RateLine] = ()

    def show_value(self, found: Valuation) -> None:
        """Show a total."""
        self._found = found
        self._show()

    def show_policies(self, policies: Sequence[PolicyLine], rates: Sequence[RateLine]) -> None:
        """Show which policies and rates there are."""
        self._policies, self._rates = policies, rates
        self._show()

    def _show(self) -> None:
        pieces: list[Piece] = []
        if self._found is not None:
            pieces += self._sum(self._found)
        pieces += [rule(), Label(self.tr("Policies"), "h3")]
        for line in self._policies[:_SHOWN]:
            pieces += [Label(self._policy(line), wrap=True), Label(line.form.source, "small-muted", wrap=True)]
        if not self._policies:
            pieces += [
                Chip(Status(self.tr("Confirm"), "warn", "triangle-alert")),
                Label(self.tr("None is set: the shipped terms count, each class with its own life."), wrap=True),
                Label(SHIPPED, "small-muted", wrap=True),
            ]
        pieces += [rule(), Label(self.tr("Rates of exchange"), "h3")]
        for rate in self._rates[:_SHOWN]:
            pieces += [Label(self._rate(rate), wrap=True), Label(rate.source, "small-muted", wrap=True)]
        if not self._rates:
            pieces.append(
                Label(self.tr("None yet. What cost another currency than USD needs one."), "muted", wrap=True)
            )
        self.show_content(*pieces, gap=6)

    def _sum(self, found: Valuation) -> list[Piece]:
        total = found.total
        pieces: list[Piece] = [
            Label(self.tr("Value on {day}").format(day=day(found.on)), "muted"),
            Label(money(total.value, "USD"), "h2"),
            Facts(
                [
                    Fact("package", self.tr("Assets"), f"{total.assets:,}"),
                    Fact("receipt", self.tr("Cost"), money(total.cost, "USD")),
                    Fact("hourglass", self.tr("Charged so far"), money(total.charged, "USD")),
                ]
            ),
        ]
        if found.undated:
            words = self.tr("{count:asset|assets} without a day of acquisition left out.")
            pieces.append(Label(words.format(count=Count(found.undated)), "warn", wrap=True))
        for currency, count in sorted(found.without_rate.items()):
            words = self.tr("{count:asset|assets} in {currency} left out: no rate for the day.")
            pieces.append(Label(words.format(count=Count(count), currency=currency), "warn", wrap=True))
        return pieces

    def _policy(self, line: PolicyLine) -> str:
        form = line.form
        whose = " · ".join(part for part in (line.entity, line.category) if part) or self.tr("All property")
        if form.method is Method.NONE:
            how = self.tr("loses no value")
        elif form.life_months is None:
            how = self.tr("the class's own life")
        else:
            how = self.tr("{count:month|months}").format(count=Count(form.life_months))
        if form.residual_bp:
            how += self.tr(", {percent} % left").format(percent=f"{form.residual_bp / 100:g}")
        return self.tr("{whose}: {how}, from {day}").format(whose=whose, how=how, day=day(form.valid_from))

    def _rate(self, line: RateLine) -> str:
        rate = line.rate
        words = self.tr("1 USD = {amount} {currency} from {day}")
        amount = f"{rate.per_usd_micros / 1_000_000:,.4f}".rstrip("0").rstrip(".")
        return words.format(amount=amount, currency=rate.currency, day=day(rate.valid_from))
