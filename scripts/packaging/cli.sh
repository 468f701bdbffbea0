# shellcheck shell=bash
# package_cli builds the program without a window: a zip for each system, and for Linux also a .deb and an .rpm. scripts/package
# sources this. It needs no C compiler: one computer builds for all systems.

: "${root:?}" "${system:?}" "${out:?}" "${program:?}" "${version:?}" "${licences:?}"
# shellcheck source=scripts/packaging/linux.sh
source "$root/scripts/packaging/linux.sh"

package_cli() {
  local target
  [[ $system-$(package_manager) == Linux-apt-get ]] ||
    fail "The packages of the program without a window are made on Debian or Ubuntu, for every system. A container does."
  setup cli
  program+=-cli # in the templates too
  staging=$(mktemp -d)
  trap 'rm -rf "$staging"' EXIT
  rm -f "${out:?}/$program"[-_]*
  for target in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64; do
    cli_zip "${target%/*}" "${target#*/}"
  done
  cli_deb amd64
  cli_deb arm64
  cli_rpm amd64 x86_64
  cli_rpm arm64 aarch64
  (cd "$out" && ls -l "$program"*)
}

# cli_zip SYSTEM PROCESSOR builds the program, and puts it into a zip with what goes with it.
cli_zip() {
  local folder=$staging/$1-$2 file=$program
  [[ $1 != windows ]] || file+=.exe
  mkdir "$folder"
  build_headless "$1" "$2" -o "$folder/$file" .
  cli_documents "$folder"
  alike_times "$folder"
  (cd "$folder" && zip -q -X "$out/$program-$version-${1/darwin/macos}-$2.zip" -- *)
}

cli_documents() {
  install -m 644 "$root/LICENSE" "$root/CHANGELOG.md" "$1"
  print_licences >"$1/$licences"
}

# cli_root FOLDER PROCESSOR fills a folder with what the .deb and the .rpm install.
cli_root() {
  local share=$1/usr/share
  install -D "$staging/linux-$2/$program" "$1/usr/bin/$program"
  install -d "$share/man/man1" "$share/doc/$program"
  fill "$root/scripts/packaging/cli/app.1" | gzip -9n >"$share/man/man1/$program.1.gz"
  cli_documents "$share/doc/$program"
}

# cli_deb PROCESSOR
cli_deb() {
  cli_root "$staging/deb-$1" "$1"
  deb_package "$staging/deb-$1" "$1" "$(fill "$root/scripts/packaging/cli/deb.control")"
}

# cli_rpm PROCESSOR NAME: rpm has its own name for the processor.
cli_rpm() {
  cli_root "$staging/rpm-$1" "$1"
  rpm_package "$staging/rpm-$1" "$2" "$root/scripts/packaging/cli/app.spec"
}
