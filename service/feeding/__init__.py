"""GET /events: the feed (luồng sự kiện) for whoever has no more than HTTP.

door         the address: who asks, what he accepts, what he is refused
streaming    Server-Sent Events, for as long as somebody listens
paging       one piece of the log, at once or as soon as there is one
frames       events as they are sent, joined once for all who are sent the same
proving      the proofs of many events, by one statement
asking       the parameters of a request
accepting    the media types
"""
