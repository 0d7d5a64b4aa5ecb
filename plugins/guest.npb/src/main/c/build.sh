#!/bin/sh
# Builds guests: build.sh OUTDIR [FORM NAME...]. Without a form all of them for the board, as they are committed; else those named as board, user or native.
set -eu
out=$(mkdir -p "$1" && cd "$1" && pwd)
shift
cd "$(dirname "$0")"
runtime=${RUNTIME:-../../../../../bundles/guest/src/main/c}
. "$runtime/toolchain.sh"

# benchmark FORM NAME [OPTION]: with an option of the compiler's
benchmark() {
    "$1" "$out/$2.elf" "-DCLASS='${2#*.}'" "-DCFLAGS=\"$target $contraction${3:+ $3}\"" ${3:-} "${2%.*}.c" npb.c
}

guest() {
    case $2 in
        ep.? | cg.?) benchmark "$1" "$2" ;;
        ??.?) benchmark "$1" "$2" -O3 ;;
        *) "$1" "$out/$2.elf" "$2.c" ;;
    esac
}

form=${1:-board}
[ $# = 0 ] && set -- board ep.S cg.S ep.W cg.W ep.A cg.A ep.B cg.B $(for name in bt ft is lu mg sp; do echo $name.S $name.W $name.A $name.B; done) is.C dc.S dc.W dc.A storm ab hello echo
shift
if [ $# = 1 ]; then
    guest "$form" "$1"
else
    printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 sh build.sh "$out" "$form"
fi
