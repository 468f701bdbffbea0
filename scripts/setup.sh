# shellcheck shell=bash
# What the other scripts share. They source this file; it does nothing by itself.
#
#   setup GROUP…   makes sure that Go and the system packages of the groups are there, and installs what is missing
#   detail KEY     prints what FyneApp.toml says
#   tool NAME      builds a program in Go that scripts use, and prints where it is
#   build_app      builds the app into build/
#   build_packaged linux|windows ARGUMENT…   go build, as what is packaged is built
#   build_headless SYSTEM PROCESSOR ARGUMENT…   the same for the program without a window
#   use_locale     gives Fyne a locale that it can read, where there is none

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
system=$(uname -s)
# Other scripts use it.
# shellcheck disable=SC2034
app=$root/build/controlmap-jumpcloud

# say and fail take a line of text each argument.
say() { printf '%s\n' "$@" >&2; }

fail() {
  say "$@"
  exit 1
}

# detail KEY prints what FyneApp.toml, the only place for it, says.
detail() {
  local value
  value=$(sed -nE "s/^$1 *= *\"?([^\"]*)\"?\$/\1/p" "$root/FyneApp.toml")
  [[ -n $value ]] || fail "FyneApp.toml lacks $1."
  echo "$value"
}

have() { command -v "$1" >/dev/null 2>&1; }

# packages lists what Linux needs: the group, how to see that it is there, its name for apt, its name for pacman,
# and what dnf and zypper both know it by. "-" means that it comes with the others there.
packages() {
  cat <<'END'
build    command:gcc                   gcc               gcc               /usr/bin/gcc
build    package                       libc6-dev         -                 -
build    package                       ca-certificates   ca-certificates   -
build    command:pkg-config            pkg-config        pkgconf           /usr/bin/pkg-config
build    library:gl                    libgl1-mesa-dev   libglvnd          pkgconfig(gl)
build    library:x11                   libx11-dev        libx11            pkgconfig(x11)
build    library:xcursor               libxcursor-dev    libxcursor        pkgconfig(xcursor)
build    library:xrandr                libxrandr-dev     libxrandr         pkgconfig(xrandr)
build    library:xinerama              libxinerama-dev   libxinerama       pkgconfig(xinerama)
build    library:xi                    libxi-dev         libxi             pkgconfig(xi)
build    library:xxf86vm               libxxf86vm-dev    libxxf86vm        pkgconfig(xxf86vm)
build    library:xkbcommon             libxkbcommon-dev  libxkbcommon      pkgconfig(xkbcommon)
build    library:wayland-egl           libwayland-dev    wayland           pkgconfig(wayland-egl)
display  command:Xvfb                  xvfb              xorg-server-xvfb  /usr/bin/Xvfb
display  package                       libgl1-mesa-dri   mesa              -
display  command:openbox               openbox           openbox           /usr/bin/openbox
display  command:xdotool               xdotool           xdotool           /usr/bin/xdotool
display  command:import                imagemagick       imagemagick       /usr/bin/import
keyring  command:dbus-daemon           dbus              dbus              /usr/bin/dbus-daemon
keyring  command:gnome-keyring-daemon  gnome-keyring     gnome-keyring     /usr/bin/gnome-keyring-daemon
keyring  command:secret-tool           libsecret-tools   libsecret         /usr/bin/secret-tool
test     command:shellcheck            shellcheck        shellcheck        /usr/bin/shellcheck
test     command:git                   git               git               /usr/bin/git
test     command:xclip                 xclip             xclip             /usr/bin/xclip
test     command:strace                strace            strace            /usr/bin/strace
test     command:xmessage              x11-utils         xorg-xmessage     /usr/bin/xmessage
test     command:xprop                 x11-utils         xorg-xprop        /usr/bin/xprop
more     command:keepassxc             keepassxc         keepassxc         keepassxc
wayland  command:sway                  sway              sway              sway
wayland  command:Xwayland              xwayland          xorg-xwayland     /usr/bin/Xwayland
wayland  command:xhost                 x11-xserver-utils  xorg-xhost       /usr/bin/xhost
wayland  command:grim                  grim              grim              grim
wayland  command:wtype                 wtype             wtype             wtype
wayland  command:wl-paste              wl-clipboard      wl-clipboard      wl-clipboard
monitors  command:Xorg                 xserver-xorg-core  xorg-server      /usr/bin/Xorg
monitors  package                      xserver-xorg-video-dummy  xf86-video-dummy  -
monitors  command:xrandr               x11-xserver-utils  xorg-xrandr      /usr/bin/xrandr
wine     command:wine                  wine              wine              wine-core
wine     package                       wine64            -                 -
cocoa    command:clang                 clang             -                 -
cocoa    package                       gobjc             -                 -
cocoa    command:gnustep-config        libgnustep-gui-dev  -               -
cocoa    command:gpbs                  gnustep-back-common  -              -
windows  command:x86_64-w64-mingw32-gcc  gcc-mingw-w64-x86-64  mingw-w64-gcc  mingw64-gcc
windows  command:makensis              nsis              -                 mingw32-nsis
windows  command:rsvg-convert          librsvg2-bin      librsvg           /usr/bin/rsvg-convert
windows  command:icotool               icoutils          icoutils          icoutils
windows  command:zip                   zip               zip               /usr/bin/zip
cli      command:zip                   zip               zip               /usr/bin/zip
cli      command:dpkg-deb              dpkg              -                 -
cli      command:rpmbuild              rpm               -                 -
icon     command:rsvg-convert          librsvg2-bin      librsvg           /usr/bin/rsvg-convert
package  command:rsvg-convert          librsvg2-bin      librsvg           /usr/bin/rsvg-convert
package  command:dpkg-shlibdeps        dpkg-dev          -                 -
package  command:rpmbuild              rpm               -                 -
package  command:xz                    xz-utils          xz                xz
inspect  command:lintian               lintian           -                 -
inspect  command:rpmlint               rpmlint           -                 -
inspect  command:appstreamcli          appstream         -                 -
inspect  command:desktop-file-validate  desktop-file-utils  -              -
inspect  command:cpio                  cpio              -                 -
inspect  command:plistutil             libplist-utils    -                 -
inspect  command:file                  file              -                 -
inspect  command:unzip                 unzip             unzip             /usr/bin/unzip
sbom     command:git                   git               git               /usr/bin/git
root     command:debootstrap           debootstrap       -                 -
END
}

# package_manager prints the first one that this computer has.
package_manager() {
  local name
  for name in apt-get dnf zypper pacman; do
    if have "$name"; then
      echo "$name"
      return
    fi
  done
  echo unknown
}

# present says whether one line of the list is satisfied.
present() {
  local manager=$1 probe=$2 package=$3
  case $probe in
    command:*) have "${probe#*:}" ;;
    library:*) have pkg-config && pkg-config --exists "${probe#*:}" ;;
    package)
      case $manager in
        apt-get) [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == *' installed' ]] ;;
        pacman) pacman -Q "$package" >/dev/null 2>&1 ;;
      esac
      ;;
  esac
}

# missing prints what the groups lack: packages for a known package manager, else the commands and libraries.
missing() {
  local manager=$1 group probe apt pacman rpm package
  shift
  while read -r group probe apt pacman rpm; do
    [[ " $* " == *" $group "* ]] || continue
    case $manager in
      apt-get) package=$apt ;;
      pacman) package=$pacman ;;
      unknown) package=$probe ;;
      *) package=$rpm ;;
    esac
    if [[ $package == - || $package == package ]] || present "$manager" "$probe" "$package"; then
      continue
    fi
    echo "$package"
  done < <(packages)
}

can_be_root() { ((EUID == 0)) || { have sudo && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; }; }

as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    say "As root: $*"
    sudo "$@"
  fi
}

apt_updated=no

# apt_update reads apt's lists once; on a fresh machine there are none. A mirror that does not answer is no reason
# to stop: the lists at hand may do.
apt_update() {
  [[ $apt_updated == no ]] && can_be_root || return 0
  apt_updated=yes
  as_root apt-get -qq update || say "apt-get update failed; going on with the lists that are there."
}

# install_command MANAGER prints what installs the packages whose names follow it.
install_command() {
  case $1 in
    apt-get) echo "apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends" ;;
    dnf) echo "dnf -y -q install" ;;
    zypper) echo "zypper --quiet --non-interactive install" ;;
    pacman) echo "pacman -S --needed --noconfirm" ;;
  esac
}

# install_packages MANAGER PACKAGE…
install_packages() {
  local manager=$1 command
  shift
  command=$(install_command "$manager")
  if ! can_be_root; then
    fail "Packages are missing, and installing them takes root, which cannot be had here." \
      "Please run this as root, then start again:" "  $command$(printf ' %q' "$@")"
  fi
  say "Installing what is missing: $*"
  [[ $manager != apt-get ]] || apt_update
  # The command is words without blanks in them.
  # shellcheck disable=SC2086
  if as_root env DEBIAN_FRONTEND=noninteractive $command "$@" >&2; then
    return
  fi
  # On a fresh machine pacman has no list of packages.
  [[ $manager == pacman ]] && as_root pacman -Sy --needed --noconfirm "$@" >&2
}

# setup_linux makes sure of the groups' packages.
setup_linux() {
  local manager lacking
  manager=$(package_manager)
  lacking=$(missing "$manager" "$@")
  [[ -n $lacking ]] || return 0
  if [[ $manager == unknown ]]; then
    say "This system's package manager is not known here. Please install what provides these:" "${lacking//$'\n'/ }"
    # A library may be there without pkg-config knowing it: the build will tell. Without a command nothing works.
    [[ $lacking != *command:* ]] || exit 1
    return 0
  fi
  # One package a line, none with blanks.
  # shellcheck disable=SC2086
  install_packages "$manager" $lacking || fail "These packages could not be installed: ${lacking//$'\n'/ }"
  hash -r
  lacking=$(missing "$manager" "$@")
  [[ -z $lacking ]] || fail "These packages are installed, but what they should bring is not found: ${lacking//$'\n'/ }"
}

# setup_mac makes sure of Apple's compiler, and of shellcheck for the tests. The virtual display and the keyring
# are for Linux only.
setup_mac() {
  if ! xcode-select -p >/dev/null 2>&1; then
    xcode-select --install >/dev/null 2>&1 || true
    fail "Apple's command line tools are missing. A window offers to install them (or run: xcode-select --install)." \
      "Start this again when that is done."
  fi
  if [[ " $* " == *' test '* ]] && ! have shellcheck && have brew; then
    brew install --quiet shellcheck >&2
  fi
  if [[ " $* " == *' icon '* ]] && ! have rsvg-convert && have brew; then
    brew install --quiet librsvg >&2
  fi
}

setup_system() {
  case $system in
    Linux) setup_linux "$@" ;;
    Darwin) setup_mac "$@" ;;
    *)
      have gcc || fail "A C compiler (gcc) is needed to build: please install one. On Windows: MSYS2 with mingw-w64."
      ;;
  esac
}

# minor reads Go's version from a text: 26 for "go1.26.3", "go 1.26" or "2:1.26~2". Nothing where there is none.
minor() { sed -nE 's/^.*[^0-9.]1\.([0-9]+).*$/\1/p' <<<" $1" | head -n 1; }

# go_trouble says why this computer's Go will not do. It prints nothing where it will.
go_trouble() {
  local need own
  need=$(minor "$(grep '^go ' "$root/go.mod")")
  if ! have go; then
    echo "Go is not installed."
    return
  fi
  # Asked outside of the module, where Go does not look for the version that go.mod wants.
  own=$(cd / && minor "$(GOTOOLCHAIN=local go env GOVERSION)")
  if ((${own:-0} >= need)); then
    return
  fi
  if ((${own:-0} < 21)); then
    echo "Go 1.${own:-0} is too old."
  elif [[ $(cd / && go env GOTOOLCHAIN) != *auto ]]; then
    # From 1.21 on, Go fetches the version that go.mod asks for by itself, if it may.
    echo "Go 1.$own may not fetch the newer version that is needed (GOTOOLCHAIN). GOTOOLCHAIN=auto lets it."
  fi
}

# install_go tries the package manager. An apt that has only an old Go is left alone: it would stand in the way of
# a newer one later.
install_go() {
  local manager=brew offered
  [[ $system == Darwin ]] || manager=$(package_manager)
  case $manager in
    apt-get)
      apt_update
      offered=$(minor "$(LC_ALL=C apt-cache policy golang-go | grep Candidate)")
      if ((${offered:-0} >= 21)); then install_packages apt-get golang-go; fi
      ;;
    dnf) install_packages dnf golang ;;
    zypper | pacman) install_packages "$manager" go ;;
    brew) if have brew; then brew install --quiet go >&2; fi ;;
  esac
  hash -r
}

setup_go() {
  local trouble
  trouble=$(go_trouble)
  [[ -n $trouble ]] || return 0
  install_go || true
  trouble=$(go_trouble)
  if [[ -n $trouble ]]; then
    fail "$trouble Please install Go $(sed -n 's/^go //p' "$root/go.mod") or newer from https://go.dev/dl" \
      "and put its bin folder on PATH, then start this again."
  fi
}

# setup GROUP…
setup() {
  setup_system "$@"
  setup_go
  # Git may refuse to read a checkout that belongs to another user, and then Go would refuse to build.
  # With no_animations, Fyne's caret does not fade: for that it draws the whole window anew many times a second.
  GOFLAGS="$(cd / && go env GOFLAGS) -buildvcs=false -tags=no_animations"
  export GOFLAGS
}

# tool NAME builds a program that scripts/tools/go.mod names, and prints where it is.
tool() {
  local package
  package=$(go -C "$root/scripts/tools" list tool | grep "/$1\$") &&
    go -C "$root/scripts/tools" build -trimpath -o "$root/build/tools/$1" "$package" &&
    echo "$root/build/tools/$1"
}

build_app() {
  [[ -e $app || -e $app.exe ]] || say "building; the first time takes some minutes"
  (cd "$root" && go build -o build/ .)
}

# build_packaged SYSTEM ARGUMENT… is go build for Linux or Windows, with all that makes a program fit to be packaged. On Linux it
# lies elsewhere in memory each time (pie), and its table of library functions cannot be written to once it runs (relro, now).
build_packaged() {
  local target=$1 options=(-ldflags '-s -w -H=windowsgui') compiler=x86_64-w64-mingw32-gcc
  shift
  if [[ $target == linux ]]; then
    options=(-buildmode=pie -ldflags '-s -w -extldflags=-Wl,-z,relro,-z,now') compiler=${CC:-gcc}
  fi
  CGO_ENABLED=1 GOOS=$target GOARCH=amd64 CC=$compiler go build -trimpath "${options[@]}" "$@"
}

# build_headless SYSTEM PROCESSOR ARGUMENT… is go build for the program without a window: one static file, for every system.
build_headless() {
  local target=$1 processor=$2
  shift 2
  CGO_ENABLED=0 GOOS=$target GOARCH=$processor go build -trimpath -tags headless -ldflags '-s -w' "$@"
}

# use_locale gives Fyne a language where the environment names none: it complains about "C". LC_CTYPE stays one that
# every Linux has, so that all characters can be typed.
use_locale() {
  [[ $system == Linux ]] || return 0
  case ${LC_ALL:-${LC_MESSAGES:-${LANG:-C}}} in
    C | C.* | POSIX) ;;
    *) return 0 ;;
  esac
  unset LC_ALL LC_MESSAGES
  export LANG=en_US.UTF-8 LC_CTYPE=C.UTF-8
}
