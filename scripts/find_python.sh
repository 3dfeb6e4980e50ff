#!/bin/sh
# Prints a Python 3.11 or newer that can make virtual environments; PYTHON=... chooses one.
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        command -v "$candidate"
        exit 0
    fi
done
echo "Python 3.11 or newer with its venv module is needed (on Debian: apt-get install python3 python3-venv)." >&2
exit 1
