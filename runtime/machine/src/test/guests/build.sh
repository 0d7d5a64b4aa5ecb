#!/bin/sh
# Builds the drivers: build.sh OUTDIR
set -eu
out=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")"

# guest NAME SOURCE [DEFINE]
guest() {
    riscv64-linux-gnu-gcc -march=rv64gc_zicsr -mabi=lp64d -mcmodel=medany -fno-pic ${3:+-D$3} -ffile-prefix-map="$PWD"=. -nostdlib -static -no-pie \
        -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,-s -Wl,--no-warn-rwx-segments -Wl,-T,../../../../../bundles/guest/src/main/c/guest.ld \
        "$2.S" -o "$out/$1.elf"
    chmod 644 "$out/$1.elf"
}

guest virtio virtio
guest virtio.shortest virtio SHORTEST
guest virtio.legacy virtio LEGACY
guest uart.linux uart LINUX
guest uart.book uart BOOK
guest uart.xv6 uart XV6
guest uart.blind uart BLIND
guest uart.tardy uart TARDY
guest stored stored
