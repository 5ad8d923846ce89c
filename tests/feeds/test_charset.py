"""Bytes become the text that was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.charset import decode

CHINESE = "各方代表出席會議，討論停火安排，並同意下星期再次會面。"
SIMPLE = "各方代表出席会议，讨论停火安排，并同意下星期再次会面。"


@pytest.mark.parametrize(
    ("text", "codec", "declared", "content_type"),
    [
        (CHINESE, "utf-8", "big5", "text/xml; charset=gbk"),
        (CHINESE, "big5", "Big5", ""),
        (CHINESE, "big5", "", "text/xml; charset=big5"),
        (CHINESE, "big5", "big5", "text/xml; charset=utf-8"),
        (CHINESE, "big5", "utf-8", ""),
        (CHINESE, "big5", "iso-8859-1", ""),
        (SIMPLE, "gb18030", "gb2312", ""),
        (SIMPLE, "gb18030", "", ""),
        (SIMPLE, "gb18030", "nonsense", "text/xml; charset=zlib"),
        ("日本語の新聞を読む。東京の株価", "iso2022_jp", "iso-2022-jp", ""),
        ("日本語の新聞を読む。東京の株価", "euc_jp", "EUC-JP", ""),
        ("한국어 신문을 읽는다", "cp949", "ks_c_5601-1987", ""),
        ("Привет, мир", "cp1251", "windows-1251", ""),
        ("Ça coûte 5 €", "cp1252", "iso-8859-1", ""),
        ("plain", "utf-16-le", "", ""),
        ("plain", "utf-16-be", "", ""),
        ("bytes of four", "utf-32", "", ""),
    ],
)
def test_text_is_read_as_it_was_written(text, codec, declared, content_type):
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else "<?xml?>"
    assert decode((head + text).encode(codec), content_type).endswith(text)


def test_a_broken_byte_or_two_do_not_change_the_encoding():
    assert decode(CHINESE.encode() + b"\xff").startswith(CHINESE)
    body = b'<?xml version="1.0" encoding="big5"?>' + CHINESE.encode("big5") * 9 + b"\xff\xff"
    assert CHINESE in decode(body)
    body = b'<?xml version="1.0" encoding="gb2312"?>' + SIMPLE.encode("gb18030") * 9 + b"\xff"
    assert SIMPLE in decode(body)


def test_a_page_that_names_its_charset_in_its_head_is_read_by_it():
    body = '<html><meta charset="big5"><p>中'.encode("big5")
    assert decode(body).endswith("中")


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_become_text(body, content_type):
    for start in (b"", b"\xef\xbb\xbf", b"\xff\xfe", b'<?xml encoding="utf-16"?>', b'<?xml encoding="hz"?>\x1b$'):
        decode(start + body, f"text/xml; charset={content_type}")


def test_a_few_pairs_that_look_like_text_encoded_twice_stay_what_they_are():
    text = "How é becomes Ã©, and ü becomes Ã¼"
    assert decode(text.encode()) == text
    assert decode("Ã© and Ã¼".encode()) == "Ã© and Ã¼"


def test_text_encoded_twice_is_read_once_more():
    text = "Überall „schöne“ Grüße – für Jürgen, Käthe und Jörg"
    assert decode(text.encode().decode("cp1252").encode()) == text
