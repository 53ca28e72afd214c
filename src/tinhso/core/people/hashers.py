"""The cost of a password's hash: Argon2id at the OWASP minimum (19 MiB, two passes, one lane).

Django's own default (100 MiB, eight lanes) takes seven times as long here, so that two hundred people signing in
on a Monday morning would wait, and it lets two hundred requests ask for 20 GB. A hash of other costs is made anew when
its owner signs in.
"""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """`argon2$argon2id$v=19$m=19456,t=2,p=1$...`."""

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
