/* Stores a function again and again and calls it, with no FENCE.I: after SFENCE.VMA, a write to satp, MRET and SRET. */
#include "board.h"
#define ROUNDS  2000

    .macro rounds event
    li      s1, ROUNDS
1:  andi    t0, s1, 0x3ff               # addi a0, zero, s1 & 0x3ff
    slli    t1, t0, 20
    li      t2, 0x513
    or      t1, t1, t2
    sw      t1, 0(s0)
    \event
    jalr    s0
    andi    t0, s1, 0x3ff
    bne     a0, t0, fail
    addi    s1, s1, -1
    bnez    s1, 1b
    .endm

    .macro fence_vma
    sfence.vma
    .endm

    .macro write_satp
    csrw    satp, zero
    .endm

    .macro return_m
    la      t0, 2f
    csrw    mepc, t0
    li      t0, 3 << 11
    csrs    mstatus, t0
    mret
2:
    .endm

    .macro return_s
    la      t0, 2f
    csrw    sepc, t0
    li      t0, 1 << 8
    csrs    sstatus, t0
    sret
2:
    .endm

main:
    la      s0, function
    rounds  fence_vma
    rounds  write_satp
    rounds  return_m
    li      t0, -1                      # S-mode may access everything
    srli    t0, t0, 10
    csrw    pmpaddr0, t0
    li      t0, 0x1f
    csrw    pmpcfg0, t0
    li      t0, 3 << 11
    csrc    mstatus, t0
    li      t0, 1 << 11
    csrs    mstatus, t0
    la      t0, supervisor
    csrw    mepc, t0
    mret
supervisor:
    rounds  return_s
    j       pass

    .balign 4096
    .option norvc
function:
    addi    a0, zero, -1
    ret
