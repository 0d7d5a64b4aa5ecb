#!/bin/sh
# Builds guests: build.sh OUTDIR [FORM NAME...]. Without a form all of them for the board, as they are committed; else those named as board, user or native.
set -eu
out=$(mkdir -p "$1" && cd "$1" && pwd)
shift
cd "$(dirname "$0")"
runtime=${RUNTIME:-../../../../../bundles/guest/src/main/c}
. "$runtime/toolchain.sh"

guest() {
    case $2 in
        ep.? | cg.?) "$1" "$out/$2.elf" "-DCLASS='${2#*.}'" "-DCFLAGS=\"$target $contraction\"" "${2%.*}.c" npb.c ;;
        *) "$1" "$out/$2.elf" "$2.c" ;;
    esac
}

form=${1:-board}
[ $# = 0 ] && set -- board ep.S cg.S ep.W cg.W ep.A cg.A ep.B cg.B storm ab hello echo
shift
for name in "$@"; do
    guest "$form" "$name"
done
