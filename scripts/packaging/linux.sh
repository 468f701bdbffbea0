# shellcheck shell=bash
# package_linux builds the tar.xz, the .deb and the .rpm for 64-bit Intel and AMD. scripts/package sources it.

: "${root:?}" "${system:?}" "${out:?}" "${program:?}" "${version:?}" "${app_id:?}" "${icon:?}" "${licences:?}" "${effort:?}"
linux_name=$program-$version-linux-amd64

package_linux() {
  [[ $system-$(uname -m) == Linux-x86_64 ]] || fail "The packages for Linux are built on 64-bit Intel or AMD Linux."
  [[ $(package_manager) == apt-get ]] ||
    fail "The packages for Linux are built on Debian or Ubuntu, for their tools find the dependencies. A container does."
  setup build package
  staging=$(mktemp -d)
  trap 'rm -rf "$staging"' EXIT
  build_packaged linux -o "$staging/program" .
  linux_tree
  linux_tarball
  linux_deb
  linux_rpm
  say "Built:" "$out/$linux_name.tar.xz" "$out/${program}_$version-1_amd64.deb" "$out/$program-$version-1.x86_64.rpm"
}

# linux_tree makes what the archive holds, and what its script installs.
linux_tree() {
  local tree=$staging/$linux_name from=$root/scripts/packaging/linux share size
  share=$tree/share
  install -D "$staging/program" "$tree/bin/$program"
  install -D "$from/install" "$tree/install"
  install -d "$share"/{applications,metainfo,man/man1,doc/"$program"}
  fill "$from/app.desktop" >"$share/applications/$app_id.desktop"
  fill "$from/metainfo.xml" >"$share/metainfo/$app_id.metainfo.xml"
  fill "$from/app.1" >"$share/man/man1/$program.1"
  for size in 16 22 24 32 48 64 96 128 256 512; do
    install -d "$share/icons/hicolor/${size}x$size/apps"
    rsvg-convert --width $size --height $size "$icon" >"$share/icons/hicolor/${size}x$size/apps/$app_id.png"
  done
  install -D -m 644 "$icon" "$share/icons/hicolor/scalable/apps/$app_id.svg"
  install -m 644 CHANGELOG.md LICENSE "$share/doc/$program"
  print_licences >"$share/doc/$program/$licences"
}

# alike_times gives everything in a folder the time of the commit.
alike_times() { find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +; }

linux_tarball() {
  tar --create --directory "$staging" --format=ustar --sort=name --mtime="@$SOURCE_DATE_EPOCH" \
    --owner=0 --group=0 --numeric-owner "$linux_name" | xz -"$effort" --threads=1 >"$out/$linux_name.tar.xz"
}

# linux_root FOLDER installs into it as a package has it: below /usr, with a compressed manual.
linux_root() {
  DESTDIR=$1 "$staging/$linux_name/install" --prefix /usr >/dev/null
  gzip -9n "$1/usr/share/man/man1/$program.1"
}

linux_deb() {
  linux_root "$staging/deb"
  deb_package "$staging/deb" amd64 "$(fill "$root/scripts/packaging/linux/deb.control" | sed "s|@DEPENDS@|$(deb_depends)|")"
}

# deb_package FOLDER PROCESSOR CONTROL makes a .deb of what is in the folder, with this control file.
deb_package() {
  local tree=$1 from=$root/scripts/packaging/linux doc=$1/usr/share/doc/$program
  { fill "$from/deb.copyright" && cat "$doc/LICENSE" && printf '\n' && cat "$doc/$licences"; } >"$doc/copyright"
  rm "$doc/LICENSE" "$doc/$licences"
  mv "$doc/CHANGELOG.md" "$doc/changelog"
  fill "$from/deb.changelog" >"$doc/changelog.Debian"
  gzip -9n "$doc"/{changelog,changelog.Debian}
  mkdir "$tree/DEBIAN"
  (cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
  sed -e "s|@SIZE@|$(kilobytes "$tree/usr")|" -e "s|@PROCESSOR@|$2|" <<<"$3" >"$tree/DEBIAN/control"
  alike_times "$tree"
  dpkg-deb --root-owner-group -Zxz -z"$effort" --build "$tree" "$out/${program}_$version-1_$2.deb" >/dev/null
}

# deb_depends prints the packages, with versions, of the libraries that the program is linked to.
deb_depends() {
  mkdir -p "$staging/source/debian"
  printf 'Source: %s\n\nPackage: %s\nArchitecture: amd64\n' "$program" "$program" >"$staging/source/debian/control"
  (cd "$staging/source" && dpkg-shlibdeps -O -e"$staging/program") | sed -n 's/^shlibs:Depends=//p'
}

linux_rpm() {
  linux_root "$staging/rpm"
  rpm_package "$staging/rpm" x86_64 "$root/scripts/packaging/linux/app.spec"
}

# rpm_package FOLDER PROCESSOR SPEC makes an .rpm of what is in the folder.
rpm_package() {
  local tree=$1 doc=$1/usr/share/doc/$program licence=$1/usr/share/licenses/$program
  mkdir -p "$licence"
  mv "$doc/LICENSE" "$doc/$licences" "$licence"
  alike_times "$tree"
  (cd "$tree" && rpm_files) >"$staging/listed"
  fill "$3" >"$staging/app.spec"
  rpmbuild -bb --quiet --target "$2-linux" --define "_topdir $staging/top" --define "_rpmdir $out" \
    --define '_rpmfilename %{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm' \
    --define "staged $tree" --define "listed $staging/listed" \
    --define '_buildhost reproducible' --define 'use_source_date_epoch_as_buildtime 1' \
    --define 'clamp_mtime_to_source_date_epoch 1' --define 'source_date_epoch_from_changelog 0' \
    --define "_binary_payload w$effort.xzdio" --define '_build_id_links none' \
    --define 'debug_package %{nil}' --define '__os_install_post %{nil}' "$staging/app.spec"
}

# rpm_files lists the files in this folder as rpmbuild wants them, with what a licence, a document and a folder of the
# package's own is.
rpm_files() {
  echo '%defattr(-,root,root)'
  find . -type f | sort | sed -e 's|^\.||' -e 's|^/usr/share/licenses/|%license &|' -e 's|^/usr/share/doc/|%doc &|' \
    -e 's|^/usr/share/man/|%doc &|'
  find . -type d \( -path './usr/share/licenses/*' -o -path './usr/share/doc/*' \) | sort | sed 's|^\.|%dir |'
}
