#!/bin/sh
# The documentation of both languages, in site/ or in the folder that is named; installs what that needs.
set -eu
exec python3 "$(dirname "$0")/../run.py" docs --build-only ${1:+--out "$1"}
