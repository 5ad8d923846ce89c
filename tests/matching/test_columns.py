"""Every term of a document has a hash of its own, the same wherever it stands."""

from bot.matching.columns import Columns, hash_of
from bot.matching.document import Document
from bot.model import Item
from bot.text.fold import fold
from bot.text.tokens import columns, is_character


def column_of(text):
    return Columns(Document(Item(guid="", url="", title=text, text="", language="en")))


def test_a_term_of_a_text_has_the_hash_that_it_has_alone():
    text = column_of("Talks of 三方 in Абу-Даби, ガザ and 서울: bc 换 1,000 ünïted C++")
    assert {"talks", "三", "ガ", "서", "даби", "换", "1000", "c++"} <= set(text.terms)
    assert text.hashes.tolist() == list(map(hash_of, text.terms))
    assert len(set(text.hashes.tolist())) == len(text.terms)


def test_a_character_has_not_the_hash_of_the_word_of_the_same_bytes():
    assert hash("换") == hash("bc"), "what all this is for"
    assert hash_of("换") != hash_of("bc")
    assert column_of("换").hashes[0] != column_of("bc").hashes[0]


def test_no_words_of_other_letters_have_the_bytes_of_a_word():
    letters = {letter for point in range(0x100, 0xD800) for letter in fold(chr(point)) if ord(letter) > 0xFF}
    letters = {letter for letter in letters if columns(letter).terms == [letter] and not is_character(letter)}
    assert len(letters) > 2_000
    # Their second byte stands at the end of the word of their bytes.
    ends = {chr(ord(letter) >> 8) for letter in letters}
    assert [end for end in ends if columns(f"a{end}").terms == [f"a{end}"]] == []
