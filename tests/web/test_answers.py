"""Nobody is sent elsewhere by a link of ours."""

from __future__ import annotations

import pytest

from webapp.web.answers import own_address


@pytest.mark.parametrize("address", ["/", "/tasks?status=todo&q=a%20b", "/tasks/1#entries", "/%2f%2felsewhere"])
def test_addresses_of_ours_are_kept(address: str) -> None:
    assert own_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "tasks",
        "//elsewhere",
        "/\\elsewhere",
        "\\/elsewhere",
        "/\t/elsewhere",
        "/\n/elsewhere",
        "/ /elsewhere",
        "https://elsewhere",
        "javascript:alert(1)",
        "/a\\b",
        "/\x7f/elsewhere",
        "///elsewhere",
    ],
)
def test_addresses_elsewhere_are_dropped(address: str | None) -> None:
    assert own_address(address) is None
