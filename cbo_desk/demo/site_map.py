"""Draws the demo compound's map: an SVG whose element ids are place codes."""

from __future__ import annotations

from cbo_desk.demo import words
from cbo_desk.demo.world import DemoSize

CELL_W, CELL_H, GAP = 34, 26, 3


def draw(size: DemoSize) -> str:
    """The map as SVG text: every block shows its floors as rows and their rooms as cells."""
    width_rooms = size.rooms_a_floor
    block_w = width_rooms * CELL_W + 46
    block_h = 4 * CELL_H + 50
    columns = 2 if size.blocks <= 4 else 3
    rows = -(-size.blocks // columns)
    width, height = columns * (block_w + 40) + 40, rows * (block_h + 36) + 190
    parts = [f'<rect x="6" y="6" width="{width - 12}" height="{height - 12}" rx="26" id="GIGIRI" class="site"/>']
    for n, block in enumerate(words.BLOCKS[: size.blocks]):
        x = 40 + (n % columns) * (block_w + 40)
        y = 40 + (n // columns) * (block_h + 36)
        parts.append(_block(block, x, y, block_w, block_h, size))
    y = 40 + rows * (block_h + 36)
    for n, (code, name) in enumerate((*words.STORES, *words.YARDS, *words.GATES)):
        x = 40 + n * ((width - 80) // 8)
        parts.append(_box(code, name, x, y, (width - 80) // 8 - 14, 92))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'fill="#EEF0F4" stroke="#858F9C" stroke-width="1" font-family="Inter" font-size="11">'
        + "".join(parts)
        + "</svg>"
    )


def _block(code: str, x: int, y: int, width: int, height: int, size: DemoSize) -> str:
    parts = [
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8" id="{code}"/>',
        _text(x + 12, y + 22, f"Block {code}"),
    ]
    for floor in range(4):
        top = y + 36 + (3 - floor) * CELL_H
        parts.append(f'<rect x="{x + 8}" y="{top}" width="26" height="{CELL_H - GAP}" rx="3" id="{code}-{floor}"/>')
        parts.append(_text(x + 17, top + 16, "G" if floor == 0 else str(floor)))
        for room in range(1, size.rooms_a_floor + 1):
            left = x + 38 + (room - 1) * CELL_W
            parts.append(
                f'<rect x="{left}" y="{top}" width="{CELL_W - GAP}" height="{CELL_H - GAP}" rx="2" '
                f'id="{code}-{floor}{room:02}"/>'
            )
    return "".join(parts)


def _box(code: str, name: str, x: int, y: int, width: int, height: int) -> str:
    box = f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8" id="{code}"/>'
    return box + _text(x + 12, y + 22, name)


def _text(x: int, y: int, words_shown: str) -> str:
    return f'<text x="{x}" y="{y}" fill="#566273" stroke="none">{words_shown}</text>'
