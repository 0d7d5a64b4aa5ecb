/* QEMU's virt board, and how these guests end: power-off, with exit code 0 if all was as it must be. */
#define POWER       0x00100000
#define PASS        0x5555
#define FAIL        0x13333             /* exit code 1 */
#define PLIC        0x0c000000
#define UART        0x10000000
#define UART_SOURCE 10
#define VIRTIO      0x10001000

    .section .start, "ax"
    .globl _start
_start:
    csrw    mie, zero
    la      sp, stack_top
    j       main

fail:
    li      t0, POWER
    li      t1, FAIL
    sw      t1, 0(t0)
    j       .

pass:
    li      t0, POWER
    li      t1, PASS
    sw      t1, 0(t0)
    j       .

    .section .stack, "aw", @nobits
    .balign 16
    .skip   0x1000
stack_top:
    .text
