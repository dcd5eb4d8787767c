"""The languages people are asked for here, by code: those of interpretation, and those of drivers."""

from __future__ import annotations

LANGUAGES = {
    "ar": "Arabic", "en": "English", "es": "Spanish", "fr": "French", "pt": "Portuguese", "ru": "Russian",
    "sw": "Swahili", "zh": "Chinese",
}  # fmt: skip
