"""HTML becomes the text that people would read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.html import MAX_HTML, clean_text, html_to_text, one_line


@pytest.mark.parametrize(
    "text",
    ["a < b", "AT&T", "x<y and y>z", "List<int> of <vector>", "Q&A: 5 > 3", "一段中文。\n\n第二段。", "?a=1&copy=2",
     "if (a<b && c>d)", "👩‍👩‍👧 family", "line\nline"],
)  # fmt: skip
def test_plain_text_stays_what_it_is(text):
    assert html_to_text(text) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<p>One<p>Two", "One\n\nTwo"),
        ("<div><div>One</div></div>\n\n<div>Two</div>", "One\n\nTwo"),
        ("One<br>two<br/>three", "One\ntwo\nthree"),
        ("One<br><br>Two", "One\n\nTwo"),
        ("<ul><li>a</li><li>b</li></ul>after", "a\nb\n\nafter"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<h1>Head</h1>Text", "Head\n\nText"),
        ("<pre>a\nb</pre>", "a\nb"),
        ("<p>wrapped\n   line</p>", "wrapped line"),
        ("a<b>bold</b>c <i>it</i>", "aboldc it"),
        ("&lt;3 &amp; more", "<3 & more"),
        ("caf&eacute; &#8211; &#x4e2d;", "café – 中"),
        ("a&nbsp;b", "a b"),
        ("<p>a &lt; b</p>", "a < b"),
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;", "One\n\nTwo"),
        ("<p>&lt;b&gt;bold&lt;/b&gt; and &amp;#8217;</p>", "bold and ’"),
        ("the &lt;b&gt; tag", "the <b> tag"),
        ("&amp;amp;", "&"),
        ("<![CDATA[<b>One</b>]]> two", "One two"),
        ("<!-- note -->seen", "seen"),
        ('cut <a href="http', "cut"),
        ("<P CLASS=x>Loud</P>", "Loud"),
        ("", ""),
        ("<p></p>", ""),
    ],
)
def test_markup_becomes_paragraphs_and_lines(html, text):
    assert html_to_text(html) == text


@pytest.mark.parametrize("tag", ["script", "style", "template", "noscript", "svg", "button", "textarea", "iframe"])
def test_what_is_not_read_is_dropped(tag):
    assert html_to_text(f"<p>before</p><{tag}>hidden</{tag}><p>after</p>") == "before\n\nafter"


def test_signs_that_hide_or_reorder_text_are_dropped():
    assert html_to_text("a\u202eb\u2066c\u200bd\u00ade\x00f\ufeffg\ud800h\U000e0041i") == "abcdefghi"
    assert html_to_text("<p>a&#x202e;b&#8203;c&#x1b;</p>") == "abc"
    assert html_to_text("&#x202e;x &amp;#x202e;y") == "x y"


def test_white_space_is_made_normal():
    assert clean_text(" a\u3000 b \r\n\r\n \n c\u2028d\t") == "a b\n\nc\nd"


def test_titles_are_one_line():
    assert one_line(" A <b>title</b><br>of\ntwo ") == "A title of two"


@pytest.mark.parametrize("piece", ["<div>", "<b>", "<table>", "<", "<a ", "&lt;p&gt;", "<!--", "&amp;", "</p>", "<p>x"])
def test_hostile_nesting_is_read_within_bounds(piece):
    assert len(html_to_text(piece * 60_000)) <= MAX_HTML


def test_text_of_a_tree_that_is_too_large_is_kept_without_its_structure():
    assert html_to_text("<p>word</p>" * 12_000).startswith("word\n\nword\n\nword")


@given(st.text(st.sampled_from("<>/&;#xpbr aé中\n\t\u202e\x1c!-[]'\"=lt"), max_size=60))
def test_any_text_is_read_and_holds_no_hidden_signs(text):
    read = html_to_text(text)
    assert read == read.strip()
    assert not set(read) & {"\u202e", "\x1c", "\t"}
    assert "\n\n\n" not in read


@pytest.mark.parametrize("blank", [" ", "\n", "\u3000", "&nbsp;"])
def test_endless_blanks_take_no_endless_time(blank):
    assert html_to_text(f"<p>one{blank * 30_000}two<br>three</p>") == "one two\nthree"
