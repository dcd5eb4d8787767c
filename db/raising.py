"""How PostgreSQL's trigger functions refuse: one form of words, so that every refusal is told apart by its name."""

from __future__ import annotations


def raised(word: str) -> str:
    """The statement that refuses with a word, as PL/pgSQL."""
    return f"RAISE EXCEPTION '{word}' USING ERRCODE = 'integrity_constraint_violation';"
