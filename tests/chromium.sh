#!/usr/bin/env bash
# Installs Chromium and the fonts that screens and paper are tested with, where this user may; says so where not.
set -u
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    chromium fonts-dejavu-core >/dev/null && exit 0
fi
echo "Chromium is not here and may not be installed by this user: the tests that open a browser are skipped."
exit 0
