"""The guard lets public web addresses through and nothing else."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import AddressRefused
from bot.feeds.address import GuardedResolver, check_url, is_public
from tests.support.names import Names


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://news.example/rss", "https://news.example/rss"),
        (" HTTP://News.Example:80 ", "http://news.example/"),
        ("https://news.example:443/a#part", "https://news.example/a"),
        ("https://news.example:8443/a?b=c&d", "https://news.example:8443/a?b=c&d"),
        ("https://例子.hk/新聞 稿", "https://xn--fsqu00a.hk/%E6%96%B0%E8%81%9E%20%E7%A8%BF"),
        ("https://news.example./%E6%96%B0", "https://news.example/%E6%96%B0"),
        ("https://news.example?q={a}", "https://news.example/?q={a}"),
        ("https://news.example/{a}?", "https://news.example/%7Ba%7D"),
        ("https://news.example/a b?c d#e", "https://news.example/a%20b?c%20d"),
        ("http://[2a00:1450::5efe:1.1.1.1]/", "http://[2a00:1450::5efe:101:101]/"),
        ("http://1.1.1.1/feed", "http://1.1.1.1/feed"),
        ("http://[2606:4700::1111]:8080/", "http://[2606:4700::1111]:8080/"),
        ("http://[::ffff:1.1.1.1]/", "http://[::ffff:101:101]/"),
    ],
)
def test_public_addresses_come_back_in_normal_form(url, normal):
    assert check_url(url) == normal
    assert check_url(normal) == normal


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "scheme"),
        ("news.example/rss", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://news.example/", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("https://user:secret@news.example/", "credentials"),
        ("https://news.example@127.0.0.1/", "credentials"),
        ("https://", "host"),
        ("https://[::1", "host"),
        ("https://[zz]/", "host"),
        ("https://[::1]x/", "host"),
        ("https://[fe80::1%25eth0]/", "host"),
        ("https://news_%65xample/", "host"),
        ("https://news.example\\@127.0.0.1/", "host"),
        ("https://news .example/", "host"),
        ("https://a..b/", "host"),
        ("https://" + "a" * 70 + ".example/", "host"),
        ("https://news.example/" + "a" * 5000, "host"),
        ("http://2130706433/", "host"),
        ("http://0x7f000001/", "host"),
        ("http://0177.0.0.1/", "host"),
        ("http://127.1/", "host"),
        ("http://a.0x1/", "host"),
        ("http://127.0.0.1/", "private"),
        ("http://１２７.0.0.1/", "private"),
        ("http://10.1.2.3/", "private"),
        ("http://169.254.169.254/latest/meta-data", "private"),
        ("http://100.64.0.1/", "private"),
        ("http://0.0.0.0/", "private"),
        ("http://224.0.0.1/", "private"),
        ("http://255.255.255.255/", "private"),
        ("http://198.18.0.1/", "private"),
        ("http://192.0.0.192/opc/v2/instance/", "private"),
        ("http://192.88.99.1/", "private"),
        ("http://168.63.129.16/machine", "private"),
        ("http://100.100.100.200/latest/meta-data", "private"),
        ("http://203.0.113.7/", "private"),
        ("http://240.0.0.1/", "private"),
        ("http://[::1]/", "private"),
        ("http://[::ffff:10.0.0.1]/", "private"),
        ("http://[64:ff9b::7f00:1]/", "private"),
        ("http://[2002:7f00:1::]/", "private"),
        ("http://[2001:0:1::1]/", "private"),
        ("http://[fc00::1]/", "private"),
        ("http://[fd00:ec2::254]/", "private"),
        ("http://[::]/", "private"),
        ("http://[::127.0.0.1]/", "private"),
        ("http://[::ffff:0:127.0.0.1]/", "private"),
        ("http://[64:ff9b:1::7f00:1]/", "private"),
        ("http://[2a00:1450::5efe:10.0.0.1]/", "private"),
        ("http://[2a00:1450::200:5efe:127.0.0.1]/", "private"),
        ("http://[fec0::1]/", "private"),
        ("http://[100::1]/", "private"),
        ("http://[2001:db8::1]/", "private"),
        ("http://[3fff::1]/", "private"),
        ("http://[5f00::1]/", "private"),
        ("http://[fe80::1]/", "private"),
        ("http://[ff02::1]/", "private"),
        ("http://localhost/", "private"),
        ("http://x.localhost./", "private"),
        ("http://printer.local/", "private"),
        ("http://metadata.google.internal/", "private"),
        ("http://rsshub/", "private"),
        ("http://news.example:22/", "port"),
        ("http://news.example:0/", "port"),
        ("http://news.example:70000/", "port"),
        ("http://news.example:80:80/", "port"),
        ("http://news.example:８０/", "port"),
    ],
)
def test_everything_else_is_refused_with_a_reason(url, reason):
    with pytest.raises(AddressRefused) as refused:
        check_url(url)
    assert refused.value.reason == reason


def test_the_error_does_not_carry_the_password():
    with pytest.raises(AddressRefused) as refused:
        check_url("https://user:secret@news.example/")
    assert "secret" not in str(refused.value)


def test_listed_hosts_are_allowed_at_any_or_only_at_the_listed_port():
    assert check_url("http://127.0.0.1:1200/x", {"127.0.0.1"}) == "http://127.0.0.1:1200/x"
    assert check_url("http://rsshub:1200/x", {"rsshub:1200"}) == "http://rsshub:1200/x"
    assert check_url("http://[::1]:90/", {"[::1]:90"}) == "http://[::1]:90/"
    assert check_url("http://rsshub/", {"rsshub:80"}) == "http://rsshub/"
    with pytest.raises(AddressRefused):
        check_url("http://rsshub:1201/x", {"rsshub:1200"})
    with pytest.raises(AddressRefused):
        check_url("file://rsshub/x", {"rsshub"})


@given(st.text(max_size=60) | st.from_regex(r"https?://[\[\]0-9a-fx.:@%\\]{1,30}/?"))
def test_any_text_is_refused_or_stays_what_it_became(text):
    try:
        normal = check_url(text)
    except AddressRefused:
        return
    assert check_url(normal) == normal


@pytest.mark.parametrize("address", ["64:ff9b::101:101", "::ffff:8.8.8.8", "9.9.9.9", "2a00:1450::1"])
def test_wrapped_public_addresses_are_public(address):
    assert is_public(ip_address(address))


async def test_resolver_hands_on_only_the_public_addresses_of_a_name():
    resolver = GuardedResolver((), Names("10.0.0.1", "1.1.1.1", "::1", "not an address"))
    assert [found["host"] for found in await resolver.resolve("news.example", 443)] == ["1.1.1.1"]


async def test_resolver_refuses_names_without_public_addresses():
    resolver = GuardedResolver((), Names("127.0.0.1", "fe80::1%eth0"))
    with pytest.raises(AddressRefused) as refused:
        await resolver.resolve("rebound.example", 80)
    assert (refused.value.url, refused.value.reason) == ("rebound.example", "private")


async def test_resolver_lets_listed_hosts_be_private_and_closes_what_it_wraps():
    names = Names("172.18.0.4")
    resolver = GuardedResolver({"rsshub:1200"}, names)
    assert [found["host"] for found in await resolver.resolve("RSSHub", 1200)] == ["172.18.0.4"]
    with pytest.raises(AddressRefused):
        await resolver.resolve("rsshub", 1201)
    await resolver.close()
    assert names.closed
