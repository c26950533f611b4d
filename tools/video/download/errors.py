"""What can go wrong while fetching; the cache makes one line of each."""


class Refused(Exception):
    """The video cannot be had from this address. The message says why, without the address."""


class Unreachable(Refused):
    """It cannot be had now: no network, a server that fails, no access. What was fetched so far stays."""


class Denied(Unreachable):
    """The server turns this client away; another kind may fare better."""
