# shellcheck shell=bash
# What the scripts that look at a window share: they source this file, inside with-display. Nothing here sleeps for a
# fixed time and hopes: it looks until there is something to see.

# window_of PID [SECONDS] prints the id of the process's window once it is on the screen.
window_of() {
  local end=$((SECONDS + ${2:-60})) id
  while ((SECONDS < end)); do
    id=$(xdotool search --onlyvisible --pid "$1" 2>/dev/null | tail -n 1) || true
    if [[ -n $id ]]; then
      echo "$id"
      return
    fi
    if ! kill -0 "$1" 2>/dev/null; then
      echo "The program ended before it opened a window." >&2
      return 1
    fi
    sleep 0.02
  done
  echo "No window was opened in time." >&2
  return 1
}

# shoot ID PICTURE.png saves what the window shows.
shoot() { import -silent -window "$1" "png:$2"; }

# drawn PICTURE.png says whether there is more in it than an empty window: text alone has dozens of shades.
drawn() { (($(identify -format %k "$1") > 24)); }

# alike A.png B.png [PIXELS] says whether at most that many pixels differ: a blinking cursor is less than the 400 that
# are allowed where nothing is said.
alike() {
  local differ
  # compare's own exit status says "not the same" even for one pixel.
  differ=$(compare -metric AE -fuzz 3% "$1" "$2" null: 2>&1) || true
  awk -v most="${3:-400}" '{ exit !($1 ~ /^[0-9]/ && $1 + 0 <= most) }' <<<"$differ"
}

# still_picture ID PICTURE.png [SECONDS] saves what the window shows once it is drawn and has not changed for as long.
still_picture() {
  local id=$1 picture=$2 quiet=${3:-1} since=$SECONDS end=$((SECONDS + 60)) next
  next=$(mktemp --suffix=.png)
  shoot "$id" "$picture"
  while ((SECONDS < end)); do
    sleep 0.2
    shoot "$id" "$next"
    if ! drawn "$next" || ! alike "$picture" "$next"; then
      since=$SECONDS
    elif ((SECONDS - since > quiet)); then
      rm -f "$next"
      return
    fi
    cp "$next" "$picture"
  done
  rm -f "$next"
  echo "The window does not come to rest." >&2
  return 1
}

# end_program PID ends it, and waits until it is gone.
end_program() {
  local i
  kill "$1" 2>/dev/null || true
  for ((i = 0; i < 100; i++)); do
    kill -0 "$1" 2>/dev/null || break
    sleep 0.05
  done
  kill -9 "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}
