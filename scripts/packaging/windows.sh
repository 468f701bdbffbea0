# shellcheck shell=bash
# Makes the packages for Windows, on Linux: the program, a zip with it, and an installer. scripts/package sources this
# after scripts/setup.sh. Two runs over the same commit give the same bytes: scripts/reproduce.

: "${root:?}" "${system:?}" "${out:?}" "${program:?}" "${version:?}" "${icon:?}" "${licences:?}"
windows_templates=$root/scripts/packaging/windows
windows_work=$root/build/windows # what is generated on the way

package_windows() {
  local base=$program-$version-windows-amd64
  [[ $system == Linux ]] || fail "The packages for Windows are made on Linux, with mingw-w64 and NSIS."
  setup windows
  program+=.exe # in the templates too
  rm -rf "$windows_work" "${out:?}/$base"*
  mkdir -p "$windows_work/files" "$out"
  windows_icon
  windows_resources
  windows_build
  windows_files
  cp -p "$windows_work/files/$program" "$out/$base.exe"
  windows_zip "$out/$base.zip"
  windows_installer "$out/$base-setup.exe"
  (cd "$out" && ls -l "$base"*)
}

# windows_icon makes one file of all sizes that Windows shows. The largest is kept as PNG, as Windows itself does.
windows_icon() {
  local size pictures=()
  for size in 16 20 24 32 40 48 64 128 256; do
    rsvg-convert --width $size --height $size --output "$windows_work/$size.png" "$icon"
    pictures+=("$windows_work/$size.png")
  done
  icotool --create --output="$windows_work/icon.ico" "${pictures[@]:0:8}" --raw="${pictures[8]}"
}

# windows_resources compiles the icon, the manifest and the version block.
windows_resources() {
  fill "$windows_templates/app.manifest" >"$windows_work/app.manifest"
  # In this format the version's numbers stand between commas.
  fill "$windows_templates/app.rc" | sed -E '/^ *(FILE|PRODUCT)VERSION/ s/\./, /g' >"$windows_work/app.rc"
  (cd "$windows_work" && x86_64-w64-mingw32-windres --codepage=65001 --output-format=coff app.rc resources.syso)
}

# windows_build builds the program. Go takes the resources from a file beside main.go and from nowhere else (not even with
# -overlay), so it builds from a copy of the sources that has one.
windows_build() (
  copy=$(mktemp -d)
  trap 'rm -rf "$copy"' EXIT
  tar -c -C "$root" --exclude=./build --exclude=./.git . | tar -x -C "$copy"
  cp "$windows_work/resources.syso" "$copy/resources_windows_amd64.syso"
  say "building for Windows; the first time takes some minutes"
  cd "$copy" || exit
  build_packaged windows -o "$windows_work/files/$program" .
)

# windows_files puts beside the program what goes with it, as text files that Windows opens.
windows_files() {
  fill "$windows_templates/README.txt" | sed 's/$/\r/' >"$windows_work/files/README.txt"
  sed 's/$/\r/' "$root/LICENSE" >"$windows_work/files/LICENSE.txt"
  sed 's/$/\r/' "$root/CHANGELOG.md" >"$windows_work/files/CHANGELOG.txt"
  print_licences | sed 's/$/\r/' >"$windows_work/files/$licences"
  chmod 644 "$windows_work"/files/*
  touch --date="@$SOURCE_DATE_EPOCH" "$windows_work"/files/*
}

# windows_zip FILE
windows_zip() { (cd "$windows_work/files" && zip -q -X "$1" "$program" README.txt LICENSE.txt CHANGELOG.txt "$licences"); }

# windows_installer FILE
windows_installer() {
  fill "$windows_templates/installer.nsi" >"$windows_work/installer.nsi"
  makensis -V2 -WX -INPUTCHARSET UTF8 "-DOUT=$1" "-DKILOBYTES=$(kilobytes "$windows_work/files")" \
    "$windows_work/installer.nsi"
}
