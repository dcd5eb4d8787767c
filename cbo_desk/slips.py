"""What a slip of the hand does to a word: a letter wrong, missing, doubled or swapped."""

from __future__ import annotations

from collections.abc import Sequence

FEWEST = 3
"""Letters of the shortest part that the search index finds."""


def parts(word: str) -> set[str]:
    """Pieces of a word, one of which one slip leaves whole, and the word with two neighbours swapped back."""
    size = len(word)
    if size <= 5:
        swapped = {word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(size - 1)}
        return {word[:FEWEST], word[-FEWEST:]} | swapped
    middle = size // 2
    back = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
    return {word[:middle], word[middle:], back[:middle], back[middle:]}


def slips_between(words: Sequence[str], tokens: Sequence[str]) -> int | None:
    """How many slips lie between what was asked and what a record holds; None where it is something else."""
    from rapidfuzz.distance import OSA

    total = 0
    for word in words:
        allowed = 1 if len(word) < 8 else 2
        # A beginning counts as much as the whole: people type until they see it.
        shapes = {shape for token in tokens for shape in (token, token[: len(word)])}
        fewest = min((OSA.distance(word, shape, score_cutoff=allowed) for shape in shapes), default=allowed + 1)
        if fewest > allowed:
            return None
        total += fewest
    return total
