"""What a list that is kept by name may be called. Pure."""

from __future__ import annotations

from webapp.errors import InvalidInput
from webapp.tasks.rules.tasks import checked_name

LONGEST_ADDRESS = 1500
MOST_VIEWS = 50


def checked_view_name(name: str) -> str:
    """
    Return a name as it is kept.

    :raises InvalidInput: when it is empty, too long, or holds what cannot be kept
    """
    name = checked_name(name, field="name", what="The name of a view")
    if not name:
        raise InvalidInput("Give the view a name.", field="name")
    return name


def checked_address(address: str) -> str:
    """
    Return the parameters of a list as they are kept.

    :raises InvalidInput: when they are too long
    """
    if len(address) > LONGEST_ADDRESS:
        raise InvalidInput("These are too many filters to be kept. Take some away.")
    return address
