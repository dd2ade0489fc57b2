#!/bin/sh
# Both languages of the documentation: reference pages from the model, then one site a language in site/, or in the folder that is named.
set -eu
cd "$(dirname "$0")/.."
[ -x .venv/bin/python ] && own=.venv/bin/python || own=python3
python=${PYTHON:-$own}
site=${1:-site}
export NO_MKDOCS_2_WARNING=1
"$python" -m machimori.reference --docs docs
"$python" -m mkdocs build --strict --quiet -f mkdocs.en.yml -d "$site/en" &
english=$!
"$python" -m mkdocs build --strict --quiet -f mkdocs.ja.yml -d "$site/ja"
wait "$english"
