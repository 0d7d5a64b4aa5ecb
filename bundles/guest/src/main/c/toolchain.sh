# Builds guests; sourced by their build scripts, with $runtime naming this folder. The same compiler (see compiler.txt) always makes the same bytes.
cross=riscv64-linux-gnu-gcc
target="-O2 -march=rv64gc -mabi=lp64d -mcmodel=medany"
contraction="-ffp-contract=fast"
warnings="-Wall -Wextra -Wconversion -Wno-sign-conversion -Werror"
same="-fno-math-errno -fno-tree-loop-distribute-patterns"
freestanding="-std=c17 -ffreestanding -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections
    -ffile-prefix-map=$PWD=. -ffile-prefix-map=$runtime=."
static="-nostdlib -static -no-pie -Wl,--gc-sections -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,-s -Wl,--no-warn-rwx-segments"

portable() {
    for name in print memory math angles arguments verification; do
        echo "$runtime/$name.c"
    done
}

# board OUT SOURCE...: for a machine without anything beneath the guest
board() {
    binary=$1
    shift
    $cross $target $contraction $warnings $same $freestanding $static -Wl,-T,"$runtime/guest.ld" -I "$runtime" \
        "$@" "$runtime/start.S" "$runtime/machine.c" "$runtime/disk.c" "$runtime/fdt.c" $(portable) -o "$binary"
    chmod 644 "$binary"
}

# user OUT SOURCE...: for Linux on RISC-V, without its C library
user() {
    binary=$1
    shift
    $cross $target $contraction $warnings $same $freestanding $static -I "$runtime" "$@" "$runtime/linux.c" $(portable) -o "$binary"
}

# native OUT SOURCE...: for this host, with its C library
native() {
    binary=$1
    shift
    gcc -std=gnu17 -O2 $contraction $warnings $same -I "$runtime" \
        "$@" "$runtime/host.c" "$runtime/print.c" "$runtime/math.c" "$runtime/angles.c" "$runtime/arguments.c" "$runtime/verification.c" -lm -o "$binary"
}
