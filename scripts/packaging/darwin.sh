# shellcheck shell=bash
# package_darwin builds the app for both kinds of Mac, in a disk image. scripts/package sources it.
#
# NOT RUN where it was written, for there was no Mac. The release workflow runs it on one. What can be checked elsewhere,
# scripts/test does: the plists, and the order and arguments of all commands, with stand-ins for Apple's programs.
#
# To sign and notarize it takes these in the environment; without them that is left out, and said:
#
#   MACOS_CERTIFICATE            a Developer ID Application certificate with its key, as .p12 in base64
#   MACOS_CERTIFICATE_PASSWORD   the password of the .p12
#   MACOS_NOTARY_KEY             a key for App Store Connect's API, as .p8 in base64
#   MACOS_NOTARY_KEY_ID          its id
#   MACOS_NOTARY_ISSUER          its issuer's id

: "${root:?}" "${system:?}" "${out:?}" "${program:?}" "${version:?}" "${app_name:?}" "${app_id:?}" "${icon:?}" "${licences:?}"

# The oldest macOS that Go 1.26 runs on.
minimum_macos=12.0

package_darwin() {
  [[ $system == Darwin ]] || fail "An app for macOS is built on a Mac. The release workflow does it on one."
  setup build icon
  have rsvg-convert || fail "The icon is drawn with rsvg-convert. Please install librsvg, as with: brew install librsvg"
  staging=$(mktemp -d)
  keychain=
  trap darwin_clean EXIT
  bundle="$staging/image/$app_name.app"
  image=$out/$program-$version-macos-universal.dmg
  darwin_program
  darwin_bundle
  darwin_sign
  darwin_image
  darwin_notarize
  say "Built: $image"
}

# darwin_clean removes what was made on the way, the secrets first, whatever fails.
darwin_clean() {
  rm -f "$staging/certificate.p12" "$staging/notary.p8" || true
  # As long as it is there: that takes it off the system's list too.
  [[ -z $keychain ]] || security delete-keychain "$keychain" || true
  rm -rf "$staging" || true
}

# darwin_program builds it for both processors and joins the two.
darwin_program() {
  local processor
  for processor in arm64 amd64; do
    CGO_ENABLED=1 GOOS=darwin GOARCH=$processor MACOSX_DEPLOYMENT_TARGET=$minimum_macos \
      CC="clang -arch ${processor/amd64/x86_64}" go build -trimpath -ldflags '-s -w' -o "$staging/$processor" .
  done
  lipo -create -output "$staging/$program" "$staging/arm64" "$staging/amd64"
  # Fails unless both are in it.
  lipo "$staging/$program" -verify_arch arm64 x86_64
}

darwin_bundle() {
  local contents=$bundle/Contents
  mkdir -p "$contents/MacOS" "$contents/Resources"
  install -m 755 "$staging/$program" "$contents/MacOS/$program"
  darwin_icon "$contents/Resources/icon.icns"
  install -m 644 LICENSE CHANGELOG.md "$contents/Resources"
  print_licences >"$contents/Resources/$licences"
  darwin_info >"$contents/Info.plist"
  plutil -lint "$contents/Info.plist" >&2
  printf 'APPL????' >"$contents/PkgInfo"
  ln -s /Applications "$staging/image/Applications"
}

# darwin_info fills in what is macOS's own besides what all templates have.
darwin_info() {
  local file languages=''
  # The languages of the system's own dialogs follow those of the app.
  for file in assets/translations/*.json; do
    languages+="<string>$(basename "$file" .json)</string>"
  done
  fill "$root/scripts/packaging/darwin/Info.plist" |
    sed -e "s|@MINIMUM@|$minimum_macos|" -e "s|^@LANGUAGES@\$|		$languages|"
}

# darwin_icon FILE draws the icon in all sizes that macOS knows, each twice as fine too.
darwin_icon() {
  local size scale set=$staging/icon.iconset
  mkdir "$set"
  for size in 16 32 128 256 512; do
    for scale in 1 2; do
      rsvg-convert --width $((size * scale)) --height $((size * scale)) \
        --output "$set/icon_${size}x$size$( ((scale == 1)) || echo "@${scale}x").png" "$icon"
    done
  done
  iconutil --convert icns --output "$1" "$set"
}

# darwin_sign signs the app with a keychain of its own, which is removed in the end. Without a certificate it signs
# without a name, which Apple's own processors want at least. It takes the hardened runtime as it is, with no entitlement:
# nothing is loaded, changed or looked into that it forbids.
darwin_sign() {
  local password
  identity=-
  if [[ -z ${MACOS_CERTIFICATE-} ]]; then
    say "MACOS_CERTIFICATE is not set: the app is not signed in anybody's name."
    codesign --force --sign - "$bundle"
    return
  fi
  password=$(uuidgen)
  keychain=$staging/signing.keychain-db
  base64 --decode <<<"$MACOS_CERTIFICATE" >"$staging/certificate.p12"
  security create-keychain -p "$password" "$keychain"
  security unlock-keychain -p "$password" "$keychain"
  # codesign looks for the certificates above it in the list. Deleting the keychain takes it off the list again.
  security list-keychains -d user | sed 's/^ *"//; s/"$//' | tr '\n' '\0' |
    xargs -0 security list-keychains -d user -s "$keychain"
  security import "$staging/certificate.p12" -k "$keychain" -P "${MACOS_CERTIFICATE_PASSWORD-}" -T /usr/bin/codesign
  rm "$staging/certificate.p12"
  security set-key-partition-list -S apple-tool:,apple: -s -k "$password" "$keychain" >/dev/null
  identity=$(security find-identity -v -p codesigning "$keychain" | awk '/Developer ID Application/ { print $2; exit }')
  [[ -n $identity ]] || fail "MACOS_CERTIFICATE holds no Developer ID Application."
  codesign --force --timestamp --options runtime --keychain "$keychain" --sign "$identity" "$bundle"
  codesign --verify --strict --verbose=2 "$bundle"
}

darwin_image() {
  rm -f "$image"
  hdiutil create -quiet -volname "$app_name" -srcfolder "$staging/image" -fs HFS+ -format UDZO "$image"
  if [[ $identity != - ]]; then
    codesign --timestamp --identifier "$app_id.image" --keychain "$keychain" --sign "$identity" "$image"
  fi
}

# darwin_notarize lets Apple look at the image, and puts Apple's word for it into it.
darwin_notarize() {
  local access answer id
  if [[ -z ${MACOS_NOTARY_KEY-} || $identity == - ]]; then
    say "MACOS_NOTARY_KEY is not set, or the app is not signed: it is not notarized. macOS will warn whoever opens it."
    return
  fi
  base64 --decode <<<"$MACOS_NOTARY_KEY" >"$staging/notary.p8"
  access=(--key "$staging/notary.p8" --key-id "${MACOS_NOTARY_KEY_ID:?}" --issuer "${MACOS_NOTARY_ISSUER:?}")
  # It ends well too when Apple has refused: the answer tells.
  answer=$(xcrun notarytool submit "$image" --wait --output-format json "${access[@]}")
  if [[ $(darwin_answer status) != Accepted ]]; then
    id=$(darwin_answer id)
    fail "Apple does not notarize it:" "$answer" "$(xcrun notarytool log "$id" "${access[@]}" || true)"
  fi
  rm "$staging/notary.p8"
  xcrun stapler staple "$image"
  spctl --assess --type open --context context:primary-signature --verbose=2 "$image"
}

# darwin_answer NAME prints a value of the answer, a JSON object.
darwin_answer() { sed -nE "s/.*\"$1\" *: *\"([^\"]*)\".*/\1/p" <<<"$answer"; }
