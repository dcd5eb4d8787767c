"""The template's symbols against two other encoders and a reader."""

from __future__ import annotations

import random

import numpy as np
import pytest
import qrcode
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from cbo_desk.tags import codes, encoder


def with_qrcode(text, version=2):
    code = qrcode.QRCode(version=version, error_correction=qrcode.constants.ERROR_CORRECT_H, border=0, mask_pattern=2)
    code.add_data(text)
    code.make(fit=version is None)
    return tuple(int("".join("01"[dark] for dark in row), 2) for row in code.get_matrix())


def with_zxing(text):
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, version=2, ec_level="H", data_mask=2)
    pixels = np.array(made.to_image(scale=1, add_quiet_zones=False)) == 0
    return tuple(int("".join("01"[int(dark)] for dark in row), 2) for row in pixels)


def read_back(symbol):
    bits = np.array([[symbol.is_dark(column, row) for column in range(symbol.size)] for row in range(symbol.size)])
    picture = np.kron(np.pad(~bits, 4, constant_values=True), np.ones((4, 4), bool)).astype(np.uint8) * 255
    return [found.text for found in zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)]


def test_three_thousand_codes_equal_qrcode_bit_for_bit():
    rng = random.Random(3)
    kinds = list(codes.Kind)
    for number in range(3000):
        code = codes.new_code(kinds[number % len(kinds)], rng)
        assert encoder.matrix(code) == with_qrcode(code)


def test_an_independent_encoder_agrees_and_an_independent_reader_reads():
    rng = random.Random(4)
    for _ in range(300):
        code = codes.new_code(codes.Kind.ASSET, rng)
        symbol = encoder.symbol(code)
        assert symbol.rows == with_zxing(code)
        assert read_back(symbol) == [code]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", min_size=12, max_size=12))
def test_any_alphanumeric_text_behind_the_prefix_equals_qrcode(tail):
    assert encoder.matrix("CBO" + tail) == with_qrcode("CBO" + tail)


@pytest.mark.parametrize(
    "text", ["C-204", "CBOa7efyk8w1tjk", "https://example.org/01/09506000134352", "Kiosque été 字", "9" * 60]
)
def test_any_other_payload_goes_through_qrcode(text):
    symbol = encoder.symbol(text)
    assert symbol.rows == with_qrcode(text, None)
    assert read_back(symbol) == [text]


def test_a_changed_module_is_noticed():
    """The comparison itself can fail: one flipped bit is another matrix."""
    symbol = encoder.symbol("CBOA7EFYK8W1TJK")
    assert encoder.Symbol(symbol.size, symbol.bits ^ 1 << 300).rows != with_qrcode("CBOA7EFYK8W1TJK")


def test_what_is_shipped_is_what_qrcode_teaches():
    assert [int(line, 16) for line in encoder.LEARNT.read_text("ascii").split()] == encoder.learn()


def test_a_tag_is_drawn_without_the_package_that_taught_it(monkeypatch):
    """Importing it and learning anew held the window up at the first card of every start."""
    code = "CBOA7EFYK8W1TJK"
    expected = with_qrcode(code)
    monkeypatch.delattr(encoder, "_encode")
    encoder.template.cache_clear()
    assert encoder.matrix(code) == expected
