#!/bin/sh
# Signs Soliloquy.app, packs it into a disk image beside a link to Applications, and has it notarised.
# Never run: written from the documentation of codesign, hdiutil and notarytool.
#   SOLILOQUY_SIGN_AS   the identity, "Developer ID Application: ..."; without it the app is signed ad hoc
#   SOLILOQUY_NOTARY    the name of a keychain profile that `xcrun notarytool store-credentials` made
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
root=$here/../..
app=${1:-$root/build/package/programs/Soliloquy.app}
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$root/app/__init__.py")
image=$root/dist/soliloquy-$version-macos-$(uname -m).dmg

if [ -n "${SOLILOQUY_SIGN_AS-}" ]; then
    # From the inside out: a signature covers those below it. Dated and hardened, as notarisation asks.
    find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' \) -exec \
        codesign --force --timestamp --options runtime --sign "$SOLILOQUY_SIGN_AS" {} +
    codesign --force --timestamp --options runtime --entitlements "$here/entitlements.plist" \
        --sign "$SOLILOQUY_SIGN_AS" "$app"
fi
codesign --verify --deep --strict "$app"

staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
ditto "$app" "$staging/Soliloquy.app"
ln -s /Applications "$staging/Applications"
mkdir -p "$root/dist"
rm -f "$image"
hdiutil create -volname Soliloquy -srcfolder "$staging" -fs HFS+ -format ULMO -quiet "$image"

if [ -n "${SOLILOQUY_NOTARY-}" ]; then
    codesign --force --timestamp --sign "$SOLILOQUY_SIGN_AS" "$image"
    xcrun notarytool submit "$image" --keychain-profile "$SOLILOQUY_NOTARY" --wait
    xcrun stapler staple "$image"
fi
printf '%s\n' "$image"
