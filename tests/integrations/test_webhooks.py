"""Calling an address somebody typed: the world, never this network."""

import socket

import pytest

from candide.integrations import webhooks
from candide.integrations.webhooks import NotCalled, address_problem, post

INNER = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 -- an address that is refused
    "224.0.0.1",
    "::1",
    "fe80::1",
    "fc00::1",
    "::ffff:10.0.0.1",
    "2002:0a00:0001::1",
]


def bracketed(address):
    return f"[{address}]" if ":" in address else address


def resolving(monkeypatch, *addresses):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://scolarite.example.org/x?y=1", ""),
        ("https://1.1.1.1:8443/", ""),
        ("http://scolarite.example.org/", "scheme"),
        ("ftp://scolarite.example.org/", "scheme"),
        ("https://", "form"),
        ("https://user:secret@scolarite.example.org/", "form"),
        ("https://scolarite.example.org/#part", "form"),
        ("https://scolarite.example.org:99999/", "form"),
        ("https://scolarite.example.org:0/", "form"),
        ("https://localhost/", "private"),
        ("https://database/", "private"),
        ("https://metadata.google.internal/", "private"),
        *((f"https://{bracketed(each)}/", "private") for each in INNER),
    ],
)
def test_an_address_is_looked_at_before_it_is_kept(url, problem):
    assert address_problem(url, is_trial=False) == problem


@pytest.mark.parametrize("address", INNER)
def test_a_name_that_leads_inside_is_not_called(address, monkeypatch):
    resolving(monkeypatch, "1.1.1.1", address)

    with pytest.raises(NotCalled, match="address: private"):
        post("https://scolarite.example.org/", b"", {}, is_trial=False)


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch):
    reached = []

    def connect(target, timeout):
        reached.append(target)
        raise TimeoutError

    resolving(monkeypatch, "1.1.1.1")
    monkeypatch.setattr(webhooks.socket, "create_connection", connect)

    with pytest.raises(NotCalled, match="TimeoutError"):
        post("https://scolarite.example.org/", b"", {}, is_trial=False)

    assert reached == [("1.1.1.1", 443)]


def test_a_name_nobody_knows_is_not_called(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    with pytest.raises(NotCalled, match="gaierror"):
        post("https://scolarite.example.org/", b"", {}, is_trial=False)


def test_an_address_that_became_wrong_is_not_called():
    with pytest.raises(NotCalled, match="address: scheme"):
        post("http://scolarite.example.org/", b"", {}, is_trial=False)


def test_a_trial_calls_the_machine_beside():
    assert address_problem("http://127.0.0.1:8000/", is_trial=True) == ""
