"""The protocol: oauthlib speaks it, `validator` answers its questions from our tables."""
