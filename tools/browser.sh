#!/bin/sh
# Browser tests drive Debian's Chromium. Where it is missing and we may install, install it.
set -e
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
else
    echo "Browser tests need Chromium: install the package 'chromium' (Debian, Ubuntu) and run again." >&2
    exit 1
fi
