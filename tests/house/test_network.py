"""No test reaches outside the machine: pytest-socket lets through loopback alone."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError


def test_an_address_outside_is_refused() -> None:
    """203.0.113.1 is reserved for documentation; nothing answers there, and nothing is even asked."""
    warned = pytest.warns(UserWarning, match="tried to use socket")
    with socket.socket() as asked, warned, pytest.raises(SocketConnectBlockedError):
        asked.connect(("203.0.113.1", 80))
