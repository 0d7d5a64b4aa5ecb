#!/bin/sh
# Builds the guests: build.sh OUTDIR. The same compiler (see compiler.txt) always makes the same bytes.
set -eu
out=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")"
cc=riscv64-linux-gnu-gcc
flags="-O2 -march=rv64gc -mabi=lp64d -mcmodel=medany -ffp-contract=fast"
freestanding="-std=c17 -Wall -Wextra -Wconversion -Wno-sign-conversion -Werror -ffreestanding -fno-math-errno -fno-pic -fno-stack-protector
    -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns -ffunction-sections -fdata-sections -ffile-prefix-map=$PWD=."
linking="-nostdlib -static -no-pie -Wl,-T,guest.ld -Wl,--gc-sections -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,--no-warn-rwx-segments -Wl,-s"
runtime="start.S machine.c fdt.c print.c memory.c arguments.c verification.c"

guest() {
    name=$1
    shift
    $cc $flags $freestanding $linking "$@" $runtime -o "$out/$name.elf"
    chmod 644 "$out/$name.elf"
}

for class in S W A B; do
    guest ep.$class "-DCLASS='$class'" "-DCFLAGS=\"$flags\"" ep.c npb.c math.c
    guest cg.$class "-DCLASS='$class'" "-DCFLAGS=\"$flags\"" cg.c npb.c math.c
done
for name in storm ab hello echo; do
    guest $name $name.c
done
