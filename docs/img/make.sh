#!/usr/bin/env bash
# Remakes the pictures of pull requests and issues in this folder, or those that are named: the program writes the Markdown, npm's marked, github-markdown-css and
# mermaid turn it into a page, and a headless Chromium takes the pictures. Needs Go, Node.js, npm, chromium and pngquant:
#   apt-get install -y --no-install-recommends chromium pngquant fonts-liberation fonts-noto-color-emoji
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
only=("$@")
trap 'rm -rf "$work"' EXIT

npm install --silent --no-audit --no-fund --prefix "$work" marked@18.2.1 github-markdown-css@5.9.0 mermaid@11.17.2
(cd "$root" && go build -o "$work/bot" ./cmd/bot)

# chrome [option]... page: no network, a profile of its own.
chrome() {
  chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --hide-scrollbars --allow-file-access-from-files --user-data-dir="$work/profile" \
    --virtual-time-budget=20000 "$@" 2>/dev/null
}

# picture NAME TITLE [WHAT IT IS]: what stands on standard input, light and dark.
picture() {
  cat >"$work/$1.md"
  [[ ${#only[@]} -eq 0 || " ${only[*]} " == *" $1 "* ]] || return 0
  for scheme in light dark; do
    local page=$work/$1-$scheme.html height
    node "$here/page.mjs" "$scheme" "$2" "$work/node_modules" "${3:-pull request}" <"$work/$1.md" >"$page"
    height=$(chrome --window-size=980,800 --dump-dom "file://$page" | grep -o '<title>[0-9]*' | head -1 | tr -dc 0-9)
    chrome --window-size="980,$height" --screenshot="$work/$1-$scheme.png" "file://$page"
    pngquant --force --speed 1 --strip --output "$here/$1-$scheme.png" 64 "$work/$1-$scheme.png"
  done
}

# moved TREE VERSION: what the commit moves, as the program puts it below the notes.
moved() {
  printf '\n## What this commit moves\n\n| file | line | from | to |\n|-|-|-|-|\n'
  "$work/bot" bump "$2" --path "$1" --offline --dry-run -o json |
    node -e 'for (const e of JSON.parse(require("fs").readFileSync(0)).edits) console.log(`| \`${e.file}\` | ${e.line} | \`${e.old}\` | \`${e.new}\` |`)'
}

# notes TREE FROM TO
notes() { "$work/bot" notes "$2" "$3" --offline --path "$1" --markdown && moved "$1" "$3"; }

notes "$root/examples/goingdark" v4.4.3 v4.4.4 | picture security-patch 'mastodon: v4.4.3 → v4.4.4 (security)'

cp -r "$root/examples/as-noted" "$work/minor"
find "$work/minor" -type f -exec sed -i 's/v4\.4\.3/v4.3.22/g' {} +
notes "$work/minor" v4.3.22 v4.4.3 | picture two-phase-minor 'mastodon: v4.3.22 → v4.4.3'

cp -r "$root/examples/goingdark" "$work/mixed"
sed -i 's/mastodon-streaming:v4\.4\.3/mastodon-streaming:v4.4.1/' "$work/mixed/k8s/applications/web/mastodon/streaming/deployment.yaml"
sed -i 's/mastodon:v4\.4\.3/mastodon:v4.4.2/' "$work/mixed/k8s/applications/web/mastodon/migrate/post-job.yaml"
notes "$work/mixed" v4.4.3 v4.4.3 | picture mixed-repair 'mastodon: everything on v4.4.3'
# What pkg/board writes, as its test has it.
picture dashboard-issue 'Mastodon: versions and pull requests' issue <"$root/pkg/board/testdata/dashboard.md"
ls -l "$here"/*.png
