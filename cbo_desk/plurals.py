"""Numbers with their noun: "1 asset", "1,204 assets". The forms stand in the sentence, so that one text says both.

`"{count:asset|assets} moved".format(count=Count(6))` is "6 assets moved"; without forms, `{count}` is the number alone,
its thousands grouped. Words that change with the number go into the forms: `{count:tag was|tags were} printed`.
"""

from __future__ import annotations


class Count(int):
    """A number of things, which picks the form of the words that follow it in a text."""

    def __format__(self, forms: str) -> str:
        """The number and its words: `forms` is "one|many", or empty for the number alone."""
        if not forms:
            return f"{int(self):,}"
        one, bar, many = forms.partition("|")
        if not bar:
            raise ValueError(f"{forms!r} says one form: a count needs two, such as asset|assets.")
        return f"{int(self):,} {one if self == 1 else many}"


class Share(Count):
    """So many of all: "3 of 12 assets"; the words follow the number of all."""

    def __new__(cls, some: int, whole: int, of: str = "{some} of {whole}") -> Share:
        """`of` is how a part of a whole is said, with {some} and {whole}."""
        made = super().__new__(cls, whole)
        made._some, made._of = some, of
        return made

    _some: int
    _of: str

    def __format__(self, forms: str) -> str:
        """Both numbers and the words of the whole."""
        return self._of.format(some=f"{self._some:,}", whole=super().__format__(forms))
