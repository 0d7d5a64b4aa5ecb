#!/bin/sh
# Builds kernels: build.sh OUTDIR [FORM NAME...]. Without a form all of them for the board, as they are committed; else those named as board, user or native.
set -eu
out=$(mkdir -p "$1" && cd "$1" && pwd)
shift
cd "$(dirname "$0")"
runtime=${RUNTIME:-../../../../../bundles/guest/src/main/c}
. "$runtime/toolchain.sh"
contraction="-ffp-contract=off"     # fused operations, which not every host has, would give other checksums there

form=${1:-board}
[ $# = 0 ] && set -- board kernel.core kernel.sieve kernel.crc32 kernel.memcpy kernel.sort kernel.interp kernel.cg kernel.ep kernel.bt kernel.store
shift
if [ $# = 1 ]; then
    "$form" "$out/$1.elf" "${1#kernel.}.c" repetitions.c
else
    printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 sh build.sh "$out" "$form"
fi
