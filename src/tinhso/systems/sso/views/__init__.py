"""Pages and protocol addresses: read the request, call one action or query, answer."""
