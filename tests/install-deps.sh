#!/usr/bin/env bash
# Installs what building and testing needs on Debian 12. Quick when all is there.
#   --tests   and what the tests need
#   --bench   the databases that tests/bench measures beside us, without starting their services
set -euo pipefail

packages=(
  g++ cmake ninja-build ccache mold pkg-config git ca-certificates
  libboost-dev libpoco-dev libyaml-cpp-dev nlohmann-json3-dev libvalijson-dev libexpected-dev
  libphonenumber-dev libhowardhinnant-date-dev libxxhash-dev tzdata libicu-dev libelf-dev libcli11-dev libfmt-dev
  libseccomp-dev libsqlite3-dev libpq-dev zlib1g-dev libssl-dev libexpat1-dev libsimdjson-dev libxlsxwriter-dev libargon2-dev libgtest-dev libgmock-dev
)
[ "${1:-}" = "--tests" ] && packages+=(
  abigail-tools clang-14 clang-format-14 clang-tidy-14 libbenchmark-dev libclang-rt-14-dev binutils doxygen
  python3 python3-jsonschema python3-openpyxl python3-yaml
  postgresql rustc php-cli chromium
)
[ "${1:-}" = "--bench" ] && packages+=(libbenchmark-dev python3 postgresql clickhouse-server)
# Node of another origin brings npm along, and Debian's would not go with it.
command -v npm >/dev/null || packages+=(nodejs npm)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "to install ${missing[*]}: run this as root, or install sudo" >&2; exit 1; }
  as_root=(sudo)
fi
echo "installing ${#missing[@]} packages"
export DEBIAN_FRONTEND=noninteractive
quietly=()
[ "${1:-}" = "--bench" ] && quietly=(env RUNLEVEL=1)
"${as_root[@]}" apt-get update -q >/dev/null
"${as_root[@]}" "${quietly[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
