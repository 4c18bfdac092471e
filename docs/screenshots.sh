#!/bin/sh
# Pictures of the desktop for the documentation: drives the real window on a case.
# A case with a corrected CT gives metal-slider.png (coxa-cli run on phantom --seed 201 --postoperative right --slice-spacing 6,
# --side left), any other case the rest.
# usage: docs/screenshots.sh CASE.coxa [OUTPUT_FOLDER]     (built with ./dev build; needs xvfb-run when headless)
set -e
root=$(cd "$(dirname "$0")/.." && pwd)
case=${1:?usage: docs/screenshots.sh CASE.coxa [OUTPUT_FOLDER]}
output=${2:-$root/docs/images}
mkdir -p "$output"
tour=$root/build/dev/bin/coxa_tour
test -x "$tour" || { echo "Build it first: cmake --build build/dev --target coxa_tour" >&2; exit 2; }
if [ -n "$DISPLAY" ]; then
  "$tour" "$case" "$output"
else
  xvfb-run -a -s "-screen 0 1920x1200x24" "$tour" "$case" "$output"
fi
echo "Pictures are in $output"
